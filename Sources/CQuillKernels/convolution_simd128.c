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
#define QUILL_POSITIONS 2
#define QUILL_BAND_CHANNELS 16
#define QUILL_BAND_COLUMNS 1
typedef quill_wide quill_acc;
typedef int16_t quill_eight __attribute__((vector_size(16)));

/// What stays the same for a column of channels at every position.
typedef struct {
  quill_acc start;
  struct quill_rescale rescale;
} quill_column;

QUILL_INLINE quill_column columnOf(const struct quill_convolution *c, const struct quill_band *band, int b) {
  const ptrdiff_t channel = band->parameters + 16 * b;
  return (quill_column){
    .start = loadQuad(c->bias + channel),
    .rescale = rescaleOf(c->multiplier + channel, c->shift + channel),
  };
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
                             const quill_column *columns, quill_acc *acc, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P; i++) acc[i] = columns[0].start;
  const int8_t *weights = band->weights;
  const ptrdiff_t runEnd = (ptrdiff_t)band->taps * 4;
  ptrdiff_t row = 0;
  int32_t y = 0;
  do {
    ptrdiff_t run = row;
    int32_t x = 0;
    do {
      ptrdiff_t t = run;
      do {
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
        weights += 64;
        t += 4;
      } while (t < run + runEnd);
      run += c->runStepX;
    } while (++x < c->runColumns);
    row += c->runStepY;
  } while (++y < c->runRows);
}

QUILL_INLINE void finish(const struct quill_convolution *c, const struct quill_band *band, int b,
                         const quill_column *column, quill_acc acc, int8_t *out) {
  const quill_acc values = rescale(acc, &column->rescale);
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
