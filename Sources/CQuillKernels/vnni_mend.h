// The sums of a tile of the VNNI convolution in integers: the few that float may have rounded wrongly, or all of them.
//
// Why C: see convolution_avx512vnni.c. Included by vnni_store.h. All of it is rare, so out of line.

void quill_avx512vnni_add(const struct quill_add *);

/// Sixteen channels, or so many as are `left`, in integers, for any shifts and the rounding `real`.
static void exactColumn(const struct quill_convolution *c, ptrdiff_t channel, __m512i sums, int8_t *out,
                        const int8_t *other, int32_t left) {
  const int32_t *multiplier = c->multiplier + channel, *shift = c->shift + channel;
  if (c->realShift) {
    storeReal(out, (const int32_t *)&sums, multiplier, shift, c->realShift + channel, &c->range, left);
  } else {
    const quill_stage stage = stageOf(multiplier, shift, &c->range);
    storeBytes(out, requantised(sums, &stage, &c->range, QUILL_STAGE_ANY), 16);
  }
  if (!c->addition) return;
  struct quill_add addition = *c->addition;
  addition.left = out;
  addition.right = other;
  addition.output = out;
  addition.count = (size_t)(left < 16 ? left : 16);
  quill_avx512vnni_add(&addition);
}

/// A tile of columns that float does not serve.
QUILL_INLINE void exactTile(const struct quill_convolution *c, const struct quill_band *band,
                            const __m512i *acc, const struct quill_targets *targets, __m512i *bytes, int count, int B) {
  for (int i = 0; i < count; i++)
    for (int b = 0; b < B; b++)
      exactColumn(c, band->parameters + 16 * b, acc[i * B + b], (int8_t *)bytes + 16 * (i * B + b),
                  c->addition ? targets->other[i] + 16 * b : 0, band->channels - 16 * b);
}

/// MBQM.
QUILL_INLINE int32_t scaledOne(int32_t x, int32_t multiplier, int32_t shift) {
  const int32_t left = shift > 0 ? shift : 0, right = left - shift;
  const int64_t high = ((int64_t)x * (1 << left) * multiplier + (1 << 30)) >> 31;
  return (int32_t)((high + ((int64_t)1 << right >> 1) - (right > 0 && high < 0)) >> right);
}

QUILL_INLINE int32_t inRange(int32_t x, const struct quill_output_range *range) {
  x += range->zeroPoint;
  x = x < range->maximum ? x : range->maximum;
  return x > range->minimum ? x : range->minimum;
}

/// The byte of one sum, and what is added to it.
QUILL_INLINE int8_t exactByte(const struct quill_convolution *c, ptrdiff_t channel, int32_t sum, const int8_t *other) {
  const int32_t multiplier = c->multiplier[channel], shift = c->shift[channel];
  const int32_t scaled = c->realShift ? realRounded(sum, (uint32_t)multiplier, (uint32_t)shift, c->realShift[channel])
                                      : scaledOne(sum, multiplier, shift);
  const int32_t byte = inRange(scaled, &c->range);
  if (!c->addition) return (int8_t)byte;
  const struct quill_add *a = c->addition;
  const int32_t left = scaledOne((byte - a->leftZeroPoint) * (1 << 20), a->leftScale.multiplier, a->leftScale.shift);
  const int32_t right =
    scaledOne((*other - a->rightZeroPoint) * (1 << 20), a->rightScale.multiplier, a->rightScale.shift);
  return (int8_t)inRange(scaledOne(left + right, a->outputScale.multiplier, a->outputScale.shift), &a->range);
}

/// Pairs of sixteen sums' bytes and of others, each in the upper half of its 16 bits.
QUILL_INLINE __m512i pairsOf(__m512i sums, const int8_t *other, const struct quill_output_range *range) {
  __m512i left = _mm512_srai_epi32(sums, 16);
  left = _mm512_max_epi32(_mm512_min_epi32(left, _mm512_set1_epi32(range->maximum)), _mm512_set1_epi32(range->minimum));
  const __m512i right = _mm512_slli_epi32(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)other)), 24);
  return _mm512_or_si512(right, _mm512_and_si512(_mm512_slli_epi32(left, 8), _mm512_set1_epi32(0xFFFF)));
}

/// The bytes of doubtful sums of a tile, one by one.
QUILL_INLINE void mendAs(const struct quill_convolution *c, const struct quill_band *band, const quill_columns *columns,
                         const __m512i *acc, const struct quill_targets *targets, __m512i *bytes, int count, int B,
                         const enum quill_store store) {
  // First all masks, so that the search has no branches.
  uint64_t masks[QUILL_MOST_SUMS / 2] = {0};
  for (int i = 0, k = 0; i < count; i++)
    for (int b = 0; b < B; b++, k++) {
      const __m512i sums = nearSums(acc[k], &columns->near[b], c->range.zeroPoint, store);
      __mmask32 lanes = doubtful(sums, QUILL_DOUBTS);
      if (addsIn(store))
        lanes |= doubtful(nearAddition(pairsOf(sums, targets->other[i] + 16 * b, &c->range), &columns->addition),
                          columns->addition.doubts);
      __builtin_memcpy((char *)masks + 4 * k, &lanes, 4);
    }
  for (int pair = 0; 2 * pair < count * B; pair++)
    for (uint64_t left = masks[pair]; left; left &= left - 1) {
      const int place = 32 * pair + __builtin_ctzll(left) / 2, i = place / 16 / B, channel = place - 16 * B * i;
      if (channel < band->channels)
        ((int8_t *)bytes)[place] = exactByte(c, band->parameters + channel, ((const int32_t *)acc)[place],
                                             addsIn(store) ? targets->other[i] + channel : 0);
    }
}

/// What float does not serve of a tile, in its bytes.
static __attribute__((noinline)) void mendTile(const struct quill_convolution *c, const struct quill_band *band,
                                               const quill_columns *columns, const __m512i *acc,
                                               const struct quill_targets *targets, __m512i *bytes, int count, int B) {
  if (columns->kind == QUILL_STAGE_ANY) {
    exactTile(c, band, acc, targets, bytes, count, B);
    return;
  }
  switch (storeOf(c)) {
    case QUILL_STORE_RECTIFIED: mendAs(c, band, columns, acc, targets, bytes, count, B, QUILL_STORE_RECTIFIED); break;
    case QUILL_STORE_REAL: mendAs(c, band, columns, acc, targets, bytes, count, B, QUILL_STORE_REAL); break;
    case QUILL_STORE_DOUBLE: mendAs(c, band, columns, acc, targets, bytes, count, B, QUILL_STORE_DOUBLE); break;
    case QUILL_STORE_REAL_SUM: mendAs(c, band, columns, acc, targets, bytes, count, B, QUILL_STORE_REAL_SUM); break;
    default: mendAs(c, band, columns, acc, targets, bytes, count, B, QUILL_STORE_DOUBLE_SUM); break;
  }
}
