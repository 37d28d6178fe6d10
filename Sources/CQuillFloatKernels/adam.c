// In C for function attributes: one body, compiled for each level.
#include "lanes.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#define QUILL_LEVEL(name) name##_avx512
#include "adam-body.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define QUILL_LEVEL(name) name##_avx2
#include "adam-body.h"
#pragma clang attribute pop

#endif

// On aarch64 this is NEON, which every such processor has; elsewhere whatever the compiler has.
#define QUILL_LEVEL(name) name##_plain
#include "adam-body.h"

void quill_float_adam(enum quill_float_level level, const struct quill_float_adam *adam) {
  switch (level) {
#if defined(__x86_64__)
  case QUILL_FLOAT_AVX512:
    adam_avx512(adam);
    return;
  case QUILL_FLOAT_AVX2:
    adam_avx2(adam);
    return;
#endif
  default:
    adam_plain(adam);
  }
}
