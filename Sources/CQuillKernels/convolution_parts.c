// Which output rows of a convolution have kernel rows in padding.
//
// Why C: see convolution_walk.h.
#include "kernel_common.h"

struct quill_part quill_row_part(const struct quill_convolution *c, int32_t y) {
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
static int standsAlone(const struct quill_convolution *c, int32_t y, int32_t taps, int32_t P) {
  const struct quill_part part = quill_row_part(c, y);
  const int64_t inside = part.kernelEnd - part.kernelFirst, outside = c->runRows - inside;
  const int64_t saved = (c->outputWidth - 1) * outside - (P - 1 - (c->outputWidth - 1) % P) * inside;
  return saved * c->runColumns * taps > 128;
}

struct quill_part quill_most_rows(const struct quill_convolution *c, int32_t taps, int32_t P) {
  struct quill_part part = {0, c->outputHeight, 0, c->runRows};
  if (c->imageBottom <= c->imageTop) return part;
  while (part.first < part.end && standsAlone(c, part.first, taps, P)) part.first++;
  while (part.first < part.end && standsAlone(c, part.end - 1, taps, P)) part.end--;
  return part;
}

struct quill_band quill_part_band(const struct quill_convolution *c, const struct quill_band *band,
                                  const struct quill_part *part, int32_t kernelFirst, int32_t kernelEnd) {
  struct quill_band own = *band;
  own.input += part->first * c->positionStepY + kernelFirst * c->runStepY;
  own.weights += (ptrdiff_t)kernelFirst * c->runColumns * band->taps * 64;
  own.output += part->first * c->outputRowPitch;
  own.runRows = kernelEnd - kernelFirst;
  own.firstRow = part->first;
  own.rows = part->end - part->first;
  return own;
}
