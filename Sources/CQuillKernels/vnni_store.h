// From the accumulators of a tile of the VNNI convolution to its bytes, four columns at a time.
//
// Why C: see convolution_avx512vnni.c.
#include "requantise_near.h"
#include "requantise_real.h"

#define QUILL_MOST_POSITIONS 16
#define QUILL_MOST_SUMS 16

/// An Add in float: 65536 times what a step of the left operand's 65536th and of the right one is worth, and the rest
/// (see `additionOf`).
struct quill_near_addition {
  float left, right, rest;
  /// Greater than the error.
  int32_t error;
};

/// What stays the same for the columns of channels at every position.
typedef struct {
  __m512i start[4];
  quill_near near[4];
  /// The costliest of the columns' kinds, and of the addition's.
  enum quill_stage_kind kind;
  struct quill_near_addition addition;
} quill_columns;

/// 2^n, for n above -1023.
QUILL_INLINE double doublePower(int n) {
  const uint64_t bits = (uint64_t)(1023 + n) << 52;
  double power;
  __builtin_memcpy(&power, &bits, sizeof power);
  return power;
}

/// An Add in float; 0 where it does not serve. Its error for sums that do not saturate, in units of 1/65536: those of the
/// scales; of the first float sum, 2^-24 of it; 1/2 for the second, and 1/2 for the integer's; the roundings of the
/// operands, a step each, and 1/4 for the two roundings of the sum.
QUILL_INLINE int additionOf(const struct quill_add *a, struct quill_near_addition *near) {
  const struct quill_scale left = a->leftScale, right = a->rightScale, sum = a->outputScale;
  if (sum.shift > -16 || left.shift > 0 || right.shift > 0) return 0;
  // An operand's step is 2^20; multipliers count in 2^-31; 16 fraction bits.
  const double step = (double)sum.multiplier * doublePower(sum.shift + 16 - 31);
  const double ofLeft = (double)left.multiplier * doublePower(left.shift + 20 - 31) * step;
  const double ofRight = (double)right.multiplier * doublePower(right.shift + 20 - 31) * step;
  // Operands that are 16 times the output's range are none of a network's.
  if (ofLeft > 0x1p20 || ofRight > 0x1p20) return 0;
  near->left = (float)ofLeft * 0x1p-16f;
  near->right = (float)ofRight;
  const double half = a->range.zeroPoint * 65536.0 + 32768, rest = half - a->rightZeroPoint * (double)near->right;
  const double scales =
    255 * (__builtin_fabs(ofLeft - (double)(float)ofLeft) + __builtin_fabs(ofRight - (double)near->right));
  // The rest's own rounding, 2^-24 of it at most, is the last but one.
  const double size = __builtin_fabs(rest) + 0x1p8;
  near->error = (int32_t)(scales + (255 * ofLeft + 2 * size) * 0x1p-24 + 2 * step + 1.25) + 1;
  near->rest = (float)(rest + near->error);
  return 1;
}

/// Sixteen sums requantised in float: 65536 * T and the error; INT32_MIN, which is doubtful, where that is no int32.
/// `zeroPoint`: where not `rectified`, when it is part of the addend.
QUILL_INLINE __m512i nearSums(__m512i x, const quill_near *near, const int32_t zeroPoint, const int rectified) {
  const __m512 sums = _mm512_cvtepi32_ps(x), scale = (__m512)near->scale;
  __m512i addend = (__m512i)near->addend;
  if (rectified) return _mm512_cvtps_epi32(_mm512_fmadd_ps(sums, scale, (__m512)addend));
  // With the sign of the sum.
  addend = _mm512_ternarylogic_epi32(addend, x, _mm512_set1_epi32(INT32_MIN), 0xD8);
  const __m512 scaled = _mm512_fmadd_ps(sums, scale, (__m512)addend);
  return _mm512_cvtps_epi32(_mm512_add_ps(scaled, _mm512_set1_ps(nearRest(zeroPoint))));
}

/// The Add of such sums, without their zero point and clamped to the convolution's range, and of sixteen bytes: 65536
/// times its value and the error.
QUILL_INLINE __m512i nearAddition(__m512i sums, const int8_t *other, const struct quill_near_addition *addition,
                                  const struct quill_output_range *range) {
  // The upper half alone is 65536 times the convolution's output, from its zero point on, as Add counts.
  __m512i left = _mm512_andnot_si512(_mm512_set1_epi32(0xFFFF), sums);
  left = _mm512_min_epi32(left, _mm512_set1_epi32((range->maximum - range->zeroPoint) * 65536));
  left = _mm512_max_epi32(left, _mm512_set1_epi32((range->minimum - range->zeroPoint) * 65536));
  const __m512i right = _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)other));
  const __m512 sum =
    _mm512_fmadd_ps(_mm512_cvtepi32_ps(left), _mm512_set1_ps(addition->left), _mm512_set1_ps(addition->rest));
  return _mm512_cvtps_epi32(_mm512_fmadd_ps(_mm512_cvtepi32_ps(right), _mm512_set1_ps(addition->right), sum));
}

/// Whether the least lower half of all sums is one that an error may have carried across.
QUILL_INLINE int isDoubtful(__m512i least, const int error) {
  return _mm512_mask_cmplt_epu16_mask(0x55555555, least, _mm512_set1_epi16((int16_t)(2 * error))) != 0;
}

/// The upper halves of four times sixteen as bytes, one sixteen after the other.
QUILL_INLINE __m512i nearBytes(const __m512i *x) {
  // The upper halves of two: eight of the first, eight of the second, and again.
  const __m512i uppers =
    _mm512_set_epi16(63, 61, 59, 57, 55, 53, 51, 49, 31, 29, 27, 25, 23, 21, 19, 17, 47, 45, 43, 41, 39, 37, 35, 33, 15,
                     13, 11, 9, 7, 5, 3, 1);
  const __m512i crossed = _mm512_packs_epi16(_mm512_permutex2var_epi16(x[0], uppers, x[1]),
                                             _mm512_permutex2var_epi16(x[2], uppers, x[3]));
  return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 4, 2, 6, 1, 5, 3, 7), crossed);
}

/// Where the outputs of a tile's positions go, and what is added to them.
struct quill_targets {
  int8_t *out[QUILL_MOST_POSITIONS];
  const int8_t *other[QUILL_MOST_POSITIONS];
};

void quill_avx512vnni_add(const struct quill_add *);

/// Sixteen channels, or so many as are `left`, in integers, for any shifts and the rounding `real`.
static void storeColumn(const struct quill_convolution *c, ptrdiff_t channel, __m512i sums, int8_t *out,
                        const int8_t *other, int32_t left) {
  const int32_t *multiplier = c->multiplier + channel, *shift = c->shift + channel;
  int8_t own[32];
  int8_t *to = c->addition ? own : out;
  if (c->realShift) {
    storeReal(to, (const int32_t *)&sums, multiplier, shift, c->realShift + channel, &c->range, left);
  } else {
    const quill_stage stage = stageOf(multiplier, shift, &c->range);
    storeBytes(to, requantised(sums, &stage, &c->range, QUILL_STAGE_ANY), left);
  }
  if (!c->addition) return;
  struct quill_add addition = *c->addition;
  addition.left = own;
  addition.right = other;
  addition.output = out;
  addition.count = (size_t)(left < 16 ? left : 16);
  quill_avx512vnni_add(&addition);
}

/// Stores the bytes of four columns that follow each other in a tile, the first being number k; of a position's last column
/// `last` channels. `dense`: so they lie in memory.
QUILL_INLINE void storeFour(int8_t *const *out, __m512i bytes, const int k, const int32_t last, const int count,
                            const int B, const int dense) {
  if (last >= 16 && (B == 4 || (dense && k + 4 <= count * B))) {
    _mm512_storeu_si512(out[k / B] + 16 * (k % B), bytes);
  } else if (last >= 16 && B == 2) {
    _mm256_storeu_si256((__m256i *)out[k / B], _mm512_castsi512_si256(bytes));
    if (k + 2 < count * B) _mm256_storeu_si256((__m256i *)out[k / B + 1], _mm512_extracti64x4_epi64(bytes, 1));
  } else {
    const __m128i parts[4] = {_mm512_castsi512_si128(bytes), _mm512_extracti32x4_epi32(bytes, 1),
                              _mm512_extracti32x4_epi32(bytes, 2), _mm512_extracti32x4_epi32(bytes, 3)};
    QUILL_UNROLL for (int j = 0; j < 4; j++)
      if (k + j < count * B)
        storeBytes(out[(k + j) / B] + 16 * ((k + j) % B), parts[j], (k + j) % B + 1 < B || last >= 16 ? 16 : last);
  }
}

/// How a tile is stored.
enum quill_store {
  QUILL_STORE_RECTIFIED,
  QUILL_STORE_ANY,
  /// With the addition.
  QUILL_STORE_SUM
};

/// Requantises in float and stores: acc[i * B + b] of column b goes to position i. 0, and nothing is stored, where float
/// may err. `sideBySide`: the positions are neighbours in a row.
QUILL_INLINE int storeNear(const struct quill_convolution *c, const struct quill_band *band,
                           const quill_columns *columns, const __m512i *acc, const struct quill_targets *targets,
                           const int count, const int B, const int sideBySide, const enum quill_store store) {
  const struct quill_output_range *range = store == QUILL_STORE_SUM ? &c->addition->range : &c->range;
  __m512i least = _mm512_set1_epi16(-1), leastSum = least, bytes[QUILL_MOST_SUMS / 4];
  QUILL_UNROLL for (int k = 0; k < count * B; k += 4) {
    __m512i four[4];
    QUILL_UNROLL for (int j = 0; j < 4; j++) {
      const int i = (k + j) / B, b = (k + j) % B;
      if (i >= count) {
        four[j] = four[0];
        continue;
      }
      four[j] = nearSums(acc[k + j], &columns->near[b], store == QUILL_STORE_SUM ? 0 : range->zeroPoint,
                         store == QUILL_STORE_RECTIFIED);
      least = _mm512_min_epu16(least, four[j]);
      if (store != QUILL_STORE_SUM) continue;
      four[j] = nearAddition(four[j], targets->other[i] + 16 * b, &columns->addition, &c->range);
      leastSum = _mm512_min_epu16(leastSum, four[j]);
    }
    bytes[k / 4] = nearBytes(four);
    if (store != QUILL_STORE_RECTIFIED)
      bytes[k / 4] = _mm512_max_epi8(_mm512_min_epi8(bytes[k / 4], _mm512_set1_epi8((int8_t)range->maximum)),
                                     _mm512_set1_epi8((int8_t)range->minimum));
  }
  if (__builtin_expect(isDoubtful(least, QUILL_NEAR_ERROR), 0)) return 0;
  if (store == QUILL_STORE_SUM && __builtin_expect(isDoubtful(leastSum, columns->addition.error), 0)) return 0;
  const int32_t last = band->channels - 16 * (B - 1);
  if (last == 16 && sideBySide && c->outputPixelPitch == 16 * B) {
    QUILL_UNROLL for (int k = 0; k < count * B; k += 4) storeFour(targets->out, bytes[k / 4], k, 16, count, B, 1);
  } else if (__builtin_expect(last >= 16, 1)) {
    QUILL_UNROLL for (int k = 0; k < count * B; k += 4) storeFour(targets->out, bytes[k / 4], k, 16, count, B, 0);
  } else {
    QUILL_UNROLL for (int k = 0; k < count * B; k += 4) storeFour(targets->out, bytes[k / 4], k, last, count, B, 0);
  }
  return 1;
}

/// A tile that float does not serve as a whole: column by column, in integers where it must be. Rare, so out of line.
static __attribute__((noinline)) void storeSlowly(const struct quill_convolution *c, const struct quill_band *band,
                                                  const quill_columns *columns, const __m512i *acc,
                                                  const struct quill_targets *targets, int count, int B) {
  for (int b = 0; b < B; b++) {
    struct quill_band own = *band;
    own.channels -= 16 * b;
    quill_columns column = *columns;
    column.near[0] = columns->near[b];
    for (int i = 0; i < count; i++) {
      struct quill_targets one;
      one.out[0] = targets->out[i] + 16 * b;
      one.other[0] = c->addition ? targets->other[i] + 16 * b : 0;
      const __m512i sums = acc[i * B + b];
      int stored = 0;
      if (columns->kind != QUILL_STAGE_ANY && c->addition)
        stored = storeNear(c, &own, &column, &sums, &one, 1, 1, 0, QUILL_STORE_SUM);
      else if (columns->kind == QUILL_STAGE_RIGHT)
        stored = storeNear(c, &own, &column, &sums, &one, 1, 1, 0, QUILL_STORE_ANY);
      else if (columns->kind == QUILL_STAGE_RECTIFIED)
        stored = storeNear(c, &own, &column, &sums, &one, 1, 1, 0, QUILL_STORE_RECTIFIED);
      if (!stored) storeColumn(c, band->parameters + 16 * b, sums, one.out[0], one.other[0], own.channels);
    }
  }
}

/// The same, whatever it takes. `adds`: the convolution may have an addition.
QUILL_INLINE void storeTile(const struct quill_convolution *c, const struct quill_band *band,
                            const quill_columns *columns, const __m512i *acc, const struct quill_targets *targets,
                            const int count, const int B, const int sideBySide, const int adds) {
  if (__builtin_expect(columns->kind != QUILL_STAGE_ANY, 1)) {
    if (adds && c->addition) {
      if (storeNear(c, band, columns, acc, targets, count, B, sideBySide, QUILL_STORE_SUM)) return;
    } else if (__builtin_expect(columns->kind == QUILL_STAGE_RECTIFIED, 1)) {
      if (storeNear(c, band, columns, acc, targets, count, B, sideBySide, QUILL_STORE_RECTIFIED)) return;
    } else if (storeNear(c, band, columns, acc, targets, count, B, sideBySide, QUILL_STORE_ANY)) {
      return;
    }
  }
  // Copies, so that the tile's own accumulators need no memory.
  __m512i copies[QUILL_MOST_SUMS];
  struct quill_targets places;
  QUILL_UNROLL for (int i = 0; i < count * B; i++) copies[i] = acc[i];
  QUILL_UNROLL for (int i = 0; i < count; i++) {
    places.out[i] = targets->out[i];
    if (adds) places.other[i] = targets->other[i];
  }
  storeSlowly(c, band, columns, copies, &places, count, B);
}
