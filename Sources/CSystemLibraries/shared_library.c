// C because `dlsym` answers a data pointer that each caller here turns into the function type beside its prototype.
#include "shared_library.h"

#include <stdlib.h>

#if defined(QUILL_STATIC_PROGRAM)

// A static program has no loader: Tools/build-board says so.
void *quill_library_function(const char *library, const char *function) {
  (void)library; (void)function;
  return NULL;
}

bool quill_library_is_static(void) { return true; }

#else

#include <dlfcn.h>

bool quill_library_is_static(void) { return false; }

void *quill_library_function(const char *library, const char *function) {
  // Loading a library again only counts a reference; it is meant to stay for the life of the process.
  void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  return handle ? dlsym(handle, function) : NULL;
}

#endif

