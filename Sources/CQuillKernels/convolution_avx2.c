// Convolution and fully connected with AVX2: 8-bit products summed in pairs in 16 bits.
//
// Why C: `vpmaddubsw` in exactly this order and function attributes. It multiplies unsigned by signed and saturates, so
// it gets |a| and the weight with a's sign: two products are at most 2 x 128 x 127 < 2^15, since no weight is -128.
#include "kernel_common.h"

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "requantise_avx2.h"
#include "requantise_near.h"

#define QUILL_NAME(suffix) quill_avx2_##suffix
#define QUILL_COLUMN_CHANNELS 16
#define QUILL_COLUMNS 1
#define QUILL_POSITIONS(B) 4
#define QUILL_WINDOWS(B) 1
typedef quill_wide quill_acc;

#include "plain_tile.h"

QUILL_INLINE quill_acc startOf(const struct quill_convolution *c, ptrdiff_t channel) {
  return (quill_acc){{load8(c->bias + channel), load8(c->bias + channel + 8)}};
}

QUILL_INLINE quill_acc maximum(quill_acc a, quill_acc b) {
  return (quill_acc){{_mm256_max_epi32(a.half[0], b.half[0]), _mm256_max_epi32(a.half[1], b.half[1])}};
}

/// P positions times 16 channels over one run.
QUILL_INLINE const int8_t *tileRun(quill_tile *tile, const struct quill_band *band, const int8_t *const *in,
                                   ptrdiff_t run, const int8_t *weights, int32_t taps, const ptrdiff_t step,
                                   const int P, const int B) {
  const ptrdiff_t end = run + taps * step;
  const __m256i ones = _mm256_set1_epi16(1);
  do {
    const __m256i w[2] = {_mm256_load_si256((const __m256i *)weights), _mm256_load_si256((const __m256i *)(weights + 32))};
    QUILL_UNROLL for (int i = 0; i < P; i++) {
      const __m256i four = _mm256_set1_epi32(loadFour(in[i] + run)), size = _mm256_abs_epi8(four);
      QUILL_UNROLL for (int h = 0; h < 2; h++) {
        const __m256i pairs = _mm256_maddubs_epi16(size, _mm256_sign_epi8(w[h], four));
        tile->acc[i].half[h] = _mm256_add_epi32(tile->acc[i].half[h], _mm256_madd_epi16(pairs, ones));
      }
    }
    weights += 64;
    run += step;
  } while (run < end);
  return weights;
}

/// Eight sums requantised in float: 65536 * T and the error; INT32_MIN, which is doubtful, where that is no int32.
QUILL_INLINE __m256i nearSums(__m256i x, const float *scale, const float *addend, const float rest,
                              const int rectified) {
  const __m256 scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(x), _mm256_loadu_ps(scale));
  const __m256 own = _mm256_loadu_ps(addend);
  if (rectified) return _mm256_cvtps_epi32(_mm256_add_ps(scaled, own));
  // With the sign of the sum.
  const __m256 sign = _mm256_and_ps(_mm256_castsi256_ps(x), _mm256_set1_ps(-0.0f));
  return _mm256_cvtps_epi32(_mm256_add_ps(_mm256_add_ps(scaled, _mm256_or_ps(own, sign)), _mm256_set1_ps(rest)));
}

/// The upper halves of sixteen sums, those of the first eight in the even places.
QUILL_INLINE __m256i upperHalves(const __m256i *x) { return _mm256_blend_epi16(_mm256_srli_epi32(x[0], 16), x[1], 0xAA); }

/// The upper halves of two positions' sums as bytes, one position after the other.
QUILL_INLINE __m256i nearBytes(const __m256i *x, const __m256i *y) {
  const __m256i crossed = _mm256_packs_epi16(upperHalves(x), upperHalves(y));
  const __m256i even = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15));
  return _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(crossed, even), _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

/// Requantises in float and stores: acc[i] goes to out[i]. 0, and nothing is stored, where float may err.
QUILL_INLINE int storeNear(const struct quill_convolution *c, const quill_near *near, const quill_acc *acc,
                           int8_t *const *out, const int32_t last, const int count, const int B,
                           const enum quill_stage_kind kind) {
  const float *scale = (const float *)&near->scale, *addend = (const float *)&near->addend;
  const float rest = nearRest(c->range.zeroPoint);
  __m256i least = _mm256_set1_epi16(-1), x[4][2], bytes[2];
  QUILL_UNROLL for (int i = 0; i < count; i++)
    QUILL_UNROLL for (int h = 0; h < 2; h++) {
      x[i][h] = nearSums(acc[i].half[h], scale + 8 * h, addend + 8 * h, rest, kind == QUILL_STAGE_RECTIFIED);
      least = _mm256_min_epu16(least, x[i][h]);
    }
  // Lower halves at most twice the error less one.
  const __m256i most = _mm256_set1_epi32(2 * QUILL_NEAR_ERROR - 1);
  const __m256i doubtful = _mm256_cmpeq_epi16(_mm256_min_epu16(least, most), least);
  if (__builtin_expect(_mm256_movemask_epi8(doubtful) & 0x33333333, 0)) return 0;
  QUILL_UNROLL for (int i = 0; i < count; i += 2) {
    bytes[i / 2] = nearBytes(x[i], x[i + 1 < count ? i + 1 : i]);
    if (kind == QUILL_STAGE_RECTIFIED) continue;
    bytes[i / 2] = _mm256_min_epi8(bytes[i / 2], _mm256_set1_epi8((int8_t)c->range.maximum));
    bytes[i / 2] = _mm256_max_epi8(bytes[i / 2], _mm256_set1_epi8((int8_t)c->range.minimum));
  }
  QUILL_UNROLL for (int i = 0; i < count; i++)
    storeBytes(out[i], i % 2 ? _mm256_extracti128_si256(bytes[i / 2], 1) : _mm256_castsi256_si128(bytes[i / 2]), last);
  return 1;
}
#define QUILL_ROUNDS_NEAR 1

#include "convolution_walk.h"
#pragma clang attribute pop
#endif
