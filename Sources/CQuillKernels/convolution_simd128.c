// Convolution and fully connected with 128-bit vectors: SSE2, which every x86-64 has, and WebAssembly's.
//
// Why C: pmaddwd and i32x4.dot_i16x8_s in exactly this order. Of each group of four taps the even ones and the odd
// ones are widened apart by shifts, so that one multiply-add gives whole sums of four channels without a shuffle.
#include "kernel_common.h"
#include "kernel_levels.h"

#if QUILL_HAS_SIMD128
#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#else
#include <emmintrin.h>
#endif
#include "requantise_simd128.h"

#define QUILL_NAME(suffix) quill_simd128_##suffix
#define QUILL_COLUMN_CHANNELS 16
#define QUILL_COLUMNS 1
#define QUILL_POSITIONS(B) 2
#define QUILL_WINDOWS(B) 1
typedef quill_wide quill_acc;
typedef int16_t quill_eight __attribute__((vector_size(16)));

typedef struct {
  quill_acc acc[2];
} quill_tile;

QUILL_INLINE quill_acc startOf(const struct quill_convolution *c, ptrdiff_t channel) {
  return loadQuad(c->bias + channel);
}

QUILL_INLINE quill_acc maximum(quill_acc a, quill_acc b) {
  QUILL_UNROLL for (int j = 0; j < 4; j++) a.part[j] = __builtin_elementwise_max(a.part[j], b.part[j]);
  return a;
}

/// Sums of neighbouring products.
QUILL_INLINE quill_four pairs(quill_eight a, quill_eight b) {
#if defined(__wasm_simd128__)
  return (quill_four)wasm_i32x4_dot_i16x8((v128_t)a, (v128_t)b);
#else
  return (quill_four)_mm_madd_epi16((__m128i)a, (__m128i)b);
#endif
}

QUILL_INLINE void tileStart(quill_tile *tile, const quill_acc *start, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P; i++) tile->acc[i] = start[0];
}

/// P positions times 16 channels over one run.
QUILL_INLINE const int8_t *tileRun(quill_tile *tile, const struct quill_band *band, const int8_t *const *in,
                                   ptrdiff_t run, const int8_t *weights, int32_t taps, const ptrdiff_t step,
                                   const int P, const int B) {
  const ptrdiff_t end = run + taps * step;
  do {
    quill_eight even[2], odd[2];
    QUILL_UNROLL for (int i = 0; i < P; i++) {
      const int32_t four = loadFour(in[i] + run);
      const quill_eight all = (quill_eight)(quill_four){four, four, four, four};
      even[i] = (all << 8) >> 8;
      odd[i] = all >> 8;
    }
    QUILL_UNROLL for (int j = 0; j < 4; j++) {
      const quill_eight w = *(const quill_eight *)(weights + 16 * j);
      const quill_eight wEven = (w << 8) >> 8, wOdd = w >> 8;
      QUILL_UNROLL for (int i = 0; i < P; i++)
        tile->acc[i].part[j] += pairs(wEven, even[i]) + pairs(wOdd, odd[i]);
    }
    weights += 64;
    run += step;
  } while (run < end);
  return weights;
}

QUILL_INLINE void tileEnd(const quill_tile *tile, const quill_acc *start, quill_acc *acc, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P; i++) acc[i] = tile->acc[i];
}

#include "convolution_walk.h"
#endif
