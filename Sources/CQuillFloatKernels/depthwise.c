// In C for function attributes: one body, compiled for each level.
#include "lanes.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#define QUILL_LEVEL(name) name##_avx512
#include "depthwise-body.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define QUILL_LEVEL(name) name##_avx2
#include "depthwise-body.h"
#pragma clang attribute pop

#endif

// On aarch64 this is NEON, which every such processor has; elsewhere each fma is a call of fmaf.
#define QUILL_LEVEL(name) name##_plain
#include "depthwise-body.h"

void quill_float_depthwise(enum quill_float_level level, const struct quill_float_depthwise *depthwise) {
  switch (level) {
#if defined(__x86_64__)
  case QUILL_FLOAT_AVX512:
    depthwise_avx512(depthwise);
    return;
  case QUILL_FLOAT_AVX2:
    depthwise_avx2(depthwise);
    return;
#endif
  default:
    depthwise_plain(depthwise);
  }
}
