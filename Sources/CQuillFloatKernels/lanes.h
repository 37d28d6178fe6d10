// Sixteen floats, as the compiler's portable vectors: one 512-bit register, two of 256 or four of 128 bits.
#ifndef QUILL_FLOAT_LANES_H
#define QUILL_FLOAT_LANES_H

#include "CQuillFloatKernels.h"
#include <string.h>

typedef float lanes __attribute__((vector_size(64)));
typedef int32_t lane_masks __attribute__((vector_size(64)));
typedef float unaligned_lanes __attribute__((vector_size(64), aligned(4), may_alias));
typedef double double_lanes __attribute__((vector_size(128)));
typedef double unaligned_double_lanes __attribute__((vector_size(128), aligned(8), may_alias));

#define QUILL_LOAD(pointer) (*(const unaligned_lanes *)(pointer))
#define QUILL_STORE(pointer, value) (*(unaligned_lanes *)(pointer) = (value))
#define QUILL_FMA(a, b, acc) __builtin_elementwise_fma((a), (b), (acc))

// Before a loop over the registers of a tile: they stay registers only where every index is known early.
#define QUILL_UNROLL _Pragma("clang loop unroll(full)")

// Subtracting +0 changes no float, and the compiler makes it a plain broadcast.
#define QUILL_BROADCAST(scalar) ((scalar) - (lanes){0})

// chosen where the mask is set, else other.
#define QUILL_SELECT(mask, chosen, other) \
  ((lanes)(((lane_masks)(chosen) & (mask)) | ((lane_masks)(other) & ~(mask))))

// value raised to low and lowered to high; NaN stays NaN.
#define QUILL_CLAMP(value, low, high)                                   \
  ({                                                                    \
    lanes clamped = (value);                                            \
    clamped = QUILL_SELECT(clamped < (low), (low), clamped);            \
    QUILL_SELECT(clamped > (high), (high), clamped);                    \
  })

#endif
