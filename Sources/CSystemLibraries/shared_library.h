// Looks functions up in a shared library that stays loaded.
#ifndef QUILL_SHARED_LIBRARY_H
#define QUILL_SHARED_LIBRARY_H

#include <stdio.h>
#include <string.h>

#include "quill_system_libraries.h"

/// The address of a function in a shared library, or null.
void *quill_library_function(const char *library, const char *function);

/// Copies a library's message without what would break a line.
static inline void quill_set_message(char *message, const char *text) {
  size_t length = 0;
  for (; text && text[length] && length + 1 < QUILL_LIBRARY_MESSAGE_BYTES; length++) {
    const unsigned char byte = (unsigned char)text[length];
    message[length] = byte < 32 || byte > 126 ? ' ' : (char)byte;
  }
  message[length] = 0;
}

#endif
