// The digit network that ships with Quill, as the bytes of an ONNX file.
//
// Why C: `#embed` puts a file into the program, so that `quill demo` needs nothing beside the program itself.
#ifndef QUILL_DEFAULT_NETWORK_H
#define QUILL_DEFAULT_NETWORK_H

#include <stddef.h>

/// The first of the file's bytes.
const unsigned char *_Nonnull quill_default_network(void);

/// The number of them.
size_t quill_default_network_byte_count(void);

#endif
