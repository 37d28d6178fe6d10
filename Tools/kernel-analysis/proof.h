// What the proofs share: a seeded generator and the plain integer rules of design/arithmetic.md, written apart from
// the kernels.
//
// Why C: see proof.c.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quill_kernels.h"

extern uint64_t proofState;

/// For each level, the convolutions that had their weights in another form.
extern long proofTransformed[QUILL_LEVEL_COUNT];

/// Each draws one random case and runs it on every level that this processor has, counting in `done`; 1 when one
/// differs.
int proveConvolution(uint64_t capabilities, long done[QUILL_LEVEL_COUNT]);
int proveDepthwise(uint64_t capabilities, long done[QUILL_LEVEL_COUNT]);
int provePools(uint64_t capabilities, long done[QUILL_LEVEL_COUNT]);
int proveElementwise(uint64_t capabilities, long done[QUILL_LEVEL_COUNT]);

static inline uint32_t nextRandom(void) {
  proofState += 0x9E3779B97F4A7C15u;
  uint64_t z = proofState;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return (uint32_t)((z ^ z >> 31) >> 16);
}

static inline int32_t between(int32_t low, int32_t high) {
  return low + (int32_t)(nextRandom() % (uint32_t)(high - low + 1));
}

static inline int32_t oneOf(const int32_t *values, int32_t count) { return values[between(0, count - 1)]; }

static inline int64_t scaled(int64_t x, int32_t multiplier, int32_t shift) {
  const int64_t moved = (int32_t)(uint32_t)((uint64_t)x << (shift > 0 ? shift : 0));
  const int64_t high = (moved * multiplier + (1 << 30)) >> 31;
  const int e = shift < 0 ? -shift : 0;
  return e == 0 ? high : (high + ((int64_t)1 << (e - 1)) - (high < 0)) >> e;
}

/// The rounding `real`: what IEEE double arithmetic gives for |x| * mantissa / 2^shift, rounded half away from zero. The
/// division by a power of two is exact, and the processors that run this have IEEE doubles.
static inline int64_t realScaled(int64_t x, int64_t mantissa, int32_t shift) {
  volatile double product = (double)(x < 0 ? -x : x) * (double)mantissa;
  for (int32_t k = 0; k < shift; k++) product = product * 0.5;
  const int64_t whole = (int64_t)product;
  const int64_t size = whole + (product - (double)whole >= 0.5);
  return x < 0 ? -size : size;
}

static inline int8_t ranged(int64_t x, struct quill_output_range range) {
  x += range.zeroPoint;
  if (x > range.maximum) x = range.maximum;
  return (int8_t)(x < range.minimum ? range.minimum : x);
}

static inline int8_t *aligned(size_t bytes, int fill) {
  void *p;
  if (posix_memalign(&p, 64, bytes)) abort();
  memset(p, fill, bytes);
  return p;
}

static inline struct quill_output_range randomRange(void) {
  // As after a ReLU, any with no activation, any.
  const int32_t kind = between(0, 3);
  struct quill_output_range range = {.zeroPoint = kind ? between(-128, 127) : -128, .minimum = -128, .maximum = 127};
  if (kind == 1) range.minimum = range.zeroPoint;
  if (kind > 1) {
    range.minimum = between(-128, 0);
    range.maximum = between(between(0, 7) ? range.minimum : -128, 127);
  }
  return range;
}

static inline int32_t randomMultiplier(void) {
  const int32_t kind = between(0, 15);
  return kind == 0 ? 0 : kind < 12 ? between(1 << 30, 0x7FFFFFFF) : kind < 14 ? 1 << 30 : 0x7FFFFFFF;
}
