// The walk over groups, bands of output channels and positions that every convolution kernel shares.
//
// Why C: it is a template, compiled once per level with that level's function attributes. The level defines, before
// including this file:
//   QUILL_NAME(suffix)      its function names
//   QUILL_POSITIONS         positions of a full tile
//   QUILL_BAND_CHANNELS     channels of one accumulator column: 16, or 8 where registers are few
//   QUILL_BAND_COLUMNS      columns of the widest tile (1...4)
//   quill_acc, maximum      the accumulators of QUILL_BAND_CHANNELS channels; the greater of two, lane by lane
//   quill_column, columnOf  what stays the same for a column at every position: its accumulators before the first
//                           product, its multipliers and shifts
//   accumulate              P positions times B columns over every run
//   finish, finishRaw       requantise and store a column; store its accumulators
// Tiles are always inlined with constant P and B, so that their accumulators stay in registers.

#define QUILL_MOST_POOL_POSITIONS 16

/// Where the walk over rows stands: a tile may begin in one row and end in the next.
struct quill_walk {
  const int8_t *in, *inRow;
  ptrdiff_t out, outRow;
  int32_t column;
  int64_t position;
};

/// The next P positions: computed and stored.
QUILL_INLINE void walkTile(const struct quill_convolution *c, const struct quill_band *band,
                           const quill_column *columns, struct quill_walk *walk, const int P, const int B) {
  const int8_t *in[QUILL_POSITIONS];
  ptrdiff_t out[QUILL_POSITIONS];
  QUILL_UNROLL for (int i = 0; i < P; i++) {
    in[i] = walk->in;
    out[i] = walk->out;
    walk->in += c->positionStepX;
    walk->out += c->outputPixelPitch;
    if (++walk->column == c->outputWidth) {
      walk->column = 0;
      walk->in = walk->inRow += c->positionStepY;
      walk->out = walk->outRow += c->outputRowPitch;
    }
  }
  quill_acc acc[QUILL_POSITIONS * 4];
  accumulate(c, band, in, columns, acc, P, B);
  QUILL_UNROLL for (int i = 0; i < P; i++) {
    if (band->accumulators) {
      int32_t *raw = band->accumulators + (walk->position + i) * c->groups * c->groupOutputs;
      QUILL_UNROLL for (int b = 0; b < B; b++) finishRaw(band, b, acc[i * B + b], raw);
    } else {
      QUILL_UNROLL for (int b = 0; b < B; b++)
        finish(c, band, b, &columns[b], acc[i * B + b], band->output + out[i]);
    }
  }
  walk->position += P;
}

QUILL_INLINE void walkPositions(const struct quill_convolution *c, const struct quill_band *band,
                                const quill_column *columns, const int B) {
  const int64_t count = (int64_t)c->outputHeight * c->outputWidth;
  struct quill_walk walk = {.in = band->input, .inRow = band->input};
  while (walk.position + QUILL_POSITIONS <= count) walkTile(c, band, columns, &walk, QUILL_POSITIONS, B);
  while (walk.position < count) walkTile(c, band, columns, &walk, 1, B);
}

/// The same with a max pool: the maximum of the accumulators is requantised, exact since that is monotone.
QUILL_INLINE void walkWindows(const struct quill_convolution *c, const struct quill_band *band,
                              const quill_column *columns, int B) {
  ptrdiff_t offsets[QUILL_MOST_POOL_POSITIONS + QUILL_POSITIONS];
  int count = 0;
  for (int y = 0; y < c->poolHeight; y++)
    for (int x = 0; x < c->poolWidth; x++) offsets[count++] = y * c->positionStepY + x * c->positionStepX;
  while (count % QUILL_POSITIONS) {
    offsets[count] = offsets[0];
    count++;
  }
  for (int32_t y = 0; y < c->outputHeight; y++) {
    const int8_t *window = band->input + y * c->poolStrideY * c->positionStepY;
    int8_t *out = band->output + y * c->outputRowPitch;
    for (int32_t x = 0; x < c->outputWidth; x++) {
      quill_acc best[4];
      for (int k = 0; k < count; k += QUILL_POSITIONS) {
        const int8_t *in[QUILL_POSITIONS];
        for (int i = 0; i < QUILL_POSITIONS; i++) in[i] = window + offsets[k + i];
        quill_acc acc[QUILL_POSITIONS * 4];
        accumulate(c, band, in, columns, acc, QUILL_POSITIONS, B);
        QUILL_UNROLL for (int b = 0; b < B; b++) {
          quill_acc most = acc[b];
          QUILL_UNROLL for (int i = 1; i < QUILL_POSITIONS; i++) most = maximum(most, acc[i * B + b]);
          best[b] = k == 0 ? most : maximum(best[b], most);
        }
      }
      QUILL_UNROLL for (int b = 0; b < B; b++) finish(c, band, b, &columns[b], best[b], out);
      window += c->poolStrideX * c->positionStepX;
      out += c->outputPixelPitch;
    }
  }
}

QUILL_INLINE void walkBand(const struct quill_convolution *c, const struct quill_band *band, int B) {
  quill_column columns[4];
  QUILL_UNROLL for (int b = 0; b < B; b++) columns[b] = columnOf(c, band, b);
  if (c->poolHeight > 1 || c->poolWidth > 1 || c->poolStrideY > 1 || c->poolStrideX > 1)
    walkWindows(c, band, columns, B);
  else
    walkPositions(c, band, columns, B);
}

// Own copies of the parameters: the compiler need not fear that a stored byte changes them.
#define QUILL_BAND(B)                                                                                   \
  static __attribute__((noinline)) void QUILL_NAME(band##B)(const struct quill_convolution *c,          \
                                                            const struct quill_band *band) {            \
    const struct quill_convolution own = *c;                                                            \
    const struct quill_band ownBand = *band;                                                            \
    walkBand(&own, &ownBand, B);                                                                        \
  }
QUILL_BAND(1)
#if QUILL_BAND_COLUMNS > 1
QUILL_BAND(2)
#endif
#if QUILL_BAND_COLUMNS > 2
QUILL_BAND(3)
#endif
#if QUILL_BAND_COLUMNS > 3
QUILL_BAND(4)
#endif

void QUILL_NAME(convolution)(const struct quill_convolution *c) {
  const int32_t blocks = (c->groupOutputs + 15) / 16;
  const int32_t taps = (c->runBytes + 3) / 4;
  const ptrdiff_t blockBytes = (ptrdiff_t)c->runRows * c->runColumns * taps * 64;
  for (int32_t group = 0; group < c->groups; group++) {
    int32_t columns;
    for (int32_t first = 0; first < c->groupOutputs; first += columns * QUILL_BAND_CHANNELS) {
      const int32_t channel = group * c->groupOutputs + first;
      const int32_t left = c->groupOutputs - first;
      columns = (left + QUILL_BAND_CHANNELS - 1) / QUILL_BAND_CHANNELS;
      if (columns > QUILL_BAND_COLUMNS) columns = QUILL_BAND_COLUMNS;
      const struct quill_band band = {
        .weights = c->weights + ((ptrdiff_t)group * blocks + first / 16) * blockBytes + first % 16 * 4,
        .blockBytes = blockBytes,
        .input = c->input + (ptrdiff_t)group * c->groupInputs,
        .output = c->output + channel,
        .accumulators = c->accumulators ? c->accumulators + channel : 0,
        .parameters = (ptrdiff_t)group * blocks * 16 + first,
        .channels = left,
        .taps = taps,
      };
      switch (columns) {
#if QUILL_BAND_COLUMNS > 3
        case 4: QUILL_NAME(band4)(c, &band); break;
#endif
#if QUILL_BAND_COLUMNS > 2
        case 3: QUILL_NAME(band3)(c, &band); break;
#endif
#if QUILL_BAND_COLUMNS > 1
        case 2: QUILL_NAME(band2)(c, &band); break;
#endif
        default: QUILL_NAME(band1)(c, &band); break;
      }
    }
  }
}
