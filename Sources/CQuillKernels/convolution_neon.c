// Convolution and fully connected with 64-bit NEON without dot products (Cortex-A53, A72): 8-bit products summed in
// pairs in 16 bits.
//
// Why C: smull / smlal / sadalp in exactly this order. Eight weights (2 channels x 4 taps) meet an activation group
// of four, duplicated; two products fit int16 because no weight is -128 (2 x 128 x 127 < 2^15). Each accumulator
// holds two partial sums a channel, added at the end. Sums are a third of the work, so that no order of it reaches
// more than two thirds of what the multiplier could do.
#include "kernel_common.h"

#if defined(__aarch64__)
#include <arm_neon.h>
#include "requantise_neon.h"
#include "convolution_neon_loops.h"

#define QUILL_NAME(suffix) quill_neon_##suffix
#define QUILL_COLUMN_CHANNELS 16
#define QUILL_COLUMNS 1
#define QUILL_POSITIONS(B) 2
#define QUILL_WINDOWS(B) 1
#define QUILL_TRANSFORMS 1
typedef quill_wide quill_acc;

/// sums[i][k]: position i, channels 2k and 2k + 1, two partial sums each. pending: products that are not summed yet, as
/// convolution_neon_loops.h leaves them.
typedef struct {
  int32x4_t sums[2][8];
  int16x8_t pending[8];
} quill_tile;

QUILL_INLINE quill_acc startOf(const struct quill_convolution *c, ptrdiff_t channel) { return load16(c->bias + channel); }

QUILL_INLINE quill_acc maximum(quill_acc a, quill_acc b) { return maximum16(a, b); }

QUILL_INLINE int8x8_t fourTwice(const int8_t *p) { return vreinterpret_s8_s32(vdup_n_s32(loadFour(p))); }

QUILL_INLINE void tileStart(quill_tile *tile, const quill_acc *start, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P; i++)
    QUILL_UNROLL for (int k = 0; k < 8; k++) tile->sums[i][k] = vdupq_n_s32(0);
  QUILL_UNROLL for (int j = 0; j < 8; j++) tile->pending[j] = vdupq_n_s16(0);
}

/// P positions times 16 channels over one run.
QUILL_INLINE const int8_t *tileRun(quill_tile *tile, const struct quill_band *band, const int8_t *const *in,
                                   ptrdiff_t run, const int8_t *weights, int32_t taps, const ptrdiff_t step,
                                   const int P, const int B) {
  const int neighbours = __builtin_constant_p(step) && step == 4;
  if (neighbours && taps >= 2) {
    const ptrdiff_t turns = taps / 2;
    weights = P == 2 ? sumTwoPositions(tile->sums, tile->pending, in[0] + run, in[1] + run, weights, turns)
                     : sumOnePosition(tile->sums[0], tile->pending, in[0] + run, weights, turns);
    run += 8 * turns;
    taps &= 1;
  }
  for (; !neighbours && taps >= 2; taps -= 2, run += 2 * step, weights += 128) {
    int8x8_t a[2], b[2];
    QUILL_UNROLL for (int i = 0; i < P; i++) {
      a[i] = fourTwice(in[i] + run);
      b[i] = fourTwice(in[i] + run + step);
    }
    QUILL_UNROLL for (int k = 0; k < 8; k++) {
      const int8x8_t first = vld1_s8(weights + 8 * k), second = vld1_s8(weights + 64 + 8 * k);
      QUILL_UNROLL for (int i = 0; i < P; i++)
        tile->sums[i][k] = vpadalq_s16(tile->sums[i][k], vmlal_s8(vmull_s8(first, a[i]), second, b[i]));
    }
  }
  if (taps > 0) {
    int8x8_t a[2];
    QUILL_UNROLL for (int i = 0; i < P; i++) a[i] = fourTwice(in[i] + run);
    QUILL_UNROLL for (int k = 0; k < 8; k++) {
      const int8x8_t w = vld1_s8(weights + 8 * k);
      QUILL_UNROLL for (int i = 0; i < P; i++) tile->sums[i][k] = vpadalq_s16(tile->sums[i][k], vmull_s8(w, a[i]));
    }
    weights += 64;
  }
  return weights;
}

QUILL_INLINE void tileEnd(quill_tile *tile, const quill_acc *start, quill_acc *acc, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P; i++) {
    QUILL_UNROLL for (int k = 0; k < 8 / P; k++) {
      int32x4_t *sum = &tile->sums[i][8 - 8 / P + k];
      *sum = vpadalq_s16(*sum, tile->pending[8 / P * i + k]);
    }
    QUILL_UNROLL for (int j = 0; j < 4; j++)
      acc[i].val[j] = vaddq_s32(start[0].val[j], vpaddq_s32(tile->sums[i][2 * j], tile->sums[i][2 * j + 1]));
  }
}

#include "convolution_walk.h"
#endif
