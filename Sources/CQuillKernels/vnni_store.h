// From the accumulators of a tile of the VNNI convolution to its bytes, four columns at a time.
//
// Why C: see convolution_avx512vnni.c.
#include "requantise_near.h"
#include "requantise_real.h"

#define QUILL_MOST_POSITIONS 16
#define QUILL_MOST_SUMS 16

/// An Add of bytes in integers: 65536 times its value is that of the pairs of 256 times left and 256 times right with
/// `high`, and 2^-15 of that with `low`, both from their starts on (see `additionOf`).
struct quill_near_addition {
  int32_t high, low, startHigh, startLow;
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

/// A 256th of a factor as an integer and 2^-15 of another, each in its half of a pair; what of the factor is lost, for 128.
QUILL_INLINE double pairFactor(double factor, const int shift, struct quill_near_addition *near) {
  const int32_t high = (int32_t)(factor * 0x1p-8 + 0.5);
  const double rest = (factor * 0x1p-8 - high) * 0x1p15;
  const int32_t low = (int32_t)(rest < 0 ? rest - 0.5 : rest + 0.5);
  near->high |= (int32_t)((uint32_t)high << shift);
  near->low |= (int32_t)((uint32_t)(low & 0xFFFF) << shift);
  return __builtin_fabs(rest - low);
}

/// An Add in integers; 0 where it does not serve. Its error, in units of 1/65536: what the factors lose; 1/2 for the integer,
/// and less than 1/8 for the start; of what it stands for, the roundings of the operands, a step each, and 1/4 for the two
/// roundings of the sum.
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
  near->high = near->low = 0;
  const double lost = pairFactor(ofLeft, 0, near) + pairFactor(ofRight, 16, near);
  const int32_t most = (int32_t)(lost + 2 * step + 0.875);
  near->doubts = 2 * most + 1;
  const double rest =
    a->range.zeroPoint * 65536.0 + 32768 - a->leftZeroPoint * ofLeft - a->rightZeroPoint * ofRight + most;
  near->startHigh = (int32_t)rest;
  near->startLow = (int32_t)((rest - near->startHigh) * 0x1p15) + (1 << 14);
  return 1;
}

/// How a tile is stored.
enum quill_store {
  /// After a ReLU, where one multiply-add is enough (vnni_once.h).
  QUILL_STORE_ONCE,
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

/// Lower halves that are doubtful, from 0 on, and what is added for the first of them: the error is below 2 (see
/// requantise_near.h), since products are not rounded here. Where nothing takes the sum's sign: the scale's, in its middle,
/// 1/2; the sum's, 1/2, or 1/4 below 2^23, and there 1/2 for the integer's and, where the zero point is in it, 1/2 for the
/// addend's two. Where something does, below 2^23: the scale's, 1/2; the two sums', 1/4 each; the integer's, 1/2; from there
/// on, where sums are integers: the scale's, 1, and the first sum's, 1/2.
#define QUILL_DOUBTS 3
#define QUILL_DOUBTS_BEFORE 1

/// How a band's tiles are stored where float serves.
QUILL_INLINE enum quill_store storeOf(const struct quill_convolution *c) {
  if (c->addition) return c->realShift ? QUILL_STORE_REAL_SUM : QUILL_STORE_DOUBLE_SUM;
  if (kindToTheRight(&c->range) == QUILL_STAGE_RECTIFIED) return QUILL_STORE_RECTIFIED;
  return c->realShift ? QUILL_STORE_REAL : QUILL_STORE_DOUBLE;
}

/// The zero point, a half, and what makes doubtful sums begin at 0.
QUILL_INLINE float restOf(int32_t zeroPoint) { return (float)(zeroPoint * 65536 + 32768 + QUILL_DOUBTS_BEFORE); }

/// A column's numbers and its kind.
QUILL_INLINE enum quill_stage_kind columnOf(const struct quill_convolution *c, ptrdiff_t channel, quill_near *near) {
  const enum quill_stage_kind kind = nearOf(c, channel, near);
  if (kind == QUILL_STAGE_ANY || takesSign(storeOf(c))) return kind;
  near->addend = near->addend + near->centre + restOf(c->range.zeroPoint);
  return kind;
}

/// Sixteen sums requantised in float: 65536 * T and the error; INT32_MIN, which is doubtful, where that is no int32.
QUILL_INLINE __m512i nearSums(__m512i x, const quill_near *near, const int32_t zeroPoint, const enum quill_store store) {
  const __m512 sums = _mm512_cvtepi32_ps(x), scale = (__m512)near->scale;
  __m512i addend = (__m512i)near->addend;
  if (!takesSign(store)) return _mm512_cvtps_epi32(_mm512_fmadd_ps(sums, scale, (__m512)addend));
  addend = _mm512_ternarylogic_epi32(addend, x, _mm512_set1_epi32(INT32_MIN), 0xD8);
  const __m512 scaled = _mm512_fmadd_ps(sums, scale, (__m512)addend);
  return _mm512_cvtps_epi32(_mm512_add_ps(scaled, _mm512_set1_ps(restOf(zeroPoint))));
}

/// The Add of pairs of bytes, each in the upper half of its 16 bits: 65536 times its value and the error.
QUILL_INLINE __m512i nearAddition(__m512i pairs, const struct quill_near_addition *addition) {
  const __m512i low = _mm512_dpwssd_epi32(_mm512_set1_epi32(addition->startLow), pairs, _mm512_set1_epi32(addition->low));
  const __m512i high = _mm512_dpwssd_epi32(_mm512_set1_epi32(addition->startHigh), pairs, _mm512_set1_epi32(addition->high));
  return _mm512_add_epi32(high, _mm512_srai_epi32(low, 15));
}

/// Halves of four times sixteen as bytes: of two each `which` takes eight of the first, eight of the second, and again.
QUILL_INLINE __m512i halvesAsBytes(const __m512i *x, __m512i which) {
  const __m512i crossed = _mm512_packs_epi16(_mm512_permutex2var_epi16(x[0], which, x[1]),
                                             _mm512_permutex2var_epi16(x[2], which, x[3]));
  return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 4, 2, 6, 1, 5, 3, 7), crossed);
}

#include "vnni_once.h"

/// The lanes of the least lower halves of sums that an error may have carried across.
QUILL_INLINE __mmask32 doubtful(__m512i least, const int count) {
  return _mm512_mask_cmplt_epu16_mask(0x55555555, least, _mm512_set1_epi16((int16_t)count));
}

/// The upper halves of four times sixteen as bytes, one sixteen after the other.
QUILL_INLINE __m512i nearBytes(const __m512i *x) {
  return halvesAsBytes(x, _mm512_set_epi16(63, 61, 59, 57, 55, 53, 51, 49, 31, 29, 27, 25, 23, 21, 19, 17, 47, 45, 43, 41,
                                           39, 37, 35, 33, 15, 13, 11, 9, 7, 5, 3, 1));
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

/// What is added to four columns that follow each other in a tile, the first being number k. `dense`: so it lies in memory.
QUILL_INLINE __m512i otherFour(const struct quill_targets *targets, const int k, const int count, const int B,
                               const int sideBySide, const int dense) {
  if (B == 4 || (dense && k + 4 <= count * B))
    return _mm512_loadu_si512(dense ? targets->other[0] + 16 * k : otherOf(targets, k / B, sideBySide));
  __m512i others = _mm512_setzero_si512();
  QUILL_UNROLL for (int j = 0; j < 4; j++) {
    if (k + j >= count * B) break;
    const int8_t *other = otherOf(targets, (k + j) / B, sideBySide) + 16 * ((k + j) % B);
    others = _mm512_mask_broadcast_i32x4(others, (__mmask16)(15 << 4 * j), _mm_loadu_si128((const __m128i *)other));
  }
  return others;
}

/// Clamps, where saturation has not done it.
QUILL_INLINE __m512i clamped(__m512i bytes, const struct quill_output_range *range) {
  if (range->minimum == -128 && range->maximum == 127) return bytes;
  return _mm512_max_epi8(_mm512_min_epi8(bytes, _mm512_set1_epi8((int8_t)range->maximum)),
                         _mm512_set1_epi8((int8_t)range->minimum));
}

/// The Add of 64 bytes and 64 others; `sums`: before they are bytes.
QUILL_INLINE __m512i nearAdditions(__m512i bytes, __m512i others, const struct quill_near_addition *addition,
                                   __m512i *sums) {
  const __m512i zero = _mm512_setzero_si512();
  const __m512i lower = _mm512_unpacklo_epi8(bytes, others), upper = _mm512_unpackhi_epi8(bytes, others);
  const __m512i pairs[4] = {_mm512_unpacklo_epi8(zero, lower), _mm512_unpackhi_epi8(zero, lower),
                            _mm512_unpacklo_epi8(zero, upper), _mm512_unpackhi_epi8(zero, upper)};
  QUILL_UNROLL for (int j = 0; j < 4; j++) sums[j] = nearAddition(pairs[j], addition);
  // The upper halves of two, a quarter of a register at a time, as they were interleaved.
  const __m512i uppers =
    _mm512_set_epi16(63, 61, 59, 57, 31, 29, 27, 25, 55, 53, 51, 49, 23, 21, 19, 17, 47, 45, 43, 41, 15, 13, 11, 9, 39, 37,
                     35, 33, 7, 5, 3, 1);
  return _mm512_packs_epi16(_mm512_permutex2var_epi16(sums[0], uppers, sums[1]),
                            _mm512_permutex2var_epi16(sums[2], uppers, sums[3]));
}

#include "vnni_mend.h"

/// The least of four, lane by lane.
QUILL_INLINE __m512i leastOf(const __m512i *x) {
  return _mm512_min_epu16(_mm512_min_epu16(x[0], x[1]), _mm512_min_epu16(x[2], x[3]));
}

/// Four columns of a tile, the first being number k, are to be mended.
QUILL_INLINE struct quill_doubtful_four *doubtfulFour(struct quill_doubtful *doubtfuls, const struct quill_targets *targets,
                                                      const __m512i *near, const int k, const int count, const int B,
                                                      const int sideBySide) {
  struct quill_doubtful_four *const four = &doubtfuls->fours[doubtfuls->count++];
  four->isAddition = 0;
  four->first = k % B;
  four->count = count * B - k < 4 ? count * B - k : 4;
  QUILL_UNROLL for (int j = 0; j < 4; j++) {
    four->near[j] = near[j];
    if (k + j < count * B) four->out[j] = outOf(targets, (k + j) / B, sideBySide) + 16 * ((k + j) % B);
  }
  return four;
}

/// The same for the tile's accumulators. `adds`: something is added to them.
QUILL_INLINE void laterFour(struct quill_doubtful *doubtfuls, const struct quill_targets *targets, const __m512i *acc,
                            const __m512i *near, const int k, const int count, const int B, const int sideBySide,
                            const int adds) {
  struct quill_doubtful_four *const four = doubtfulFour(doubtfuls, targets, near, k, count, B, sideBySide);
  QUILL_UNROLL for (int j = 0; j < 4; j++)
    if (k + j < count * B) four->acc[j] = acc[k + j];
  if (adds) four->others = otherFour(targets, k, count, B, sideBySide, 0);
}

/// The bytes of a tile by float, four columns after the other. `dense`: so what is added to them lies in memory.
QUILL_INLINE void nearTile(const struct quill_convolution *c, const quill_columns *columns, const __m512i *acc,
                           const struct quill_targets *targets, struct quill_doubtful *doubtfuls, __m512i *bytes,
                           const int count, const int B, const int sideBySide, const int dense,
                           const enum quill_store store) {
  QUILL_UNROLL for (int k = 0; k < count * B; k += 4) {
    __m512i near[4];
    if (store == QUILL_STORE_ONCE) {
      QUILL_UNROLL for (int j = 0; j < 4; j++)
        near[j] = k + j >= count * B ? near[0] : onceSums(acc[k + j], &columns->near[(k + j) % B]);
      bytes[k / 4] = onceBytes(near);
      continue;
    }
    QUILL_UNROLL for (int j = 0; j < 4; j++)
      near[j] = k + j >= count * B ? near[0] : nearSums(acc[k + j], &columns->near[(k + j) % B], c->range.zeroPoint, store);
    bytes[k / 4] = nearBytes(near);
    if (store != QUILL_STORE_RECTIFIED) bytes[k / 4] = clamped(bytes[k / 4], &c->range);
    if (__builtin_expect(doubtful(leastOf(near), QUILL_DOUBTS) != 0, 0))
      laterFour(doubtfuls, targets, acc, near, k, count, B, sideBySide, addsIn(store));
  }
  // By itself: what is added to one four would wait for its own sums.
  if (addsIn(store)) QUILL_UNROLL for (int k = 0; k < count * B; k += 4) {
    __m512i near[4];
    const __m512i left = bytes[k / 4], right = otherFour(targets, k, count, B, sideBySide, dense);
    bytes[k / 4] = clamped(nearAdditions(left, right, &columns->addition, near), &c->addition->range);
    if (__builtin_expect(doubtful(leastOf(near), columns->addition.doubts) == 0, 1)) continue;
    struct quill_doubtful_four *const four = doubtfulFour(doubtfuls, targets, near, k, count, B, sideBySide);
    four->isAddition = 1;
    four->bytes = left;
    four->others = right;
  }
}

/// Requantises and stores a tile: acc[i * B + b] of column b goes to position i. `sideBySide`: the positions are
/// neighbours in a row; `adds`: the convolution may have an addition. What is then to be mended (`mendStored`) goes to
/// `doubtfuls`, which has room for one tile.
QUILL_INLINE void storeTile(const struct quill_convolution *c, const struct quill_band *band,
                            const quill_columns *columns, const __m512i *acc, const struct quill_targets *targets,
                            struct quill_doubtful *doubtfuls, const int count, const int B, const int sideBySide,
                            const int adds) {
  __m512i bytes[QUILL_MOST_SUMS / 4];
  const int32_t last = band->channels - 16 * (B - 1);
  const int dense = last == 16 && sideBySide && c->outputPixelPitch == 16 * B;
#define QUILL_STORE(store, dense) \
  nearTile(c, columns, acc, targets, doubtfuls, bytes, count, B, sideBySide, dense, store)
  if (columns->kind == QUILL_STAGE_ONCE) {
    QUILL_STORE(QUILL_STORE_ONCE, 0);
  } else if (__builtin_expect(columns->kind == QUILL_STAGE_ANY, 0)) {
    QUILL_UNROLL for (int k = 0; k < count * B; k += 4)
      laterFour(doubtfuls, targets, acc, acc, k, count, B, sideBySide, adds && c->addition);
    return;
  } else if (adds && c->addition) {
    if (c->realShift && dense)
      QUILL_STORE(QUILL_STORE_REAL_SUM, 1);
    else if (c->realShift)
      QUILL_STORE(QUILL_STORE_REAL_SUM, 0);
    else if (dense)
      QUILL_STORE(QUILL_STORE_DOUBLE_SUM, 1);
    else
      QUILL_STORE(QUILL_STORE_DOUBLE_SUM, 0);
  } else if (__builtin_expect(columns->kind == QUILL_STAGE_RECTIFIED, 1)) {
    QUILL_STORE(QUILL_STORE_RECTIFIED, 0);
  } else if (c->realShift) {
    QUILL_STORE(QUILL_STORE_REAL, 0);
  } else {
    QUILL_STORE(QUILL_STORE_DOUBLE, 0);
  }
#undef QUILL_STORE
  if (dense) {
    QUILL_UNROLL for (int k = 0; k < count * B; k += 4) storeFour(targets, bytes[k / 4], k, 16, count, B, 1, 1);
  } else if (__builtin_expect(last >= 16, 1)) {
    QUILL_UNROLL for (int k = 0; k < count * B; k += 4) storeFour(targets, bytes[k / 4], k, 16, count, B, sideBySide, 0);
  } else {
    QUILL_UNROLL for (int k = 0; k < count * B; k += 4) storeFour(targets, bytes[k / 4], k, last, count, B, sideBySide, 0);
  }
}
