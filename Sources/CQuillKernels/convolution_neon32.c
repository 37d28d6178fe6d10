// Convolution and fully connected with 32-bit NEON (Cortex-A7 and later): 8-bit products summed in pairs in 16 bits.
//
// Why C: vmull / vmlal / vpadal in exactly this order, within 16 registers. Eight weights (2 channels x 4 taps) meet
// an activation group of four, duplicated; two products fit int16 because no weight is -128 (2 x 128 x 127 < 2^15).
// Each accumulator holds two partial sums a channel, added at the end.
#include "kernel_common.h"

#if defined(__ARM_NEON) && !defined(__aarch64__)
#include <arm_neon.h>
#include "requantise_neon.h"

#define QUILL_NAME(suffix) quill_neon_##suffix
#define QUILL_POSITIONS 2
#define QUILL_BAND_CHANNELS 8
#define QUILL_BAND_COLUMNS 1
/// Lanes 2k and 2k + 1 of the concatenation hold channel k's two partial sums; after `accumulate`, the sums of 8
/// channels stand in val[0] and val[1].
typedef int32x4x2_t quill_acc;

/// What stays the same for a column of 8 channels at every position.
typedef struct {
  int32x4x2_t bias, multiplier, shift;
} quill_column;

QUILL_INLINE int32x4x2_t load8(const int32_t *p) { return (int32x4x2_t){{vld1q_s32(p), vld1q_s32(p + 4)}}; }

QUILL_INLINE quill_column columnOf(const struct quill_convolution *c, const struct quill_band *band, int b) {
  const ptrdiff_t channel = band->parameters + 8 * b;
  return (quill_column){load8(c->bias + channel), load8(c->multiplier + channel), load8(c->shift + channel)};
}

QUILL_INLINE quill_acc maximum(quill_acc a, quill_acc b) {
  return (quill_acc){{vmaxq_s32(a.val[0], b.val[0]), vmaxq_s32(a.val[1], b.val[1])}};
}

QUILL_INLINE int8x8_t fourTwice(const int8_t *p) { return vreinterpret_s8_s32(vdup_n_s32(loadFour(p))); }

QUILL_INLINE int32x4_t pairSums(int32x4_t low, int32x4_t high) {
  return vcombine_s32(vpadd_s32(vget_low_s32(low), vget_high_s32(low)),
                      vpadd_s32(vget_low_s32(high), vget_high_s32(high)));
}

/// P positions times 8 channels over every run.
QUILL_INLINE void accumulate(const struct quill_convolution *c, const struct quill_band *band, const int8_t *const *in,
                             const quill_column *columns, quill_acc *acc, const int P, const int B) {
  int32x4_t sums[QUILL_POSITIONS][4];
  QUILL_UNROLL for (int i = 0; i < P; i++)
    QUILL_UNROLL for (int j = 0; j < 4; j++) sums[i][j] = vdupq_n_s32(0);
  const int8_t *weights = band->weights;
  ptrdiff_t row = 0;
  int32_t y = 0;
  do {
    ptrdiff_t run = row;
    int32_t x = 0;
    do {
      ptrdiff_t t = run;
      int32_t taps = band->taps;
      for (; taps >= 2; taps -= 2, t += 8, weights += 128) {
        int8x8_t a[QUILL_POSITIONS], b[QUILL_POSITIONS];
        QUILL_UNROLL for (int i = 0; i < P; i++) {
          a[i] = fourTwice(in[i] + t);
          b[i] = fourTwice(in[i] + t + 4);
        }
        QUILL_UNROLL for (int j = 0; j < 4; j++) {
          const int8x8_t first = vld1_s8(weights + 8 * j), second = vld1_s8(weights + 64 + 8 * j);
          QUILL_UNROLL for (int i = 0; i < P; i++)
            sums[i][j] = vpadalq_s16(sums[i][j], vmlal_s8(vmull_s8(first, a[i]), second, b[i]));
        }
      }
      if (taps) {
        QUILL_UNROLL for (int j = 0; j < 4; j++) {
          const int8x8_t first = vld1_s8(weights + 8 * j);
          QUILL_UNROLL for (int i = 0; i < P; i++)
            sums[i][j] = vpadalq_s16(sums[i][j], vmull_s8(first, fourTwice(in[i] + t)));
        }
        weights += 64;
      }
      run += c->runStepX;
    } while (++x < c->runColumns);
    row += c->runStepY;
  } while (++y < c->runRows);
  QUILL_UNROLL for (int i = 0; i < P; i++)
    QUILL_UNROLL for (int k = 0; k < 2; k++)
      acc[i].val[k] = vaddq_s32(columns[0].bias.val[k], pairSums(sums[i][2 * k], sums[i][2 * k + 1]));
}

QUILL_INLINE void finish(const struct quill_convolution *c, const struct quill_band *band, int b,
                         const quill_column *column, quill_acc acc, int8_t *out) {
  const int8x8_t bytes = narrow8(rescaleFour(acc.val[0], column->multiplier.val[0], column->shift.val[0]),
                                 rescaleFour(acc.val[1], column->multiplier.val[1], column->shift.val[1]), &c->range);
  if (band->channels >= 8) {
    vst1_s8(out, bytes);
  } else {
    int8_t all[8];
    vst1_s8(all, bytes);
    storePart(out, all, band->channels);
  }
}

QUILL_INLINE void finishRaw(const struct quill_band *band, int b, quill_acc acc, int32_t *out) {
  int32_t all[8];
  vst1q_s32(all, acc.val[0]);
  vst1q_s32(all + 4, acc.val[1]);
  for (int32_t i = 0; i < band->channels && i < 8; i++) out[i] = all[i];
}

#include "convolution_walk.h"
#endif
