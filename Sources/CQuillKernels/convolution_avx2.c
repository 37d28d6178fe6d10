// Convolution and fully connected with AVX2: 8-bit products summed in pairs in 16 bits.
//
// Why C: `vpmaddubsw` in exactly this order and function attributes. It multiplies unsigned by signed and saturates, so
// it gets |a| and the weight with a's sign: two products are at most 2 x 128 x 127 < 2^15, since no weight is -128.
#include "kernel_common.h"

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "requantise_avx2.h"

#define QUILL_NAME(suffix) quill_avx2_##suffix
#define QUILL_COLUMN_CHANNELS 16
#define QUILL_COLUMNS 1
#define QUILL_POSITIONS(B) 4
#define QUILL_WINDOWS(B) 1
typedef quill_wide quill_acc;

typedef struct {
  quill_acc acc[4];
} quill_tile;

QUILL_INLINE quill_acc startOf(const struct quill_convolution *c, ptrdiff_t channel) {
  return (quill_acc){{load8(c->bias + channel), load8(c->bias + channel + 8)}};
}

QUILL_INLINE quill_acc maximum(quill_acc a, quill_acc b) {
  return (quill_acc){{_mm256_max_epi32(a.half[0], b.half[0]), _mm256_max_epi32(a.half[1], b.half[1])}};
}

QUILL_INLINE void tileStart(quill_tile *tile, const quill_acc *start, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P; i++) tile->acc[i] = start[0];
}

/// P positions times 16 channels over one run.
QUILL_INLINE const int8_t *tileRun(quill_tile *tile, const struct quill_band *band, const int8_t *const *in,
                                   ptrdiff_t run, const int8_t *weights, int32_t taps, const ptrdiff_t step,
                                   const int P, const int B) {
  const ptrdiff_t end = run + taps * step;
  const __m256i ones = _mm256_set1_epi16(1);
  do {
    const __m256i w[2] = {_mm256_load_si256((const __m256i *)weights), _mm256_load_si256((const __m256i *)(weights + 32))};
    QUILL_UNROLL for (int i = 0; i < P; i++) {
      const __m256i four = _mm256_set1_epi32(loadFour(in[i] + run)), size = _mm256_abs_epi8(four);
      QUILL_UNROLL for (int h = 0; h < 2; h++) {
        const __m256i pairs = _mm256_maddubs_epi16(size, _mm256_sign_epi8(w[h], four));
        tile->acc[i].half[h] = _mm256_add_epi32(tile->acc[i].half[h], _mm256_madd_epi16(pairs, ones));
      }
    }
    weights += 64;
    run += step;
  } while (run < end);
  return weights;
}

QUILL_INLINE void tileEnd(const quill_tile *tile, const quill_acc *start, quill_acc *acc, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P; i++) acc[i] = tile->acc[i];
}

#include "convolution_walk.h"
#pragma clang attribute pop
#endif
