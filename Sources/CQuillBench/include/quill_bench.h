// What one core can do at most with the instructions of a kernel level: the roof that `quill bench` holds layers against.
//
// Why C: the loops need the instructions that the kernels are written with, and a compiler that neither leaves them out
// nor turns them into others. Levels are numbered as in quill_kernels.h.
#ifndef QUILL_BENCH_H
#define QUILL_BENCH_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Multiplies and adds int8 pairs (or the int16 pairs that they are widened to) in registers only, in `rounds` rounds, with
/// the fastest instructions that the level's convolution uses; the products added up, or 0 where this build does not know the
/// level's. The processor must have the level.
uint64_t quill_bench_multiply(int32_t level, uint64_t rounds);

/// Reads `count` bytes, a multiple of 512, 64-byte aligned, `rounds` times over, with the widest loads of the level. The processor must
/// have the level.
void quill_bench_read(int32_t level, const int8_t *bytes, size_t count, uint64_t rounds);

#pragma clang assume_nonnull end

#endif
