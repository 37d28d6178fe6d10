// In C because only the C compiler asks the processor for its instruction sets portably.
#include "CQuillFloatKernels.h"

bool quill_float_level_is_available(enum quill_float_level level) {
  switch (level) {
  case QUILL_FLOAT_PLAIN:
    return true;
  case QUILL_FLOAT_NEON:
#if defined(__aarch64__)
    return true;
#else
    return false;
#endif
  case QUILL_FLOAT_AVX2:
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    return false;
#endif
  case QUILL_FLOAT_AVX512:
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512f");
#else
    return false;
#endif
  }
  return false;
}

enum quill_float_level quill_float_best_level(void) {
  static const enum quill_float_level fastest_first[] = {QUILL_FLOAT_AVX512, QUILL_FLOAT_AVX2, QUILL_FLOAT_NEON};
  for (size_t i = 0; i < sizeof fastest_first / sizeof *fastest_first; i++) {
    if (quill_float_level_is_available(fastest_first[i])) return fastest_first[i];
  }
  return QUILL_FLOAT_PLAIN;
}
