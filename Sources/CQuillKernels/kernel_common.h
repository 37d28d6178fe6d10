// What every kernel file shares: inlining, unaligned loads, the band of output channels that a tile works on.
//
// Why C: see quill_kernels.h. Only the compiler's own headers, memcpy and memset are used.
#ifndef QUILL_KERNEL_COMMON_H
#define QUILL_KERNEL_COMMON_H

#include "quill_kernels.h"

#define QUILL_INLINE static inline __attribute__((always_inline))
#define QUILL_UNROLL _Pragma("clang loop unroll(full)")

/// A band of neighbouring output channels of one group.
struct quill_band {
  /// The first tap group of the band's first channel; bytes from one block of 16 channels to the next.
  const int8_t *weights;
  ptrdiff_t blockBytes;
  /// First tap of position (0, 0) of the group.
  const int8_t *input;
  /// The band's first channel at position (0, 0).
  int8_t *output;
  /// Index of the band's first channel in the channel arrays.
  ptrdiff_t parameters;
  /// Channels from the band's first to the group's last.
  int32_t channels;
  /// Groups of four taps in a run.
  int32_t taps;
};

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
