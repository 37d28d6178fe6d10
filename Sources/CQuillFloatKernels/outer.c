// In C for function attributes: one body, compiled for each level.
#include "lanes.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#define QUILL_LEVEL(name) name##_avx512
#define QUILL_ROWS 12
#define QUILL_BLOCKS 2
#include "outer-body.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define QUILL_LEVEL(name) name##_avx2
#define QUILL_ROWS 6
#define QUILL_BLOCKS 1
#include "outer-body.h"
#pragma clang attribute pop

#endif

// On aarch64 this is NEON, which every such processor has; elsewhere each fma is a call of fmaf.
#define QUILL_LEVEL(name) name##_plain
#define QUILL_ROWS 6
#define QUILL_BLOCKS 1
#include "outer-body.h"

void quill_float_outer(enum quill_float_level level, const struct quill_float_outer *outer) {
  switch (level) {
#if defined(__x86_64__)
  case QUILL_FLOAT_AVX512:
    outer_avx512(outer);
    return;
  case QUILL_FLOAT_AVX2:
    outer_avx2(outer);
    return;
#endif
  default:
    outer_plain(outer);
  }
}
