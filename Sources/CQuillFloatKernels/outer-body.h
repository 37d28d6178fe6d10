// The body of quill_float_outer, included by levels.h.

#define QUILL_DEFINE_TILE(ROWS, BLOCKS)                                                                         \
  static void QUILL_LEVEL(outer_##ROWS##x##BLOCKS)(                                                             \
      const struct quill_float_outer *p, size_t first, size_t last, size_t row, size_t column) {                \
    lanes sums[ROWS][BLOCKS];                                                                                   \
    QUILL_UNROLL for (int r = 0; r < ROWS; r++) {                                                               \
      QUILL_UNROLL for (int b = 0; b < BLOCKS; b++) {                                                           \
        QUILL_LEVEL(outer_start)(p, first, row + r, column + b * QUILL_FLOAT_BLOCK, &sums[r][b]);               \
      }                                                                                                         \
    }                                                                                                           \
    ptrdiff_t offsets[ROWS];                                                                                    \
    QUILL_UNROLL for (int r = 0; r < ROWS; r++) offsets[r] = p->row_offsets[row + r];                           \
    for (size_t i = first; i < last; i++) {                                                                     \
      const float *values = p->input + p->base_offsets[i];                                                      \
      const float *gradients = p->gradients + i * p->gradient_pitch + column;                                   \
      lanes columns[BLOCKS];                                                                                    \
      QUILL_UNROLL for (int b = 0; b < BLOCKS; b++) columns[b] = QUILL_LOAD(gradients + b * QUILL_FLOAT_BLOCK); \
      QUILL_UNROLL for (int r = 0; r < ROWS; r++) {                                                             \
        const lanes value = QUILL_BROADCAST(values[offsets[r]]);                                                \
        QUILL_UNROLL for (int b = 0; b < BLOCKS; b++) sums[r][b] = QUILL_FMA(value, columns[b], sums[r][b]);    \
      }                                                                                                         \
    }                                                                                                           \
    QUILL_UNROLL for (int r = 0; r < ROWS; r++) {                                                               \
      QUILL_UNROLL for (int b = 0; b < BLOCKS; b++) {                                                           \
        QUILL_LEVEL(outer_finish)(p, row + r, column + b * QUILL_FLOAT_BLOCK, &sums[r][b]);                     \
      }                                                                                                         \
    }                                                                                                           \
  }

static inline __attribute__((always_inline)) size_t QUILL_LEVEL(outer_width)(
    const struct quill_float_outer *p, size_t column) {
  const size_t rest = p->column_count - column;
  return rest < QUILL_FLOAT_BLOCK ? rest : QUILL_FLOAT_BLOCK;
}

// Zero at the first position, else what the positions before have left in the output.
static inline __attribute__((always_inline)) void QUILL_LEVEL(outer_start)(
    const struct quill_float_outer *p, size_t first, size_t row, size_t column, lanes *sum) {
  // A copy, because a sum whose address is taken is no longer a register.
  lanes start = {0};
  if (first > 0) {
    memcpy(&start, p->output + row * p->output_pitch + column, QUILL_LEVEL(outer_width)(p, column) * sizeof(float));
  }
  *sum = start;
}

static inline __attribute__((always_inline)) void QUILL_LEVEL(outer_finish)(
    const struct quill_float_outer *p, size_t row, size_t column, const lanes *sum) {
  const lanes end = *sum;
  memcpy(p->output + row * p->output_pitch + column, &end, QUILL_LEVEL(outer_width)(p, column) * sizeof(float));
}

#define QUILL_TILE(ROWS, BLOCKS) QUILL_TILE_NAMED(ROWS, BLOCKS)
#define QUILL_TILE_NAMED(ROWS, BLOCKS) QUILL_LEVEL(outer_##ROWS##x##BLOCKS)
#define QUILL_DEFINE(ROWS, BLOCKS) QUILL_DEFINE_TILE(ROWS, BLOCKS)

QUILL_DEFINE(1, 1)
QUILL_DEFINE(4, 1)
QUILL_DEFINE(QUILL_ROWS, 1)
#if QUILL_BLOCKS > 1
QUILL_DEFINE(1, QUILL_BLOCKS)
QUILL_DEFINE(4, QUILL_BLOCKS)
QUILL_DEFINE(QUILL_ROWS, QUILL_BLOCKS)
#endif

#define QUILL_RUN_ROWS(BLOCKS)                                                                    \
  do {                                                                                            \
    size_t row = 0;                                                                               \
    for (; row + QUILL_ROWS <= p->row_count; row += QUILL_ROWS) {                                 \
      QUILL_TILE(QUILL_ROWS, BLOCKS)(p, first, last, row, column);                                \
    }                                                                                             \
    for (; row + 4 <= p->row_count; row += 4) QUILL_TILE(4, BLOCKS)(p, first, last, row, column); \
    for (; row < p->row_count; row++) QUILL_TILE(1, BLOCKS)(p, first, last, row, column);         \
  } while (0)

static void QUILL_LEVEL(outer)(const struct quill_float_outer *p) {
  // Positions are taken in stretches whose values and gradients stay in the cache for all tiles; the chains go on
  // from stretch to stretch.
  const size_t stretch = 512;
  for (size_t first = 0; first < p->base_count; first += stretch) {
    const size_t last = first + stretch < p->base_count ? first + stretch : p->base_count;
    size_t column = 0;
#if QUILL_BLOCKS > 1
    for (; column + (QUILL_BLOCKS - 1) * QUILL_FLOAT_BLOCK < p->column_count;
         column += QUILL_BLOCKS * QUILL_FLOAT_BLOCK) {
      QUILL_RUN_ROWS(QUILL_BLOCKS);
    }
#endif
    for (; column < p->column_count; column += QUILL_FLOAT_BLOCK) QUILL_RUN_ROWS(1);
  }
}

#undef QUILL_DEFINE_TILE
#undef QUILL_DEFINE
#undef QUILL_TILE
#undef QUILL_TILE_NAMED
#undef QUILL_RUN_ROWS
