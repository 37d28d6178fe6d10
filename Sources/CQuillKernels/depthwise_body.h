// Depthwise convolution, sixteen channels at a time, for the level whose names QUILL_NAME gives.
//
// Why C: compiled once per level with that level's function attributes (see lanes.h). Two taps' products fit int16 because no
// weight is -128 (2 x 128 x 127 < 2^15). The level defines `expand(bytes, index)`, a byte shuffle, and QUILL_TILE.

/// A block of 16 output channels.
struct quill_depthwise_block {
  const int8_t *weights;
  /// First tap of position (0, 0), at the first input channel that the block reads.
  const int8_t *input;
  int8_t *output;
  /// Which of the 16 bytes there each output channel reads.
  quill_bytes index;
  quill_lanes bias;
  struct quill_rescale scale;
  int32_t channels;
};

/// P positions of one block. `expanded`: several output channels read one input channel.
QUILL_INLINE void depthwiseTile(const struct quill_depthwise *d, const struct quill_depthwise_block *block,
                                const int8_t *const *in, quill_lanes *acc, const int P, const int expanded) {
  QUILL_UNROLL for (int i = 0; i < P; i++) acc[i] = block->bias;
  const int8_t *weights = block->weights;
  const int32_t taps = d->kernelHeight * d->kernelWidth;
  ptrdiff_t row = 0, tap = 0;
  int32_t column = 0;
  for (int32_t t = 0; t < taps; t += 2) {
    const int pair = t + 1 < taps;
    ptrdiff_t offsets[2];
    QUILL_UNROLL for (int k = 0; k < 2; k++) {
      offsets[k] = tap;
      tap += d->tapStepX;
      if (++column == d->kernelWidth) {
        column = 0;
        row += d->tapStepY;
        tap = row;
      }
    }
    const quill_words first = words(loadBytes(weights));
    const quill_words second = pair ? words(loadBytes(weights + 16)) : (quill_words){};
    if (!pair) offsets[1] = offsets[0];
    weights += 32;
    QUILL_UNROLL for (int i = 0; i < P; i++) {
      quill_bytes a = loadBytes(in[i] + offsets[0]), b = loadBytes(in[i] + offsets[1]);
      if (expanded) {
        a = expand(a, block->index);
        b = expand(b, block->index);
      }
      acc[i] += __builtin_convertvector(words(a) * first + words(b) * second, quill_lanes);
    }
  }
}

QUILL_INLINE void depthwiseBlock(const struct quill_depthwise *d, const struct quill_depthwise_block *block,
                                 const int expanded) {
  for (int32_t y = 0; y < d->outputHeight; y++) {
    const int8_t *next = block->input + y * d->positionStepY;
    int8_t *out = block->output + y * d->outputRowPitch;
    int32_t left = d->outputWidth;
    while (left > 0) {
      const int8_t *in[QUILL_TILE];
      quill_lanes acc[QUILL_TILE];
      const int32_t count = left >= QUILL_TILE ? QUILL_TILE : 1;
      for (int i = 0; i < count; i++, next += d->positionStepX) in[i] = next;
      if (count == 1)
        depthwiseTile(d, block, in, acc, 1, expanded);
      else
        depthwiseTile(d, block, in, acc, QUILL_TILE, expanded);
      for (int i = 0; i < count; i++, out += d->outputPixelPitch)
        storeLanes(out, rescaleLanes(acc[i], &block->scale), &d->range, block->channels);
      left -= count;
    }
  }
}

static __attribute__((noinline)) void QUILL_NAME(depthwise_own)(const struct quill_depthwise *d,
                                                                const struct quill_depthwise_block *block) {
  depthwiseBlock(d, block, 0);
}

static __attribute__((noinline)) void QUILL_NAME(depthwise_shared)(const struct quill_depthwise *d,
                                                                   const struct quill_depthwise_block *block) {
  depthwiseBlock(d, block, 1);
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
      .scale = rescaleOf(d->multiplier + first, d->shift + first),
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
