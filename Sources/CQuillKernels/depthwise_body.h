// Depthwise convolution, sixteen channels at a time, for the level whose names QUILL_NAME gives.
//
// Why C: compiled once per level with that level's function attributes (see lanes.h). Two taps' products fit int16
// because no weight is -128 (2 x 128 x 127 < 2^15). The level defines `expand(bytes, index)`, a byte shuffle, and
// QUILL_TILE.

#include "depthwise_real.h"

/// A block of 16 output channels.
struct quill_depthwise_block {
  const int8_t *weights;
  /// First tap of position (0, 0), at the first input channel that the block reads.
  const int8_t *input;
  int8_t *output;
  /// Which of the 16 bytes there each output channel reads.
  quill_bytes index;
  quill_lanes bias;
  quill_stage stage;
  enum quill_stage_kind kind;
  /// The block's first output channel, and how many it has.
  int32_t first, channels;
};

/// Where the taps of a window lie, one after the other.
struct quill_tap_walk {
  ptrdiff_t row, tap;
  int32_t column;
};

QUILL_INLINE ptrdiff_t nextTap(const struct quill_depthwise *d, struct quill_tap_walk *walk) {
  const ptrdiff_t tap = walk->tap;
  walk->tap += d->tapStepX;
  if (++walk->column == d->kernelWidth) {
    walk->column = 0;
    walk->tap = walk->row += d->tapStepY;
  }
  return tap;
}

QUILL_INLINE quill_bytes tapBytes(const int8_t *p, const struct quill_depthwise_block *block, const int expanded) {
  const quill_bytes bytes = loadBytes(p);
  return expanded ? expand(bytes, block->index) : bytes;
}

/// P positions of one block, stored. `expanded`: several output channels read one input channel.
QUILL_INLINE void depthwiseTile(const struct quill_depthwise *d, const struct quill_depthwise_block *block,
                                const int8_t *in, int8_t *out, const int P, const int expanded) {
  const int8_t *at[QUILL_TILE];
  quill_lanes acc[QUILL_TILE];
  QUILL_UNROLL for (int i = 0; i < P; i++) {
    at[i] = in + i * d->positionStepX;
    acc[i] = block->bias;
  }
  const int8_t *weights = block->weights;
  struct quill_tap_walk walk = {0, 0, 0};
  int32_t taps = d->kernelHeight * d->kernelWidth;
  for (; taps >= 2; taps -= 2, weights += 32) {
    const ptrdiff_t a = nextTap(d, &walk), b = nextTap(d, &walk);
    const quill_bytes first = loadBytes(weights), second = loadBytes(weights + 16);
    QUILL_UNROLL for (int i = 0; i < P; i++) {
      const quill_words products = words(tapBytes(at[i] + a, block, expanded)) * words(first) +
                                   words(tapBytes(at[i] + b, block, expanded)) * words(second);
      acc[i] += __builtin_convertvector(products, quill_lanes);
    }
  }
  if (taps) {
    const quill_bytes first = loadBytes(weights);
    QUILL_UNROLL for (int i = 0; i < P; i++) {
      const quill_words products = words(tapBytes(at[i] + walk.tap, block, expanded)) * words(first);
      acc[i] += __builtin_convertvector(products, quill_lanes);
    }
  }
  QUILL_UNROLL for (int i = 0; i < P; i++) {
    int8_t *to = out + i * d->outputPixelPitch;
    if (__builtin_expect(block->kind != QUILL_STAGE_ANY, 1))
      storeBytes(to, requantised(wideOf(acc[i]), &block->stage, &d->range, QUILL_STAGE_RIGHT), block->channels);
    else if (!d->realShift)
      storeBytes(to, requantised(wideOf(acc[i]), &block->stage, &d->range, QUILL_STAGE_ANY), block->channels);
    else
      storeDepthwiseReal(d, block->first, (const int32_t *)&acc[i], to);
  }
}

QUILL_INLINE void depthwiseBlock(const struct quill_depthwise *d, const struct quill_depthwise_block *block,
                                 const int expanded) {
  for (int32_t y = 0; y < d->outputHeight; y++) {
    const int8_t *in = block->input + y * d->positionStepY;
    int8_t *out = block->output + y * d->outputRowPitch;
    int32_t x = 0;
    for (; x + QUILL_TILE <= d->outputWidth; x += QUILL_TILE) {
      depthwiseTile(d, block, in, out, QUILL_TILE, expanded);
      in += QUILL_TILE * d->positionStepX;
      out += QUILL_TILE * d->outputPixelPitch;
    }
    for (; x < d->outputWidth; x++, in += d->positionStepX, out += d->outputPixelPitch)
      depthwiseTile(d, block, in, out, 1, expanded);
  }
}

static __attribute__((noinline)) void QUILL_NAME(depthwise_own)(const struct quill_depthwise *d,
                                                                const struct quill_depthwise_block *block) {
  const struct quill_depthwise own = *d;
  const struct quill_depthwise_block ownBlock = *block;
  depthwiseBlock(&own, &ownBlock, 0);
}

static __attribute__((noinline)) void QUILL_NAME(depthwise_shared)(const struct quill_depthwise *d,
                                                                   const struct quill_depthwise_block *block) {
  const struct quill_depthwise own = *d;
  const struct quill_depthwise_block ownBlock = *block;
  depthwiseBlock(&own, &ownBlock, 1);
}

void QUILL_NAME(depthwise)(const struct quill_depthwise *d) {
  const ptrdiff_t blockBytes = (ptrdiff_t)d->kernelHeight * d->kernelWidth * 16;
  const int8_t *weights = d->weights;
  for (int32_t first = 0; first < d->outputChannels; first += 16, weights += blockBytes) {
    const int32_t left = d->outputChannels - first;
    struct quill_depthwise_block block = {
      .weights = weights,
      .input = d->input + first / d->channelMultiplier,
      .output = d->output + first,
      .bias = loadLanes(d->bias + first),
      .stage = stageOf(d->multiplier + first, d->shift + first, &d->range),
      .kind = depthwiseKind(d, first),
      .first = first,
      .channels = left < 16 ? left : 16,
    };
    for (int32_t i = 0; i < 16; i++)
      block.index[i] = (int8_t)((first + i) / d->channelMultiplier - first / d->channelMultiplier);
    if (d->channelMultiplier == 1)
      QUILL_NAME(depthwise_own)(d, &block);
    else
      QUILL_NAME(depthwise_shared)(d, &block);
  }
}
