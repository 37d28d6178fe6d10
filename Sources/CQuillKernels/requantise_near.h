// Requantisation in float where it is as good as exact: half the instructions of 64-bit products, the same bytes.
//
// Why C: compiled once per level with that level's function attributes, in the compiler's own vector types.
//
// With e = -shift, MBQM and zero point are one floor, that of T = x * M + zeroPoint + 1/2 + 1/2^(e+1), the last term
// negative for x < 0 (requantise_avx512.h); with the rounding `real` T has no such term, but for ties. Here 65536 * T is
// computed in float and rounded to an integer: the result is its upper half, unless the lower half is so near to 0
// that the error may have carried it across. Such sums, six in 65,536, are requantised again in integers.
//
// The error, in units of 1/65536, for results that do not saturate (|x * M| < 256): the scale's own rounding, 2^24 * 2^-24;
// the product's, 1/2; the sum's, 1/2; the integer's, 1/2 below 2^23 and none above, where the sum's is as large: less
// than 3. x itself is exact below 2^24, and saturates from there on, since M is 2^-15 at least.

// Every function that passes vectors by value is inlined, so there is no calling convention to change.
#pragma clang diagnostic ignored "-Wpsabi"

/// Greater than the error.
#define QUILL_NEAR_ERROR 3

typedef int32_t quill_near_lanes __attribute__((vector_size(64)));
typedef uint32_t quill_near_naturals __attribute__((vector_size(64)));
typedef float quill_near_reals __attribute__((vector_size(64)));

/// What is added to 65536 * (x * M +- 1/2^(e+1)): the zero point, a half, and the error, so that what is doubtful lies at
/// 0...5.
QUILL_INLINE float nearRest(int32_t zeroPoint) { return (float)(zeroPoint * 65536 + 32768 + QUILL_NEAR_ERROR); }

/// What a column of channels needs.
typedef struct {
  /// 65536 * M.
  quill_near_reals scale;
  /// 65536 * 1/2^(e+1), which takes the sum's sign; where that is never negative, a level may add the rest to it.
  quill_near_reals addend;
  /// What the scale's rounding takes from results in the middle of the range: with it, half the error is left at either end.
  quill_near_reals centre;
} quill_near;

QUILL_INLINE quill_near_lanes nearLoad(const int32_t *p) {
  quill_near_lanes v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

/// 2^(n - 127), 1 <= n <= 254.
QUILL_INLINE quill_near_reals powerOfTwo(quill_near_lanes n) { return (quill_near_reals)(n << 23); }

/// A column's numbers and its kind: QUILL_STAGE_ANY where float does not serve.
QUILL_INLINE enum quill_stage_kind nearOf(const struct quill_convolution *c, ptrdiff_t channel, quill_near *near) {
  const enum quill_stage_kind kind = c->addition ? QUILL_STAGE_RIGHT : kindToTheRight(&c->range);
  const quill_near_lanes multiplier = nearLoad(c->multiplier + channel), shift = nearLoad(c->shift + channel);
  quill_near_lanes live, refused;
  quill_near_reals term = {}, high, low;
  if (c->realShift) {
    const quill_near_lanes places = nearLoad(c->realShift + channel);
    live = (multiplier | shift) != 0;
    refused = (places > 67) | (places < 54);
    high = __builtin_convertvector(shift, quill_near_reals) * 0x1p32f;
    low = __builtin_convertvector((quill_near_naturals)multiplier, quill_near_reals);
    near->scale = powerOfTwo((143 - places) & live);
  } else {
    live = multiplier != 0;
    refused = (shift < -14) | (shift > -1);
    high = __builtin_convertvector(multiplier & ~0xFF, quill_near_reals);
    low = __builtin_convertvector(multiplier & 0xFF, quill_near_reals);
    near->scale = powerOfTwo((112 + shift) & live);
    term = powerOfTwo(((142 + shift) & live) | (127 & ~live));
  }
  if (__builtin_reduce_or(refused & live)) return QUILL_STAGE_ANY;
  const quill_near_reals rounded = high + low;
  near->scale *= rounded;
  near->centre = (high - rounded + low) / (rounded + __builtin_convertvector(live + 1, quill_near_reals)) *
                 (float)(c->range.zeroPoint * -65536);
  near->addend = term;
  return kind;
}
