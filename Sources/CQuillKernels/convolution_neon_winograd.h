// Convolution 3 x 3 of stride 1 with NEON by Winograd's F(4 x 4, 3 x 3) (winograd.h).
//
// Why C: smlal by element. A product of 16 bits costs twice as much here as one of 8, but needs no second instruction that sums
// it.
#include "winograd.h"

/// Tiles that are multiplied at once, and that are under way at once.
#define QUILL_TILES 4
#define QUILL_MOST_TILES 8
/// The transformed weights at most, in bytes: they are eight times the file's, and every few tiles read all of them.
#define QUILL_MOST_TRANSFORMED (1 << 20)
#define QUILL_ROLLED _Pragma("clang loop unroll(disable)")
/// Registers of a tile's channels.
#define QUILL_SUMS (QUILL_COLUMN_CHANNELS / 4)

/// Tiles under way at once: as many as the first cache may hold the pixels of.
QUILL_INLINE int tilesOf(ptrdiff_t depth) { return depth <= 32 ? QUILL_MOST_TILES : QUILL_TILES; }

/// Values of B' d B between one point and the next: a line more than the tiles need, so that points do not fall onto the
/// same lines of the cache.
QUILL_INLINE ptrdiff_t pointPitch(ptrdiff_t depth) { return tilesOf(depth) * depth + 32; }

QUILL_INLINE int32_t tilesAcross(const struct quill_convolution *c) { return (c->outputWidth * c->poolWidth + 3) / 4; }

QUILL_INLINE int32_t tilesDown(const struct quill_convolution *c) { return (c->outputHeight * c->poolHeight + 3) / 4; }

/// Whether a convolution is done so: wide enough to be worth transforming, and tiles that hardly reach beyond the image. By
/// llvm-mca's cycles a tile costs as much as 10 of its outputs with 64 channels, 11 with 32, and 13 or 14 with 16.
static __attribute__((minsize)) int isTransformed(const struct quill_convolution *c) {
  const ptrdiff_t depth = c->positionStepX;
  return isWinograd(c) && depth % 8 == 0 && depth >= 16 && winogradBytes(c) <= QUILL_MOST_TRANSFORMED &&
         c->poolHeight <= 2 && c->poolWidth == c->poolHeight && c->poolStrideY == c->poolHeight &&
         c->poolStrideX == c->poolHeight &&
         (depth < 32 ? 14 : 11) * (int64_t)tilesAcross(c) * tilesDown(c) <=
           (int64_t)c->outputWidth * c->outputHeight * c->poolWidth * c->poolHeight;
}

size_t quill_neon_transformed_bytes(const struct quill_convolution *c) {
  return isTransformed(c) ? (size_t)winogradBytes(c) : 0;
}

/// G of three values, `step` apart. Done once a network: small.
static __attribute__((noinline, minsize)) void transformedWeights(int16_t *out, const int16_t *g, ptrdiff_t outStep,
                                                                  ptrdiff_t step) {
  const int outer = g[0] + g[2 * step], four = g[0] + 4 * g[2 * step], two = 2 * g[step];
  out[0] = (int16_t)(6 * g[0]);
  out[outStep] = (int16_t)(outer + g[step]);
  out[2 * outStep] = (int16_t)(outer - g[step]);
  out[3 * outStep] = (int16_t)(four + two);
  out[4 * outStep] = (int16_t)(four - two);
  out[5 * outStep] = (int16_t)(6 * g[2 * step]);
}

/// [groupOutputs / channels of a column][36][depth][channels of a column].
__attribute__((minsize)) void quill_neon_transform(const struct quill_convolution *c, int16_t *to) {
  const ptrdiff_t depth = c->positionStepX, point = depth * QUILL_COLUMN_CHANNELS;
  for (int32_t output = 0; output < c->groupOutputs; output++) {
    const int8_t *weights = c->weights + output / 16 * 9 * 16 * depth + output % 16 * 4;
    int16_t *out = to + output / QUILL_COLUMN_CHANNELS * QUILL_POINTS * point + output % QUILL_COLUMN_CHANNELS;
    for (ptrdiff_t channel = 0; channel < depth; channel++, out += QUILL_COLUMN_CHANNELS) {
      int16_t g[9], rows[18];
      for (int i = 0; i < 9; i++) g[i] = weights[(i * depth + channel) / 4 * 64 + channel % 4];
      for (int x = 0; x < 3; x++) transformedWeights(rows + x, g + x, 3, 3);
      for (int y = 0; y < 6; y++) transformedWeights(out + y * point, rows + 3 * y, 6 * point, 1);
    }
  }
}

/// B' of six values, `step` apart in `to`.
QUILL_INLINE void transformedPixels(int16_t *to, const ptrdiff_t step, const int16x8_t *d) {
  const int16x8_t a = vsubq_s16(d[4], vshlq_n_s16(d[2], 2)), b = vsubq_s16(d[3], vshlq_n_s16(d[1], 2));
  const int16x8_t e = vsubq_s16(d[4], d[2]), half = vsubq_s16(d[3], d[1]), f = vaddq_s16(half, half);
  vst1q_s16(to, vaddq_s16(vshlq_n_s16(vsubq_s16(d[0], d[2]), 2), e));
  vst1q_s16(to + step, vaddq_s16(a, b));
  vst1q_s16(to + 2 * step, vsubq_s16(a, b));
  vst1q_s16(to + 3 * step, vaddq_s16(e, f));
  vst1q_s16(to + 4 * step, vsubq_s16(e, f));
  vst1q_s16(to + 5 * step, vsubq_s16(vsubq_s16(d[5], d[3]), vaddq_s16(f, f)));
}

/// B' d B of the tile whose first output is at (row, column), for all channels: `to` is its place among the tiles of the
/// first point. Beyond the image's end the last pixels count again, for outputs that nobody gets.
static __attribute__((noinline)) void transformTile(const struct quill_convolution *c, int32_t row, int32_t column,
                                                    int16_t *to) {
  const ptrdiff_t depth = c->positionStepX, pitch = pointPitch(depth);
  const int32_t lastRow = c->outputHeight * c->poolHeight + 1, lastColumn = c->outputWidth * c->poolWidth + 1;
  const int8_t *rows[6];
  QUILL_ROLLED for (int y = 0; y < 6; y++) rows[y] = c->input + (row + y < lastRow ? row + y : lastRow) * c->positionStepY;
  for (ptrdiff_t channel = 0; channel < depth; channel += 8, to += 8) {
    int16_t columns[6 * 6 * 8];
    for (int x = 0; x < 6; x++) {
      const ptrdiff_t at = (column + x < lastColumn ? column + x : lastColumn) * depth + channel;
      int16x8_t d[6];
      QUILL_UNROLL for (int y = 0; y < 6; y++) d[y] = vmovl_s8(vld1_s8(rows[y] + at));
      transformedPixels(columns + 8 * x, 6 * 8, d);
    }
    for (int y = 0; y < 6; y++) {
      int16x8_t d[6];
      QUILL_UNROLL for (int x = 0; x < 6; x++) d[x] = vld1q_s16(columns + (6 * y + x) * 8);
      transformedPixels(to + y * pitch, 6 * pitch, d);
    }
  }
}

/// The products of T tiles and a column of channels at a point.
QUILL_INLINE void multiplyPoint(const int16_t *pixels, const int16_t *weights, ptrdiff_t depth, int32x4_t *sums,
                                const int T) {
  int32x4_t acc[QUILL_TILES * QUILL_SUMS];
  QUILL_UNROLL for (int i = 0; i < T * QUILL_SUMS; i++) acc[i] = vdupq_n_s32(0);
  ptrdiff_t channel = 0;
  do {
    int16x4_t d[QUILL_TILES];
    QUILL_UNROLL for (int i = 0; i < T; i++) d[i] = vld1_s16(pixels + i * depth + channel);
#define QUILL_CHANNEL(n)                                                                                             \
  QUILL_UNROLL for (int k = 0; k < QUILL_SUMS; k += 2) {                                                             \
    const int16x8_t eight = vld1q_s16(weights);                                                                      \
    QUILL_UNROLL for (int i = 0; i < T; i++) {                                                                       \
      acc[QUILL_SUMS * i + k] = vmlal_lane_s16(acc[QUILL_SUMS * i + k], vget_low_s16(eight), d[i], n);               \
      acc[QUILL_SUMS * i + k + 1] = vmlal_lane_s16(acc[QUILL_SUMS * i + k + 1], vget_high_s16(eight), d[i], n);      \
    }                                                                                                                \
    weights += 8;                                                                                                    \
  }
    QUILL_CHANNEL(0)
    QUILL_CHANNEL(1)
    QUILL_CHANNEL(2)
    QUILL_CHANNEL(3)
#undef QUILL_CHANNEL
  } while ((channel += 4) < depth);
  QUILL_UNROLL for (int i = 0; i < T * QUILL_SUMS; i++) sums[i] = acc[i];
}

/// A' of six sums, `step` registers apart: four outputs, 24, 12, 6 and 6 times as large.
QUILL_INLINE void outputsOf(int32x4_t *out, const ptrdiff_t outStep, const int32x4_t *m, const ptrdiff_t step) {
  const int32x4_t a = vaddq_s32(m[step], m[2 * step]), b = vsubq_s32(m[step], m[2 * step]);
  const int32x4_t e = vaddq_s32(m[3 * step], m[4 * step]), f = vsubq_s32(m[3 * step], m[4 * step]);
  const int32x4_t first = vaddq_s32(m[0], e), last = vaddq_s32(m[5 * step], vaddq_s32(f, f));
  out[0] = vsubq_s32(first, vshlq_n_s32(a, 2));
  out[outStep] = vsubq_s32(f, vaddq_s32(b, b));
  out[2 * outStep] = vsubq_s32(e, a);
  out[3 * outStep] = vsubq_s32(last, b);
}

/// A' m of all tiles under way and a column of channels: rows[6 * y + x][tile][register].
static __attribute__((noinline)) void multiplyTiles(const int16_t *pixels, const int16_t *weights, ptrdiff_t depth,
                                                    int32x4_t *rows, int count) {
  for (int x = 0; x < 6; x++) {
    int32x4_t sums[6 * QUILL_MOST_TILES * QUILL_SUMS];
    for (int y = 0; y < 6; y++, pixels += pointPitch(depth), weights += depth * QUILL_COLUMN_CHANNELS) {
      int32x4_t *to = sums + y * QUILL_MOST_TILES * QUILL_SUMS;
      int tile = 0;
      for (; tile + QUILL_TILES <= count; tile += QUILL_TILES)
        multiplyPoint(pixels + tile * depth, weights, depth, to + tile * QUILL_SUMS, QUILL_TILES);
      for (; tile < count; tile++)
        multiplyPoint(pixels + tile * depth, weights, depth, to + tile * QUILL_SUMS, 1);
    }
    int i = 0;
    do
      outputsOf(rows + x * QUILL_MOST_TILES * QUILL_SUMS + i, 6 * QUILL_MOST_TILES * QUILL_SUMS, sums + i,
                QUILL_MOST_TILES * QUILL_SUMS);
    while (++i < count * QUILL_SUMS);
  }
}

/// A' m A of a tile and a column of channels, requantised and stored where it is in the image; the greatest of two by two with a
/// pool. `rows`: the tile's A' m.
static __attribute__((noinline)) void storeWinogradTile(const struct quill_convolution *c, const struct quill_band *band,
                                                        const quill_columns *columns, const int32x4_t *rows, int32_t row,
                                                        int32_t column) {
  quill_acc outputs[17];
  for (int y = 0; y < 4; y++)
    QUILL_ROLLED for (int j = 0; j < QUILL_SUMS; j++) {
      int32x4_t four[4];
      outputsOf(four, 1, rows + 6 * y * QUILL_MOST_TILES * QUILL_SUMS + j, QUILL_MOST_TILES * QUILL_SUMS);
      QUILL_UNROLL for (int x = 0; x < 4; x++) {
        const int32x4_t power = vdupq_n_s32(outputShifts[y] + outputShifts[x]);
        outputs[4 * y + x].val[j] =
          vaddq_s32(columns->start[0].val[j], vshlq_s32(vmulq_s32(four[x], vdupq_n_s32(QUILL_NINTH)), power));
      }
    }
  // Side by side, those that are in the image.
  const int pooled = c->poolHeight - 1;
  int8_t *places[17], nowhere[QUILL_COLUMN_CHANNELS];
  int count = 0;
  for (int y = 0; y < 4 && (row + y) >> pooled < c->outputHeight; y += 1 + pooled)
    for (int x = 0; x < 4 && (column + x) >> pooled < c->outputWidth; x += 1 + pooled) {
      const quill_acc *at = outputs + 4 * y + x;
      if (pooled)
        outputs[count] = maximum(maximum(at[0], at[1]), maximum(at[4], at[5]));
      else if (at != outputs + count)
        outputs[count] = *at;
      places[count++] = band->output + ((row + y) >> pooled) * c->outputRowPitch + ((column + x) >> pooled) * c->outputPixelPitch;
    }
  if (columns->kind == QUILL_STAGE_ANY) {
    QUILL_NAME(store_any)(c, band, outputs, places, count, 1);
    return;
  }
  // Copies: the compiler need not fear that a stored byte changes them.
  const quill_stage stage = columns->stage[0];
  const struct quill_output_range range = c->range;
  places[count] = nowhere;
  // Two at a time, so that in-order cores need not wait.
  QUILL_ROLLED for (int i = 0; i < count; i += 2) {
    const __auto_type first = requantised(outputs[i], &stage, &range, QUILL_STAGE_RIGHT);
    const __auto_type second = requantised(outputs[i + 1], &stage, &range, QUILL_STAGE_RIGHT);
    storeBytes(places[i], first, QUILL_COLUMN_CHANNELS);
    storeBytes(places[i + 1], second, QUILL_COLUMN_CHANNELS);
  }
}

/// The whole convolution, a few tiles at a time.
static __attribute__((noinline, minsize)) void walkWinograd(const struct quill_convolution *c) {
  int16_t pixels[QUILL_POINTS * (QUILL_TILES * QUILL_MOST_DEPTH + 32)];
  int32x4_t rows[4 * 6 * QUILL_MOST_TILES * QUILL_SUMS];
  const ptrdiff_t depth = c->positionStepX;
  const int32_t across = tilesAcross(c), tiles = across * tilesDown(c), most = tilesOf(depth);
  for (int32_t first = 0; first < tiles; first += most) {
    const int32_t count = tiles - first < most ? tiles - first : most;
    for (int32_t i = 0; i < count; i++)
      transformTile(c, (first + i) / across * 4, (first + i) % across * 4, pixels + i * depth);
    for (int32_t channel = 0; channel < c->groupOutputs; channel += QUILL_COLUMN_CHANNELS) {
      const struct quill_band band = {
        .output = c->output + channel, .parameters = channel, .channels = c->groupOutputs - channel};
      const quill_columns columns = columnsOf(c, &band, 1);
      multiplyTiles(pixels, c->transformed + channel * QUILL_POINTS * depth, depth, rows, count);
      for (int32_t i = 0; i < count; i++)
        storeWinogradTile(c, &band, &columns, rows + i * QUILL_SUMS, (first + i) / across * 4, (first + i) % across * 4);
    }
  }
}
