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

/// The maximum of `V`-sized channel blocks over a window, clamped, into `best`.
#define QUILL_WINDOW_MAXIMUM(V, best)                                                     \
  V best = (V){} + (int8_t)-128;                                                          \
  for (int32_t wy = 0; wy < window.height; wy++) {                                        \
    const int8_t *in = window.first + wy * p->inputRowPitch + channel;                    \
    for (int32_t wx = 0; wx < window.width; wx++, in += p->channels) {                    \
      V v;                                                                                \
      __builtin_memcpy(&v, in, sizeof v);                                                 \
      best = __builtin_elementwise_max(best, v);                                          \
    }                                                                                     \
  }                                                                                       \
  best = __builtin_elementwise_max(                                                       \
    __builtin_elementwise_min(best, (V){} + (int8_t)p->maximum), (V){} + (int8_t)p->minimum);

void QUILL_NAME(max_pool)(const struct quill_pool *p) {
  for (int32_t y = 0; y < p->outputHeight; y++) {
    int8_t *out = p->output + y * p->outputRowPitch;
    for (int32_t x = 0; x < p->outputWidth; x++, out += p->channels) {
      const struct quill_window window = windowAt(p, y, x);
      int32_t channel = 0;
      for (; channel + 64 <= p->channels; channel += 64) {
        QUILL_WINDOW_MAXIMUM(quill_many, best)
        __builtin_memcpy(out + channel, &best, 64);
      }
      for (; channel + 16 <= p->channels; channel += 16) {
        QUILL_WINDOW_MAXIMUM(quill_bytes, best)
        __builtin_memcpy(out + channel, &best, 16);
      }
      if (channel < p->channels) {
        QUILL_WINDOW_MAXIMUM(quill_bytes, best)
        int8_t all[16];
        __builtin_memcpy(all, &best, 16);
        storePart(out + channel, all, p->channels - channel);
      }
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

/// The same for at most 256 taps: |x| + n / 2 is below 2^16 and so is its product's error, x * (m / 2^16 - 1 / n), of 1.
QUILL_INLINE quill_lanes dividedByFew(quill_lanes x, int32_t n) {
  const quill_lanes sign = x >> 31;
  const quill_lanes size = ((x ^ sign) - sign) + n / 2;
  quill_lanes quotient = (quill_lanes)(((quill_naturals)size * (uint32_t)(65536 / n + 1)) >> 16);
  quotient += (size - quotient * n) >> 31;
  return (quotient ^ sign) - sign;
}

void QUILL_NAME(average_pool)(const struct quill_pool *p) {
  const struct quill_output_range range = {.zeroPoint = 0, .minimum = p->minimum, .maximum = p->maximum};
  int32_t scaleCount = 0;
  struct quill_rescale scale = {};
  for (int32_t y = 0; y < p->outputHeight; y++) {
    int8_t *out = p->output + y * p->outputRowPitch;
    for (int32_t x = 0; x < p->outputWidth; x++, out += p->channels) {
      const struct quill_window window = windowAt(p, y, x);
      const int32_t count = window.height * window.width;
      if (count > 256 && count != scaleCount) {
        scaleCount = count;
        scale = uniformRescale((struct quill_scale){.multiplier = reciprocal(count), .shift = 0});
      }
      for (int32_t channel = 0; channel < p->channels; channel += 16) {
        quill_lanes sum = splatLanes(0);
        for (int32_t wy = 0; wy < window.height; wy++) {
          const int8_t *in = window.first + wy * p->inputRowPitch + channel;
          for (int32_t wx = 0; wx < window.width; wx++, in += p->channels) sum += lanes(loadBytes(in));
        }
        const int32_t left = p->channels - channel;
        sum = count > 256 ? dividedBy(sum, count, &scale) : dividedByFew(sum, count);
        storeLanes(out + channel, sum, &range, left < 16 ? left : 16);
      }
    }
  }
}
