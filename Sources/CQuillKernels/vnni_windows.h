// A convolution with the max pool that alone reads it: the greatest of the accumulators of a window is requantised.
//
// Why C: see convolution_avx512vnni.c, which includes it.

/// So many groups of taps that follow each other, of positions in pool windows: `in` are the windows, `within` the distances.
QUILL_INLINE void multiplyWindows(__m512i *acc, const struct quill_band *band, const int8_t *const *in,
                                  const ptrdiff_t *within, ptrdiff_t offset, const int8_t *weights, const int count,
                                  const int P, const int B) {
  ptrdiff_t places[4];
  QUILL_UNROLL for (int i = 0; i < 4; i++) places[i] = sharedOffset(within[i] + offset);
  QUILL_UNROLL for (int k = 0; k < count; k++) {
    const int8_t *own[QUILL_MOST_POSITIONS];
    QUILL_UNROLL for (int i = 0; i < P; i++) own[i] = in[i / 4] + places[i % 4];
    multiplyGroup(acc, band, own, 4 * k, weights + 64 * k, 0, P, B, QUILL_PLACES_ANY);
  }
}

/// The accumulators of P positions in pool windows and B columns.
QUILL_INLINE void accumulateWindows(const struct quill_convolution *c, const struct quill_band *band,
                                    const __m512i *start, const int8_t *const *in, const ptrdiff_t *within,
                                    __m512i *acc, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P * B; i++) acc[i] = start[i % B];
  const int8_t *weights = band->weights;
  ptrdiff_t row = 0;
  int32_t y = band->runRows;
  do {
    ptrdiff_t run = row;
    int32_t x = c->runColumns;
    do {
      ptrdiff_t offset = run;
      int32_t taps = band->taps;
      for (; taps >= 4; taps -= 4, weights += 256, offset += 16)
        multiplyWindows(acc, band, in, within, offset, weights, 4, P, B);
      for (; taps > 0; taps--, weights += 64, offset += 4)
        multiplyWindows(acc, band, in, within, offset, weights, 1, P, B);
      run += c->runStepX;
    } while (--x > 0);
    row += c->runStepY;
  } while (--y > 0);
}

/// Where the walk over pool windows stands: a tile may begin in one row and end in the next.
struct quill_windows {
  const int8_t *in, *inRow;
  int8_t *out, *outRow;
  int32_t column;
  /// Windows from this one on.
  int64_t left;
};

/// By selection: where rows end is no pattern that a processor foresees.
QUILL_INLINE void nextWindow(const struct quill_convolution *c, struct quill_windows *walk) {
  const int ends = walk->column + 1 == c->outputWidth;
  const int8_t *const nextIn = walk->inRow + c->poolStrideY * c->positionStepY;
  int8_t *const nextOut = walk->outRow + c->outputRowPitch;
  walk->column = __builtin_unpredictable(ends) ? 0 : walk->column + 1;
  walk->in = __builtin_unpredictable(ends) ? nextIn : walk->in + c->poolStrideX * c->positionStepX;
  walk->out = __builtin_unpredictable(ends) ? nextOut : walk->out + c->outputPixelPitch;
  walk->inRow = __builtin_unpredictable(ends) ? nextIn : walk->inRow;
  walk->outRow = __builtin_unpredictable(ends) ? nextOut : walk->outRow;
}

/// The next W windows: past the end, the last one is computed again. `offsets`: the positions of a window, four at a time,
/// `count` of them.
QUILL_INLINE void windowsTile(const struct quill_convolution *c, const struct quill_band *band,
                              const quill_columns *columns, struct quill_windows *walk, const ptrdiff_t *offsets,
                              const int count, struct quill_doubtful *doubtfuls, const int W, const int B) {
  const int P = 4;
  const int8_t *window[QUILL_MOST_POSITIONS];
  struct quill_targets targets;
  __m512i best[QUILL_MOST_SUMS];
  QUILL_UNROLL for (int w = 0; w < W; w++) {
    window[w] = walk->in;
    targets.out[w] = walk->out;
    if (walk->left > 1) nextWindow(c, walk);
    walk->left--;
  }
  for (int k = 0; k < count; k += P) {
    __m512i acc[QUILL_MOST_SUMS];
    if (B == 1) {
      accumulateWindows(c, band, columns->start, window, offsets + k, acc, P * W, B);
    } else {
      const int8_t *in[QUILL_MOST_POSITIONS];
      QUILL_UNROLL for (int i = 0; i < P * W; i++) in[i] = window[i / P] + offsets[k + i % P];
      accumulate(c, band, columns->start, in, acc, noEdges, P * W, B, QUILL_PLACES_ANY);
    }
    QUILL_UNROLL for (int w = 0; w < W; w++)
      QUILL_UNROLL for (int b = 0; b < B; b++) {
        __m512i most = acc[w * P * B + b];
        QUILL_UNROLL for (int i = 1; i < P; i++) most = _mm512_max_epi32(most, acc[(w * P + i) * B + b]);
        best[w * B + b] = k == 0 ? most : _mm512_max_epi32(best[w * B + b], most);
      }
  }
  storeTile(c, band, columns, best, &targets, doubtfuls, W, B, 0, 0);
}

/// The same with a max pool: the maximum of the accumulators is requantised, exact since that is monotone.
QUILL_INLINE void walkWindows(const struct quill_convolution *c, const struct quill_band *band,
                              const quill_columns *columns, const int W, const int B) {
  ptrdiff_t offsets[16 + QUILL_MOST_POSITIONS];
  int count = 0;
  for (int y = 0; y < c->poolHeight; y++)
    for (int x = 0; x < c->poolWidth; x++) offsets[count++] = y * c->positionStepY + x * c->positionStepX;
  for (; count % 4; count++) offsets[count] = offsets[0];
  struct quill_windows walk = {.in = band->input, .inRow = band->input, .out = band->output, .outRow = band->output,
                               .left = (int64_t)c->outputHeight * c->outputWidth};
  struct quill_doubtful doubtfuls;
  doubtfuls.count = 0;
  do {
    while (walk.left > (W == 4 ? 2 : 0) && doubtfuls.count == 0)
      windowsTile(c, band, columns, &walk, offsets, count, &doubtfuls, W, B);
    if (W == 4 && walk.left > 0 && walk.left <= 2 && doubtfuls.count == 0)
      windowsTile(c, band, columns, &walk, offsets, count, &doubtfuls, 2, B);
    mendStored(c, band, columns, &doubtfuls, B);
  } while (walk.left > 0);
}
