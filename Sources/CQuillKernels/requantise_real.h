// The rounding `real`: an accumulator times a double, in integers (design/arithmetic.md).
//
// Why C: compiled once per level with that level's function attributes, in the compiler's own vector types.
// QUILL_LANES: channels at a time.

// Every function that passes vectors by value is inlined, so there is no calling convention to change.
#pragma clang diagnostic ignored "-Wpsabi"

#ifndef QUILL_LANES
#define QUILL_LANES 16
#endif
typedef int32_t quill_numbers __attribute__((vector_size(4 * QUILL_LANES)));
typedef uint32_t quill_naturals __attribute__((vector_size(4 * QUILL_LANES)));
typedef int8_t quill_small __attribute__((vector_size(QUILL_LANES)));
typedef uint64_t quill_longs __attribute__((vector_size(8 * QUILL_LANES)));

/// The kind of a column of QUILL_LANES channels; those that are not there have no multiplier, or cost at most the time.
QUILL_INLINE enum quill_stage_kind columnKind(const int32_t *multipliers, const int32_t *shifts,
                                              const struct quill_output_range *range) {
  quill_numbers multiplier, shift;
  __builtin_memcpy(&multiplier, multipliers, sizeof multiplier);
  __builtin_memcpy(&shift, shifts, sizeof shift);
  const quill_numbers other = (multiplier != 0) & ((shift < -23) | (shift > -1));
  return __builtin_reduce_or(other) ? QUILL_STAGE_ANY : kindToTheRight(range);
}

/// The 53-bit product's rounding, one value: P = |x| * mantissa is first rounded to the 53 bits of a double (ties there
/// cannot change the second rounding), then to an integer, halves away from zero.
QUILL_INLINE int32_t realRounded(int32_t x, uint32_t low, uint32_t high, int32_t shift) {
  const uint64_t size = x < 0 ? 0u - (uint32_t)x : (uint32_t)x;
  // P = top * 2^32 + bottom, at most 84 bits.
  uint64_t bottom = size * low;
  uint64_t top = size * high + (bottom >> 32);
  bottom &= 0xFFFFFFFF;
  const int width = top ? 96 - __builtin_clzll(top) : bottom ? 64 - __builtin_clzll(bottom) : 0;
  // Half of what a double drops is below 2^31; half of the divisor is one bit, in either half.
  if (width > 53) bottom += (uint64_t)1 << (width - 54);
  if (shift <= 32)
    bottom += (uint64_t)1 << (shift - 1);
  else
    top += (uint64_t)1 << (shift - 33);
  top += bottom >> 32;
  bottom &= 0xFFFFFFFF;
  const uint64_t result = shift < 32 ? top << (32 - shift) | bottom >> shift : top >> (shift - 32);
  return x < 0 ? (int32_t)(0u - (uint32_t)result) : (int32_t)(uint32_t)result;
}

/// The same for QUILL_LANES values, of which `count` matter. The lower 32 bits of P and the double's rounding add at
/// most one to its upper part, which counts only where all bits below the result are ones: then, and for divisors below
/// 2^33, value by value.
QUILL_INLINE quill_numbers realRoundedLanes(quill_numbers x, const int32_t *low, const int32_t *high,
                                            const int32_t *shift, int32_t count) {
  quill_naturals lowest, highest, places;
  __builtin_memcpy(&lowest, low, sizeof lowest);
  __builtin_memcpy(&highest, high, sizeof highest);
  __builtin_memcpy(&places, shift, sizeof places);
  const quill_numbers sign = x >> 31;
  const quill_longs size = __builtin_convertvector((quill_naturals)((x ^ sign) - sign), quill_longs);
  const quill_longs bottom = size * __builtin_convertvector(lowest, quill_longs);
  const quill_longs moved = __builtin_convertvector((places - 32) & 63, quill_longs);
  const quill_longs half = ((quill_longs){} + 1) << ((moved - 1) & 63);
  const quill_longs top = size * __builtin_convertvector(highest, quill_longs) + (bottom >> 32) + half;
  const quill_longs rest = half + half - 1;
  const quill_numbers result = __builtin_convertvector(top >> moved, quill_numbers);
  const quill_naturals doubtful =
    __builtin_convertvector((quill_longs)((top & rest) == rest), quill_naturals) | (quill_naturals)(places < 33);
  quill_numbers rounded = (result ^ sign) - sign;
  if (__builtin_expect(__builtin_reduce_or(doubtful) != 0, 0))
    for (int i = 0; i < count && i < QUILL_LANES; i++)
      rounded[i] = realRounded(x[i], (uint32_t)low[i], (uint32_t)high[i], shift[i]);
  return rounded;
}

/// From accumulators to at most QUILL_LANES stored bytes.
static __attribute__((noinline)) void storeReal(int8_t *out, const int32_t *accumulators, const int32_t *low,
                                                const int32_t *high, const int32_t *shift,
                                                const struct quill_output_range *range, int32_t count) {
  quill_numbers x;
  __builtin_memcpy(&x, accumulators, sizeof x);
  x = realRoundedLanes(x, low, high, shift, count) + range->zeroPoint;
  x = __builtin_elementwise_max(__builtin_elementwise_min(x, (quill_numbers){} + range->maximum),
                                (quill_numbers){} + range->minimum);
  const quill_small bytes = __builtin_convertvector(x, quill_small);
  if (count >= QUILL_LANES) {
    __builtin_memcpy(out, &bytes, QUILL_LANES);
  } else {
    for (int i = 0; i < count; i++) out[i] = bytes[i];
  }
}
