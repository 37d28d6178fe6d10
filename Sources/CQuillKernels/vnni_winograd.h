// Convolution 3 x 3 of stride 1 by Winograd's F(4 x 4, 3 x 3) with VNNI's products of pairs of 16 bits (winograd.h).
//
// Why C: see convolution_avx512vnni.c.
#include "winograd.h"

/// Tiles at a time at most.
#define QUILL_MOST_TILES 8
/// The transformed weights at most, in bytes: eight times the file's, which no program should be surprised by.
#define QUILL_MOST_TRANSFORMED (4 << 20)

/// Values of B' d B between one point and the next: a line more than the tiles need, so that points do not fall onto the
/// same lines of the cache.
#define QUILL_POINT_PITCH(depth, T) ((T) * (depth) + 32)

/// Tiles that are multiplied at once with B blocks of channels.
#define QUILL_TILES(B) ((B) <= 2 ? 8 : 4)

/// Whether a convolution is done so: wide enough for whole registers and to be worth transforming, and tiles that hardly
/// reach beyond the image.
QUILL_INLINE int isTransformed(const struct quill_convolution *c) {
  const int32_t T = QUILL_TILES(c->groupOutputs / 16), across = (c->outputWidth + 3) / 4, down = (c->outputHeight + 3) / 4;
  const int64_t tiles = ((int64_t)across * down + T - 1) / T * T;
  return isWinograd(c) && c->positionStepX % 32 == 0 && c->groupOutputs >= 32 && winogradBytes(c) <= QUILL_MOST_TRANSFORMED &&
         c->poolHeight == 1 && c->poolWidth == 1 && c->poolStrideY == 1 && c->poolStrideX == 1 &&
         12 * tiles <= (int64_t)c->outputWidth * c->outputHeight;
}

/// G of three values.
QUILL_INLINE void transformedWeights(__m512i *out, __m512i g0, __m512i g1, __m512i g2) {
  const __m512i outer = _mm512_add_epi16(g0, g2), four = _mm512_add_epi16(g0, _mm512_slli_epi16(g2, 2));
  const __m512i two = _mm512_slli_epi16(g1, 1), six = _mm512_set1_epi16(6);
  out[0] = _mm512_mullo_epi16(g0, six);
  out[1] = _mm512_add_epi16(outer, g1);
  out[2] = _mm512_sub_epi16(outer, g1);
  out[3] = _mm512_add_epi16(four, two);
  out[4] = _mm512_sub_epi16(four, two);
  out[5] = _mm512_mullo_epi16(g2, six);
}

/// B' of six values.
QUILL_INLINE void transformedPixels(__m512i *out, const __m512i *d) {
  const __m512i a = _mm512_sub_epi16(d[4], _mm512_slli_epi16(d[2], 2)), b = _mm512_sub_epi16(d[3], _mm512_slli_epi16(d[1], 2));
  const __m512i e = _mm512_sub_epi16(d[4], d[2]), f = _mm512_slli_epi16(_mm512_sub_epi16(d[3], d[1]), 1);
  out[0] = _mm512_add_epi16(_mm512_slli_epi16(_mm512_sub_epi16(d[0], d[2]), 2), e);
  out[1] = _mm512_add_epi16(a, b);
  out[2] = _mm512_sub_epi16(a, b);
  out[3] = _mm512_add_epi16(e, f);
  out[4] = _mm512_sub_epi16(e, f);
  out[5] = _mm512_add_epi16(_mm512_slli_epi16(_mm512_sub_epi16(d[1], d[3]), 2), _mm512_sub_epi16(d[5], d[3]));
}

/// A' of six sums: four outputs, 24, 12, 6 and 6 times as large.
QUILL_INLINE void outputsOf(__m512i *out, const __m512i *m) {
  const __m512i a = _mm512_add_epi32(m[1], m[2]), b = _mm512_sub_epi32(m[1], m[2]);
  const __m512i e = _mm512_add_epi32(m[3], m[4]), f = _mm512_sub_epi32(m[3], m[4]);
  const __m512i first = _mm512_add_epi32(m[0], e), last = _mm512_add_epi32(m[5], _mm512_add_epi32(f, f));
  out[0] = _mm512_sub_epi32(first, _mm512_slli_epi32(a, 2));
  out[1] = _mm512_sub_epi32(f, _mm512_add_epi32(b, b));
  out[2] = _mm512_sub_epi32(e, a);
  out[3] = _mm512_sub_epi32(last, b);
}

/// Weights as [groupOutputs / 16][36][depth / 2][16][2].
static void transformForWinograd(const struct quill_convolution *c, int16_t *to) {
  const ptrdiff_t depth = c->positionStepX;
  // A pair of bytes as the upper halves of 16 bits, of each four bytes.
  const __m512i pairs[2] = {_mm512_set1_epi64(0x0580048001800080), _mm512_set1_epi64(0x0780068003800280)};
  const __m512i quarters = _mm512_set4_epi32(0x08080808, 0x08080808, 0, 0);
  const int8_t *weights = c->weights;
  for (int32_t block = 0; block < c->groupOutputs / 16; block++, weights += 9 * 16 * depth, to += QUILL_POINTS * 16 * depth)
    for (ptrdiff_t channel = 0; channel < depth; channel += 2) {
      const __m512i order = _mm512_or_si512(pairs[channel / 2 % 2], quarters);
      __m512i columns[3][6];
      QUILL_UNROLL for (int x = 0; x < 3; x++) {
        __m512i g[3];
        QUILL_UNROLL for (int y = 0; y < 3; y++)
          g[y] = _mm512_srai_epi16(
            _mm512_shuffle_epi8(_mm512_load_si512(weights + (3 * y + x) * 16 * depth + channel / 4 * 64), order), 8);
        transformedWeights(columns[x], g[0], g[1], g[2]);
      }
      QUILL_UNROLL for (int y = 0; y < 6; y++) {
        __m512i row[6];
        transformedWeights(row, columns[0][y], columns[1][y], columns[2][y]);
        QUILL_UNROLL for (int x = 0; x < 6; x++) _mm512_store_si512(to + ((6 * x + y) * depth + channel) * 16, row[x]);
      }
    }
}

/// Where a tile's pixels and outputs lie. Beyond the image's end the last pixels count again, for outputs that nobody gets.
struct quill_winograd_tile {
  const int8_t *rows[6];
  ptrdiff_t columns[6];
  int32_t row, column;
};

QUILL_INLINE struct quill_winograd_tile winogradTile(const struct quill_convolution *c, int32_t row, int32_t column) {
  struct quill_winograd_tile tile = {.row = row, .column = column};
  for (int i = 0; i < 6; i++) {
    const int32_t y = row + i, x = column + i;
    tile.rows[i] = c->input + (y < c->outputHeight + 2 ? y : c->outputHeight + 1) * c->positionStepY;
    tile.columns[i] = (x < c->outputWidth + 2 ? x : c->outputWidth + 1) * c->positionStepX;
  }
  return tile;
}

/// B' d B of a tile, for all channels: `to` is its place among the tiles of the first point.
static __attribute__((noinline)) void transformTile(const struct quill_winograd_tile *tile, int16_t *to, ptrdiff_t depth,
                                                    ptrdiff_t pitch) {
  for (ptrdiff_t channel = 0; channel < depth; channel += 32) {
    __m512i rows[6][6];
    QUILL_UNROLL for (int x = 0; x < 6; x++) {
      __m512i d[6], column[6];
      QUILL_UNROLL for (int y = 0; y < 6; y++)
        d[y] = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(tile->rows[y] + tile->columns[x] + channel)));
      transformedPixels(column, d);
      QUILL_UNROLL for (int y = 0; y < 6; y++) rows[y][x] = column[y];
    }
    QUILL_UNROLL for (int y = 0; y < 6; y++) {
      __m512i row[6];
      transformedPixels(row, rows[y]);
      QUILL_UNROLL for (int x = 0; x < 6; x++) _mm512_store_si512(to + (6 * x + y) * pitch + channel, row[x]);
    }
  }
}

/// The products of T tiles and B blocks of channels at a point.
QUILL_INLINE void multiplyPoint(const int16_t *pixels, const int16_t *weights, ptrdiff_t depth, __m512i *sums, const int T,
                                const int B) {
  __m512i acc[QUILL_MOST_SUMS];
  QUILL_UNROLL for (int i = 0; i < T * B; i++) acc[i] = _mm512_setzero_si512();
  for (ptrdiff_t channel = 0; channel < depth; channel += 2) {
    __m512i w[4];
    QUILL_UNROLL for (int b = 0; b < B; b++)
      w[b] = _mm512_load_si512(weights + b * QUILL_POINTS * 16 * depth + 16 * channel);
    QUILL_UNROLL for (int i = 0; i < T; i++) {
      const __m512i two = _mm512_set1_epi32(loadFour((const int8_t *)(pixels + i * depth + channel)));
      QUILL_UNROLL for (int b = 0; b < B; b++) acc[i * B + b] = _mm512_dpwssd_epi32(acc[i * B + b], two, w[b]);
    }
  }
  QUILL_UNROLL for (int i = 0; i < T * B; i++) sums[i] = acc[i];
}

/// A' m of a quarter of a column of points: of `count` sums.
QUILL_INLINE void outputsOfColumn(const __m512i *sums, __m512i *rows, const int count, const int quarter) {
  QUILL_UNROLL for (int i = 0; i < count / 4; i++) {
    const __m512i *const first = sums + quarter * (count / 4) + i;
    __m512i m[6], column[4];
    QUILL_UNROLL for (int y = 0; y < 6; y++) m[y] = first[y * count];
    outputsOf(column, m);
    QUILL_UNROLL for (int y = 0; y < 4; y++) rows[6 * y * count + quarter * (count / 4) + i] = column[y];
  }
}

/// A' m of T tiles and B blocks: rows[y * 6 + x][tile * B + block]. The products of a column of points and the sums of the
/// column before it take turns, since they wait for different units of the processor.
QUILL_INLINE void multiplyTiles(const int16_t *pixels, const int16_t *weights, ptrdiff_t depth, __m512i *rows, const int T,
                                const int B) {
  const int count = T * B;
  __m512i sums[2][6 * QUILL_MOST_SUMS];
  for (int x = 0; x < 6; x++) {
    for (int y = 0; y < 6; y++, pixels += QUILL_POINT_PITCH(depth, T), weights += 16 * depth) {
      multiplyPoint(pixels, weights, depth, sums[x % 2] + y * count, T, B);
      if (x > 0 && y < 4) outputsOfColumn(sums[(x - 1) % 2], rows + (x - 1) * count, count, y);
    }
  }
  for (int y = 0; y < 4; y++) outputsOfColumn(sums[1], rows + 5 * count, count, y);
}

/// A' m A of a row of a tile and block: four outputs, `step` registers apart. `count`: registers from one sum to the next.
QUILL_INLINE void outputsOfRow(const __m512i *sums, const int count, __m512i start, const int shift, __m512i *outputs,
                               const int step) {
  __m512i m[6], row[4];
  QUILL_UNROLL for (int x = 0; x < 6; x++) m[x] = sums[x * count];
  outputsOf(row, m);
  const __m512i ninth = _mm512_set1_epi32(QUILL_NINTH);
  QUILL_UNROLL for (int x = 0; x < 4; x++)
    outputs[x * step] =
      _mm512_add_epi32(start, _mm512_srai_epi32(_mm512_mullo_epi32(row[x], ninth), -shift - outputShifts[x]));
}

/// Requantises and stores a tile's outputs that are in the image, from its A' m.
QUILL_INLINE void storeWinogradTile(const struct quill_convolution *c, const struct quill_band *band,
                                    const quill_columns *columns, const struct quill_winograd_tile *tile,
                                    const __m512i *rows, const int count, const int B) {
  int8_t nowhere[64];
  struct quill_doubtful doubtfuls;
  doubtfuls.count = 0;
  for (int y = 0; y < 4 && tile->row + y < c->outputHeight; y++) {
    struct quill_targets targets;
    int8_t *out = band->output + (tile->row + y) * c->outputRowPitch + tile->column * c->outputPixelPitch;
    const int8_t *other =
      otherStart(c, band) + (tile->row + y) * otherPitch(c) + tile->column * c->outputPixelPitch;
    QUILL_UNROLL for (int x = 0; x < 4; x++) {
      const int isInside = tile->column + x < c->outputWidth;
      targets.out[x] = isInside ? out + x * c->outputPixelPitch : nowhere;
      targets.other[x] = isInside ? other + x * c->outputPixelPitch : other;
    }
    __m512i outputs[QUILL_MOST_SUMS];
    QUILL_UNROLL for (int b = 0; b < B; b++)
      outputsOfRow(rows + 6 * y * count + b, count, columns->start[b], outputShifts[y], outputs + b, B);
    storeTile(c, band, columns, outputs, &targets, &doubtfuls, 4, B, 0, 1);
    mendStored(c, band, columns, &doubtfuls, B);
  }
}

/// All tiles of a band, T at a time.
QUILL_INLINE void walkWinograd(const struct quill_convolution *c, const struct quill_band *band, quill_columns *columns,
                               const int T, const int B) {
  _Alignas(64) int16_t pixels[QUILL_POINTS * QUILL_POINT_PITCH(QUILL_MOST_DEPTH, QUILL_MOST_TILES)];
  __m512i rows[4 * 6 * QUILL_MOST_SUMS];
  const ptrdiff_t depth = c->positionStepX;
  const int16_t *weights =
    c->transformed + ((const struct quill_form *)c->transformed)->winograd / 2 + band->parameters * QUILL_POINTS * depth;
  // Pixels are signed here: what stands for their other sign goes out again.
  QUILL_UNROLL for (int b = 0; b < B; b++) {
    const __m512i sum = _mm512_loadu_si512(c->weightSum + band->parameters + 16 * b);
    columns->start[b] = _mm512_add_epi32(columns->start[b], _mm512_slli_epi32(sum, 7));
  }
  const int32_t across = (c->outputWidth + 3) / 4, tiles = across * ((c->outputHeight + 3) / 4);
  for (int32_t first = 0; first < tiles; first += T) {
    struct quill_winograd_tile places[QUILL_MOST_TILES];
    for (int i = 0; i < T; i++) {
      const int32_t tile = first + i < tiles ? first + i : tiles - 1;
      places[i] = winogradTile(c, tile / across * 4, tile % across * 4);
      transformTile(&places[i], pixels + i * depth, depth, QUILL_POINT_PITCH(depth, T));
    }
    multiplyTiles(pixels, weights, depth, rows, T, B);
    for (int i = 0; i < T && first + i < tiles; i++)
      storeWinogradTile(c, band, columns, &places[i], rows + i * B, T * B, B);
  }
}
