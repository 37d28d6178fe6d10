// Sixteen accumulators to sixteen int8 outputs, with AVX-512.
//
// Why C: see quill_kernels.h. Included inside a region with AVX-512 function attributes.

/// The mask of the first `count` of 16 lanes.
QUILL_INLINE __mmask16 firstLanes(int32_t count) { return count >= 16 ? 0xFFFF : (__mmask16)((1u << count) - 1); }

/// Sixteen int32.
typedef __m512i quill_wide;

/// Multipliers and shifts of 16 channels as the vector code wants them.
struct quill_rescale {
  /// Multipliers of the even lanes, and of the odd ones moved down.
  __m512i even, odd;
  /// Left shift; 1 where a right shift follows, otherwise 0; the right shift less that 1.
  __m512i left, rounds, right;
};

QUILL_INLINE struct quill_rescale rescaleOf(const int32_t *multipliers, const int32_t *shifts) {
  const __m512i zero = _mm512_setzero_si512();
  const __m512i multiplier = _mm512_loadu_si512(multipliers), shift = _mm512_loadu_si512(shifts);
  const __m512i right = _mm512_max_epi32(_mm512_sub_epi32(zero, shift), zero);
  const __m512i rounds = _mm512_min_epi32(right, _mm512_set1_epi32(1));
  return (struct quill_rescale){
    .even = multiplier,
    .odd = _mm512_srli_epi64(multiplier, 32),
    .left = _mm512_max_epi32(shift, zero),
    .rounds = rounds,
    .right = _mm512_sub_epi32(right, rounds),
  };
}

/// MBQM. The rounding divide by 2^e is ((x - (x < 0)) >> (e - 1)) + 1) >> 1, which cannot overflow; e = 0 leaves x
/// alone.
QUILL_INLINE __m512i rescale(__m512i x, const struct quill_rescale *r) {
  x = _mm512_sllv_epi32(x, r->left);
  const __m512i half = _mm512_set1_epi64(1 << 30);
  const __m512i even = _mm512_add_epi64(_mm512_mul_epi32(x, r->even), half);
  const __m512i odd = _mm512_add_epi64(_mm512_mul_epi32(_mm512_srli_epi64(x, 32), r->odd), half);
  const __m512i high = _mm512_mask_blend_epi32(0xAAAA, _mm512_srli_epi64(even, 31), _mm512_add_epi64(odd, odd));
  const __m512i negative = _mm512_and_si512(_mm512_srli_epi32(high, 31), r->rounds);
  const __m512i shifted = _mm512_srav_epi32(_mm512_sub_epi32(high, negative), r->right);
  return _mm512_srav_epi32(_mm512_add_epi32(shifted, r->rounds), r->rounds);
}

/// Zero point and clamp; the clamp comes first, so that the sum cannot overflow.
QUILL_INLINE __m128i narrow(__m512i x, const struct quill_output_range *range) {
  x = _mm512_min_epi32(x, _mm512_set1_epi32(range->maximum - range->zeroPoint));
  x = _mm512_max_epi32(x, _mm512_set1_epi32(range->minimum - range->zeroPoint));
  return _mm_add_epi8(_mm512_cvtepi32_epi8(x), _mm_set1_epi8((int8_t)range->zeroPoint));
}

QUILL_INLINE void narrowTo(int8_t *out, quill_wide x, const struct quill_output_range *range) {
  _mm_storeu_si128((__m128i *)out, narrow(x, range));
}

/// The same in one rounding for shifts of -23...-1; multipliers and shifts for any.
///
/// Nested floor divisions are one: with P = x * q and e = -shift, MBQM + zeroPoint is floor((P + 2^30 + 2^(30+e) +
/// zeroPoint * 2^(31+e) - (x < 0 ? 2^31 : 0)) / 2^(31+e)). |P| < 2^62, so that e <= 23 keeps the sum in 64 bits, and
/// 1 <= e keeps the result in 32.
typedef struct {
  /// Multipliers of the even lanes, and of the odd ones moved down; what is added to their products.
  __m512i even, odd, addEven, addOdd;
  /// e - 1, for the upper halves of the sums.
  __m512i shift;
  const int32_t *multipliers, *shifts;
} quill_stage;

QUILL_INLINE quill_stage stageOf(const int32_t *multipliers, const int32_t *shifts,
                                 const struct quill_output_range *range) {
  const __m512i one = _mm512_set1_epi32(1), multiplier = _mm512_loadu_si512(multipliers);
  // A channel without a multiplier gives the zero point whatever its shift is.
  const __mmask16 live = _mm512_test_epi32_mask(multiplier, multiplier);
  const __m512i e = _mm512_mask_sub_epi32(one, live, _mm512_setzero_si512(), _mm512_loadu_si512(shifts));
  const __m512i low = _mm512_set1_epi64(0xFFFFFFFF), bit = _mm512_set1_epi64((int64_t)1 << 30);
  const __m512i eEven = _mm512_and_si512(e, low), eOdd = _mm512_srli_epi64(e, 32);
  const __m512i zero = _mm512_set1_epi64((int64_t)range->zeroPoint * ((int64_t)1 << 31) + ((int64_t)1 << 30));
  return (quill_stage){
    .even = multiplier,
    .odd = _mm512_srli_epi64(multiplier, 32),
    .addEven = _mm512_add_epi64(bit, _mm512_sllv_epi64(zero, eEven)),
    .addOdd = _mm512_add_epi64(bit, _mm512_sllv_epi64(zero, eOdd)),
    .shift = _mm512_sub_epi32(e, one),
    .multipliers = multipliers,
    .shifts = shifts,
  };
}

/// Sixteen accumulators requantised for shifts of -23...-1, with the zero point, not clamped yet.
QUILL_INLINE __m512i scaled(__m512i x, const quill_stage *s, const enum quill_stage_kind kind) {
  const __m512i upper = _mm512_srli_epi64(x, 32);
  __m512i even = _mm512_add_epi64(_mm512_mul_epi32(x, s->even), s->addEven);
  __m512i odd = _mm512_add_epi64(_mm512_mul_epi32(upper, s->odd), s->addOdd);
  if (kind == QUILL_STAGE_RIGHT) {
    const __m512i sign = _mm512_set1_epi64(0x80000000);
    even = _mm512_sub_epi64(even, _mm512_and_si512(x, sign));
    odd = _mm512_sub_epi64(odd, _mm512_and_si512(upper, sign));
  }
  const __m512i uppers = _mm512_setr_epi32(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
  return _mm512_srav_epi32(_mm512_permutex2var_epi32(even, uppers, odd), s->shift);
}

/// Sixteen accumulators as bytes: requantised, with the zero point, clamped.
QUILL_INLINE __m128i requantised(__m512i x, const quill_stage *s, const struct quill_output_range *range,
                                 const enum quill_stage_kind kind) {
  if (kind == QUILL_STAGE_ANY) {
    const struct quill_rescale r = rescaleOf(s->multipliers, s->shifts);
    return narrow(rescale(x, &r), range);
  }
  const __m128i bytes = _mm512_cvtsepi32_epi8(scaled(x, s, kind));
  if (kind == QUILL_STAGE_RECTIFIED) return bytes;
  return _mm_max_epi8(_mm_min_epi8(bytes, _mm_set1_epi8((int8_t)range->maximum)),
                      _mm_set1_epi8((int8_t)range->minimum));
}

/// Four times sixteen `scaled` values as bytes, one sixteen after the other: fewer shuffles than for each alone.
QUILL_INLINE __m512i packed(const __m512i *x, const struct quill_output_range *range, const enum quill_stage_kind kind) {
  // Packing works within quarters of a register: four bytes of the first, four of the second, and so on.
  const __m512i crossed = _mm512_packs_epi16(_mm512_packs_epi32(x[0], x[1]), _mm512_packs_epi32(x[2], x[3]));
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  const __m512i bytes = _mm512_permutexvar_epi32(order, crossed);
  if (kind == QUILL_STAGE_RECTIFIED) return bytes;
  return _mm512_max_epi8(_mm512_min_epi8(bytes, _mm512_set1_epi8((int8_t)range->maximum)),
                         _mm512_set1_epi8((int8_t)range->minimum));
}

/// The first `count` bytes, 16 at most.
QUILL_INLINE void storeBytes(int8_t *out, __m128i bytes, int32_t count) {
  if (count >= 16)
    _mm_storeu_si128((__m128i *)out, bytes);
  else
    _mm_mask_storeu_epi8(out, firstLanes(count), bytes);
}
