// C because `dlsym` answers a data pointer that each caller here turns into the function type beside its prototype.
#include "shared_library.h"

#include <dlfcn.h>
#include <stdlib.h>

void *quill_library_function(const char *library, const char *function) {
  // Loading a library again only counts a reference; it is meant to stay for the life of the process.
  void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  return handle ? dlsym(handle, function) : NULL;
}

void quill_library_free(uint8_t *bytes) { free(bytes); }
