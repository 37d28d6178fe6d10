// Depthwise convolution with AVX512-VNNI: four taps of sixteen channels an instruction.
//
// Why C: `vpdpbusd` and function attributes. Four taps' bytes are gathered as [tap][16] and turned into [16][tap],
// weights once a block and activations as they come. Unsigned by signed, so q + 128 and a fold of 128 * sum(w), as in
// the convolution.
#include "kernel_common.h"
#include "kernel_levels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(                                                  \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), apply_to = function)
#include "requantise_avx512.h"
#include "depthwise_real.h"
#include "requantise_once.h"

/// Larger kernels go to AVX2.
#define QUILL_MOST_TAPS 64
#define QUILL_TILE 4

/// A block of 16 output channels.
struct quill_dot_block {
  const int8_t *input;
  int8_t *output;
  /// [16][4] weights of each group of four taps, and where the four are.
  __m512i weights[QUILL_MOST_TAPS / 4];
  ptrdiff_t offsets[QUILL_MOST_TAPS];
  /// Whether two rows of positions share their taps.
  int pairsRows;
  /// Which of the 16 bytes at a tap each output channel reads.
  __m512i index;
  __m512i start;
  quill_stage stage;
  /// Of QUILL_STAGE_ONCE (requantise_once.h).
  __m512 scale, addend;
  enum quill_stage_kind kind;
  /// The block's first output channel; the channels from there on.
  int32_t first, channels;
};

/// [4][16] bytes to [16][4].
QUILL_INLINE __m512i transposed(__m512i v) {
  const __m512i dwords = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  const __m512i bytes = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
  // The barriers keep the compiler from merging these two and the loads before them into four times as many shuffles.
  __asm__("" : "+v"(v));
  v = _mm512_permutexvar_epi32(dwords, v);
  __asm__("" : "+v"(v));
  return _mm512_shuffle_epi8(v, bytes);
}

QUILL_INLINE __m512i fourTaps(const int8_t *in, const ptrdiff_t *offsets) {
  __m512i v = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)(in + offsets[0])));
  v = _mm512_mask_broadcast_i32x4(v, 0x00F0, _mm_loadu_si128((const __m128i *)(in + offsets[1])));
  v = _mm512_mask_broadcast_i32x4(v, 0x0F00, _mm_loadu_si128((const __m128i *)(in + offsets[2])));
  v = _mm512_mask_broadcast_i32x4(v, 0xF000, _mm_loadu_si128((const __m128i *)(in + offsets[3])));
  return v;
}

/// Sixteen sums as bytes by one multiply-add.
QUILL_INLINE __m128i onceRequantised(__m512i x, const struct quill_dot_block *block) {
  const __m512i bits = _mm512_castps_si512(_mm512_fmadd_ps(_mm512_castsi512_ps(x), block->scale, block->addend));
  return _mm512_cvtsepi32_epi8(_mm512_sub_epi32(bits, _mm512_set1_epi32(QUILL_ONCE_START + (1 << 16))));
}

/// Requantises and stores P positions. `kind`: the block's, or QUILL_STAGE_ANY for any.
QUILL_INLINE void depthwiseStore(const struct quill_depthwise *d, const struct quill_dot_block *block,
                                 const __m512i *acc, int8_t *out, const int P, const enum quill_stage_kind kind) {
  QUILL_UNROLL for (int i = 0; i < P; i++, out += d->outputPixelPitch) {
    if (kind == QUILL_STAGE_ONCE)
      storeBytes(out, onceRequantised(acc[i], block), block->channels);
    else if (kind != QUILL_STAGE_ANY || !d->realShift)
      storeBytes(out, requantised(acc[i], &block->stage, &d->range, kind), block->channels);
    else
      storeDepthwiseReal(d, block->first, (const int32_t *)&acc[i], out);
  }
}

/// P positions of one block, stored. `shared`: several output channels read one input channel.
QUILL_INLINE void depthwiseTile(const struct quill_depthwise *d, const struct quill_dot_block *block, const int8_t *in,
                                int8_t *out, const int32_t groups, const int P, const int shared,
                                const enum quill_stage_kind kind) {
  __m512i acc[QUILL_TILE];
  QUILL_UNROLL for (int i = 0; i < P; i++) acc[i] = block->start;
  for (int32_t g = 0; g < groups; g++) {
    const __m512i w = block->weights[g];
    QUILL_UNROLL for (int i = 0; i < P; i++) {
      __m512i x = fourTaps(in + i * d->positionStepX, block->offsets + 4 * g);
      if (shared) x = _mm512_shuffle_epi8(x, block->index);
      acc[i] = _mm512_dpbusd_epi32(acc[i], _mm512_xor_si512(transposed(x), _mm512_set1_epi8(-128)), w);
    }
  }
  depthwiseStore(d, block, acc, out, P, kind);
}

QUILL_INLINE void depthwiseBlock(const struct quill_depthwise *d, const struct quill_dot_block *block,
                                 const int shared, const enum quill_stage_kind kind) {
  const int32_t groups = (d->kernelHeight * d->kernelWidth + 3) / 4;
  for (int32_t y = 0; y < d->outputHeight; y++) {
    const int8_t *in = block->input + y * d->positionStepY;
    int8_t *out = block->output + y * d->outputRowPitch;
    int32_t x = 0;
    for (; x + QUILL_TILE <= d->outputWidth; x += QUILL_TILE) {
      depthwiseTile(d, block, in, out, groups, QUILL_TILE, shared, kind);
      in += QUILL_TILE * d->positionStepX;
      out += QUILL_TILE * d->outputPixelPitch;
    }
    for (; x < d->outputWidth; x++, in += d->positionStepX, out += d->outputPixelPitch)
      depthwiseTile(d, block, in, out, groups, 1, shared, kind);
  }
}

/// The same for kernels of three columns and at most four rows, each group of taps being a column: neighbouring
/// positions share the columns that both read, and R output rows the taps of both. S: pixels from one position to the
/// next, 1 or 2.
QUILL_INLINE void columnTile(const struct quill_depthwise *d, const struct quill_dot_block *block, const int8_t *in,
                             int8_t *out, const int P, const int S, const int R, const enum quill_stage_kind kind) {
  __m512i acc[2 * (QUILL_TILE + 1)];
  QUILL_UNROLL for (int i = 0; i < R * P; i++) acc[i] = block->start;
  QUILL_UNROLL for (int column = 0; column < (P - 1) * S + 3; column++) {
    __m512i taps = transposed(fourTaps(in + column * d->tapStepX, block->offsets + 4 * (R - 1)));
    taps = _mm512_xor_si512(taps, _mm512_set1_epi8(-128));
    QUILL_UNROLL for (int i = 0; i < R * P; i++) {
      const int k = column - i % P * S;
      if (k >= 0 && k < 3) acc[i] = _mm512_dpbusd_epi32(acc[i], taps, block->weights[i / P * 3 + k]);
    }
  }
  QUILL_UNROLL for (int r = 0; r < R; r++) depthwiseStore(d, block, acc + r * P, out + r * d->outputRowPitch, P, kind);
}

/// R rows of positions: tiles of four, a last one of five, or one that computes some positions again.
QUILL_INLINE void columnRows(const struct quill_depthwise *d, const struct quill_dot_block *block, const int8_t *in,
                             int8_t *out, const int S, const int R, const enum quill_stage_kind kind) {
  const ptrdiff_t stepIn = d->positionStepX, stepOut = d->outputPixelPitch;
  int32_t x = 0, left = d->outputWidth;
  for (; left >= QUILL_TILE && left != QUILL_TILE + 1; x += QUILL_TILE, left -= QUILL_TILE)
    columnTile(d, block, in + x * stepIn, out + x * stepOut, QUILL_TILE, S, R, kind);
  if (left > QUILL_TILE) {
    columnTile(d, block, in + x * stepIn, out + x * stepOut, QUILL_TILE + 1, S, R, kind);
  } else if (left > 0 && x > 0) {
    x -= QUILL_TILE - left;
    columnTile(d, block, in + x * stepIn, out + x * stepOut, QUILL_TILE, S, R, kind);
  } else {
    for (; x < d->outputWidth; x++) columnTile(d, block, in + x * stepIn, out + x * stepOut, 1, S, R, kind);
  }
}

QUILL_INLINE void depthwiseColumns(const struct quill_depthwise *d, const struct quill_dot_block *block,
                                   const int S, const enum quill_stage_kind kind) {
  const int8_t *in = block->input;
  int8_t *out = block->output;
  int32_t y = 0;
  if (S == 1 && block->pairsRows)
    for (; y + 2 <= d->outputHeight; y += 2, in += 2 * d->positionStepY, out += 2 * d->outputRowPitch)
      columnRows(d, block, in, out, S, 2, kind);
  for (; y < d->outputHeight; y++, in += d->positionStepY, out += d->outputRowPitch)
    columnRows(d, block, in, out, S, 1, kind);
}

/// Whether `depthwiseColumns` serves.
QUILL_INLINE int readsColumns(const struct quill_depthwise *d) {
  return d->kernelWidth == 3 && d->kernelHeight <= 4 && d->channelMultiplier == 1 &&
         (d->positionStepX == d->tapStepX || d->positionStepX == 2 * d->tapStepX);
}

/// Weights and offsets of the groups of four taps, row by row.
QUILL_INLINE void prepareTaps(const struct quill_depthwise *d, const int8_t *weights, struct quill_dot_block *block) {
  __m128i four[QUILL_MOST_TAPS];
  int32_t place = 0;
  for (int32_t y = 0; y < d->kernelHeight; y++)
    for (int32_t x = 0; x < d->kernelWidth; x++, place++) {
      block->offsets[place] = y * d->tapStepY + x * d->tapStepX;
      four[place] = _mm_load_si128((const __m128i *)(weights + 16 * place));
    }
  for (; place % 4; place++) {
    block->offsets[place] = 0;
    four[place] = _mm_setzero_si128();
  }
  for (int32_t t = 0; t < place; t += 4) block->weights[t / 4] = transposed(_mm512_loadu_si512(four + t));
}

/// The same column by column: the rows that a position reads; then, for positions of two rows, the rows that both read,
/// and the weights of the lower one, a row further down.
QUILL_INLINE void prepareColumns(const struct quill_depthwise *d, const int8_t *weights, struct quill_dot_block *block) {
  block->pairsRows = d->kernelHeight <= 3 && d->positionStepY == d->tapStepY;
  for (int32_t row = 0; row < 4; row++) {
    block->offsets[row] = row < d->kernelHeight ? row * d->tapStepY : 0;
    block->offsets[4 + row] = row <= d->kernelHeight ? row * d->tapStepY : 0;
  }
  for (int32_t column = 0; column < 3; column++) {
    __m128i taps[6];
    for (int32_t row = -1; row < 5; row++)
      taps[row + 1] = row >= 0 && row < d->kernelHeight
                        ? _mm_load_si128((const __m128i *)(weights + 16 * (row * 3 + column)))
                        : _mm_setzero_si128();
    block->weights[column] = transposed(_mm512_loadu_si512(taps + 1));
    block->weights[3 + column] = transposed(_mm512_loadu_si512(taps));
  }
}

/// Weights, offsets and channel arrays of the block that begins with output channel `first`.
QUILL_INLINE void prepareBlock(const struct quill_depthwise *d, int32_t first, struct quill_dot_block *block,
                               int columns) {
  const int8_t *weights = d->weights + (ptrdiff_t)first * d->kernelHeight * d->kernelWidth;
  if (columns)
    prepareColumns(d, weights, block);
  else
    prepareTaps(d, weights, block);
  int32_t base = first;
  if (d->channelMultiplier > 1) {
    base = first / d->channelMultiplier;
    int8_t index[16];
    for (int32_t i = 0; i < 16; i++) index[i] = (int8_t)((first + i) / d->channelMultiplier - base);
    block->index = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)index));
  }
  block->input = d->input + base;
  block->output = d->output + first;
  const __m512i sum = _mm512_loadu_si512(d->weightSum + first);
  block->start = _mm512_sub_epi32(_mm512_loadu_si512(d->bias + first), _mm512_slli_epi32(sum, 7));
  block->first = first;
  block->channels = d->outputChannels - first;
  const struct quill_once *const once = d->form ? (const struct quill_once *)d->form + first / 16 : 0;
  if (once && once->addend[0] != 0) {
    block->start = _mm512_add_epi32(block->start, _mm512_loadu_si512(once->start));
    block->scale = _mm512_loadu_ps(once->scale);
    block->addend = _mm512_loadu_ps(once->addend);
    block->kind = QUILL_STAGE_ONCE;
    return;
  }
  block->stage = stageOf(d->multiplier + first, d->shift + first, &d->range);
  block->kind = depthwiseKind(d, first);
}

/// One block, by the way its taps are read.
static __attribute__((noinline)) void runBlock(const struct quill_depthwise *d, int32_t first) {
  const struct quill_depthwise own = *d;
  const int columns = readsColumns(&own), S = own.positionStepX == own.tapStepX ? 1 : 2;
  struct quill_dot_block block;
  prepareBlock(&own, first, &block, columns);
  if (block.kind == QUILL_STAGE_ONCE) {
    if (columns && S == 1)
      depthwiseColumns(&own, &block, 1, QUILL_STAGE_ONCE);
    else if (columns)
      depthwiseColumns(&own, &block, 2, QUILL_STAGE_ONCE);
    else if (own.channelMultiplier > 1)
      depthwiseBlock(&own, &block, 1, QUILL_STAGE_ONCE);
    else
      depthwiseBlock(&own, &block, 0, QUILL_STAGE_ONCE);
  } else if (columns && S == 1 && block.kind == QUILL_STAGE_RECTIFIED)
    depthwiseColumns(&own, &block, 1, QUILL_STAGE_RECTIFIED);
  else if (columns && S == 1 && block.kind == QUILL_STAGE_RIGHT)
    depthwiseColumns(&own, &block, 1, QUILL_STAGE_RIGHT);
  else if (columns && S == 2 && block.kind != QUILL_STAGE_ANY)
    depthwiseColumns(&own, &block, 2, QUILL_STAGE_RIGHT);
  else if (columns && S == 1)
    depthwiseColumns(&own, &block, 1, QUILL_STAGE_ANY);
  else if (columns)
    depthwiseColumns(&own, &block, 2, QUILL_STAGE_ANY);
  else if (own.channelMultiplier > 1)
    depthwiseBlock(&own, &block, 1, QUILL_STAGE_ANY);
  else if (block.kind != QUILL_STAGE_ANY)
    depthwiseBlock(&own, &block, 0, QUILL_STAGE_RIGHT);
  else
    depthwiseBlock(&own, &block, 0, QUILL_STAGE_ANY);
}

size_t quill_avx512vnni_depthwise_form_bytes(const struct quill_depthwise *d) {
  if (d->realShift || kindToTheRight(&d->range) != QUILL_STAGE_RECTIFIED ||
      (int64_t)d->outputHeight * d->outputWidth < QUILL_ONCE_POSITIONS ||
      (int64_t)d->kernelHeight * d->kernelWidth > QUILL_MOST_TAPS)
    return 0;
  return (size_t)(d->outputChannels + 15) / 16 * sizeof(struct quill_once);
}

/// A column's numbers for requantising with one multiply-add after the other.
void quill_avx512vnni_make_depthwise_form(const struct quill_depthwise *d, int8_t *to) {
  const int32_t taps = d->kernelHeight * d->kernelWidth;
  const int8_t *weights = d->weights;
  struct quill_once *once = (struct quill_once *)to;
  for (int32_t first = 0; first < d->outputChannels; first += 16, weights += 16 * taps, once++) {
    const int32_t left = d->outputChannels - first;
    struct quill_once_channels channels = {.count = left < 16 ? left : 16};
    for (int channel = 0; channel < channels.count; channel++) {
      int64_t positive = 0, negative = 0;
      for (int32_t tap = 0; tap < taps; tap++) {
        const int8_t w = weights[16 * tap + channel];
        positive += w > 0 ? w : 0;
        negative += w < 0 ? -w : 0;
      }
      onceBounds(&channels, channel, d->bias[first + channel], positive, negative);
    }
    quill_avx512vnni_prove_once(once, &channels, d->multiplier + first, d->shift + first);
  }
}

void quill_avx512vnni_depthwise(const struct quill_depthwise *d) {
  if ((int64_t)d->kernelHeight * d->kernelWidth > QUILL_MOST_TAPS) {
    quill_avx2_depthwise(d);
    return;
  }
  for (int32_t first = 0; first < d->outputChannels; first += 16) runBlock(d, first);
}

#pragma clang attribute pop
#endif
