// Where the VNNI convolution keeps what is made of a convolution before it first runs: for sums that one multiply-add
// requantises (requantise_once.h), and for Winograd's way (vnni_winograd.h).
//
// Why C: see convolution_avx512vnni.c.
#include "requantise_once.h"

/// Products of a sum at most: of more, requantisation is hardly anything, and their sums are too large.
#define QUILL_ONCE_PRODUCTS 1152
/// The form's first 64 bytes: what it was made for, since convolutions that share weights share their form, and where its parts
/// begin; 0 for those that are not there.
struct quill_form {
  _Alignas(64) const int32_t *bias;
  int32_t columns, runRows, runColumns;
  int32_t once, winograd;
};

QUILL_INLINE int32_t columnCount(const struct quill_convolution *c) { return c->groups * ((c->groupOutputs + 15) / 16); }

/// Whether columns may be requantised so.
QUILL_INLINE int mayBeOnce(const struct quill_convolution *c) {
  return !c->realShift && !c->addition && kindToTheRight(&c->range) == QUILL_STAGE_RECTIFIED &&
         (int64_t)c->outputHeight * c->outputWidth >= QUILL_ONCE_POSITIONS &&
         (int64_t)c->runRows * c->runColumns * c->runBytes <= QUILL_ONCE_PRODUCTS;
}

/// The columns' constants, or null.
QUILL_INLINE const struct quill_once *onceOf(const struct quill_convolution *c) {
  if (!c->transformed || !mayBeOnce(c)) return 0;
  const struct quill_form *const form = (const struct quill_form *)c->transformed;
  if (form->once == 0 || form->bias != c->bias || form->columns != columnCount(c) || form->runRows != c->runRows ||
      form->runColumns != c->runColumns)
    return 0;
  return (const struct quill_once *)((const int8_t *)form + form->once);
}

/// Proves what it can of the columns.
static void makeOnce(const struct quill_convolution *c, struct quill_once *to) {
  const ptrdiff_t groups = (ptrdiff_t)c->runRows * c->runColumns * ((c->runBytes + 3) / 4);
  const int8_t *weights = c->weights;
  const int32_t columns = columnCount(c), perGroup = columns / c->groups;
  for (int32_t column = 0; column < columns; column++, to++) {
    __m512i sum = _mm512_setzero_si512(), size = sum;
    const __m512i ones = _mm512_set1_epi8(1);
    for (ptrdiff_t k = 0; k < groups; k++, weights += 64) {
      const __m512i w = _mm512_load_si512(weights);
      sum = _mm512_dpbusd_epi32(sum, ones, w);
      size = _mm512_dpbusd_epi32(size, _mm512_abs_epi8(w), ones);
    }
    // Lanes without a channel may hold anything.
    const int32_t left = c->groupOutputs - 16 * (column % perGroup);
    struct quill_once_channels channels = {.count = left < 16 ? left : 16};
    for (int i = 0; i < channels.count; i++) {
      const int64_t sumOne = ((const int32_t *)&sum)[i], sizeOne = ((const int32_t *)&size)[i];
      onceBounds(&channels, i, c->bias[16 * column + i], (sizeOne + sumOne) / 2, (sizeOne - sumOne) / 2);
    }
    quill_avx512vnni_prove_once(to, &channels, c->multiplier + 16 * column, c->shift + 16 * column);
  }
}

/// Sixteen sums requantised: the low halves are the outputs, not yet saturated.
QUILL_INLINE __m512i onceSums(__m512i x, const quill_near *near) {
  return _mm512_castps_si512(_mm512_fmadd_ps(_mm512_castsi512_ps(x), (__m512)near->scale, (__m512)near->addend));
}

/// The low halves of four times sixteen as bytes, one sixteen after the other.
QUILL_INLINE __m512i onceBytes(const __m512i *x) {
  return halvesAsBytes(x, _mm512_set_epi16(62, 60, 58, 56, 54, 52, 50, 48, 30, 28, 26, 24, 22, 20, 18, 16, 46, 44, 42, 40,
                                           38, 36, 34, 32, 14, 12, 10, 8, 6, 4, 2, 0));
}
