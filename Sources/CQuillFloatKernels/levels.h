// Compiles the body of a kernel once for each level, and defines the function that picks one at run time.
//
// Before: QUILL_KERNEL, the kernel's name, and QUILL_BODY, the file that holds its function QUILL_LEVEL(kernel). The
// body sees QUILL_LEVEL(name), the level's name for a function; QUILL_ROWS, the rows of a tile of products, the most
// whose sums stay in registers; and QUILL_BLOCKS, its blocks of 16 columns. In C for function attributes.
#include "lanes.h"

#pragma STDC FP_CONTRACT OFF
// Functions on vectors are all inlined, so that no call depends on how the level passes them.
#pragma clang diagnostic ignored "-Wpsabi"

#define QUILL_JOIN(left, right) QUILL_JOIN_NAMES(left, right)
#define QUILL_JOIN_NAMES(left, right) left##right
#define QUILL_ENTRY QUILL_JOIN(quill_float_, QUILL_KERNEL)

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#define QUILL_LEVEL(name) name##_avx512
#define QUILL_ROWS 12
#define QUILL_BLOCKS 2
#include QUILL_BODY
#undef QUILL_LEVEL
#undef QUILL_ROWS
#undef QUILL_BLOCKS
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define QUILL_LEVEL(name) name##_avx2
#define QUILL_ROWS 6
#define QUILL_BLOCKS 1
#include QUILL_BODY
#undef QUILL_LEVEL
#undef QUILL_ROWS
#undef QUILL_BLOCKS
#pragma clang attribute pop

#endif

// On aarch64 this is NEON, which every such processor has; elsewhere whatever the compiler has, each fma a call of fmaf.
#define QUILL_LEVEL(name) name##_plain
#define QUILL_ROWS 6
#define QUILL_BLOCKS 1
#include QUILL_BODY
#undef QUILL_LEVEL
#undef QUILL_ROWS
#undef QUILL_BLOCKS

void QUILL_ENTRY(enum quill_float_level level, const struct QUILL_ENTRY *work) {
  switch (level) {
#if defined(__x86_64__)
  case QUILL_FLOAT_AVX512:
    QUILL_JOIN(QUILL_KERNEL, _avx512)(work);
    return;
  case QUILL_FLOAT_AVX2:
    QUILL_JOIN(QUILL_KERNEL, _avx2)(work);
    return;
#endif
  default:
    QUILL_JOIN(QUILL_KERNEL, _plain)(work);
  }
}
