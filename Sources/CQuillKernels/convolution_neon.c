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
#define QUILL_COLUMN_CHANNELS 16
#define QUILL_COLUMNS 1
#define QUILL_POSITIONS(B) 2
#define QUILL_WINDOWS(B) 1
typedef quill_wide quill_acc;

/// sums[i][k]: position i, channels 2k and 2k + 1, two partial sums each. pending: products of channels 12...15 that
/// are not summed yet.
typedef struct {
  int32x4_t sums[2][8];
  int16x8_t pending[2][2];
} quill_tile;

QUILL_INLINE quill_acc startOf(const struct quill_convolution *c, ptrdiff_t channel) { return load16(c->bias + channel); }

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

QUILL_INLINE void tileStart(quill_tile *tile, const quill_acc *start, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P; i++) {
    QUILL_UNROLL for (int k = 0; k < 8; k++) tile->sums[i][k] = vdupq_n_s32(0);
    tile->pending[i][0] = tile->pending[i][1] = vdupq_n_s16(0);
  }
}

/// P positions times 16 channels over one run.
QUILL_INLINE const int8_t *tileRun(quill_tile *tile, const struct quill_band *band, const int8_t *const *in,
                                   ptrdiff_t run, const int8_t *weights, int32_t taps, const ptrdiff_t step,
                                   const int P, const int B) {
  for (; taps >= 2; taps -= 2, run += 2 * step, weights += 128) {
    int8x8_t a[2], b[2];
    struct quill_quarter first = quarterAt(weights), second;
    QUILL_UNROLL for (int i = 0; i < P; i++) {
      a[i] = fourTwice(in[i] + run);
      b[i] = fourTwice(in[i] + run + step);
    }
    QUILL_UNROLL for (int s = 0; s < 4; s++) {
      const int last = (s + 3) % 4;
      int16x8_t products[2][2];
      QUILL_UNROLL for (int i = 0; i < P; i++) {
        products[i][0] = vmull_s8(first.low, a[i]);
        products[i][1] = vmull_s8(first.high, a[i]);
        QUILL_AFTER(products[i][0], first);
        QUILL_AFTER(products[i][1], first);
      }
      second = quarterAt(weights + 64 + 16 * s);
      QUILL_UNROLL for (int i = 0; i < P; i++)
        QUILL_UNROLL for (int k = 0; k < 2; k++) {
          QUILL_AFTER(tile->pending[i][k], second);
          tile->sums[i][2 * last + k] = vpadalq_s16(tile->sums[i][2 * last + k], tile->pending[i][k]);
          QUILL_AFTER(tile->sums[i][2 * last + k], second);
        }
      if (s < 3) first = quarterAt(weights + 16 * s + 16);
      QUILL_UNROLL for (int i = 0; i < P; i++) {
        QUILL_AFTER(products[i][0], first);
        QUILL_AFTER(products[i][1], first);
        tile->pending[i][0] = vmlal_s8(products[i][0], second.low, b[i]);
        tile->pending[i][1] = vmlal_s8(products[i][1], second.high, b[i]);
        QUILL_AFTER(tile->pending[i][0], second);
        QUILL_AFTER(tile->pending[i][1], second);
      }
    }
  }
  if (taps) {
    QUILL_UNROLL for (int i = 0; i < P; i++) {
      const int8x8_t a = fourTwice(in[i] + run);
      QUILL_UNROLL for (int k = 0; k < 8; k++)
        tile->sums[i][k] = vpadalq_s16(tile->sums[i][k], vmull_s8(vld1_s8(weights + 8 * k), a));
    }
    weights += 64;
  }
  return weights;
}

QUILL_INLINE void tileEnd(quill_tile *tile, const quill_acc *start, quill_acc *acc, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P; i++) {
    QUILL_UNROLL for (int k = 0; k < 2; k++)
      tile->sums[i][6 + k] = vpadalq_s16(tile->sums[i][6 + k], tile->pending[i][k]);
    QUILL_UNROLL for (int j = 0; j < 4; j++)
      acc[i].val[j] = vaddq_s32(start[0].val[j], vpaddq_s32(tile->sums[i][2 * j], tile->sums[i][2 * j + 1]));
  }
}

#include "convolution_walk.h"
#endif
