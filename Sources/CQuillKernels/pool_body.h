// Max and average pool, for the level whose names QUILL_NAME gives.
//
// Why C: compiled once per level with that level's function attributes (see lanes.h).

typedef int8_t quill_many __attribute__((vector_size(64)));

/// The taps inside the image of one output position.
struct quill_window {
  const int8_t *first;
  int32_t height, width;
};

QUILL_INLINE struct quill_window windowAt(const struct quill_pool *p, int32_t y, int32_t x) {
  const int32_t top = y * p->strideY - p->padTop, left = x * p->strideX - p->padLeft;
  const int32_t fromY = top < 0 ? 0 : top, fromX = left < 0 ? 0 : left;
  const int32_t toY = top + p->windowHeight < p->inputHeight ? top + p->windowHeight : p->inputHeight;
  const int32_t toX = left + p->windowWidth < p->inputWidth ? left + p->windowWidth : p->inputWidth;
  return (struct quill_window){
    p->input + fromY * p->inputRowPitch + (ptrdiff_t)fromX * p->channels, toY - fromY, toX - fromX};
}

/// The maximum of a `V`-sized channel block over a window, clamped, stored.
#define QUILL_STORE_MAXIMUM(V, store)                                                                \
  {                                                                                                  \
    V best = (V){} + (int8_t)-128;                                                                   \
    const int8_t *row = window.first + channel;                                                      \
    for (int32_t wy = 0; wy < window.height; wy++, row += p->inputRowPitch)                          \
      for (int32_t wx = 0; wx < window.width; wx++) {                                                \
        V v;                                                                                         \
        __builtin_memcpy(&v, row + (ptrdiff_t)wx * p->channels, sizeof v);                           \
        best = __builtin_elementwise_max(best, v);                                                   \
      }                                                                                              \
    best = __builtin_elementwise_max(__builtin_elementwise_min(best, (V){} + (int8_t)p->maximum),    \
                                     (V){} + (int8_t)p->minimum);                                    \
    store                                                                                            \
  }
#define QUILL_STORE_ALL __builtin_memcpy(out + channel, &best, sizeof best);
#define QUILL_STORE_REST                                                                             \
  int8_t all[16];                                                                                    \
  __builtin_memcpy(all, &best, 16);                                                                  \
  storePart(out + channel, all, p->channels - channel);

/// The maxima of one window in all channels.
QUILL_INLINE void maximaOf(const struct quill_pool *p, const struct quill_window window, int8_t *out) {
  int32_t channel = 0;
  for (; channel + 64 <= p->channels; channel += 64)
    QUILL_STORE_MAXIMUM(quill_many, QUILL_STORE_ALL)
  for (; channel + 16 <= p->channels; channel += 16)
    QUILL_STORE_MAXIMUM(quill_bytes, QUILL_STORE_ALL)
  if (channel < p->channels) QUILL_STORE_MAXIMUM(quill_bytes, QUILL_STORE_REST)
}

void QUILL_NAME(max_pool)(const struct quill_pool *parameters) {
  // Own copies: the compiler need not fear that a stored byte changes them.
  const struct quill_pool own = *parameters, *p = &own;
  for (int32_t y = 0; y < p->outputHeight; y++) {
    int8_t *out = p->output + y * p->outputRowPitch;
    for (int32_t x = 0; x < p->outputWidth; x++, out += p->channels) {
      const struct quill_window window = windowAt(p, y, x);
      if (window.height == 2 && window.width == 2)
        maximaOf(p, (struct quill_window){window.first, 2, 2}, out);
      else
        maximaOf(p, window, out);
    }
  }
}

/// The multiplier of the high product that is nearest to 1 / n: x * m / 2^31, off by less than 1/128 for |x| < 2^24.
QUILL_INLINE int32_t reciprocal(int32_t n) {
  return n == 1 ? 0x7FFFFFFF : (int32_t)((0x80000000u + (uint32_t)n / 2) / (uint32_t)n);
}

/// x / n rounded to nearest, halves away from zero: (|x| + n / 2) / n with the sign put back. The product may be one
/// too large, which the remainder shows.
QUILL_INLINE quill_lanes dividedBy(quill_lanes x, int32_t n, const struct quill_rescale *scale) {
  const quill_lanes sign = x >> 31;
  const quill_lanes size = ((x ^ sign) - sign) + n / 2;
  quill_lanes quotient = rescaleLanes(size, scale);
  quotient += (size - quotient * n) >> 31;
  return (quotient ^ sign) - sign;
}

QUILL_INLINE quill_bytes clampedWords(quill_words x, const struct quill_output_range *range) {
  x = __builtin_elementwise_min(x, (quill_words){} + (int16_t)range->maximum);
  x = __builtin_elementwise_max(x, (quill_words){} + (int16_t)range->minimum);
  return __builtin_convertvector(x, quill_bytes);
}

/// The same for 2...256 taps, whose sum keeps within 16 bits: |x| + n / 2 is below 2^16, and so is its product's error,
/// x * (m / 2^16 - 1 / n), of 1. Clamped, as bytes.
QUILL_INLINE quill_bytes averageOfFew(quill_words x, int32_t n, uint16_t multiplier,
                                      const struct quill_output_range *range) {
  const quill_words sign = x >> 15;
  const quill_halves size = (quill_halves)((x ^ sign) - sign) + (uint16_t)(n / 2);
  const quill_naturals product = __builtin_convertvector(size, quill_naturals) *
                                 __builtin_convertvector((quill_halves){} + multiplier, quill_naturals);
  quill_words quotient = __builtin_convertvector(product >> 16, quill_words);
  quotient += (quill_words)(size - (quill_halves)quotient * (uint16_t)n) >> 15;
  quotient = (quotient ^ sign) - sign;
  return clampedWords(quotient, range);
}

/// A window's average of sixteen channels from `in`, of at most 256 taps.
QUILL_INLINE quill_bytes averageOfWindow(const struct quill_pool *p, const struct quill_window window, const int8_t *in,
                                         uint16_t multiplier, const struct quill_output_range *range) {
  quill_words sum = {};
  for (int32_t wy = 0; wy < window.height; wy++, in += p->inputRowPitch)
    for (int32_t wx = 0; wx < window.width; wx++) sum += words(loadBytes(in + (ptrdiff_t)wx * p->channels));
  const int32_t count = window.height * window.width;
  return count > 1 ? averageOfFew(sum, count, multiplier, range) : clampedWords(sum, range);
}

/// The same of any number of taps.
QUILL_INLINE quill_lanes averageOfMany(const struct quill_pool *p, const struct quill_window window, const int8_t *in,
                                       const struct quill_rescale *scale) {
  quill_lanes sum = splatLanes(0);
  for (int32_t wy = 0; wy < window.height; wy++, in += p->inputRowPitch)
    for (int32_t wx = 0; wx < window.width; wx++) sum += lanes(loadBytes(in + (ptrdiff_t)wx * p->channels));
  return dividedBy(sum, window.height * window.width, scale);
}

/// The averages of one window of at most 256 taps in all channels.
QUILL_INLINE void averagesOf(const struct quill_pool *p, const struct quill_window window, int8_t *out,
                             uint16_t multiplier, const struct quill_output_range *range) {
  for (int32_t channel = 0; channel < p->channels; channel += 16) {
    const quill_bytes bytes = averageOfWindow(p, window, window.first + channel, multiplier, range);
    if (p->channels - channel >= 16)
      __builtin_memcpy(out + channel, &bytes, 16);
    else
      storePart(out + channel, (const int8_t *)&bytes, p->channels - channel);
  }
}

void QUILL_NAME(average_pool)(const struct quill_pool *parameters) {
  const struct quill_pool own = *parameters, *p = &own;
  const struct quill_output_range range = {.zeroPoint = 0, .minimum = p->minimum, .maximum = p->maximum};
  // Of the windows of `divisor` taps.
  int32_t divisor = 0;
  uint16_t multiplier = 0;
  struct quill_rescale scale = {};
  for (int32_t y = 0; y < p->outputHeight; y++) {
    int8_t *out = p->output + y * p->outputRowPitch;
    for (int32_t x = 0; x < p->outputWidth; x++, out += p->channels) {
      const struct quill_window window = windowAt(p, y, x);
      const int32_t count = window.height * window.width;
      if (count != divisor) {
        divisor = count;
        multiplier = (uint16_t)(65536 / count + 1);
        if (count > 256) scale = uniformRescale((struct quill_scale){.multiplier = reciprocal(count), .shift = 0});
      }
      if (window.height == 2 && window.width == 2)
        averagesOf(p, (struct quill_window){window.first, 2, 2}, out, multiplier, &range);
      else if (count <= 256)
        averagesOf(p, window, out, multiplier, &range);
      else
        for (int32_t channel = 0; channel < p->channels; channel += 16)
          storeLanes(out + channel, averageOfMany(p, window, window.first + channel, &scale), &range,
                     p->channels - channel);
    }
  }
}
