// Convolution and fully connected with AVX512-VNNI: 64 products an instruction.
//
// Why C: `vpdpbusd` and function attributes. It multiplies unsigned by signed, so activations are taken as q + 128
// and the accumulator starts at bias - 128 * sum(w).
#include "kernel_common.h"

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(                                                  \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), apply_to = function)
#include "requantise_avx512.h"

#define QUILL_NAME(suffix) quill_avx512vnni_##suffix
#define QUILL_COLUMN_CHANNELS 16
#define QUILL_COLUMNS 4
// Two dot products begin in a cycle and take four or five: eight or more must be under way.
#define QUILL_POSITIONS(B) ((B) <= 2 ? 8 : 4)
#define QUILL_WINDOWS(B) ((B) <= 2 ? 2 : 1)
typedef __m512i quill_acc;

/// The accumulators, which begin at the start of their column.
typedef struct {
  __m512i acc[24];
} quill_tile;

QUILL_INLINE __m512i startOf(const struct quill_convolution *c, ptrdiff_t channel) {
  const __m512i sum = _mm512_loadu_si512(c->weightSum + channel);
  return _mm512_sub_epi32(_mm512_loadu_si512(c->bias + channel), _mm512_slli_epi32(sum, 7));
}

QUILL_INLINE __m512i maximum(__m512i a, __m512i b) { return _mm512_max_epi32(a, b); }

/// Four activations in every lane, as q + 128. The barrier keeps the broadcast a load: the compiler would rather flip
/// the signs first and pay a shuffle.
QUILL_INLINE __m512i unsignedFour(const int8_t *p) {
  __m512i four = _mm512_set1_epi32(loadFour(p));
  __asm__("" : "+v"(four));
  return _mm512_xor_si512(four, _mm512_set1_epi8(-128));
}

QUILL_INLINE void tileStart(quill_tile *tile, const quill_acc *start, const int P, const int B) {
  QUILL_UNROLL for (int b = 0; b < B; b++)
    QUILL_UNROLL for (int i = 0; i < P; i++) tile->acc[i * B + b] = start[b];
}

/// P positions times B blocks of 16 channels over one run.
QUILL_INLINE const int8_t *tileRun(quill_tile *tile, const struct quill_band *band, const int8_t *const *in,
                                   ptrdiff_t run, const int8_t *weights, const int P, const int B) {
  const ptrdiff_t blockBytes = band->blockBytes, end = run + (ptrdiff_t)band->taps * 4;
  do {
    __m512i w[4];
    QUILL_UNROLL for (int b = 0; b < B; b++) w[b] = _mm512_load_si512(weights + b * blockBytes);
    QUILL_UNROLL for (int i = 0; i < P; i++) {
      const __m512i four = unsignedFour(in[i] + run);
      QUILL_UNROLL for (int b = 0; b < B; b++)
        tile->acc[i * B + b] = _mm512_dpbusd_epi32(tile->acc[i * B + b], four, w[b]);
    }
    weights += 64;
    run += 4;
  } while (run < end);
  return weights;
}

QUILL_INLINE void tileEnd(const quill_tile *tile, const quill_acc *start, quill_acc *acc, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P * B; i++) acc[i] = tile->acc[i];
}

#include "convolution_walk.h"
#pragma clang attribute pop
#endif
