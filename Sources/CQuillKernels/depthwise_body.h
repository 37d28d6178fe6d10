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

/// The most taps whose places are held at once; even.
#define QUILL_TAPS_AT_ONCE 32

/// Where the taps from `first` on lie, QUILL_TAPS_AT_ONCE at most, row by row; gives their number.
QUILL_INLINE int32_t tapOffsets(const struct quill_depthwise *d, int32_t first, ptrdiff_t *offsets) {
  const int32_t left = d->kernelHeight * d->kernelWidth - first;
  const int32_t count = left < QUILL_TAPS_AT_ONCE ? left : QUILL_TAPS_AT_ONCE;
  int32_t y = first / d->kernelWidth, x = first % d->kernelWidth;
  for (int32_t i = 0; i < count; i++) {
    offsets[i] = y * d->tapStepY + x * d->tapStepX;
    if (++x == d->kernelWidth) x = 0, y++;
  }
  return count;
}

QUILL_INLINE quill_bytes tapBytes(const int8_t *p, const struct quill_depthwise_block *block, const int expanded) {
  const quill_bytes bytes = loadBytes(p);
  return expanded ? expand(bytes, block->index) : bytes;
}

/// Adds `count` taps of P positions.
QUILL_INLINE void addTaps(const struct quill_depthwise_block *block, const int8_t *const *at, const int8_t *weights,
                          const ptrdiff_t *offsets, const int32_t count, quill_lanes *acc, const int P,
                          const int expanded) {
  int32_t tap = 0;
  for (; tap + 2 <= count; tap += 2, weights += 32) {
    const ptrdiff_t a = offsets[tap], b = offsets[tap + 1];
    const quill_words first = words(loadBytes(weights)), second = words(loadBytes(weights + 16));
    QUILL_UNROLL for (int i = 0; i < P; i++) {
      const quill_words products = words(tapBytes(at[i] + a, block, expanded)) * first +
                                   words(tapBytes(at[i] + b, block, expanded)) * second;
      acc[i] += __builtin_convertvector(products, quill_lanes);
    }
  }
  if (tap < count) {
    const quill_words first = words(loadBytes(weights));
    QUILL_UNROLL for (int i = 0; i < P; i++) {
      const quill_words products = words(tapBytes(at[i] + offsets[tap], block, expanded)) * first;
      acc[i] += __builtin_convertvector(products, quill_lanes);
    }
  }
}

/// Stores one position of any kind: rare, so out of line.
static __attribute__((noinline)) void QUILL_NAME(depthwise_store)(const struct quill_depthwise *d,
                                                                  const struct quill_depthwise_block *block,
                                                                  const quill_lanes *acc, int8_t *out) {
  if (block->kind == QUILL_STAGE_ANY && d->realShift)
    storeDepthwiseReal(d, block->first, (const int32_t *)acc, out);
  else
    storeBytes(out, requantised(wideOf(*acc), &block->stage, &d->range, QUILL_STAGE_ANY), block->channels);
}

/// P positions of one block, stored. `expanded`: several output channels read one input channel. `kind`: the block's,
/// of sixteen channels; QUILL_STAGE_ANY for any and fewer.
QUILL_INLINE void depthwiseTile(const struct quill_depthwise *d, const struct quill_depthwise_block *block,
                                const ptrdiff_t *offsets, const int8_t *in, int8_t *out, const int P,
                                const int expanded, const enum quill_stage_kind kind) {
  const int8_t *at[QUILL_TILE];
  quill_lanes acc[QUILL_TILE];
  QUILL_UNROLL for (int i = 0; i < P; i++) {
    at[i] = in + i * d->positionStepX;
    acc[i] = block->bias;
  }
  const int32_t taps = d->kernelHeight * d->kernelWidth;
  if (taps <= QUILL_TAPS_AT_ONCE) {
    addTaps(block, at, block->weights, offsets, taps, acc, P, expanded);
  } else {
    ptrdiff_t some[QUILL_TAPS_AT_ONCE];
    for (int32_t first = 0; first < taps; first += QUILL_TAPS_AT_ONCE)
      addTaps(block, at, block->weights + 16 * first, some, tapOffsets(d, first, some), acc, P, expanded);
  }
  QUILL_UNROLL for (int i = 0; i < P; i++) {
    int8_t *to = out + i * d->outputPixelPitch;
    if (kind != QUILL_STAGE_ANY) {
      storeBytes(to, requantised(wideOf(acc[i]), &block->stage, &d->range, kind), 16);
    } else {
      // A copy, so that the tile's own accumulators need no memory.
      const quill_lanes copy = acc[i];
      QUILL_NAME(depthwise_store)(d, block, &copy, to);
    }
  }
}

QUILL_INLINE void depthwiseBlock(const struct quill_depthwise *d, const struct quill_depthwise_block *block,
                                 const int expanded, const enum quill_stage_kind kind) {
  ptrdiff_t offsets[QUILL_TAPS_AT_ONCE];
  tapOffsets(d, 0, offsets);
  for (int32_t y = 0; y < d->outputHeight; y++) {
    const int8_t *in = block->input + y * d->positionStepY;
    int8_t *out = block->output + y * d->outputRowPitch;
    int32_t x = 0;
    for (; x + QUILL_TILE <= d->outputWidth; x += QUILL_TILE) {
      depthwiseTile(d, block, offsets, in, out, QUILL_TILE, expanded, kind);
      in += QUILL_TILE * d->positionStepX;
      out += QUILL_TILE * d->outputPixelPitch;
    }
    for (; x < d->outputWidth; x++, in += d->positionStepX, out += d->outputPixelPitch)
      depthwiseTile(d, block, offsets, in, out, 1, expanded, kind);
  }
}

#define QUILL_DEPTHWISE(name, expanded, kind)                                                                \
  static __attribute__((noinline)) void QUILL_NAME(name)(const struct quill_depthwise *d,                    \
                                                         const struct quill_depthwise_block *block) {        \
    const struct quill_depthwise own = *d;                                                                   \
    const struct quill_depthwise_block ownBlock = *block;                                                    \
    depthwiseBlock(&own, &ownBlock, expanded, kind);                                                         \
  }
QUILL_DEPTHWISE(depthwise_rectified, 0, QUILL_STAGE_RECTIFIED)
QUILL_DEPTHWISE(depthwise_right, 0, QUILL_STAGE_RIGHT)
// Rare, so for several output channels an input channel and for one: a shuffle more where that does nothing.
QUILL_DEPTHWISE(depthwise_any, 1, QUILL_STAGE_ANY)

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
    if (d->channelMultiplier > 1 || left < 16 || block.kind == QUILL_STAGE_ANY)
      QUILL_NAME(depthwise_any)(d, &block);
    else if (block.kind == QUILL_STAGE_RIGHT)
      QUILL_NAME(depthwise_right)(d, &block);
    else
      QUILL_NAME(depthwise_rectified)(d, &block);
  }
}
