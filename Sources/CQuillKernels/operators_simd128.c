// Depthwise, pools and element-wise operators with 128-bit vectors: SSE2 and WebAssembly.
//
// Why C: pmuludq and i64x2.extmul_low_i32x4_s; the bodies are shared by all levels.
#include "kernel_levels.h"
#include "kernel_common.h"

#if QUILL_HAS_SIMD128
#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#else
#include <emmintrin.h>
#endif
#include "requantise_simd128.h"
#include "lanes.h"

#define QUILL_NAME(suffix) quill_simd128_##suffix
#define QUILL_TILE 2

QUILL_INLINE quill_bytes expand(quill_bytes v, quill_bytes index) {
#if defined(__wasm_simd128__)
  return (quill_bytes)wasm_i8x16_swizzle((v128_t)v, (v128_t)index);
#else
  quill_bytes chosen;
  for (int i = 0; i < 16; i++) chosen[i] = v[index[i]];
  return chosen;
#endif
}

#include "depthwise_body.h"
#include "elementwise_body.h"
#include "pool_body.h"
#endif
