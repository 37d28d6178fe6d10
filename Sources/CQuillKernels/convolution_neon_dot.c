// Convolution and fully connected with the ARMv8.2 dot product (Cortex-A55, A76 and later): 16 products an instruction.
//
// Why C: `sdot` by lane and function attributes.
#include "kernel_common.h"

#if defined(__aarch64__)
#include <arm_neon.h>
#pragma clang attribute push(__attribute__((target("arch=armv8.2-a+dotprod"))), apply_to = function)
#include "requantise_neon.h"

#define QUILL_NAME(suffix) quill_neon_dot_##suffix
#define QUILL_POSITIONS 4
#define QUILL_BAND_CHANNELS 16
#define QUILL_BAND_COLUMNS 1
typedef quill_wide quill_acc;

/// What stays the same for a column of channels at every position.
typedef struct {
  quill_acc start;
  struct quill_rescale rescale;
} quill_column;

QUILL_INLINE quill_column columnOf(const struct quill_convolution *c, const struct quill_band *band, int b) {
  const ptrdiff_t channel = band->parameters + 16 * b;
  return (quill_column){
    .start = load16(c->bias + channel),
    .rescale = rescaleOf(c->multiplier + channel, c->shift + channel),
  };
}

QUILL_INLINE quill_acc maximum(quill_acc a, quill_acc b) { return maximum16(a, b); }

/// Adds the tap group that `lane` of the activations and the next 64 weights make.
#define QUILL_DOT_GROUP(lane)                                                                        \
  {                                                                                                  \
    const int8x16x4_t w = {{vld1q_s8(weights), vld1q_s8(weights + 16), vld1q_s8(weights + 32),       \
                            vld1q_s8(weights + 48)}};                                                \
    QUILL_UNROLL for (int i = 0; i < P; i++)                                                         \
      QUILL_UNROLL for (int j = 0; j < 4; j++) acc[i].val[j] = vdotq_laneq_s32(acc[i].val[j], w.val[j], a[i], lane); \
    weights += 64;                                                                                   \
  }

/// P positions times 16 channels over every run.
QUILL_INLINE void accumulate(const struct quill_convolution *c, const struct quill_band *band, const int8_t *const *in,
                             const quill_column *columns, quill_acc *acc, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P; i++) acc[i] = columns[0].start;
  const int8_t *weights = band->weights;
  ptrdiff_t row = 0;
  int32_t y = 0;
  do {
    ptrdiff_t run = row;
    int32_t x = 0;
    do {
      ptrdiff_t t = run;
      int32_t taps = band->taps;
      for (; taps >= 4; taps -= 4, t += 16) {
        int8x16_t a[QUILL_POSITIONS];
        QUILL_UNROLL for (int i = 0; i < P; i++) a[i] = vld1q_s8(in[i] + t);
        QUILL_DOT_GROUP(0)
        QUILL_DOT_GROUP(1)
        QUILL_DOT_GROUP(2)
        QUILL_DOT_GROUP(3)
      }
      for (; taps > 0; taps--, t += 4) {
        int8x16_t a[QUILL_POSITIONS];
        QUILL_UNROLL for (int i = 0; i < P; i++)
          a[i] = vreinterpretq_s8_s32(vdupq_n_s32(loadFour(in[i] + t)));
        QUILL_DOT_GROUP(0)
      }
      run += c->runStepX;
    } while (++x < c->runColumns);
    row += c->runStepY;
  } while (++y < c->runRows);
}

QUILL_INLINE void finish(const struct quill_convolution *c, const struct quill_band *band, int b,
                         const quill_column *column, quill_acc acc, int8_t *out) {
  storeFirst(out, narrow(rescale(acc, &column->rescale), &c->range), band->channels);
}

QUILL_INLINE void finishRaw(const struct quill_band *band, int b, quill_acc acc, int32_t *out) {
  storeFirst32(out, acc, band->channels);
}

#include "convolution_walk.h"
#pragma clang attribute pop
#endif
