// Sixteen accumulators to sixteen int8 outputs, with AVX2.
//
// Why C: see quill_kernels.h. Included inside a region with AVX2 function attributes.

/// Multipliers and shifts of eight channels.
struct quill_half_rescale {
  /// Multipliers of the even lanes, and of the odd ones moved down.
  __m256i even, odd;
  /// Left shift; 1 where a right shift follows, otherwise 0; the right shift less that 1.
  __m256i left, rounds, right;
};

struct quill_rescale {
  struct quill_half_rescale half[2];
};

/// Sixteen int32 in two registers.
typedef struct {
  __m256i half[2];
} quill_wide;

QUILL_INLINE struct quill_half_rescale halfRescaleOf(__m256i multiplier, __m256i shift) {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i right = _mm256_max_epi32(_mm256_sub_epi32(zero, shift), zero);
  const __m256i rounds = _mm256_min_epi32(right, _mm256_set1_epi32(1));
  return (struct quill_half_rescale){
    .even = multiplier,
    .odd = _mm256_srli_epi64(multiplier, 32),
    .left = _mm256_max_epi32(shift, zero),
    .rounds = rounds,
    .right = _mm256_sub_epi32(right, rounds),
  };
}

QUILL_INLINE __m256i load8(const int32_t *p) { return _mm256_loadu_si256((const __m256i *)p); }

QUILL_INLINE struct quill_rescale rescaleOf(const int32_t *multipliers, const int32_t *shifts) {
  return (struct quill_rescale){
    {halfRescaleOf(load8(multipliers), load8(shifts)), halfRescaleOf(load8(multipliers + 8), load8(shifts + 8))}};
}

/// MBQM. The rounding divide by 2^e is (((x - (x < 0)) >> (e - 1)) + 1) >> 1, which cannot overflow; e = 0 leaves x
/// alone.
QUILL_INLINE __m256i rescaleHalf(__m256i x, const struct quill_half_rescale *r) {
  x = _mm256_sllv_epi32(x, r->left);
  const __m256i half = _mm256_set1_epi64x(1 << 30);
  const __m256i even = _mm256_add_epi64(_mm256_mul_epi32(x, r->even), half);
  const __m256i odd = _mm256_add_epi64(_mm256_mul_epi32(_mm256_srli_epi64(x, 32), r->odd), half);
  const __m256i high = _mm256_blend_epi32(_mm256_srli_epi64(even, 31), _mm256_add_epi64(odd, odd), 0xAA);
  const __m256i negative = _mm256_and_si256(_mm256_srli_epi32(high, 31), r->rounds);
  const __m256i shifted = _mm256_srav_epi32(_mm256_sub_epi32(high, negative), r->right);
  return _mm256_srav_epi32(_mm256_add_epi32(shifted, r->rounds), r->rounds);
}

QUILL_INLINE quill_wide rescale(quill_wide x, const struct quill_rescale *r) {
  return (quill_wide){{rescaleHalf(x.half[0], &r->half[0]), rescaleHalf(x.half[1], &r->half[1])}};
}

/// Zero point and clamp, by saturating packs: what is past int16 is past the activation range in any case.
QUILL_INLINE __m128i narrow(quill_wide x, const struct quill_output_range *range) {
  const __m256i crossed = _mm256_packs_epi32(x.half[0], x.half[1]);
  const __m256i words = _mm256_adds_epi16(_mm256_permute4x64_epi64(crossed, 0xD8),
                                          _mm256_set1_epi16((int16_t)range->zeroPoint));
  const __m128i bytes = _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  return _mm_max_epi8(_mm_min_epi8(bytes, _mm_set1_epi8((int8_t)range->maximum)),
                      _mm_set1_epi8((int8_t)range->minimum));
}

QUILL_INLINE void narrowTo(int8_t *out, quill_wide x, const struct quill_output_range *range) {
  _mm_storeu_si128((__m128i *)out, narrow(x, range));
}

typedef struct quill_rescale quill_stage;

QUILL_INLINE quill_stage stageOf(const int32_t *multipliers, const int32_t *shifts,
                                 const struct quill_output_range *range) {
  return rescaleOf(multipliers, shifts);
}

/// MBQM of eight with shifts to the right (a channel without a multiplier may have any: its product is 0); negative
/// halves go up where `rectified`.
QUILL_INLINE __m256i rescaleRight(__m256i x, const struct quill_half_rescale *r, const int rectified) {
  const __m256i half = _mm256_set1_epi64x(1 << 30), minusOne = _mm256_set1_epi32(-1);
  const __m256i even = _mm256_add_epi64(_mm256_mul_epi32(x, r->even), half);
  const __m256i odd = _mm256_add_epi64(_mm256_mul_epi32(_mm256_srli_epi64(x, 32), r->odd), half);
  __m256i high = _mm256_blend_epi32(_mm256_srli_epi64(even, 31), _mm256_add_epi64(odd, odd), 0xAA);
  if (!rectified) high = _mm256_add_epi32(high, _mm256_srai_epi32(high, 31));
  return _mm256_srai_epi32(_mm256_sub_epi32(_mm256_srav_epi32(high, r->right), minusOne), 1);
}

/// Sixteen accumulators as bytes: requantised, with the zero point, clamped.
QUILL_INLINE __m128i requantised(quill_wide x, const quill_stage *s, const struct quill_output_range *range,
                                 const enum quill_stage_kind kind) {
  if (kind == QUILL_STAGE_ANY) return narrow(rescale(x, s), range);
  const int rectified = kind == QUILL_STAGE_RECTIFIED;
  return narrow((quill_wide){{rescaleRight(x.half[0], &s->half[0], rectified),
                              rescaleRight(x.half[1], &s->half[1], rectified)}}, range);
}

/// The first `count` bytes, 16 at most.
QUILL_INLINE void storeBytes(int8_t *out, __m128i bytes, int32_t count) {
  if (count >= 16) {
    _mm_storeu_si128((__m128i *)out, bytes);
  } else {
    int8_t all[16];
    _mm_storeu_si128((__m128i *)all, bytes);
    storePart(out, all, count);
  }
}
