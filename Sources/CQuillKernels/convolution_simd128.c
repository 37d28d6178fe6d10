// Convolution and fully connected with 128-bit vectors: SSE2, which every x86-64 has, and WebAssembly's.
//
// Why C: pmaddwd and i32x4.dot_i16x8_s in exactly this order. Of each group of four taps the even ones and the odd ones are
// widened apart by shifts, so that one multiply-add gives whole sums of four channels without a shuffle.
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
#define QUILL_POSITIONS 2
#define QUILL_BAND_CHANNELS 16
#define QUILL_BAND_COLUMNS 1
typedef quill_wide quill_acc;
typedef struct quill_rescale quill_column_rescale;
typedef int16_t quill_eight __attribute__((vector_size(16)));

QUILL_INLINE quill_column_rescale columnRescale(const int32_t *multipliers, const int32_t *shifts) {
  return rescaleOf(multipliers, shifts);
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

/// P positions times 16 channels over every run.
QUILL_INLINE void accumulate(const struct quill_convolution *c, const struct quill_band *band, const int8_t *const *in,
                             quill_acc *acc, const int P, const int B) {
  const quill_acc start = loadQuad(c->bias + band->parameters);
  QUILL_UNROLL for (int i = 0; i < P; i++) acc[i] = start;
  const int8_t *weights = band->weights;
  const ptrdiff_t runEnd = (ptrdiff_t)band->taps * 4;
  ptrdiff_t row = 0;
  for (int32_t y = 0; y < c->runRows; y++, row += c->runStepY) {
    ptrdiff_t run = row;
    for (int32_t x = 0; x < c->runColumns; x++, run += c->runStepX) {
      for (ptrdiff_t t = run; t < run + runEnd; t += 4, weights += 64) {
        quill_eight even[QUILL_POSITIONS], odd[QUILL_POSITIONS];
        QUILL_UNROLL for (int i = 0; i < P; i++) {
          const int32_t four = loadFour(in[i] + t);
          const quill_eight all = (quill_eight)(quill_four){four, four, four, four};
          even[i] = (all << 8) >> 8;
          odd[i] = all >> 8;
        }
        QUILL_UNROLL for (int j = 0; j < 4; j++) {
          const quill_eight w = *(const quill_eight *)(weights + 16 * j);
          const quill_eight wEven = (w << 8) >> 8, wOdd = w >> 8;
          QUILL_UNROLL for (int i = 0; i < P; i++) acc[i].part[j] += pairs(wEven, even[i]) + pairs(wOdd, odd[i]);
        }
      }
    }
  }
}

QUILL_INLINE void finish(const struct quill_convolution *c, const struct quill_band *band, int b,
                         const quill_column_rescale *r, quill_acc acc, int8_t *out) {
  const quill_acc values = rescale(acc, r);
  if (band->channels >= 16) {
    narrowTo(out, values, &c->range);
  } else {
    int8_t all[16];
    narrowTo(all, values, &c->range);
    storePart(out, all, band->channels);
  }
}

QUILL_INLINE void finishRaw(const struct quill_band *band, int b, quill_acc acc, int32_t *out) {
  for (int32_t i = 0; i < band->channels && i < 16; i++) out[i] = acc.part[i / 4][i % 4];
}

#include "convolution_walk.h"
#endif
