// Convolution and fully connected with the ARMv8.2 dot product (Cortex-A55, A76 and later): 16 products an instruction.
//
// Why C: `sdot` by lane and function attributes.
#include "kernel_common.h"

#if defined(__aarch64__)
#include <arm_neon.h>
#pragma clang attribute push(__attribute__((target("arch=armv8.2-a+dotprod"))), apply_to = function)
#include "requantise_neon.h"
#include "convolution_neon_dot_loops.h"

#define QUILL_NAME(suffix) quill_neon_dot_##suffix
#define QUILL_COLUMN_CHANNELS 16
#define QUILL_COLUMNS 1
#define QUILL_POSITIONS(B) 4
#define QUILL_WINDOWS(B) 1
typedef quill_wide quill_acc;

typedef struct {
  quill_acc acc[4];
} quill_tile;

QUILL_INLINE quill_acc startOf(const struct quill_convolution *c, ptrdiff_t channel) { return load16(c->bias + channel); }

QUILL_INLINE quill_acc maximum(quill_acc a, quill_acc b) { return maximum16(a, b); }

/// Adds the tap group that `lane` of the activations and the next 64 weights make.
#define QUILL_DOT_GROUP(lane)                                                                        \
  {                                                                                                  \
    const int8x16x4_t w = {{vld1q_s8(weights), vld1q_s8(weights + 16), vld1q_s8(weights + 32),       \
                            vld1q_s8(weights + 48)}};                                                \
    QUILL_UNROLL for (int i = 0; i < P; i++)                                                         \
      QUILL_UNROLL for (int j = 0; j < 4; j++)                                                       \
        tile->acc[i].val[j] = vdotq_laneq_s32(tile->acc[i].val[j], w.val[j], a[i], lane);            \
    weights += 64;                                                                                   \
  }

QUILL_INLINE void tileStart(quill_tile *tile, const quill_acc *start, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P; i++) tile->acc[i] = start[0];
}

/// P positions times 16 channels over one run.
QUILL_INLINE const int8_t *tileRun(quill_tile *tile, const struct quill_band *band, const int8_t *const *in,
                                   ptrdiff_t run, const int8_t *weights, int32_t taps, const ptrdiff_t step,
                                   const int P, const int B) {
  int8x16_t a[4];
  if (step != 4) {
    for (; taps > 0; taps--, run += step) {
      QUILL_UNROLL for (int i = 0; i < P; i++) {
        const int32x4_t four = {loadFour(in[i] + run), 0, 0, 0};
        a[i] = vreinterpretq_s8_s32(four);
      }
      QUILL_DOT_GROUP(0)
    }
    return weights;
  }
  if (taps >= 4) {
    const ptrdiff_t turns = taps / 4;
    weights = P == 4 ? sumFourPositions(tile->acc, in, run, weights, turns)
                     : sumOnePosition(tile->acc, in[0] + run, weights, turns);
    run += 16 * turns;
    taps %= 4;
  }
  if (taps > 0) {
    QUILL_UNROLL for (int i = 0; i < P; i++) a[i] = vld1q_s8(in[i] + run);
    QUILL_DOT_GROUP(0)
    if (taps > 1) QUILL_DOT_GROUP(1)
    if (taps > 2) QUILL_DOT_GROUP(2)
  }
  return weights;
}

QUILL_INLINE void tileEnd(const quill_tile *tile, const quill_acc *start, quill_acc *acc, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P; i++) acc[i] = tile->acc[i];
}

#include "convolution_walk.h"
#pragma clang attribute pop
#endif
