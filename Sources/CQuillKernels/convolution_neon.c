// Convolution and fully connected with 64-bit NEON without dot products (Cortex-A53, A72): 8-bit products summed in
// pairs in 16 bits.
//
// Why C: smull / smlal / sadalp in exactly this order. Eight weights (2 channels x 4 taps) meet an activation group
// of four, duplicated; two products fit int16 because no weight is -128 (2 x 128 x 127 < 2^15). Each accumulator
// holds two partial sums a channel, added at the end. An in-order core waits five cycles for a product, so each one
// is used eight instructions after it was begun: the sums of one step are taken while the next step multiplies.
#include "kernel_common.h"

#if defined(__aarch64__)
#include <arm_neon.h>
#include "requantise_neon.h"

#define QUILL_NAME(suffix) quill_neon_##suffix
#define QUILL_POSITIONS 2
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

QUILL_INLINE int8x8_t fourTwice(const int8_t *p) { return vreinterpret_s8_s32(vdup_n_s32(loadFour(p))); }

/// Keeps the order of instructions as written: `value` is used only after the quarter's loads have begun, and made
/// before whatever is ordered next.
#define QUILL_AFTER(value, quarter) __asm__ volatile("" : "+w"(value) : "w"(quarter.low), "w"(quarter.high))

/// Weights of 4 channels x 4 taps.
struct quill_quarter {
  int8x8_t low, high;
};

QUILL_INLINE struct quill_quarter quarterAt(const int8_t *weights) {
  return (struct quill_quarter){vld1_s8(weights), vld1_s8(weights + 8)};
}

/// P positions times 16 channels over every run.
QUILL_INLINE void accumulate(const struct quill_convolution *c, const struct quill_band *band, const int8_t *const *in,
                             const quill_column *columns, quill_acc *acc, const int P, const int B) {
  // sums[i][k]: position i, channels 2k and 2k + 1. pending: products of channels 12...15 that are not summed yet.
  int32x4_t sums[QUILL_POSITIONS][8];
  int16x8_t pending[QUILL_POSITIONS][2];
  QUILL_UNROLL for (int i = 0; i < P; i++) {
    QUILL_UNROLL for (int k = 0; k < 8; k++) sums[i][k] = vdupq_n_s32(0);
    pending[i][0] = pending[i][1] = vdupq_n_s16(0);
  }
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
        struct quill_quarter first = quarterAt(weights), second;
        QUILL_UNROLL for (int i = 0; i < P; i++) {
          a[i] = fourTwice(in[i] + t);
          b[i] = fourTwice(in[i] + t + 4);
        }
        QUILL_UNROLL for (int s = 0; s < 4; s++) {
          const int last = (s + 3) % 4;
          int16x8_t products[QUILL_POSITIONS][2];
          QUILL_UNROLL for (int i = 0; i < P; i++) {
            products[i][0] = vmull_s8(first.low, a[i]);
            products[i][1] = vmull_s8(first.high, a[i]);
            QUILL_AFTER(products[i][0], first);
            QUILL_AFTER(products[i][1], first);
          }
          second = quarterAt(weights + 64 + 16 * s);
          QUILL_UNROLL for (int i = 0; i < P; i++)
            QUILL_UNROLL for (int k = 0; k < 2; k++) {
              QUILL_AFTER(pending[i][k], second);
              sums[i][2 * last + k] = vpadalq_s16(sums[i][2 * last + k], pending[i][k]);
              QUILL_AFTER(sums[i][2 * last + k], second);
            }
          if (s < 3) first = quarterAt(weights + 16 * s + 16);
          QUILL_UNROLL for (int i = 0; i < P; i++) {
            QUILL_AFTER(products[i][0], first);
            QUILL_AFTER(products[i][1], first);
            pending[i][0] = vmlal_s8(products[i][0], second.low, b[i]);
            pending[i][1] = vmlal_s8(products[i][1], second.high, b[i]);
            QUILL_AFTER(pending[i][0], second);
            QUILL_AFTER(pending[i][1], second);
          }
        }
      }
      if (taps) {
        QUILL_UNROLL for (int i = 0; i < P; i++) {
          const int8x8_t a = fourTwice(in[i] + t);
          QUILL_UNROLL for (int k = 0; k < 8; k++)
            sums[i][k] = vpadalq_s16(sums[i][k], vmull_s8(vld1_s8(weights + 8 * k), a));
        }
        weights += 64;
      }
      run += c->runStepX;
    } while (++x < c->runColumns);
    row += c->runStepY;
  } while (++y < c->runRows);
  QUILL_UNROLL for (int i = 0; i < P; i++) {
    QUILL_UNROLL for (int k = 0; k < 2; k++) sums[i][6 + k] = vpadalq_s16(sums[i][6 + k], pending[i][k]);
    QUILL_UNROLL for (int j = 0; j < 4; j++)
      acc[i].val[j] = vaddq_s32(columns[0].start.val[j], vpaddq_s32(sums[i][2 * j], sums[i][2 * j + 1]));
  }
}

QUILL_INLINE void finish(const struct quill_convolution *c, const struct quill_band *band, int b,
                         const quill_column *column, quill_acc acc, int8_t *out) {
  storeFirst(out, narrow(rescale(acc, &column->rescale), &c->range), band->channels);
}

QUILL_INLINE void finishRaw(const struct quill_band *band, int b, quill_acc acc, int32_t *out) {
  storeFirst32(out, acc, band->channels);
}

#include "convolution_walk.h"
#endif
