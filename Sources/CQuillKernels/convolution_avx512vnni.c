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

/// Four activations in every lane, as q + 128. In assembly, so that load, broadcast and change of sign are one
/// instruction: the compiler would rather flip the signs first and pay a shuffle.
QUILL_INLINE __m512i unsignedFour(const int8_t *p) {
  typedef struct {
    int8_t bytes[4];
  } four_bytes;
  __m512i four;
  __asm__("vpxord %1%{1to16%}, %2, %0" : "=v"(four) : "m"(*(const four_bytes *)p), "v"(_mm512_set1_epi8(-128)));
  return four;
}

QUILL_INLINE void tileStart(quill_tile *tile, const quill_acc *start, const int P, const int B) {
  QUILL_UNROLL for (int b = 0; b < B; b++)
    QUILL_UNROLL for (int i = 0; i < P; i++) tile->acc[i * B + b] = start[b];
}

/// P positions times B blocks of 16 channels over one run.
QUILL_INLINE const int8_t *tileRun(quill_tile *tile, const struct quill_band *band, const int8_t *const *in,
                                   ptrdiff_t run, const int8_t *weights, int32_t taps, const ptrdiff_t step,
                                   const int P, const int B) {
  const ptrdiff_t blockBytes = band->blockBytes, end = run + taps * step;
  do {
    __m512i w[4];
    QUILL_UNROLL for (int b = 0; b < B; b++) w[b] = _mm512_load_si512(weights + b * blockBytes);
    QUILL_UNROLL for (int i = 0; i < P; i++) {
      const __m512i four = unsignedFour(in[i] + run);
      QUILL_UNROLL for (int b = 0; b < B; b++)
        tile->acc[i * B + b] = _mm512_dpbusd_epi32(tile->acc[i * B + b], four, w[b]);
    }
    weights += 64;
    run += step;
  } while (run < end);
  return weights;
}

QUILL_INLINE void tileEnd(const quill_tile *tile, const quill_acc *start, quill_acc *acc, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P * B; i++) acc[i] = tile->acc[i];
}

/// Requantises and stores whole columns, four at a time: acc[i * B + b] of column b goes to out[i].
QUILL_INLINE void storeWhole(const struct quill_convolution *c, const quill_stage *stage, const quill_acc *acc,
                             int8_t *const *out, const int count, const int B, const enum quill_stage_kind kind) {
  // Three columns are stored as one position's, the others as neighbours.
  const int step = B == 3 ? 3 : 4;
  QUILL_UNROLL for (int k = 0; k < count * B; k += step) {
    __m512i four[4];
    QUILL_UNROLL for (int j = 0; j < 4; j++)
      four[j] = j < step && k + j < count * B ? scaled(acc[k + j], &stage[(k + j) % B], kind) : _mm512_setzero_si512();
    const __m512i bytes = packed(four, &c->range, kind);
    int8_t *const *to = out + k / B;
    if (B == 4) {
      _mm512_storeu_si512(to[0], bytes);
    } else if (B == 3) {
      _mm256_storeu_si256((__m256i *)to[0], _mm512_castsi512_si256(bytes));
      _mm_storeu_si128((__m128i *)(to[0] + 32), _mm512_extracti32x4_epi32(bytes, 2));
    } else if (B == 2) {
      _mm256_storeu_si256((__m256i *)to[0], _mm512_castsi512_si256(bytes));
      if (k + 2 < count * B) _mm256_storeu_si256((__m256i *)to[1], _mm512_extracti64x4_epi64(bytes, 1));
    } else {
      _mm_storeu_si128((__m128i *)to[0], _mm512_castsi512_si128(bytes));
      if (k + 1 < count) _mm_storeu_si128((__m128i *)to[1], _mm512_extracti32x4_epi32(bytes, 1));
      if (k + 2 < count) _mm_storeu_si128((__m128i *)to[2], _mm512_extracti32x4_epi32(bytes, 2));
      if (k + 3 < count) _mm_storeu_si128((__m128i *)to[3], _mm512_extracti32x4_epi32(bytes, 3));
    }
  }
}
#define QUILL_STORES_WHOLE 1

#include "convolution_walk.h"
#pragma clang attribute pop
#endif
