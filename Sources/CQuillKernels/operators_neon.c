// Depthwise, pools and element-wise operators with NEON; the dot-product level uses the same ones.
//
// Why C: SQRDMULH and SRSHL; the bodies are shared by all levels.
#include "kernel_levels.h"
#include "kernel_common.h"

#if QUILL_HAS_NEON
#include <arm_neon.h>
#include "requantise_neon.h"
#include "lanes.h"

#define QUILL_NAME(suffix) quill_neon_##suffix
#if defined(__aarch64__)
#define QUILL_TILE 4
#else
#define QUILL_TILE 2
#endif

QUILL_INLINE quill_bytes expand(quill_bytes v, quill_bytes index) {
#if defined(__aarch64__)
  return (quill_bytes)vqtbl1q_s8((int8x16_t)v, (uint8x16_t)index);
#else
  const int8x8x2_t table = {{vget_low_s8((int8x16_t)v), vget_high_s8((int8x16_t)v)}};
  const int8x16_t at = (int8x16_t)index;
  return (quill_bytes)vcombine_s8(vtbl2_s8(table, vget_low_s8(at)), vtbl2_s8(table, vget_high_s8(at)));
#endif
}

#include "depthwise_body.h"
#include "elementwise_body.h"
#include "pool_body.h"
#endif
