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
  /// Lower halves that are doubtful, from 0 on.
  int32_t doubts;
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
/// scales, in whose middle there is none; of the first float sum, 2^-24 of it; 1/4 for the second, and 1/2 for the
/// integer's; the roundings of the operands, a step each, and 1/4 for the two roundings of the sum; the rest's, 2^-24 of it.
QUILL_INLINE int additionOf(const struct quill_convolution *c, struct quill_near_addition *near) {
  const struct quill_add *a = c->addition;
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
  const double lostLeft = ofLeft - (double)(float)ofLeft, lostRight = ofRight - (double)near->right;
  const double rest = a->range.zeroPoint * 65536.0 + 32768 - a->rightZeroPoint * ofRight - c->range.zeroPoint * lostLeft;
  const double first = 256 * ofLeft + __builtin_fabs(rest) + 0x1p8;
  const double error =
    128 * (__builtin_fabs(lostLeft) + __builtin_fabs(lostRight)) + (first + __builtin_fabs(rest)) * 0x1p-24 + 2 * step + 1.25;
  const int32_t most = (int32_t)error;
  near->doubts = 2 * most + 1;
  near->rest = (float)(rest + most);
  return 1;
}

/// How a tile is stored.
enum quill_store {
  /// After a ReLU: saturation is the clamp.
  QUILL_STORE_RECTIFIED,
  /// With the rounding `real`.
  QUILL_STORE_REAL,
  QUILL_STORE_DOUBLE,
  /// The same with the addition.
  QUILL_STORE_REAL_SUM,
  QUILL_STORE_DOUBLE_SUM
};

QUILL_INLINE int addsIn(const enum quill_store store) { return store >= QUILL_STORE_REAL_SUM; }

/// Whether what is added to the products has the sum's sign.
QUILL_INLINE int takesSign(const enum quill_store store) {
  return store == QUILL_STORE_DOUBLE || store == QUILL_STORE_DOUBLE_SUM;
}

/// How many lower halves are doubtful, from 0 on. Where nothing takes the sum's sign, the error is below 2 (see
/// requantise_near.h): the scale's, in its middle, 1/2; the sum's, 1/2, or 1/4 below 2^23, and there 1/2 for the integer's
/// and, where the zero point is in it, 1/2 for the addend's two.
QUILL_INLINE int doubtsOf(const enum quill_store store) { return takesSign(store) ? 2 * QUILL_NEAR_ERROR : 3; }

/// How a band's tiles are stored where float serves.
QUILL_INLINE enum quill_store storeOf(const struct quill_convolution *c) {
  if (c->addition) return c->realShift ? QUILL_STORE_REAL_SUM : QUILL_STORE_DOUBLE_SUM;
  if (kindToTheRight(&c->range) == QUILL_STAGE_RECTIFIED) return QUILL_STORE_RECTIFIED;
  return c->realShift ? QUILL_STORE_REAL : QUILL_STORE_DOUBLE;
}

/// A column's numbers and its kind.
QUILL_INLINE enum quill_stage_kind columnOf(const struct quill_convolution *c, ptrdiff_t channel, quill_near *near) {
  const enum quill_stage_kind kind = nearOf(c, channel, near);
  if (kind == QUILL_STAGE_ANY || takesSign(storeOf(c))) return kind;
  // Doubtful sums from 0 on.
  const int32_t zeroPoint = c->addition ? 0 : c->range.zeroPoint;
  near->addend = near->addend + near->centre + (float)(zeroPoint * 65536 + 32768 + 1);
  return kind;
}

/// Sixteen sums requantised in float: 65536 * T and the error; INT32_MIN, which is doubtful, where that is no int32.
QUILL_INLINE __m512i nearSums(__m512i x, const quill_near *near, const int32_t zeroPoint, const enum quill_store store) {
  const __m512 sums = _mm512_cvtepi32_ps(x), scale = (__m512)near->scale;
  __m512i addend = (__m512i)near->addend;
  if (!takesSign(store)) return _mm512_cvtps_epi32(_mm512_fmadd_ps(sums, scale, (__m512)addend));
  addend = _mm512_ternarylogic_epi32(addend, x, _mm512_set1_epi32(INT32_MIN), 0xD8);
  const __m512 scaled = _mm512_fmadd_ps(sums, scale, (__m512)addend);
  return _mm512_cvtps_epi32(_mm512_add_ps(scaled, _mm512_set1_ps(nearRest(addsIn(store) ? 0 : zeroPoint))));
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

/// The lanes of the least lower halves of sums that an error may have carried across.
QUILL_INLINE __mmask32 doubtful(__m512i least, const int count) {
  return _mm512_mask_cmplt_epu16_mask(0x55555555, least, _mm512_set1_epi16((int16_t)count));
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

/// Where the outputs of a tile's positions go, and what is added to them: the first position's places where the positions
/// are side by side, `step` bytes apart.
struct quill_targets {
  int8_t *out[QUILL_MOST_POSITIONS];
  const int8_t *other[QUILL_MOST_POSITIONS];
  ptrdiff_t step;
};

QUILL_INLINE int8_t *outOf(const struct quill_targets *targets, const int i, const int sideBySide) {
  return sideBySide ? targets->out[0] + i * targets->step : targets->out[i];
}

QUILL_INLINE const int8_t *otherOf(const struct quill_targets *targets, const int i, const int sideBySide) {
  return sideBySide ? targets->other[0] + i * targets->step : targets->other[i];
}

/// Stores the bytes of four columns that follow each other in a tile, the first being number k; of a position's last column
/// `last` channels. `dense`: so they lie in memory.
QUILL_INLINE void storeFour(const struct quill_targets *targets, __m512i bytes, const int k, const int32_t last,
                            const int count, const int B, const int sideBySide, const int dense) {
  if (last >= 16 && (B == 4 || (dense && k + 4 <= count * B))) {
    _mm512_storeu_si512(dense ? targets->out[0] + 16 * k : outOf(targets, k / B, sideBySide), bytes);
  } else if (last >= 16 && B == 2) {
    _mm256_storeu_si256((__m256i *)outOf(targets, k / B, sideBySide), _mm512_castsi512_si256(bytes));
    if (k + 2 < count * B)
      _mm256_storeu_si256((__m256i *)outOf(targets, k / B + 1, sideBySide), _mm512_extracti64x4_epi64(bytes, 1));
  } else {
    const __m128i parts[4] = {_mm512_castsi512_si128(bytes), _mm512_extracti32x4_epi32(bytes, 1),
                              _mm512_extracti32x4_epi32(bytes, 2), _mm512_extracti32x4_epi32(bytes, 3)};
    QUILL_UNROLL for (int j = 0; j < 4; j++)
      if (k + j < count * B)
        storeBytes(outOf(targets, (k + j) / B, sideBySide) + 16 * ((k + j) % B), parts[j],
                   (k + j) % B + 1 < B || last >= 16 ? 16 : last);
  }
}

/// A column's sums requantised in float, and where that may err: those lanes.
QUILL_INLINE __m512i nearColumn(const struct quill_convolution *c, const quill_columns *columns, __m512i sums,
                                const int8_t *other, const int b, const enum quill_store store, __m512i *least,
                                __m512i *leastSum) {
  const __m512i x = nearSums(sums, &columns->near[b], c->range.zeroPoint, store);
  *least = _mm512_min_epu16(*least, x);
  if (!addsIn(store)) return x;
  const __m512i sum = nearAddition(x, other + 16 * b, &columns->addition, &c->range);
  *leastSum = _mm512_min_epu16(*leastSum, sum);
  return sum;
}

/// The bytes of a tile, four columns after the other, by float; 0 where one of them may be wrong.
QUILL_INLINE int nearTile(const struct quill_convolution *c, const quill_columns *columns, const __m512i *acc,
                          const struct quill_targets *targets, __m512i *bytes, const int count, const int B,
                          const int sideBySide, const enum quill_store store) {
  const struct quill_output_range *range = addsIn(store) ? &c->addition->range : &c->range;
  __m512i least = _mm512_set1_epi16(-1), leastSum = least;
  QUILL_UNROLL for (int k = 0; k < count * B; k += 4) {
    __m512i four[4];
    QUILL_UNROLL for (int j = 0; j < 4; j++) {
      const int i = (k + j) / B, b = (k + j) % B;
      four[j] = i >= count ? four[0]
                           : nearColumn(c, columns, acc[k + j], otherOf(targets, i, sideBySide), b, store, &least, &leastSum);
    }
    bytes[k / 4] = nearBytes(four);
    if (store != QUILL_STORE_RECTIFIED)
      bytes[k / 4] = _mm512_max_epi8(_mm512_min_epi8(bytes[k / 4], _mm512_set1_epi8((int8_t)range->maximum)),
                                     _mm512_set1_epi8((int8_t)range->minimum));
  }
  if (__builtin_expect(doubtful(least, doubtsOf(store)) != 0, 0)) return 0;
  return !addsIn(store) || __builtin_expect(doubtful(leastSum, columns->addition.doubts) == 0, 1);
}

#include "vnni_mend.h"

/// Requantises and stores a tile: acc[i * B + b] of column b goes to position i. `sideBySide`: the positions are
/// neighbours in a row; `adds`: the convolution may have an addition.
QUILL_INLINE void storeTile(const struct quill_convolution *c, const struct quill_band *band,
                            const quill_columns *columns, const __m512i *acc, const struct quill_targets *targets,
                            const int count, const int B, const int sideBySide, const int adds) {
  __m512i bytes[QUILL_MOST_SUMS / 4];
  int sure;
#define QUILL_STORE(store) sure = nearTile(c, columns, acc, targets, bytes, count, B, sideBySide, store)
  if (adds && c->addition) {
    if (c->realShift)
      QUILL_STORE(QUILL_STORE_REAL_SUM);
    else
      QUILL_STORE(QUILL_STORE_DOUBLE_SUM);
  } else if (__builtin_expect(columns->kind == QUILL_STAGE_RECTIFIED, 1)) {
    QUILL_STORE(QUILL_STORE_RECTIFIED);
  } else if (c->realShift) {
    QUILL_STORE(QUILL_STORE_REAL);
  } else {
    QUILL_STORE(QUILL_STORE_DOUBLE);
  }
#undef QUILL_STORE
  if (__builtin_expect(!sure || columns->kind == QUILL_STAGE_ANY, 0)) {
    // Copies, so that the tile's own accumulators and bytes need no memory.
    __m512i copies[QUILL_MOST_SUMS], exact[QUILL_MOST_SUMS / 4];
    struct quill_targets places;
    QUILL_UNROLL for (int i = 0; i < count * B; i++) copies[i] = acc[i];
    QUILL_UNROLL for (int k = 0; k < count * B; k += 4) exact[k / 4] = bytes[k / 4];
    QUILL_UNROLL for (int i = 0; i < count; i++)
      if (adds) places.other[i] = otherOf(targets, i, sideBySide);
    mendTile(c, band, columns, copies, &places, exact, count, B);
    QUILL_UNROLL for (int k = 0; k < count * B; k += 4) bytes[k / 4] = exact[k / 4];
  }
  const int32_t last = band->channels - 16 * (B - 1);
  if (last == 16 && sideBySide && c->outputPixelPitch == 16 * B) {
    QUILL_UNROLL for (int k = 0; k < count * B; k += 4) storeFour(targets, bytes[k / 4], k, 16, count, B, 1, 1);
  } else if (__builtin_expect(last >= 16, 1)) {
    QUILL_UNROLL for (int k = 0; k < count * B; k += 4) storeFour(targets, bytes[k / 4], k, 16, count, B, sideBySide, 0);
  } else {
    QUILL_UNROLL for (int k = 0; k < count * B; k += 4) storeFour(targets, bytes[k / 4], k, last, count, B, sideBySide, 0);
  }
}
