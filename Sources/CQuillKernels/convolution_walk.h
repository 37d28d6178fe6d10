// The walk over groups, bands of output channels, positions and runs that every convolution kernel shares.
//
// Why C: it is a template, compiled once per level with that level's function attributes. The level defines, before
// including this file:
//   QUILL_NAME(suffix)          its function names
//   QUILL_COLUMN_CHANNELS       channels of one accumulator column: 16, or 8 where registers are few
//   QUILL_COLUMNS               columns of the widest tile, 1...4
//   QUILL_POSITIONS(B)          positions of a tile of B columns
//   QUILL_WINDOWS(B)            pool windows of a tile; they share its positions
//   quill_acc, maximum          the accumulators of a column; the greater of two, lane by lane
//   startOf                     a column's accumulators before the first product
//   quill_tile, tileStart, tileRun, tileEnd
//                               P positions times B columns: begun, multiplied over one run of `taps` groups that
//                               lie `step` bytes apart, their accumulators
//   quill_stage, stageOf, requantised, storeBytes
//                               from a column's accumulators to its bytes, for each `quill_stage_kind`
//   QUILL_ROUNDS_NEAR, storeNear
//                               where the level requantises in float (requantise_near.h): from a tile's accumulators to
//                               its bytes; 0, and nothing is stored, where float may err
//   QUILL_TRANSFORMS            where the level has wide convolutions of 3 x 3 by Winograd (convolution_neon_winograd.h)
//   QUILL_OWN_WALK              where the level walks by itself: `walkBand` is all that it defines
// Tiles are always inlined with constant P and B, so that their accumulators stay in registers.

#if !QUILL_OWN_WALK
#define QUILL_LANES QUILL_COLUMN_CHANNELS
#include "requantise_real.h"

#define QUILL_MOST_POOL_POSITIONS 16
#define QUILL_MOST_POSITIONS 8
#define QUILL_MOST_ACCUMULATORS 24

/// What stays the same for the columns of channels at every position.
typedef struct {
  quill_acc start[QUILL_COLUMNS];
#if QUILL_ROUNDS_NEAR
  quill_near near[QUILL_COLUMNS];
#else
  quill_stage stage[QUILL_COLUMNS];
#endif
  /// The costliest of the columns' kinds.
  enum quill_stage_kind kind;
} quill_columns;

/// Where the walk over rows stands: a tile may begin in one row and end in the next.
struct quill_walk {
  const int8_t *in, *inRow;
  int8_t *out, *outRow;
  int32_t column;
  /// Positions after this one.
  int64_t left;
};

/// So many positions on, within the row or to the next one's first.
QUILL_INLINE void advance(const struct quill_convolution *c, struct quill_walk *walk, const int count) {
  walk->left -= count;
  walk->in += count * c->positionStepX;
  walk->out += count * c->outputPixelPitch;
  if ((walk->column += count) == c->outputWidth) {
    walk->column = 0;
    walk->in = walk->inRow += c->positionStepY;
    walk->out = walk->outRow += c->outputRowPitch;
  }
}

/// Where the next P positions lie; past the end, the last one is computed again.
QUILL_INLINE void nextTile(const struct quill_convolution *c, struct quill_walk *walk, const int8_t **in, int8_t **out,
                           const int P) {
  if (walk->column + P <= c->outputWidth) {
    QUILL_UNROLL for (int i = 0; i < P; i++) {
      in[i] = walk->in + i * c->positionStepX;
      out[i] = walk->out + i * c->outputPixelPitch;
    }
    advance(c, walk, P);
    return;
  }
  QUILL_UNROLL for (int i = 0; i < P; i++) {
    in[i] = walk->in;
    out[i] = walk->out;
    if (walk->left > 0)
      advance(c, walk, 1);
    else
      walk->left--;
  }
}

/// The accumulators of P positions and B columns, acc[i * B + b].
QUILL_INLINE void accumulate(const struct quill_convolution *c, const struct quill_band *band, const int8_t *const *in,
                             const quill_columns *columns, quill_acc *acc, const int P, const int B) {
  quill_tile tile;
  tileStart(&tile, columns->start, P, B);
  const int8_t *weights = band->weights;
  if (band->taps == 1 && c->runColumns == 1) {
    // As one run, whose groups lie a row apart: an image's first layer.
    tileRun(&tile, band, in, 0, weights, band->runRows, c->runStepY, P, B);
  } else {
    ptrdiff_t row = 0;
    int32_t y = 0;
    do {
      ptrdiff_t run = row;
      int32_t x = 0;
      do {
        weights = tileRun(&tile, band, in, sharedOffset(run), weights, band->taps, 4, P, B);
        run += c->runStepX;
      } while (++x < c->runColumns);
      row += c->runStepY;
    } while (++y < band->runRows);
  }
  tileEnd(&tile, columns->start, acc, P, B);
}

/// The same of one position, for levels of one column.
static __attribute__((noinline)) void QUILL_NAME(one_position)(const struct quill_convolution *c,
                                                               const struct quill_band *band,
                                                               const quill_columns *columns, const int8_t *in,
                                                               quill_acc *acc) {
  accumulate(c, band, &in, columns, acc, 1, 1);
}

QUILL_INLINE void accumulateOne(const struct quill_convolution *c, const struct quill_band *band,
                                const quill_columns *columns, const int8_t *in, quill_acc *acc, const int B) {
  _Static_assert(QUILL_COLUMNS == 1, "a tile of one column");
  QUILL_NAME(one_position)(c, band, columns, in, acc);
}

#include "convolution_parts.h"

#if !QUILL_ROUNDS_NEAR
/// Stores columns, of whose last one only `last` channels are there.
QUILL_INLINE void storeColumns(const struct quill_convolution *c, const quill_columns *columns, const quill_acc *acc,
                               int8_t *const *out, const int32_t last, const int count, const int B,
                               const enum quill_stage_kind kind) {
  QUILL_UNROLL for (int b = 0; b < B; b++)
    QUILL_UNROLL for (int i = 0; i < count; i++)
      storeBytes(out[i] + QUILL_COLUMN_CHANNELS * b, requantised(acc[i * B + b], &columns->stage[b], &c->range, kind),
                 b + 1 < B ? QUILL_COLUMN_CHANNELS : last);
}
#endif

/// Requantises and stores: accumulators `acc[i * B + b]` of column b go to out[i]. 0, and nothing is stored, where that
/// must be done in integers.
QUILL_INLINE int storeTile(const struct quill_convolution *c, const struct quill_band *band,
                           const quill_columns *columns, const quill_acc *acc, int8_t *const *out, const int count,
                           const int B, const enum quill_stage_kind kind) {
  const int32_t last = band->channels - QUILL_COLUMN_CHANNELS * (B - 1);
#if QUILL_ROUNDS_NEAR
  if (__builtin_expect(last >= QUILL_COLUMN_CHANNELS, 1))
    return storeNear(c, columns->near, acc, out, QUILL_COLUMN_CHANNELS, count, B, kind);
  return storeNear(c, columns->near, acc, out, last, count, B, kind);
#else
  if (__builtin_expect(last >= QUILL_COLUMN_CHANNELS, 1))
    storeColumns(c, columns, acc, out, QUILL_COLUMN_CHANNELS, count, B, kind);
  else
    storeColumns(c, columns, acc, out, last, count, B, kind);
  return 1;
#endif
}

/// The same in integers, for any shifts and the rounding `real`: rare, so out of line.
static __attribute__((noinline)) void QUILL_NAME(store_any)(const struct quill_convolution *c,
                                                            const struct quill_band *band, const quill_acc *acc,
                                                            int8_t *const *out, int count, int B) {
  for (int b = 0; b < B; b++) {
    const ptrdiff_t channel = band->parameters + QUILL_COLUMN_CHANNELS * b;
    const int32_t left = band->channels - QUILL_COLUMN_CHANNELS * b;
    const int32_t *multiplier = c->multiplier + channel, *shift = c->shift + channel;
    for (int i = 0; i < count; i++) {
      int8_t *to = out[i] + QUILL_COLUMN_CHANNELS * b;
      if (c->realShift) {
        storeReal(to, (const int32_t *)&acc[i * B + b], multiplier, shift, c->realShift + channel, &c->range, left);
      } else {
        const quill_stage stage = stageOf(multiplier, shift, &c->range);
        storeBytes(to, requantised(acc[i * B + b], &stage, &c->range, QUILL_STAGE_ANY), left);
      }
    }
  }
}

QUILL_INLINE void finish(const struct quill_convolution *c, const struct quill_band *band, const quill_columns *columns,
                         const quill_acc *acc, int8_t *const *out, const int count, const int B) {
  if (__builtin_expect(columns->kind == QUILL_STAGE_RECTIFIED, 1)) {
    if (storeTile(c, band, columns, acc, out, count, B, QUILL_STAGE_RECTIFIED)) return;
  } else if (__builtin_expect(columns->kind == QUILL_STAGE_RIGHT, 1)) {
    if (storeTile(c, band, columns, acc, out, count, B, QUILL_STAGE_RIGHT)) return;
  }
  // Copies, so that the tile's own accumulators need no memory.
  quill_acc copies[QUILL_MOST_ACCUMULATORS];
  int8_t *places[QUILL_MOST_POSITIONS];
  QUILL_UNROLL for (int i = 0; i < count * B; i++) copies[i] = acc[i];
  QUILL_UNROLL for (int i = 0; i < count; i++) places[i] = out[i];
  QUILL_NAME(store_any)(c, band, copies, places, count, B);
}

QUILL_INLINE void walkPositions(const struct quill_convolution *c, const struct quill_band *band,
                                const quill_columns *columns, const int P, const int B) {
  const int64_t count = (int64_t)band->rows * c->outputWidth;
  struct quill_walk walk = {
    .in = band->input, .inRow = band->input, .out = band->output, .outRow = band->output, .left = count - 1};
  while (walk.left >= 0) {
    const int8_t *in[QUILL_MOST_POSITIONS];
    int8_t *out[QUILL_MOST_POSITIONS];
    quill_acc acc[QUILL_MOST_ACCUMULATORS];
    nextTile(c, &walk, in, out, P);
    accumulate(c, band, in, columns, acc, P, B);
    finish(c, band, columns, acc, out, P, B);
  }
}

QUILL_INLINE void walkOne(const struct quill_convolution *c, const struct quill_band *band, const quill_columns *columns,
                          const int B) {
  quill_acc acc[QUILL_COLUMNS];
  accumulateOne(c, band, columns, band->input, acc, B);
  finish(c, band, columns, acc, &band->output, 1, B);
}

/// The same with a max pool: the maximum of the accumulators is requantised, exact since that is monotone.
QUILL_INLINE void walkWindows(const struct quill_convolution *c, const struct quill_band *band,
                              const quill_columns *columns, const int W, const int B) {
  const int P = QUILL_POSITIONS(B) / W;
  ptrdiff_t offsets[QUILL_MOST_POOL_POSITIONS + QUILL_MOST_POSITIONS];
  int count = 0;
  for (int y = 0; y < c->poolHeight; y++)
    for (int x = 0; x < c->poolWidth; x++) offsets[count++] = y * c->positionStepY + x * c->positionStepX;
  for (; count % P; count++) offsets[count] = offsets[0];
  for (int32_t y = 0; y < c->outputHeight; y++) {
    const int8_t *row = band->input + y * c->poolStrideY * c->positionStepY;
    for (int32_t x = 0; x < c->outputWidth; x += W) {
      const int8_t *window[QUILL_MOST_POSITIONS];
      int8_t *out[QUILL_MOST_POSITIONS];
      quill_acc best[QUILL_MOST_ACCUMULATORS];
      QUILL_UNROLL for (int w = 0; w < W; w++) {
        const int32_t column = x + w < c->outputWidth ? x + w : c->outputWidth - 1;
        window[w] = row + column * c->poolStrideX * c->positionStepX;
        out[w] = band->output + y * c->outputRowPitch + column * c->outputPixelPitch;
      }
      for (int k = 0; k < count; k += P) {
        const int8_t *in[QUILL_MOST_POSITIONS];
        quill_acc acc[QUILL_MOST_ACCUMULATORS];
        QUILL_UNROLL for (int i = 0; i < P * W; i++) in[i] = window[i / P] + offsets[k + i % P];
        accumulate(c, band, in, columns, acc, P * W, B);
        QUILL_UNROLL for (int w = 0; w < W; w++)
          QUILL_UNROLL for (int b = 0; b < B; b++) {
            quill_acc most = acc[w * P * B + b];
            QUILL_UNROLL for (int i = 1; i < P; i++) most = maximum(most, acc[(w * P + i) * B + b]);
            best[w * B + b] = k == 0 ? most : maximum(best[w * B + b], most);
          }
      }
      finish(c, band, columns, best, out, W, B);
    }
  }
}

/// What stays the same for a band's columns. One copy where Winograd asks too; with 32 bits that would take 3 % more
/// instructions.
#if QUILL_TRANSFORMS && defined(__aarch64__)
__attribute__((noinline)) static
#else
QUILL_INLINE
#endif
quill_columns columnsOf(const struct quill_convolution *c, const struct quill_band *band, const int B) {
  quill_columns columns = {.kind = QUILL_STAGE_RECTIFIED};
  QUILL_UNROLL for (int b = 0; b < B; b++) {
    const ptrdiff_t channel = band->parameters + QUILL_COLUMN_CHANNELS * b;
    columns.start[b] = startOf(c, channel);
#if QUILL_ROUNDS_NEAR
    const enum quill_stage_kind kind = nearOf(c, channel, &columns.near[b]);
    if (kind == QUILL_STAGE_RECTIFIED) columns.near[b].addend += nearRest(c->range.zeroPoint);
#else
    const int32_t *multiplier = c->multiplier + channel, *shift = c->shift + channel;
    columns.stage[b] = stageOf(multiplier, shift, &c->range);
    const enum quill_stage_kind kind = c->realShift ? QUILL_STAGE_ANY : columnKind(multiplier, shift, &c->range);
#endif
    if (kind < columns.kind) columns.kind = kind;
  }
  return columns;
}

#if QUILL_TRANSFORMS
#include "convolution_neon_winograd.h"
#endif

QUILL_INLINE void walkBand(const struct quill_convolution *c, const struct quill_band *band, const int B) {
  quill_columns columns = columnsOf(c, band, B);
  if (c->poolHeight > 1 || c->poolWidth > 1 || c->poolStrideY > 1 || c->poolStrideX > 1)
    walkWindows(c, band, &columns, QUILL_WINDOWS(B), B);
  else if (c->outputHeight == 1 && c->outputWidth == 1)
    walkOne(c, band, &columns, B);
  else
    QUILL_WALK_PARTS(c, band, &columns, QUILL_POSITIONS(B), B,
                     walkPositions(c, &rows, &columns, QUILL_POSITIONS(B), B))
}

#endif

// Own copies of the parameters: the compiler need not fear that a stored byte changes them.
#define QUILL_BAND(B)                                                                                   \
  static __attribute__((noinline)) void QUILL_NAME(band##B)(const struct quill_convolution *c,          \
                                                            const struct quill_band *band) {            \
    const struct quill_convolution own = *c;                                                            \
    const struct quill_band ownBand = *band;                                                            \
    walkBand(&own, &ownBand, B);                                                                        \
  }
QUILL_BAND(1)
#if QUILL_COLUMNS > 1
QUILL_BAND(2)
#endif
#if QUILL_COLUMNS > 2
QUILL_BAND(3)
#endif
#if QUILL_COLUMNS > 3
QUILL_BAND(4)
#endif

static void runBand(const struct quill_convolution *c, const struct quill_band *band, int32_t columns) {
  switch (columns) {
#if QUILL_COLUMNS > 3
    case 4: QUILL_NAME(band4)(c, band); break;
#endif
#if QUILL_COLUMNS > 2
    case 3: QUILL_NAME(band3)(c, band); break;
#endif
#if QUILL_COLUMNS > 1
    case 2: QUILL_NAME(band2)(c, band); break;
#endif
    default: QUILL_NAME(band1)(c, band); break;
  }
}

void QUILL_NAME(convolution)(const struct quill_convolution *c) {
#if QUILL_TRANSFORMS
  if (c->transformed && isTransformed(c)) {
    walkWinograd(c);
    return;
  }
#endif
  const int32_t blocks = (c->groupOutputs + 15) / 16;
  const int32_t taps = (c->runBytes + 3) / 4;
  const ptrdiff_t blockBytes = (ptrdiff_t)c->runRows * c->runColumns * taps * 64;
  for (int32_t group = 0; group < c->groups; group++) {
    int32_t columns;
    for (int32_t first = 0; first < c->groupOutputs; first += columns * QUILL_COLUMN_CHANNELS) {
      const int32_t left = c->groupOutputs - first;
      columns = (left + QUILL_COLUMN_CHANNELS - 1) / QUILL_COLUMN_CHANNELS;
#if QUILL_OWN_WALK
      // Five columns as three and two, since one alone needs many loads.
      if (columns > QUILL_COLUMNS && columns % QUILL_COLUMNS == 1) columns = QUILL_COLUMNS - 1;
#endif
      if (columns > QUILL_COLUMNS) columns = QUILL_COLUMNS;
      const struct quill_band band = {
        .weights = c->weights + ((ptrdiff_t)group * blocks + first / 16) * blockBytes + first % 16 * 4,
        .blockBytes = blockBytes,
        .input = c->input + (ptrdiff_t)group * c->groupInputs,
        .output = c->output + (ptrdiff_t)group * c->groupOutputs + first,
        .parameters = (ptrdiff_t)group * blocks * 16 + first,
        .channels = left,
        .taps = taps,
        .runRows = c->runRows,
        .rows = c->outputHeight,
      };
      runBand(c, &band, columns);
    }
  }
}
