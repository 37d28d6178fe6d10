// The body of quill_float_product, included by levels.h.

#define QUILL_DEFINE_TILE(ROWS, BLOCKS)                                                                        \
  static void QUILL_LEVEL(tile_##ROWS##x##BLOCKS)(                                                             \
      const struct quill_float_product *p, size_t row, size_t block) {                                         \
    const float *weights = p->weights + block * p->block_pitch;                                                \
    lanes sums[ROWS][BLOCKS] = {0};                                                                            \
    for (size_t s = 0; s < p->segment_count; s++) {                                                            \
      const float *values[ROWS];                                                                               \
      QUILL_UNROLL for (int r = 0; r < ROWS; r++) {                                                            \
        values[r] = p->input + p->row_offsets[row + r] + p->segment_offsets[s];                                \
      }                                                                                                        \
      for (size_t t = 0; t < p->segment_length; t++) {                                                         \
        lanes columns[BLOCKS];                                                                                 \
        QUILL_UNROLL for (int b = 0; b < BLOCKS; b++) columns[b] = QUILL_LOAD(weights + b * p->block_pitch);   \
        QUILL_UNROLL for (int r = 0; r < ROWS; r++) {                                                          \
          const lanes value = QUILL_BROADCAST(values[r][t]);                                                   \
          QUILL_UNROLL for (int b = 0; b < BLOCKS; b++) sums[r][b] = QUILL_FMA(value, columns[b], sums[r][b]); \
        }                                                                                                      \
        weights += p->weight_pitch;                                                                            \
      }                                                                                                        \
    }                                                                                                          \
    QUILL_UNROLL for (int r = 0; r < ROWS; r++) {                                                              \
      QUILL_UNROLL for (int b = 0; b < BLOCKS; b++) QUILL_LEVEL(finish)(p, row + r, block + b, &sums[r][b]);   \
    }                                                                                                          \
  }

// Adds the bias, applies the bounds and stores a row's block, of which the last may be partial.
static inline __attribute__((always_inline)) void QUILL_LEVEL(finish)(
    const struct quill_float_product *p, size_t row, size_t block, const lanes *total) {
  lanes sum = *total;
  const size_t column = block * QUILL_FLOAT_BLOCK;
  if (p->bias) sum += QUILL_LOAD(p->bias + column);
  sum = QUILL_CLAMP(sum, QUILL_BROADCAST(p->low), QUILL_BROADCAST(p->high));
  float *output = p->output + row * p->output_pitch + column;
  if (column + QUILL_FLOAT_BLOCK <= p->column_count) {
    QUILL_STORE(output, sum);
  } else {
    memcpy(output, &sum, (p->column_count - column) * sizeof(float));
  }
}

#define QUILL_TILE(ROWS, BLOCKS) QUILL_TILE_NAMED(ROWS, BLOCKS)
#define QUILL_TILE_NAMED(ROWS, BLOCKS) QUILL_LEVEL(tile_##ROWS##x##BLOCKS)
#define QUILL_DEFINE(ROWS, BLOCKS) QUILL_DEFINE_TILE(ROWS, BLOCKS)

QUILL_DEFINE(1, 1)
QUILL_DEFINE(1, 4)
QUILL_DEFINE(2, 1)
QUILL_DEFINE(4, 1)
QUILL_DEFINE(QUILL_ROWS, 1)
#if QUILL_BLOCKS > 1
QUILL_DEFINE(1, QUILL_BLOCKS)
QUILL_DEFINE(2, QUILL_BLOCKS)
QUILL_DEFINE(4, QUILL_BLOCKS)
QUILL_DEFINE(QUILL_ROWS, QUILL_BLOCKS)
#endif

// All rows of one or more neighbouring blocks.
#define QUILL_RUN_ROWS(BLOCKS)                                                      \
  do {                                                                              \
    size_t row = 0;                                                                 \
    for (; row + QUILL_ROWS <= p->row_count; row += QUILL_ROWS) {                   \
      QUILL_TILE(QUILL_ROWS, BLOCKS)(p, row, block);                                \
    }                                                                               \
    for (; row + 4 <= p->row_count; row += 4) QUILL_TILE(4, BLOCKS)(p, row, block); \
    for (; row + 2 <= p->row_count; row += 2) QUILL_TILE(2, BLOCKS)(p, row, block); \
    for (; row < p->row_count; row++) QUILL_TILE(1, BLOCKS)(p, row, block);         \
  } while (0)

static void QUILL_LEVEL(product)(const struct quill_float_product *p) {
  const size_t block_count = (p->column_count + QUILL_FLOAT_BLOCK - 1) / QUILL_FLOAT_BLOCK;
  size_t block = 0;
  if (p->row_count == 1) {
    // One row has too few sums to hide the latency of fma; four blocks have enough.
    for (; block + 4 <= block_count; block += 4) QUILL_TILE(1, 4)(p, 0, block);
  }
#if QUILL_BLOCKS > 1
  for (; block + QUILL_BLOCKS <= block_count; block += QUILL_BLOCKS) QUILL_RUN_ROWS(QUILL_BLOCKS);
#endif
  for (; block < block_count; block++) QUILL_RUN_ROWS(1);
}

#undef QUILL_DEFINE_TILE
#undef QUILL_DEFINE
#undef QUILL_TILE
#undef QUILL_TILE_NAMED
#undef QUILL_RUN_ROWS
