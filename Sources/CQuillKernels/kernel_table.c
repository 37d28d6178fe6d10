// The table of kernels per level, and the question which levels this processor has.
//
// Why C: the tables name C functions; `cpuid` and `xgetbv` are instructions.
#include "kernel_levels.h"
#include "quill_kernels.h"

/// `others` names the level whose kernels serve where there is no dot product.
#define QUILL_TABLE(prefix, others, text, number, ...)                                                                \
  static const struct quill_kernel_table prefix##_table = {                                                   \
    .name = text,                                                                                             \
    .level = number,                                                                                          \
    .addsToConvolutions = number == QUILL_LEVEL_AVX512VNNI,                                                   \
    .convolution = quill_##prefix##_convolution,                                                              \
    .depthwise = quill_##others##_depthwise,                                                                  \
    .maxPool = quill_##others##_max_pool,                                                                     \
    .averagePool = quill_##others##_average_pool,                                                             \
    .add = quill_##others##_add,                                                                              \
    .requantise = quill_##others##_requantise,                                                                \
    .channelSums = quill_##others##_channel_sums,                                                             \
    __VA_ARGS__                                                                                               \
  };

#if QUILL_HAS_SIMD128
QUILL_TABLE(simd128, simd128, "simd128", QUILL_LEVEL_SIMD128)
#endif

#if QUILL_HAS_NEON
QUILL_TABLE(neon, neon, "neon", QUILL_LEVEL_NEON, .transformedByteCount = quill_neon_transformed_bytes,
            .transformWeights = quill_neon_transform)
#endif

#if defined(__aarch64__)
QUILL_TABLE(neon_dot, neon, "neon-dot", QUILL_LEVEL_NEON_DOT)
#endif

#if defined(__x86_64__)
QUILL_TABLE(avx2, avx2, "avx2", QUILL_LEVEL_AVX2)
QUILL_TABLE(avx512vnni, avx512vnni, "avx512vnni", QUILL_LEVEL_AVX512VNNI,
            .transformedByteCount = quill_avx512vnni_transformed_bytes, .transformWeights = quill_avx512vnni_transform,
            .depthwiseFormByteCount = quill_avx512vnni_depthwise_form_bytes,
            .makeDepthwiseForm = quill_avx512vnni_make_depthwise_form)

#include <cpuid.h>

/// The register sets that the operating system saves: bits 1, 2 for AVX; 5, 6, 7 too for AVX-512.
static uint32_t savedRegisters(void) {
  uint32_t low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

/// The best x86-64 level: Intel's manual, volume 2, CPUID leaves 1 and 7.
static int32_t processorLevel(void) {
  uint32_t a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE)) return QUILL_LEVEL_SIMD128;
  const uint32_t saved = savedRegisters();
  if ((saved & 0x06) != 0x06 || !__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & bit_AVX2))
    return QUILL_LEVEL_SIMD128;
  const uint32_t needed = bit_AVX512F | bit_AVX512DQ | bit_AVX512BW | bit_AVX512VL;
  if ((saved & 0xE6) != 0xE6 || (b & needed) != needed || !(c & bit_AVX512VNNI)) return QUILL_LEVEL_AVX2;
  return QUILL_LEVEL_AVX512VNNI;
}
#endif

const struct quill_kernel_table *quill_kernel_table(int32_t level, uint64_t hardwareCapabilities) {
  (void)hardwareCapabilities;
  switch (level) {
#if QUILL_HAS_SIMD128
    case QUILL_LEVEL_SIMD128: return &simd128_table;
#endif
#if QUILL_HAS_NEON
    case QUILL_LEVEL_NEON: return &neon_table;
#endif
#if defined(__aarch64__)
    // HWCAP_ASIMDDP, Linux Documentation/arch/arm64/elf_hwcaps.rst.
    case QUILL_LEVEL_NEON_DOT: return hardwareCapabilities >> 20 & 1 ? &neon_dot_table : 0;
#endif
#if defined(__x86_64__)
    case QUILL_LEVEL_AVX2: return processorLevel() >= QUILL_LEVEL_AVX2 ? &avx2_table : 0;
    case QUILL_LEVEL_AVX512VNNI: return processorLevel() >= QUILL_LEVEL_AVX512VNNI ? &avx512vnni_table : 0;
#endif
    default: return 0;
  }
}

int32_t quill_best_level(uint64_t hardwareCapabilities) {
  for (int32_t level = QUILL_LEVEL_COUNT - 1; level > 0; level--)
    if (quill_kernel_table(level, hardwareCapabilities)) return level;
  return QUILL_LEVEL_PLAIN;
}

const char *quill_level_name(int32_t level) {
  switch (level) {
    case QUILL_LEVEL_PLAIN: return "plain";
    case QUILL_LEVEL_SIMD128: return "simd128";
    case QUILL_LEVEL_NEON: return "neon";
    case QUILL_LEVEL_NEON_DOT: return "neon-dot";
    case QUILL_LEVEL_AVX2: return "avx2";
    case QUILL_LEVEL_AVX512VNNI: return "avx512vnni";
    default: return 0;
  }
}

#if defined(__aarch64__) && defined(__linux__) && __has_include(<sys/auxv.h>)
#include <sys/auxv.h>
uint64_t quill_hardware_capabilities(void) { return getauxval(AT_HWCAP); }
#else
uint64_t quill_hardware_capabilities(void) { return 0; }
#endif
