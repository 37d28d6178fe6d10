// Convolution and fully connected with AVX512-VNNI: 64 products an instruction.
//
// Why C: `vpdpbusd` and function attributes. It multiplies unsigned by signed, so activations are taken as q + 128
// and the accumulator starts at bias - 128 * sum(w).
#include "kernel_common.h"

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(                                                  \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), apply_to = function)
#include "requantise_avx512.h"

#define QUILL_NAME(suffix) quill_avx512vnni_##suffix
#define QUILL_POSITIONS 4
#define QUILL_BAND_CHANNELS 16
#define QUILL_BAND_COLUMNS 4
typedef __m512i quill_acc;

/// What stays the same for a column of channels at every position.
typedef struct {
  quill_acc start;
  struct quill_quick quick;
  const int32_t *multipliers, *shifts;
} quill_column;

QUILL_INLINE quill_column columnOf(const struct quill_convolution *c, const struct quill_band *band, int b) {
  const ptrdiff_t channel = band->parameters + 16 * b;
  const __m512i sum = _mm512_loadu_si512(c->weightSum + channel);
  return (quill_column){
    .start = _mm512_sub_epi32(_mm512_loadu_si512(c->bias + channel), _mm512_slli_epi32(sum, 7)),
    .quick = quickOf(c->multiplier + channel, c->shift + channel, c->range.zeroPoint, band->channels - 16 * b),
    .multipliers = c->multiplier + channel,
    .shifts = c->shift + channel,
  };
}

QUILL_INLINE __m512i maximum(__m512i a, __m512i b) { return _mm512_max_epi32(a, b); }

QUILL_INLINE __m512i unsignedFour(const int8_t *p) {
  return _mm512_xor_si512(_mm512_set1_epi32(loadFour(p)), _mm512_set1_epi8(-128));
}

/// P positions times B blocks of 16 channels over every run.
QUILL_INLINE void accumulate(const struct quill_convolution *c, const struct quill_band *band, const int8_t *const *in,
                             const quill_column *columns, quill_acc *acc, const int P, const int B) {
  QUILL_UNROLL for (int b = 0; b < B; b++)
    QUILL_UNROLL for (int i = 0; i < P; i++) acc[i * B + b] = columns[b].start;
  const int8_t *weights = band->weights;
  const ptrdiff_t blockBytes = band->blockBytes;
  const ptrdiff_t runEnd = (ptrdiff_t)band->taps * 4;
  ptrdiff_t row = 0;
  int32_t y = 0;
  do {
    ptrdiff_t run = row;
    int32_t x = 0;
    do {
      ptrdiff_t t = run;
      do {
        __m512i w[4];
        QUILL_UNROLL for (int b = 0; b < B; b++) w[b] = _mm512_load_si512(weights + b * blockBytes);
        QUILL_UNROLL for (int i = 0; i < P; i++) {
          const __m512i four = unsignedFour(in[i] + t);
          QUILL_UNROLL for (int b = 0; b < B; b++) acc[i * B + b] = _mm512_dpbusd_epi32(acc[i * B + b], four, w[b]);
        }
        weights += 64;
        t += 4;
      } while (t < run + runEnd);
      run += c->runStepX;
    } while (++x < c->runColumns);
    row += c->runStepY;
  } while (++y < c->runRows);
}

/// For columns with a left shift, none, or one past 23: rare, so out of line.
static __attribute__((noinline)) __m128i slowBytes(__m512i acc, const int32_t *multipliers, const int32_t *shifts,
                                                   struct quill_output_range range) {
  const struct quill_rescale r = rescaleOf(multipliers, shifts);
  return narrow(rescale(acc, &r), &range);
}

QUILL_INLINE void finish(const struct quill_convolution *c, const struct quill_band *band, int b,
                         const quill_column *column, quill_acc acc, int8_t *out) {
  const __m128i bytes = __builtin_expect(column->quick.usable, 1)
                          ? quickBytes(acc, &column->quick, &c->range)
                          : slowBytes(acc, column->multipliers, column->shifts, c->range);
  const int32_t left = band->channels - 16 * b;
  if (left >= 16)
    _mm_storeu_si128((__m128i *)(out + 16 * b), bytes);
  else
    _mm_mask_storeu_epi8(out + 16 * b, firstLanes(left), bytes);
}

QUILL_INLINE void finishRaw(const struct quill_band *band, int b, quill_acc acc, int32_t *out) {
  _mm512_mask_storeu_epi32(out + 16 * b, firstLanes(band->channels - 16 * b), acc);
}

#include "convolution_walk.h"
#pragma clang attribute pop
#endif
