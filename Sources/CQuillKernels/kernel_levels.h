// Which levels this build holds, and their functions.
//
// Why C: see quill_kernels.h.
#ifndef QUILL_KERNEL_LEVELS_H
#define QUILL_KERNEL_LEVELS_H

#include "quill_kernels.h"

#if defined(__x86_64__) || defined(__wasm_simd128__)
#define QUILL_HAS_SIMD128 1
#endif
#if defined(__ARM_NEON)
#define QUILL_HAS_NEON 1
#endif

#define QUILL_LEVEL(prefix)                                                    \
  void quill_##prefix##_convolution(const struct quill_convolution *);         \
  void quill_##prefix##_depthwise(const struct quill_depthwise *);             \
  void quill_##prefix##_max_pool(const struct quill_pool *);                   \
  void quill_##prefix##_average_pool(const struct quill_pool *);               \
  void quill_##prefix##_add(const struct quill_add *);                         \
  void quill_##prefix##_requantise(const struct quill_requantise *);           \
  void quill_##prefix##_channel_sums(const struct quill_channel_sums *);

QUILL_LEVEL(simd128)
QUILL_LEVEL(neon)
size_t quill_neon_transformed_bytes(const struct quill_convolution *);
void quill_neon_transform(const struct quill_convolution *, int16_t *);
void quill_neon_dot_convolution(const struct quill_convolution *);
QUILL_LEVEL(avx2)
QUILL_LEVEL(avx512vnni)
size_t quill_avx512vnni_transformed_bytes(const struct quill_convolution *);
void quill_avx512vnni_transform(const struct quill_convolution *, int16_t *);
size_t quill_avx512vnni_depthwise_form_bytes(const struct quill_depthwise *);
void quill_avx512vnni_make_depthwise_form(const struct quill_depthwise *, int8_t *);

#endif
