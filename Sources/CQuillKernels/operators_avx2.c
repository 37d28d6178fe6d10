// Depthwise, pools and element-wise operators with AVX2.
//
// Why C: function attributes; the bodies are shared by all levels.
#include "kernel_levels.h"
#include "kernel_common.h"

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "requantise_avx2.h"
#include "lanes.h"

#define QUILL_NAME(suffix) quill_avx2_##suffix
#define QUILL_TILE 4

QUILL_INLINE quill_bytes expand(quill_bytes v, quill_bytes index) {
  return (quill_bytes)_mm_shuffle_epi8((__m128i)v, (__m128i)index);
}

#include "depthwise_body.h"
#include "elementwise_body.h"
#include "pool_body.h"
#pragma clang attribute pop
#endif
