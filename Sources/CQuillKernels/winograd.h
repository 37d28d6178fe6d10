// The method of the convolutions 3 x 3 of stride 1 that are done by Winograd's F(4 x 4, 3 x 3): 36 products for 144, in 16 bits,
// exact. What is the same for every level that has it.
//
// Why C: see quill_kernels.h. A tile of 4 x 4 outputs reads 6 x 6 pixels d and weights g:
//   outputs = A' (G g G' * B' d B) A,   * element by element, summed over the channels (Lavin and Gray 2015, arXiv
// 1509.09308; points 0, 1, -1, 2, -2). G has fractions, so that its rows are taken times 24, -6, -6, 24, 24 and 6, and A's
// rows times what makes up for it. All is integers, and sums wrap: a tile's outputs come out 9 * 2^2 ... 9 * 2^6 times as
// large, modulo 2^32, where 9 has an inverse. Exact as long as 2^6 times an output is an int32, which QUILL_MOST_DEPTH
// sees to: 128 * 127 * 9 * 224 * 2^6 < 2^31. 16 bits hold the others: B' d B is at most 100 * 128, G g G' 49 * 127.
#ifndef QUILL_WINOGRAD_H
#define QUILL_WINOGRAD_H

#include "kernel_common.h"

/// Points of a tile; input channels at most.
#define QUILL_POINTS 36
#define QUILL_MOST_DEPTH 224

/// The inverse of 9 modulo 2^32.
#define QUILL_NINTH 954437177

/// The shifts, to the left, that take the powers of two out of the four outputs of A', each in a row and in a column.
static const int8_t outputShifts[4] = {-3, -2, -1, -1};

/// Whether the method serves a convolution; whether it is worth it is each level's own question.
QUILL_INLINE int isWinograd(const struct quill_convolution *c) {
  return c->groups == 1 && c->runRows == 3 && c->runColumns == 1 && c->runBytes == 3 * c->positionStepX &&
         c->positionStepY == c->runStepY && c->positionStepX <= QUILL_MOST_DEPTH && c->groupOutputs % 16 == 0;
}

/// The transformed weights in bytes: eight times the file's.
QUILL_INLINE ptrdiff_t winogradBytes(const struct quill_convolution *c) {
  return QUILL_POINTS * 2 * c->positionStepX * c->groupOutputs;
}

#endif
