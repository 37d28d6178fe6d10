// What every kernel file shares: inlining, unaligned loads, the band of output channels that a tile works on.
//
// Why C: see quill_kernels.h. Only the compiler's own headers, memcpy and memset are used.
#ifndef QUILL_KERNEL_COMMON_H
#define QUILL_KERNEL_COMMON_H

#include "quill_kernels.h"

#define QUILL_INLINE static inline __attribute__((always_inline))
#define QUILL_UNROLL _Pragma("clang loop unroll(full)")

/// What the shifts and the range of a column of channels allow: later kinds cost less.
enum quill_stage_kind {
  QUILL_STAGE_ANY,
  /// Every shift is to the right, -23...-1.
  QUILL_STAGE_RIGHT,
  /// The same, zero point and range as after a ReLU, -128 and -128...127: how halves of negative values are rounded
  /// does not matter, and saturation is the clamp.
  QUILL_STAGE_RECTIFIED,
  /// The same, where one multiply-add in float is proved to be enough (requantise_once.h).
  QUILL_STAGE_ONCE
};

/// Where every shift is to the right, -23...-1.
QUILL_INLINE enum quill_stage_kind kindToTheRight(const struct quill_output_range *range) {
  const int rectified = range->zeroPoint == -128 && range->minimum == -128 && range->maximum == 127;
  return rectified ? QUILL_STAGE_RECTIFIED : QUILL_STAGE_RIGHT;
}

/// A band of neighbouring output channels of one group, or the part of it that multiplies the same kernel rows.
struct quill_band {
  /// The first tap group of the band's first channel that is multiplied; bytes from one block of 16 channels to the next.
  const int8_t *weights;
  ptrdiff_t blockBytes;
  /// First tap that is multiplied at the part's position (0, 0).
  const int8_t *input;
  /// The band's first channel at the part's position (0, 0).
  int8_t *output;
  /// Index of the band's first channel in the channel arrays.
  ptrdiff_t parameters;
  /// Channels from the band's first to the group's last.
  int32_t channels;
  /// Groups of four taps in a run.
  int32_t taps;
  /// Kernel rows.
  int32_t runRows;
  /// The part's first output row, and how many there are.
  int32_t firstRow, rows;
};

/// Output rows that multiply the same kernel rows.
struct quill_part {
  int32_t first, end;
  /// The first kernel row inside the image, and the end of these rows.
  int32_t kernelFirst, kernelEnd;
};

/// An output row by itself.
struct quill_part quill_row_part(const struct quill_convolution *c, int32_t y);

/// Most output rows: those before and after them are better walked by themselves. `taps`: groups of four taps in a run; `P`:
/// positions of a tile.
struct quill_part quill_most_rows(const struct quill_convolution *c, int32_t taps, int32_t P);

/// A part of a band, or of it other kernel rows.
struct quill_band quill_part_band(const struct quill_convolution *c, const struct quill_band *band,
                                  const struct quill_part *part, int32_t kernelFirst, int32_t kernelEnd);

/// Keeps the compiler from turning one offset that several pointers share into as many pointers that each advance.
QUILL_INLINE ptrdiff_t sharedOffset(ptrdiff_t offset) {
  __asm__("" : "+r"(offset));
  return offset;
}

QUILL_INLINE int32_t loadFour(const int8_t *p) {
  int32_t value;
  __builtin_memcpy(&value, p, 4);
  return value;
}

/// Stores the first `count` (less than 16) of 16 bytes.
QUILL_INLINE void storePart(int8_t *out, const int8_t *bytes, int32_t count) {
  for (int32_t i = 0; i < count; i++) out[i] = bytes[i];
}

#endif
