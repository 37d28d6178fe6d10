// Convolution and fully connected with 32-bit NEON (Cortex-A7 and later): 8-bit products summed in pairs in 16 bits.
//
// Why C: vmull / vmlal / vpadal in exactly this order, within 16 registers. Eight weights (2 channels x 4 taps) meet
// an activation group of four, duplicated; two products fit int16 because no weight is -128 (2 x 128 x 127 < 2^15).
// Each accumulator holds two partial sums a channel, added at the end.
#include "kernel_common.h"

#if defined(__ARM_NEON) && !defined(__aarch64__)
#include <arm_neon.h>
#define QUILL_STAGE_OF_EIGHT 1
#include "requantise_neon.h"
#include "convolution_neon32_loops.h"

#define QUILL_NAME(suffix) quill_neon_##suffix
#define QUILL_COLUMN_CHANNELS 8
#define QUILL_COLUMNS 1
#define QUILL_POSITIONS(B) 2
#define QUILL_WINDOWS(B) 1
#define QUILL_TRANSFORMS 1
typedef int32x4x2_t quill_acc;

/// sums[i][k]: position i, channels 2k and 2k + 1, two partial sums each. pending: products that are not summed yet, as
/// convolution_neon32_loops.h leaves them.
typedef struct {
  int32x4_t sums[2][4];
  int16x8_t pending[4];
} quill_tile;

QUILL_INLINE quill_acc startOf(const struct quill_convolution *c, ptrdiff_t channel) { return load8(c->bias + channel); }

QUILL_INLINE quill_acc maximum(quill_acc a, quill_acc b) {
  return (quill_acc){{vmaxq_s32(a.val[0], b.val[0]), vmaxq_s32(a.val[1], b.val[1])}};
}

QUILL_INLINE int8x8_t fourTwice(const int8_t *p) { return vreinterpret_s8_s32(vdup_n_s32(loadFour(p))); }

QUILL_INLINE int32x4_t pairSums(int32x4_t low, int32x4_t high) {
  return vcombine_s32(vpadd_s32(vget_low_s32(low), vget_high_s32(low)),
                      vpadd_s32(vget_low_s32(high), vget_high_s32(high)));
}

QUILL_INLINE void tileStart(quill_tile *tile, const quill_acc *start, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P; i++)
    QUILL_UNROLL for (int j = 0; j < 4; j++) tile->sums[i][j] = vdupq_n_s32(0);
  QUILL_UNROLL for (int j = 0; j < 4; j++) tile->pending[j] = vdupq_n_s16(0);
}

/// P positions times 8 channels over one run.
QUILL_INLINE const int8_t *tileRun(quill_tile *tile, const struct quill_band *band, const int8_t *const *in,
                                   ptrdiff_t run, const int8_t *weights, int32_t taps, const ptrdiff_t step,
                                   const int P, const int B) {
  if (__builtin_constant_p(step) && step == 4 && taps >= 2) {
    const ptrdiff_t turns = taps / 2;
    weights = P == 2 ? sumTwoPositions(tile->sums, tile->pending, in[0] + run, in[1] + run, weights, turns)
                     : sumOnePosition(tile->sums[0], tile->pending, in[0] + run, weights, turns);
    run += 8 * turns;
    taps &= 1;
  }
  for (; taps > 0; taps--, run += step, weights += 64)
    QUILL_UNROLL for (int i = 0; i < P; i++) {
      const int8x8_t a = fourTwice(in[i] + run);
      QUILL_UNROLL for (int j = 0; j < 4; j++)
        tile->sums[i][j] = vpadalq_s16(tile->sums[i][j], vmull_s8(vld1_s8(weights + 8 * j), a));
    }
  return weights;
}

QUILL_INLINE void tileEnd(quill_tile *tile, const quill_acc *start, quill_acc *acc, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P; i++) {
    QUILL_UNROLL for (int k = 0; k < 4 / P; k++) {
      int32x4_t *sum = &tile->sums[i][4 - 4 / P + k];
      *sum = vpadalq_s16(*sum, tile->pending[4 / P * i + k]);
    }
    QUILL_UNROLL for (int k = 0; k < 2; k++)
      acc[i].val[k] = vaddq_s32(start[0].val[k], pairSums(tile->sums[i][2 * k], tile->sums[i][2 * k + 1]));
  }
}

#include "convolution_walk.h"
#endif
