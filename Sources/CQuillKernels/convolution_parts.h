// Padding is not multiplied: a band of channels in parts whose output rows multiply the same kernel rows.
//
// Why C: see convolution_walk.h. At an image's first and last rows whole kernel rows lie in padding. What they add is the
// same at every position, since the padding is; it is multiplied once and goes into the accumulators' start.
// The level defines, before including this file, `quill_acc`, `quill_columns` with `start`, and `accumulateOne`, the
// accumulators of one position.

/// What the kernel rows that a part leaves out add to its accumulators' start.
QUILL_INLINE void addPadding(const struct quill_convolution *c, const struct quill_band *band, quill_columns *columns,
                             const struct quill_part *part, const int B) {
  const int32_t edges[4] = {0, part->kernelFirst, part->kernelEnd, c->runRows};
  for (int side = 0; side < 4; side += 2) {
    if (edges[side] == edges[side + 1]) continue;
    const struct quill_band rows = quill_part_band(c, band, part, edges[side], edges[side + 1]);
    quill_acc acc[4];
    accumulateOne(c, &rows, columns, rows.input, acc, B);
    QUILL_UNROLL for (int b = 0; b < B; b++) columns->start[b] = acc[b];
  }
}

/// All positions of a band, the products of padding left out. P: positions of a tile; `walk` does those of `rows`.
#define QUILL_WALK_PARTS(c, band, columns, P, B, walk)                                                  \
  {                                                                                                     \
    const struct quill_part most = quill_most_rows(c, (band)->taps, P);                                 \
    quill_acc start[B];                                                                                 \
    QUILL_UNROLL for (int b = 0; b < B; b++) start[b] = (columns)->start[b];                            \
    for (int32_t y = 0; y < (c)->outputHeight;) {                                                       \
      const struct quill_part part = y == most.first && y < most.end ? most : quill_row_part(c, y);     \
      QUILL_UNROLL for (int b = 0; b < B; b++) (columns)->start[b] = start[b];                          \
      addPadding(c, band, columns, &part, B);                                                           \
      const struct quill_band rows = quill_part_band(c, band, &part, part.kernelFirst, part.kernelEnd); \
      walk;                                                                                             \
      y = part.end;                                                                                     \
    }                                                                                                   \
  }
