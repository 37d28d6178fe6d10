// A tile that is its accumulators, for levels whose products are added as they come.
//
// Why C: see convolution_walk.h. Included after `quill_acc` and QUILL_POSITIONS; one column.

typedef struct {
  quill_acc acc[QUILL_POSITIONS(1)];
} quill_tile;

QUILL_INLINE void tileStart(quill_tile *tile, const quill_acc *start, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P; i++) tile->acc[i] = start[0];
}

QUILL_INLINE void tileEnd(const quill_tile *tile, const quill_acc *start, quill_acc *acc, const int P, const int B) {
  QUILL_UNROLL for (int i = 0; i < P; i++) acc[i] = tile->acc[i];
}
