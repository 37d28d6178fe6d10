// Float products in C, because Swift has no function attribute that picks an instruction set for one function: each
// kernel is compiled for several levels and the best one that the machine has is chosen once, at run time.
//
// The law of all of them: an output element is one chain acc = fma(a[k], b[k], acc) with k ascending, from acc = 0,
// in single precision. Vectors run across columns only, so that every level gives the same bits.
#ifndef QUILL_FLOAT_KERNELS_H
#define QUILL_FLOAT_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Columns of a block of packed weights.
#define QUILL_FLOAT_BLOCK 16

// Instruction sets that the kernels are compiled for.
enum quill_float_level {
  QUILL_FLOAT_PLAIN = 0,
  QUILL_FLOAT_NEON = 1,
  QUILL_FLOAT_AVX2 = 2,
  QUILL_FLOAT_AVX512 = 3,
};

// Whether this machine can run a level.
bool quill_float_level_is_available(enum quill_float_level level);

// The fastest level that this machine can run.
enum quill_float_level quill_float_best_level(void);

#endif
