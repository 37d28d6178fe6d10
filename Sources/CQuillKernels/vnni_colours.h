// An image of three colours: rows of a kernel that end in a byte of their own share one group of four taps for these, so
// that a kernel of three by three takes seven groups and not nine.
//
// Why C: see convolution_avx512vnni.c, which includes it.

QUILL_INLINE int isOfColours(const enum quill_places places) {
  return places == QUILL_PLACES_COLOURS || places == QUILL_PLACES_COLOURS_2;
}

/// The last bytes of the rows: no `rows` where each row has a group for its own.
struct quill_lasts {
  int32_t rows;
  __m512i weights[2];
};

QUILL_INLINE struct quill_lasts lastsOf(const struct quill_convolution *c, const struct quill_band *band, const int B) {
  struct quill_lasts lasts = {.rows = 0};
  if (c->runBytes % 4 != 1 || c->runBytes < 5 || band->runRows < 2 || band->runRows > 4) return lasts;
  lasts.rows = band->runRows;
  QUILL_UNROLL for (int b = 0; b < B; b++) {
    // The other three weights of these groups are zeros.
    const int8_t *weights = band->weights + b * band->blockBytes + 64 * (band->taps - 1);
    lasts.weights[b] = _mm512_load_si512(weights);
    for (int32_t row = 1; row < lasts.rows; row++) {
      weights += 64 * band->taps;
      lasts.weights[b] = _mm512_or_si512(lasts.weights[b], _mm512_slli_epi32(_mm512_load_si512(weights), 8 * row));
    }
  }
  return lasts;
}

/// Of P positions `step` bytes apart, the bytes at `in` and so many rows below as q + 128, four in a lane.
QUILL_INLINE __m512i lastBytes(const int8_t *in, ptrdiff_t pitch, int32_t rows, const ptrdiff_t step, const int P) {
  const __m512i numbers = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __m512i places = _mm512_mullo_epi32(numbers, _mm512_set1_epi32((int32_t)step));
  // A position's byte is moved to its lane with its neighbours, and there to the row's place.
  const __m512i lanes = _mm512_srli_epi32(places, 2), three = _mm512_set1_epi32(3);
  const __m512i within = _mm512_slli_epi32(_mm512_and_si512(numbers, three), 2);
  __m512i bytes = _mm512_or_si512(_mm512_and_si512(places, three), within);
  bytes = _mm512_or_si512(bytes, _mm512_set1_epi32((int32_t)0x80808000));
  const int most = (P - 1) * (int)step + 1;
  const __mmask64 first = most >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << most) - 1;
  __m512i four = _mm512_setzero_si512();
  QUILL_UNROLL for (int32_t row = 0; row < 4; row++) {
    if (row >= rows) break;
    __m512i x = _mm512_maskz_loadu_epi8(first, in);
    if (most > 64) {
      const __m512i second = _mm512_maskz_loadu_epi8(((__mmask64)1 << (most - 64)) - 1, in + 64);
      x = _mm512_permutex2var_epi32(x, lanes, second);
    } else {
      x = _mm512_permutexvar_epi32(lanes, x);
    }
    four = _mm512_or_si512(four, _mm512_shuffle_epi8(x, bytes));
    bytes = _mm512_rol_epi32(bytes, 8);
    in += pitch;
  }
  return _mm512_xor_si512(four, _mm512_set1_epi8(-128));
}

/// The accumulators of P positions and B columns.
QUILL_INLINE void accumulateColours(const struct quill_convolution *c, const struct quill_band *band,
                                    const __m512i *start, const struct quill_lasts *lasts, const int8_t *in,
                                    __m512i *acc, const int P, const int B, const enum quill_places places) {
  const ptrdiff_t step = places == QUILL_PLACES_COLOURS ? 3 : 6;
  const int32_t whole = lasts->rows ? band->taps - 1 : band->taps;
  int32_t fours[16] __attribute__((aligned(64)));
  if (lasts->rows) _mm512_store_si512(fours, lastBytes(in + c->runBytes - 1, c->runStepY, lasts->rows, step, P));
  QUILL_UNROLL for (int i = 0; i < P * B; i++) acc[i] = start[i % B];
  const int8_t *weights = band->weights;
  ptrdiff_t row = 0;
  int32_t y = band->runRows;
  do {
    ptrdiff_t offset = sharedOffset(row);
    int32_t taps = whole;
    for (; taps >= 2; taps -= 2, weights += 128, offset += 8) {
      multiplyGroup(acc, band, &in, offset, weights, step, P, B, places);
      multiplyGroup(acc, band, &in, offset + 4, weights + 64, step, P, B, places);
    }
    if (taps > 0) {
      multiplyGroup(acc, band, &in, offset, weights, step, P, B, places);
      weights += 64;
    }
    weights += 64 * (band->taps - whole);
    row += c->runStepY;
  } while (--y > 0);
  if (!lasts->rows) return;
  QUILL_UNROLL for (int i = 0; i < P; i++)
    QUILL_UNROLL for (int b = 0; b < B; b++)
      multiplyAdd(&acc[i * B + b], _mm512_set1_epi32(fours[i]), lasts->weights[b]);
}
