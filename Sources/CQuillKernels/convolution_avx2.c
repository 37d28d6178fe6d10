// Convolution and fully connected with AVX2: 16-bit products summed in pairs.
//
// Why C: `vpmaddwd` in exactly this order and function attributes. Of each group of four taps the even ones and the
// odd ones are widened apart by shifts, so that one multiply-add gives whole sums of eight channels without a
// shuffle.
#include "kernel_common.h"

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "requantise_avx2.h"

#define QUILL_NAME(suffix) quill_avx2_##suffix
#define QUILL_POSITIONS 4
#define QUILL_BAND_CHANNELS 16
#define QUILL_BAND_COLUMNS 1
typedef quill_wide quill_acc;

/// What stays the same for a column of channels at every position.
typedef struct {
  quill_acc start;
  struct quill_rescale rescale;
} quill_column;

QUILL_INLINE quill_column columnOf(const struct quill_convolution *c, const struct quill_band *band, int b) {
  const ptrdiff_t channel = band->parameters + 16 * b;
  return (quill_column){
    .start = {{load8(c->bias + channel), load8(c->bias + channel + 8)}},
    .rescale = rescaleOf(c->multiplier + channel, c->shift + channel),
  };
}

QUILL_INLINE quill_acc maximum(quill_acc a, quill_acc b) {
  return (quill_acc){{_mm256_max_epi32(a.half[0], b.half[0]), _mm256_max_epi32(a.half[1], b.half[1])}};
}

/// Taps 0 and 2 of every four, widened to int16; taps 1 and 3.
QUILL_INLINE __m256i evenTaps(__m256i v) { return _mm256_srai_epi16(_mm256_slli_epi16(v, 8), 8); }
QUILL_INLINE __m256i oddTaps(__m256i v) { return _mm256_srai_epi16(v, 8); }

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
        const __m256i w[2] = {_mm256_load_si256((const __m256i *)weights),
                              _mm256_load_si256((const __m256i *)(weights + 32))};
        const __m256i even[2] = {evenTaps(w[0]), evenTaps(w[1])}, odd[2] = {oddTaps(w[0]), oddTaps(w[1])};
        QUILL_UNROLL for (int i = 0; i < P; i++) {
          const __m256i four = _mm256_set1_epi32(loadFour(in[i] + t));
          const __m256i fourEven = evenTaps(four), fourOdd = oddTaps(four);
          QUILL_UNROLL for (int h = 0; h < 2; h++) {
            const __m256i sum =
              _mm256_add_epi32(_mm256_madd_epi16(even[h], fourEven), _mm256_madd_epi16(odd[h], fourOdd));
            acc[i].half[h] = _mm256_add_epi32(acc[i].half[h], sum);
          }
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
  int32_t all[16];
  _mm256_storeu_si256((__m256i *)all, acc.half[0]);
  _mm256_storeu_si256((__m256i *)(all + 8), acc.half[1]);
  for (int32_t i = 0; i < band->channels && i < 16; i++) out[i] = all[i];
}

#include "convolution_walk.h"
#pragma clang attribute pop
#endif
