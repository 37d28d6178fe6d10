// Sixteen accumulators to sixteen int8 outputs, with the 128-bit vectors that every x86-64 has, and those of
// WebAssembly.
//
// Why C: see quill_kernels.h. Neither has shifts by a count per lane, so a right shift is a 64-bit multiply by a
// power of two and a left shift a 32-bit one.

typedef int32_t quill_four __attribute__((vector_size(16)));
typedef int64_t quill_two __attribute__((vector_size(16)));

/// Sixteen int32 in four registers.
typedef struct {
  quill_four part[4];
} quill_wide;

/// Multipliers and shifts of 16 channels.
struct quill_rescale {
  quill_wide multiplier;
  /// 2^left shift.
  quill_wide factor;
  /// -1 where a right shift follows, otherwise 0; 2^(30 - (that shift less 1)).
  quill_wide rounds, power;
};

QUILL_INLINE quill_wide loadQuad(const int32_t *p) {
  quill_wide v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

QUILL_INLINE struct quill_rescale rescaleOf(const int32_t *multipliers, const int32_t *shifts) {
  int32_t factor[16], rounds[16], power[16];
  for (int i = 0; i < 16; i++) {
    // Lanes without a channel may hold anything.
    const int32_t shift = shifts[i] < -31 ? -31 : shifts[i] > 30 ? 30 : shifts[i];
    factor[i] = (int32_t)(1u << (shift > 0 ? shift : 0));
    rounds[i] = shift < 0 ? -1 : 0;
    power[i] = (int32_t)(1u << (shift < 0 ? 31 + shift : 30));
  }
  return (struct quill_rescale){
    .multiplier = loadQuad(multipliers),
    .factor = loadQuad(factor),
    .rounds = loadQuad(rounds),
    .power = loadQuad(power),
  };
}

/// Bits `bits`...`bits` + 31 of (x * y + round), lane by lane; y >= 0.
QUILL_INLINE quill_four highProduct(quill_four x, quill_four y, int64_t round, int bits) {
  const quill_two rounds = {round, round};
#if defined(__wasm_simd128__)
  const quill_two low = (quill_two)wasm_i64x2_extmul_low_i32x4((v128_t)x, (v128_t)y);
  const quill_two high = (quill_two)wasm_i64x2_extmul_high_i32x4((v128_t)x, (v128_t)y);
  const quill_four a = (quill_four)((low + rounds) >> bits), b = (quill_four)((high + rounds) >> bits);
  return __builtin_shufflevector(a, b, 0, 2, 4, 6);
#else
  // pmuludq is unsigned: a negative x counts 2^32 too much, so y * 2^32 is taken off again.
  const __m128i excess = (__m128i)(y & (x >> 31));
  const quill_two even = (quill_two)_mm_sub_epi64(_mm_mul_epu32((__m128i)x, (__m128i)y), _mm_slli_epi64(excess, 32));
  const __m128i oddProduct = _mm_mul_epu32(_mm_srli_epi64((__m128i)x, 32), _mm_srli_epi64((__m128i)y, 32));
  const quill_two odd =
    (quill_two)_mm_sub_epi64(oddProduct, _mm_and_si128(excess, _mm_set1_epi64x((int64_t)0xFFFFFFFF00000000)));
  const __m128i a = _mm_srli_epi64((__m128i)(even + rounds), bits), b = _mm_srli_epi64((__m128i)(odd + rounds), bits);
  return (quill_four)_mm_or_si128(_mm_and_si128(a, _mm_set1_epi64x(0xFFFFFFFF)), _mm_slli_epi64(b, 32));
#endif
}

/// MBQM. The rounding divide by 2^e is (((x - (x < 0)) >> (e - 1)) + 1) >> 1, which cannot overflow; e = 0 leaves x
/// alone.
QUILL_INLINE quill_wide rescale(quill_wide x, const struct quill_rescale *r) {
  QUILL_UNROLL for (int j = 0; j < 4; j++) {
    const quill_four rounds = r->rounds.part[j];
    const quill_four high = highProduct(x.part[j] * r->factor.part[j], r->multiplier.part[j], 1 << 30, 31);
    const quill_four shifted = highProduct(high + ((high >> 31) & rounds), r->power.part[j], 0, 30);
    x.part[j] = (((shifted - rounds) >> 1) & rounds) | (high & ~rounds);
  }
  return x;
}

/// The same for shifts to the right.
QUILL_INLINE quill_wide rescaleRight(quill_wide x, const struct quill_rescale *r) {
  QUILL_UNROLL for (int j = 0; j < 4; j++) {
    const quill_four high = highProduct(x.part[j], r->multiplier.part[j], 1 << 30, 31);
    x.part[j] = (highProduct(high + (high >> 31), r->power.part[j], 0, 30) + 1) >> 1;
  }
  return x;
}

/// Zero point and clamp, by saturating packs: what is past int16 is past the activation range in any case.
QUILL_INLINE void narrowTo(int8_t *out, quill_wide x, const struct quill_output_range *range) {
  const int16_t zero = (int16_t)range->zeroPoint, least = (int16_t)range->minimum, most = (int16_t)range->maximum;
#if defined(__wasm_simd128__)
  const v128_t z = wasm_i16x8_splat(zero), low = wasm_i16x8_splat(least), high = wasm_i16x8_splat(most);
  v128_t a = wasm_i16x8_narrow_i32x4((v128_t)x.part[0], (v128_t)x.part[1]);
  v128_t b = wasm_i16x8_narrow_i32x4((v128_t)x.part[2], (v128_t)x.part[3]);
  a = wasm_i16x8_max(wasm_i16x8_min(wasm_i16x8_add_sat(a, z), high), low);
  b = wasm_i16x8_max(wasm_i16x8_min(wasm_i16x8_add_sat(b, z), high), low);
  wasm_v128_store(out, wasm_i8x16_narrow_i16x8(a, b));
#else
  const __m128i z = _mm_set1_epi16(zero), low = _mm_set1_epi16(least), high = _mm_set1_epi16(most);
  __m128i a = _mm_packs_epi32((__m128i)x.part[0], (__m128i)x.part[1]);
  __m128i b = _mm_packs_epi32((__m128i)x.part[2], (__m128i)x.part[3]);
  a = _mm_max_epi16(_mm_min_epi16(_mm_adds_epi16(a, z), high), low);
  b = _mm_max_epi16(_mm_min_epi16(_mm_adds_epi16(b, z), high), low);
  _mm_storeu_si128((__m128i *)out, _mm_packs_epi16(a, b));
#endif
}

typedef struct quill_rescale quill_stage;

typedef struct {
  int8_t bytes[16];
} quill_stored;

QUILL_INLINE quill_stage stageOf(const int32_t *multipliers, const int32_t *shifts,
                                 const struct quill_output_range *range) {
  return rescaleOf(multipliers, shifts);
}

QUILL_INLINE quill_stored requantised(quill_wide x, const quill_stage *s, const struct quill_output_range *range,
                                      const enum quill_stage_kind kind) {
  quill_stored stored;
  narrowTo(stored.bytes, kind == QUILL_STAGE_ANY ? rescale(x, s) : rescaleRight(x, s), range);
  return stored;
}

/// The first `count` bytes, 16 at most.
QUILL_INLINE void storeBytes(int8_t *out, quill_stored stored, int32_t count) {
  if (count >= 16)
    __builtin_memcpy(out, stored.bytes, 16);
  else
    storePart(out, stored.bytes, count);
}
