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
#include "vnni_store.h"

#define QUILL_NAME(suffix) quill_avx512vnni_##suffix
#define QUILL_COLUMN_CHANNELS 16
#define QUILL_COLUMNS 4
#define QUILL_OWN_WALK 1
// Two dot products begin in a cycle and take four: eight must be under way, and more where they are to wait for nothing.
#define QUILL_POSITIONS(B) ((B) == 1 ? 16 : (B) == 2 ? 8 : (B) == 3 ? 5 : 4)
// Of a tile whose positions are anywhere: so many places in registers.
#define QUILL_LOOSE_POSITIONS(B) ((B) <= 2 ? 8 : 4)
// Pool windows of a tile, four positions each.
#define QUILL_WINDOWS(B) ((B) == 1 ? 4 : (B) == 2 ? 2 : 1)

/// Where a tile's positions lie.
enum quill_places {
  /// Anywhere.
  QUILL_PLACES_ANY,
  /// Side by side.
  QUILL_PLACES_ROW,
  /// The same, three bytes apart, as in an image of three colours, or six, as every second of its pixels: places of many
  /// positions need no registers.
  QUILL_PLACES_COLOURS,
  QUILL_PLACES_COLOURS_2,
  /// Side by side, a pixel apart, under a kernel of three columns: each pixel serves three positions.
  QUILL_PLACES_SHARED
};

/// Four activations in every lane, as q + 128. In assembly, so that load, broadcast and change of sign are one
/// instruction: the compiler would rather flip the signs first and pay a shuffle.
QUILL_INLINE __m512i unsignedFour(const int8_t *p) {
  typedef struct {
    int8_t bytes[4];
  } four_bytes;
  __m512i four;
  __asm__ volatile("vpxord %1%{1to16%}, %2, %0" : "=v"(four) : "m"(*(const four_bytes *)p), "v"(_mm512_set1_epi8(-128)));
  return four;
}

/// In assembly too, since the compiler would gather many activations first, and spill accumulators for them.
QUILL_INLINE void multiplyAdd(__m512i *acc, __m512i four, __m512i weights) {
  __asm__ volatile("vpdpbusd %2, %1, %0" : "+v"(*acc) : "v"(four), "v"(weights));
}

/// One group of taps of P positions times B blocks of 16 channels.
QUILL_INLINE void multiplyGroup(__m512i *acc, const struct quill_band *band, const int8_t *const *in, ptrdiff_t offset,
                                const int8_t *weights, ptrdiff_t step, const int P, const int B,
                                const enum quill_places places) {
  __m512i w[4];
  QUILL_UNROLL for (int b = 0; b < B; b++) w[b] = _mm512_load_si512(weights + b * band->blockBytes);
  QUILL_UNROLL for (int i = 0; i < P; i++) {
    const __m512i four = unsignedFour((places == QUILL_PLACES_ANY ? in[i] : in[0] + i * step) + offset);
    QUILL_UNROLL for (int b = 0; b < B; b++) multiplyAdd(&acc[i * B + b], four, w[b]);
  }
}

/// Whether the first pixel of a tile's first position, and the last one of its last position, are padding that counts as 0.
struct quill_edges {
  int left, right;
};

static const struct quill_edges noEdges = {0, 0};

/// The same group of the three taps of a kernel's row, `step` bytes apart.
QUILL_INLINE void multiplyShared(__m512i *acc, const struct quill_band *band, const int8_t *in, const int8_t *weights,
                                 ptrdiff_t step, const struct quill_edges edges, const int P, const int B) {
  __m512i w[3][4];
  QUILL_UNROLL for (int k = 0; k < 3; k++)
    QUILL_UNROLL for (int b = 0; b < B; b++)
      w[k][b] = _mm512_load_si512(weights + k * 16 * step + b * band->blockBytes);
  QUILL_UNROLL for (int j = 0; j < P + 2; j++) {
    if (j == 0 ? edges.left : j == P + 1 && edges.right) continue;
    const __m512i four = unsignedFour(in + j * step);
    QUILL_UNROLL for (int k = 0; k < 3; k++)
      if (j >= k && j < P + k)
        QUILL_UNROLL for (int b = 0; b < B; b++)
          multiplyAdd(&acc[(j - k) * B + b], four, w[k][b]);
  }
}

#include "vnni_colours.h"

/// The accumulators of P positions and B columns, in an array of QUILL_MOST_SUMS. A position by itself has too few under way
/// to wait for nothing: its odd groups of taps have their own.
QUILL_INLINE void accumulate(const struct quill_convolution *c, const struct quill_band *band,
                             const __m512i *start, const int8_t *const *in, __m512i *acc,
                             const struct quill_edges edges, const int P, const int B, const enum quill_places places) {
  QUILL_UNROLL for (int i = 0; i < P * B; i++) acc[i] = start[i % B];
  __m512i *const odd = P == 1 ? acc + B : acc;
  if (P == 1) QUILL_UNROLL for (int b = 0; b < B; b++) odd[b] = _mm512_setzero_si512();
  const int8_t *weights = band->weights;
  const ptrdiff_t step = c->positionStepX;
  ptrdiff_t row = 0;
  int32_t y = band->runRows;
  if (band->taps == 1 && c->runColumns == 1) {
    // An image's first layer: all rows as one run.
    do {
      multiplyGroup(acc, band, in, row, weights, step, P, B, places);
      weights += 64;
      row += c->runStepY;
    } while (--y > 0);
    return;
  }
  do {
    if (places == QUILL_PLACES_SHARED) {
      ptrdiff_t offset = sharedOffset(row);
      const ptrdiff_t end = offset + step;
      do {
        multiplyShared(acc, band, in[0] + offset, weights, step, edges, P, B);
        weights += 64;
      } while ((offset += 4) < end);
      weights += 2 * 16 * step;
    } else {
      ptrdiff_t run = row;
      int32_t x = c->runColumns;
      do {
        ptrdiff_t offset = sharedOffset(run);
        int32_t taps = band->taps;
        const int32_t pixel = (int32_t)c->runStepX / 4;
        const int8_t *const second = in[0] + step;
        if (places == QUILL_PLACES_ROW && P > 1 && edges.left) {
          for (int32_t k = pixel; k > 0; k--, weights += 64, offset += 4)
            multiplyGroup(acc + B, band, &second, offset, weights, step, P - 1, B, places);
          taps -= pixel;
        }
        if (places == QUILL_PLACES_ROW && P > 1 && edges.right) taps -= pixel;
        for (; taps >= 4; taps -= 4) {
          QUILL_UNROLL for (int k = 0; k < 4; k++)
            multiplyGroup(k % 2 ? odd : acc, band, in, offset + 4 * k, weights + 64 * k, step, P, B, places);
          weights += 256;
          offset += 16;
        }
        for (; taps > 0; taps--) {
          multiplyGroup(acc, band, in, offset, weights, step, P, B, places);
          weights += 64;
          offset += 4;
        }
        if (places == QUILL_PLACES_ROW && P > 1 && edges.right)
          for (int32_t k = pixel; k > 0; k--, weights += 64, offset += 4)
            multiplyGroup(acc, band, in, offset, weights, step, P - 1, B, places);
        run += c->runStepX;
      } while (--x > 0);
    }
    row += c->runStepY;
  } while (--y > 0);
  if (P == 1) QUILL_UNROLL for (int b = 0; b < B; b++) acc[b] = _mm512_add_epi32(acc[b], odd[b]);
}

typedef __m512i quill_acc;

QUILL_INLINE void accumulateOne(const struct quill_convolution *c, const struct quill_band *band,
                                const quill_columns *columns, const int8_t *in, __m512i *sums, const int B) {
  __m512i acc[QUILL_MOST_SUMS];
  accumulate(c, band, columns->start, &in, acc, noEdges, 1, B, QUILL_PLACES_ROW);
  QUILL_UNROLL for (int b = 0; b < B; b++) sums[b] = acc[b];
}

#include "convolution_parts.h"

/// Positions that fill no tile in their row.
struct quill_rest {
  const int8_t *in[QUILL_MOST_POSITIONS];
  struct quill_targets targets;
  int count;
};

/// A tile of positions anywhere.
#define QUILL_REST(B)                                                                                             \
  static __attribute__((noinline)) void rest##B(const struct quill_convolution *c, const struct quill_band *band, \
                                                const quill_columns *columns, struct quill_rest *rest) {          \
    __m512i acc[QUILL_MOST_SUMS];                                                                                 \
    accumulate(c, band, columns->start, rest->in, acc, noEdges, QUILL_LOOSE_POSITIONS(B), B, QUILL_PLACES_ANY);   \
    struct quill_doubtful doubtfuls;                                                                              \
    doubtfuls.count = 0;                                                                                          \
    storeTile(c, band, columns, acc, &rest->targets, &doubtfuls, QUILL_LOOSE_POSITIONS(B), B, 0, 1);              \
    mendStored(c, band, columns, &doubtfuls, B);                                                                  \
    rest->count = 0;                                                                                              \
  }
QUILL_REST(1)
QUILL_REST(2)
QUILL_REST(3)
QUILL_REST(4)

QUILL_INLINE void runRest(const struct quill_convolution *c, const struct quill_band *band,
                          const quill_columns *columns, struct quill_rest *rest, const int B) {
  switch (B) {
    case 1: rest1(c, band, columns, rest); break;
    case 2: rest2(c, band, columns, rest); break;
    case 3: rest3(c, band, columns, rest); break;
    default: rest4(c, band, columns, rest); break;
  }
}

/// Where a position's first tap lies, where its output goes, and what is added to that.
struct quill_place {
  const int8_t *in;
  int8_t *out;
  const int8_t *other;
};

/// So many positions on within the row.
QUILL_INLINE void advance(const struct quill_convolution *c, struct quill_place *place, const int count) {
  place->in += count * c->positionStepX;
  place->out += count * c->outputPixelPitch;
  place->other += count * c->outputPixelPitch;
}

/// What is added to a band's first output, and bytes from one row of it to the next; the output itself where nothing is.
QUILL_INLINE const int8_t *otherStart(const struct quill_convolution *c, const struct quill_band *band) {
  if (!c->addition) return band->output;
  return c->addition->right + (band->output - c->output) + band->firstRow * (c->additionRowPitch - c->outputRowPitch);
}

QUILL_INLINE ptrdiff_t otherPitch(const struct quill_convolution *c) {
  return c->addition ? c->additionRowPitch : c->outputRowPitch;
}

/// A tile of positions side by side.
QUILL_INLINE void runTile(const struct quill_convolution *c, const struct quill_band *band,
                          const quill_columns *columns, const __m512i *start, const struct quill_lasts *lasts,
                          const struct quill_place *place, struct quill_doubtful *doubtfuls,
                          const struct quill_edges edges, const int P, const int B, const enum quill_places places) {
  struct quill_targets targets;
  __m512i acc[QUILL_MOST_SUMS];
  targets.out[0] = place->out;
  targets.other[0] = place->other;
  targets.step = c->outputPixelPitch;
  if (isOfColours(places))
    accumulateColours(c, band, start, lasts, place->in, acc, P, B, places);
  else
    accumulate(c, band, start, &place->in, acc, edges, P, B, places);
  storeTile(c, band, columns, acc, &targets, doubtfuls, P, B, 1, 1);
}

/// Of the rows of a kernel that takes whole pixels as one run. Padding after a ReLU is -128, which counts as 0 here.
QUILL_INLINE struct quill_edges edgesOf(const struct quill_convolution *c) {
  const ptrdiff_t pixel = c->runStepX, last = (c->outputWidth - 1) * c->positionStepX + c->runBytes - pixel;
  const int8_t padding = c->imageLeft > 0 ? *c->input : c->imageRight > 0 ? c->input[c->imageRight] : 0;
  if (padding != -128 || c->runColumns > 1 || pixel % 4 || c->runBytes < 2 * pixel) return noEdges;
  return (struct quill_edges){c->imageLeft >= pixel, c->imageRight > 0 && last >= c->imageRight};
}

/// All positions, P at a time: side by side in a row, and what is left of the rows together.
QUILL_INLINE void walkPositions(const struct quill_convolution *c, const struct quill_band *band,
                                const quill_columns *columns, const int P, const int B,
                                const enum quill_places places) {
  const ptrdiff_t step = c->positionStepX, pitch = c->outputPixelPitch;
  int64_t width = c->outputWidth, rows = band->rows;
  struct quill_place row = {.in = band->input, .out = band->output, .other = otherStart(c, band)};
  if (c->positionStepY == width * step && c->outputRowPitch == width * pitch && otherPitch(c) == width * pitch) {
    width *= rows;
    rows = 1;
  }
  const int L = P == 1 ? 1 : QUILL_LOOSE_POSITIONS(B);
  const struct quill_edges edges = edgesOf(c);
  struct quill_rest rest;
  rest.count = 0;
  struct quill_doubtful doubtfuls;
  doubtfuls.count = 0;
  // A copy that no other function sees, so that it may stay in registers.
  __m512i start[4];
  QUILL_UNROLL for (int b = 0; b < B; b++) start[b] = columns->start[b];
  struct quill_lasts lasts;
  if (isOfColours(places)) lasts = lastsOf(c, band, B);
  for (int64_t y = 0; y < rows; y++) {
    struct quill_place place = row;
    int64_t left = width;
    // Loops over tiles end where one is to be mended, and begin again.
    do {
      for (; left >= P && doubtfuls.count == 0; left -= P, advance(c, &place, P)) {
        const struct quill_edges own = {edges.left && left == width, edges.right && left == P};
        runTile(c, band, columns, start, &lasts, &place, &doubtfuls, own, P, B, places);
      }
      if (L < P)
        for (; left >= L && left < P && doubtfuls.count == 0; left -= L, advance(c, &place, L)) {
          const struct quill_edges own = {edges.left && left == width, edges.right && left == L};
          runTile(c, band, columns, start, &lasts, &place, &doubtfuls, own, L, B, places);
        }
      mendStored(c, band, columns, &doubtfuls, B);
    } while (left >= L);
    for (; left > 0; left--, advance(c, &place, 1)) {
      rest.in[rest.count] = place.in;
      rest.targets.out[rest.count] = place.out;
      rest.targets.other[rest.count++] = place.other;
      if (rest.count == L) runRest(c, band, columns, &rest, B);
    }
    row.in += c->positionStepY;
    row.out += c->outputRowPitch;
    row.other += otherPitch(c);
  }
  if (rest.count == 0) return;
  // The last position is computed again, for nobody.
  int8_t nowhere[64];
  for (int i = rest.count; i < L; i++) {
    rest.in[i] = rest.in[rest.count - 1];
    rest.targets.out[i] = nowhere;
    rest.targets.other[i] = rest.targets.other[rest.count - 1];
  }
  runRest(c, band, columns, &rest, B);
}

/// The same, without the products of padding.
QUILL_INLINE void walkParts(const struct quill_convolution *c, const struct quill_band *band, quill_columns *columns,
                            const int B, const enum quill_places places) {
  QUILL_WALK_PARTS(c, band, columns, QUILL_LOOSE_POSITIONS(B), B,
                   walkPositions(c, &rows, columns, QUILL_POSITIONS(B), B, places))
}

#include "vnni_windows.h"

/// Whether a pixel serves the three positions around it.
QUILL_INLINE int sharesPixels(const struct quill_convolution *c) {
  return c->runColumns == 1 && c->positionStepX % 4 == 0 && c->runBytes == 3 * c->positionStepX;
}

#include "vnni_winograd.h"

#include "vnni_form.h"

/// What stays the same for a band's columns.
QUILL_INLINE quill_columns columnsOf(const struct quill_convolution *c, const struct quill_band *band, const int B) {
  quill_columns columns = {.kind = QUILL_STAGE_RECTIFIED};
  const struct quill_once *const once = onceOf(c) ? onceOf(c) + band->parameters / 16 : 0;
  int isOnce = once != 0;
  QUILL_UNROLL for (int b = 0; b < B; b++) isOnce = isOnce && once[b].addend[0] != 0;
  if (isOnce) columns.kind = QUILL_STAGE_ONCE;
  QUILL_UNROLL for (int b = 0; b < B; b++) {
    const ptrdiff_t channel = band->parameters + 16 * b;
    const __m512i sum = _mm512_loadu_si512(c->weightSum + channel);
    columns.start[b] = _mm512_sub_epi32(_mm512_loadu_si512(c->bias + channel), _mm512_slli_epi32(sum, 7));
    if (isOnce) {
      columns.start[b] = _mm512_add_epi32(columns.start[b], _mm512_loadu_si512(once[b].start));
      columns.near[b].scale = (quill_near_reals)_mm512_loadu_ps(once[b].scale);
      columns.near[b].addend = (quill_near_reals)_mm512_loadu_ps(once[b].addend);
      continue;
    }
    const enum quill_stage_kind kind = columnOf(c, channel, &columns.near[b]);
    if (kind < columns.kind) columns.kind = kind;
  }
  return columns;
}

QUILL_INLINE void walkBand(const struct quill_convolution *c, const struct quill_band *band, const int B) {
  quill_columns columns = columnsOf(c, band, B);
  if (c->addition && !additionOf(c, &columns.addition)) columns.kind = QUILL_STAGE_ANY;
  if (c->poolHeight > 1 || c->poolWidth > 1 || c->poolStrideY > 1 || c->poolStrideX > 1)
    walkWindows(c, band, &columns, QUILL_WINDOWS(B), B);
  else if (c->transformed && ((const struct quill_form *)c->transformed)->winograd && isTransformed(c))
    walkWinograd(c, band, &columns, QUILL_TILES(B), B);
  else if (c->outputHeight == 1 && c->outputWidth == 1)
    walkPositions(c, band, &columns, 1, B, QUILL_PLACES_ROW);
  else if (B <= 2 && sharesPixels(c))
    walkParts(c, band, &columns, B, QUILL_PLACES_SHARED);
  else if (B <= 2 && c->runColumns == 1 && c->positionStepX == 3)
    walkParts(c, band, &columns, B, QUILL_PLACES_COLOURS);
  else if (B <= 2 && c->runColumns == 1 && c->positionStepX == 6)
    walkParts(c, band, &columns, B, QUILL_PLACES_COLOURS_2);
  else
    walkParts(c, band, &columns, B, QUILL_PLACES_ROW);
}

#include "convolution_walk.h"
#pragma clang attribute pop
#endif
