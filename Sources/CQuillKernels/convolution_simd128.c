// Convolution and fully connected with 128-bit vectors: SSE2, which every x86-64 has, and WebAssembly's.
//
// Why C: pmaddwd and i32x4.dot_i16x8_s in exactly this order. Of each group of four taps the even ones and the odd
// ones are widened apart by shifts, so that one multiply-add gives whole sums of four channels without a shuffle.
#include "kernel_common.h"
#include "kernel_levels.h"

#if QUILL_HAS_SIMD128
#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#else
#include <emmintrin.h>
#endif
#include "requantise_simd128.h"
#include "requantise_near.h"

#define QUILL_NAME(suffix) quill_simd128_##suffix
#define QUILL_COLUMN_CHANNELS 16
#define QUILL_COLUMNS 1
#define QUILL_POSITIONS(B) 2
#define QUILL_WINDOWS(B) 1
typedef quill_wide quill_acc;
typedef int16_t quill_eight __attribute__((vector_size(16)));

#include "plain_tile.h"

QUILL_INLINE quill_acc startOf(const struct quill_convolution *c, ptrdiff_t channel) {
  return loadQuad(c->bias + channel);
}

QUILL_INLINE quill_acc maximum(quill_acc a, quill_acc b) {
  QUILL_UNROLL for (int j = 0; j < 4; j++) a.part[j] = __builtin_elementwise_max(a.part[j], b.part[j]);
  return a;
}

/// Sums of neighbouring products.
QUILL_INLINE quill_four pairs(quill_eight a, quill_eight b) {
#if defined(__wasm_simd128__)
  return (quill_four)wasm_i32x4_dot_i16x8((v128_t)a, (v128_t)b);
#else
  return (quill_four)_mm_madd_epi16((__m128i)a, (__m128i)b);
#endif
}

/// P positions times 16 channels over one run.
QUILL_INLINE const int8_t *tileRun(quill_tile *tile, const struct quill_band *band, const int8_t *const *in,
                                   ptrdiff_t run, const int8_t *weights, int32_t taps, const ptrdiff_t step,
                                   const int P, const int B) {
  const ptrdiff_t end = run + taps * step;
  do {
    quill_eight even[2], odd[2];
    QUILL_UNROLL for (int i = 0; i < P; i++) {
      const int32_t four = loadFour(in[i] + run);
      const quill_eight all = (quill_eight)(quill_four){four, four, four, four};
      even[i] = (all << 8) >> 8;
      odd[i] = all >> 8;
    }
    QUILL_UNROLL for (int j = 0; j < 4; j++) {
      const quill_eight w = *(const quill_eight *)(weights + 16 * j);
      const quill_eight wEven = (w << 8) >> 8, wOdd = w >> 8;
      QUILL_UNROLL for (int i = 0; i < P; i++)
        tile->acc[i].part[j] += pairs(wEven, even[i]) + pairs(wOdd, odd[i]);
    }
    weights += 64;
    run += step;
  } while (run < end);
  return weights;
}

typedef float quill_four_reals __attribute__((vector_size(16)));
typedef uint16_t quill_eight_halves __attribute__((vector_size(16)));

/// The nearest integers; the least, or where there is no such thing the nearest, for what is no int32.
QUILL_INLINE quill_four nearestIntegers(quill_four_reals x) {
#if defined(__wasm_simd128__)
  return (quill_four)wasm_i32x4_trunc_sat_f32x4(wasm_f32x4_nearest((v128_t)x));
#else
  return (quill_four)_mm_cvtps_epi32((__m128)x);
#endif
}

/// Four sums requantised in float: 65536 * T and the error.
QUILL_INLINE quill_four nearSums(quill_four x, const float *scale, const float *addend, const float rest,
                                 const int rectified) {
  quill_four_reals scales, own;
  __builtin_memcpy(&scales, scale, sizeof scales);
  __builtin_memcpy(&own, addend, sizeof own);
  const quill_four_reals scaled = __builtin_convertvector(x, quill_four_reals) * scales;
  if (rectified) return nearestIntegers(scaled + own);
  // With the sign of the sum.
  const quill_four_reals term = (quill_four_reals)((quill_four)own | (x & INT32_MIN));
  return nearestIntegers(scaled + term + rest);
}

/// Requantises in float and stores: acc[i] goes to out[i]. 0, and nothing is stored, where float may err.
QUILL_INLINE int storeNear(const struct quill_convolution *c, const quill_near *near, const quill_acc *acc,
                           int8_t *const *out, const int32_t last, const int count, const int B,
                           const enum quill_stage_kind kind) {
  const float *scale = (const float *)&near->scale, *addend = (const float *)&near->addend;
  const float rest = nearRest(c->range.zeroPoint);
  const struct quill_output_range clamp = {0, c->range.minimum, c->range.maximum};
  quill_eight_halves least = ~(quill_eight_halves){};
  quill_wide upper[2];
  QUILL_UNROLL for (int i = 0; i < count; i++)
    QUILL_UNROLL for (int j = 0; j < 4; j++) {
      const quill_four sums =
        nearSums(acc[i].part[j], scale + 4 * j, addend + 4 * j, rest, kind == QUILL_STAGE_RECTIFIED);
      least = __builtin_elementwise_min(least, (quill_eight_halves)sums);
      upper[i].part[j] = sums >> 16;
    }
  const quill_four doubtful = ((quill_four)least & 0xFFFF) < 2 * QUILL_NEAR_ERROR;
  if (__builtin_expect(__builtin_reduce_or(doubtful), 0)) return 0;
  QUILL_UNROLL for (int i = 0; i < count; i++) {
    quill_stored stored;
    narrowTo(stored.bytes, upper[i], &clamp);
    storeBytes(out[i], stored, last);
  }
  return 1;
}
#define QUILL_ROUNDS_NEAR 1

#include "convolution_walk.h"
#endif
