// Depthwise, pools and element-wise operators with NEON; the dot-product level uses the same ones.
//
// Why C: SQRDMULH and SRSHL; the bodies are shared by all levels.
#include "kernel_levels.h"
#include "kernel_common.h"

#if QUILL_HAS_NEON
#include <arm_neon.h>
#include "requantise_neon.h"
#include "lanes.h"

#define QUILL_NAME(suffix) quill_neon_##suffix
#if defined(__aarch64__)
#define QUILL_TILE 4
#else
#define QUILL_TILE 2
#endif

QUILL_INLINE quill_bytes expand(quill_bytes v, quill_bytes index) {
#if defined(__aarch64__)
  return (quill_bytes)vqtbl1q_s8((int8x16_t)v, (uint8x16_t)index);
#else
  const int8x8x2_t table = {{vget_low_s8((int8x16_t)v), vget_high_s8((int8x16_t)v)}};
  const int8x16_t at = (int8x16_t)index;
  return (quill_bytes)vcombine_s8(vtbl2_s8(table, vget_low_s8(at)), vtbl2_s8(table, vget_high_s8(at)));
#endif
}

/// What Add needs where its left scale is exactly a half and its right one is below it.
struct quill_half_sum {
  int8x16_t leftZeroPoint, rightZeroPoint;
  int32x4_t multiplier, shift;
};

QUILL_INLINE struct quill_half_sum halfSumOf(const struct quill_add *p) {
  return (struct quill_half_sum){
    .leftZeroPoint = vdupq_n_s8((int8_t)p->leftZeroPoint),
    .rightZeroPoint = vdupq_n_s8((int8_t)p->rightZeroPoint),
    .multiplier = vdupq_n_s32(p->rightScale.multiplier),
    .shift = vdupq_n_s32(p->rightScale.shift),
  };
}

/// (left << 20) / 2 + MBQM(right << 20), both less their zero points. The left one, nine bits shifted by 4, goes on to 19
/// in a product with -2^15 that is taken away.
QUILL_INLINE quill_lanes sumWithHalf(quill_bytes left, quill_bytes right, const struct quill_half_sum *s) {
  const int8x16_t a = (int8x16_t)left, b = (int8x16_t)right;
  const int16x8_t halves[2] = {
    vshlq_n_s16(vsubl_s8(vget_low_s8(a), vget_low_s8(s->leftZeroPoint)), 4),
    vshlq_n_s16(vsubl_s8(vget_high_s8(a), vget_high_s8(s->leftZeroPoint)), 4),
  };
  const int16x8_t others[2] = {
    vshlq_n_s16(vsubl_s8(vget_low_s8(b), vget_low_s8(s->rightZeroPoint)), 5),
    vshlq_n_s16(vsubl_s8(vget_high_s8(b), vget_high_s8(s->rightZeroPoint)), 5),
  };
  quill_wide sum;
  QUILL_UNROLL for (int j = 0; j < 4; j++) {
    const int16x4_t half = j & 1 ? vget_high_s16(halves[j / 2]) : vget_low_s16(halves[j / 2]);
    const int16x4_t other = j & 1 ? vget_high_s16(others[j / 2]) : vget_low_s16(others[j / 2]);
    const int32x4_t scaled = rescaledFour(vshll_n_s16(other, 15), s->multiplier, s->shift, QUILL_STAGE_RIGHT);
    sum.val[j] = vmlsl_n_s16(scaled, half, -32768);
  }
  quill_lanes lanes;
  __builtin_memcpy(&lanes, &sum, sizeof lanes);
  return lanes;
}
#define QUILL_SUMS_WITH_HALF 1

#include "depthwise_body.h"
#include "elementwise_body.h"
#include "pool_body.h"
#endif
