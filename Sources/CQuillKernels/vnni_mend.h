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

/// The byte of one sum.
QUILL_INLINE int8_t exactByte(const struct quill_convolution *c, ptrdiff_t channel, int32_t sum) {
  const int32_t multiplier = c->multiplier[channel], shift = c->shift[channel];
  const int32_t scaled = c->realShift ? realRounded(sum, (uint32_t)multiplier, (uint32_t)shift, c->realShift[channel])
                                      : scaledOne(sum, multiplier, shift);
  return (int8_t)inRange(scaled, &c->range);
}

/// The Add of a byte and another.
QUILL_INLINE int8_t exactAddition(const struct quill_add *a, int8_t byte, int8_t other) {
  const int32_t left = scaledOne((byte - a->leftZeroPoint) * (1 << 20), a->leftScale.multiplier, a->leftScale.shift);
  const int32_t right =
    scaledOne((other - a->rightZeroPoint) * (1 << 20), a->rightScale.multiplier, a->rightScale.shift);
  return (int8_t)inRange(scaledOne(left + right, a->outputScale.multiplier, a->outputScale.shift), &a->range);
}

/// Four columns that follow each other in a tile, with bytes that float may have rounded wrongly.
struct quill_doubtful_four {
  /// The convolution's sums, and those of `nearSums`; of an Add its own, in the order of `nearAdditions`.
  __m512i acc[4], near[4];
  /// The operands of the Add.
  __m512i bytes, others;
  int8_t *out[4];
  /// The first one's number in its position, and how many there are.
  int32_t first, count;
  int32_t isAddition;
};

/// Those of a tile that were stored, but are still to be mended: not at once, since a call would take the constants of the loop
/// over tiles out of their registers.
struct quill_doubtful {
  int32_t count;
  struct quill_doubtful_four fours[QUILL_MOST_SUMS / 2];
};

/// The byte in lane `lane` of column j of a four.
QUILL_INLINE int8_t mendedByte(const struct quill_convolution *c, const struct quill_doubtful_four *four, ptrdiff_t channel,
                               int j, int lane) {
  const int place = 16 * j + lane;
  const int8_t byte = four->isAddition ? ((const int8_t *)&four->bytes)[place]
                                       : exactByte(c, channel, ((const int32_t *)four->acc)[place]);
  return c->addition ? exactAddition(c->addition, byte, ((const int8_t *)&four->others)[place]) : byte;
}

/// Columns that float does not serve.
QUILL_INLINE void exactFour(const struct quill_convolution *c, const struct quill_band *band,
                            const struct quill_doubtful_four *four, int B) {
  for (int j = 0; j < four->count; j++) {
    const int32_t channel = (four->first + j) % B * 16, left = band->channels - channel;
    int8_t bytes[16];
    exactColumn(c, band->parameters + channel, four->acc[j], bytes, (const int8_t *)&four->others + 16 * j, left);
    storeBytes(four->out[j], _mm_loadu_si128((const __m128i *)bytes), left);
  }
}

/// Mends the doubtful bytes one by one; an Add's before those of the convolution that it took.
static __attribute__((noinline)) void mend(const struct quill_convolution *c, const struct quill_band *band,
                                           const quill_columns *columns, struct quill_doubtful *doubtfuls, int B) {
  while (doubtfuls->count > 0) {
    const struct quill_doubtful_four *const four = &doubtfuls->fours[--doubtfuls->count];
    if (columns->kind == QUILL_STAGE_ANY) {
      exactFour(c, band, four, B);
      continue;
    }
    for (int k = 0; k < 4; k++)
      for (uint32_t left = doubtful(four->near[k], four->isAddition ? columns->addition.doubts : QUILL_DOUBTS); left;
           left &= left - 1) {
        const int at = __builtin_ctz(left) / 2;
        const int j = four->isAddition ? at / 4 : k, lane = four->isAddition ? 4 * k + at % 4 : at;
        const int channel = (four->first + j) % B * 16 + lane;
        if (j < four->count && channel < band->channels)
          four->out[j][lane] = mendedByte(c, four, band->parameters + channel, j, lane);
      }
  }
}

QUILL_INLINE void mendStored(const struct quill_convolution *c, const struct quill_band *band,
                             const quill_columns *columns, struct quill_doubtful *doubtfuls, int B) {
  if (__builtin_expect(doubtfuls->count != 0, 0)) mend(c, band, columns, doubtfuls, B);
}
