// Padding is not multiplied: a band of channels in parts whose output rows multiply the same kernel rows.
//
// Why C: see convolution_walk.h. At an image's first and last rows whole kernel rows lie in padding. What they add is the
// same at every position, since the padding is; it is multiplied once and goes into the accumulators' start.
// The level defines, before including this file, `quill_columns` with
// `start`, `quill_acc`, and `accumulateOne`, the accumulators of one position.

/// Output rows that multiply the same kernel rows.
struct quill_part {
  int32_t first, end;
  /// The first kernel row inside the image, and the end of these rows.
  int32_t kernelFirst, kernelEnd;
};

/// An output row by itself.
QUILL_INLINE struct quill_part partOf(const struct quill_convolution *c, const int32_t y) {
  struct quill_part part = {y, y + 1, 0, c->runRows};
  const ptrdiff_t top = y * c->positionStepY, bottom = top + (c->runRows - 1) * c->runStepY;
  for (ptrdiff_t row = top; row < c->imageTop && part.kernelFirst + 1 < part.kernelEnd; row += c->runStepY)
    part.kernelFirst++;
  for (ptrdiff_t row = bottom; row >= c->imageBottom && part.kernelFirst + 1 < part.kernelEnd; row -= c->runStepY)
    part.kernelEnd--;
  return part;
}

/// Whether to walk an output row by itself: it costs the padding's products once, its last tile of P positions may have
/// some that are of no use, and beginning takes as long as so many groups of taps.
QUILL_INLINE int standsAlone(const struct quill_convolution *c, const struct quill_band *band, const int32_t y,
                             const int P) {
  const struct quill_part part = partOf(c, y);
  const int64_t inside = part.kernelEnd - part.kernelFirst, outside = c->runRows - inside;
  const int64_t saved = (c->outputWidth - 1) * outside - (P - 1 - (c->outputWidth - 1) % P) * inside;
  return saved * c->runColumns * band->taps > 128;
}

/// Most output rows: those before and after them stand alone.
QUILL_INLINE struct quill_part mostRows(const struct quill_convolution *c, const struct quill_band *band, const int P) {
  struct quill_part part = {0, c->outputHeight, 0, c->runRows};
  if (c->imageBottom <= c->imageTop) return part;
  while (part.first < part.end && standsAlone(c, band, part.first, P)) part.first++;
  while (part.first < part.end && standsAlone(c, band, part.end - 1, P)) part.end--;
  return part;
}

/// A part of a band, or of it other kernel rows.
QUILL_INLINE struct quill_band bandOf(const struct quill_convolution *c, const struct quill_band *band,
                                      const struct quill_part *part, const int32_t kernelFirst, const int32_t kernelEnd) {
  struct quill_band own = *band;
  own.input += part->first * c->positionStepY + kernelFirst * c->runStepY;
  own.weights += (ptrdiff_t)kernelFirst * c->runColumns * band->taps * 64;
  own.output += part->first * c->outputRowPitch;
  own.runRows = kernelEnd - kernelFirst;
  own.firstRow = part->first;
  own.rows = part->end - part->first;
  return own;
}

/// What the kernel rows that a part leaves out add to its accumulators' start.
QUILL_INLINE void addPadding(const struct quill_convolution *c, const struct quill_band *band, quill_columns *columns,
                             const struct quill_part *part, const int B) {
  const int32_t edges[4] = {0, part->kernelFirst, part->kernelEnd, c->runRows};
  for (int side = 0; side < 4; side += 2) {
    if (edges[side] == edges[side + 1]) continue;
    const struct quill_band rows = bandOf(c, band, part, edges[side], edges[side + 1]);
    quill_acc acc[4];
    accumulateOne(c, &rows, columns, rows.input, acc, B);
    QUILL_UNROLL for (int b = 0; b < B; b++) columns->start[b] = acc[b];
  }
}

/// All positions of a band, the products of padding left out. P: positions of a tile; `walk` does a part's.
#define QUILL_WALK_PARTS(c, band, columns, P, B, walk)                                          \
  {                                                                                             \
    const struct quill_part most = mostRows(c, band, P);                                        \
    quill_acc start[B];                                                                         \
    QUILL_UNROLL for (int b = 0; b < B; b++) start[b] = (columns)->start[b];                    \
    for (int32_t y = 0; y < (c)->outputHeight;) {                                               \
      const struct quill_part part = y == most.first && y < most.end ? most : partOf(c, y);     \
      QUILL_UNROLL for (int b = 0; b < B; b++) (columns)->start[b] = start[b];                  \
      addPadding(c, band, columns, &part, B);                                                   \
      const struct quill_band rows = bandOf(c, band, &part, part.kernelFirst, part.kernelEnd);  \
      walk;                                                                                     \
      y = part.end;                                                                             \
    }                                                                                           \
  }
