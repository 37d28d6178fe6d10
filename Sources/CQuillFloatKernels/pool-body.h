// The body of quill_float_pool, included by levels.h.

// The window of an output position along one axis, cut to the image.
struct QUILL_LEVEL(taps) {
  size_t first, end;
};

static inline __attribute__((always_inline)) struct QUILL_LEVEL(taps) QUILL_LEVEL(window)(
    size_t index, size_t stride, size_t padding, size_t window, size_t extent) {
  const size_t begin = index * stride, end = begin + window - padding;
  return (struct QUILL_LEVEL(taps)){begin > padding ? begin - padding : 0, end < extent ? end : extent};
}

// The loops over channels of one output position. The gradient of a maximum goes to the first element that equals it.
static inline __attribute__((always_inline)) void QUILL_LEVEL(pool_pixel)(
    const struct quill_float_pool *p, struct QUILL_LEVEL(taps) rows, struct QUILL_LEVEL(taps) columns,
    const float *image, float *gradient_image, size_t position) {
  const size_t channels = p->channel_count;
  float *restrict output = p->output + position * channels;
  const float tap_count = (float)((rows.end - rows.first) * (columns.end - columns.first));
  if (!gradient_image) {
    const float start = p->is_maximum ? -__builtin_inff() : 0;
    for (size_t c = 0; c < channels; c++) output[c] = start;
  } else if (p->is_maximum) {
    for (size_t c = 0; c < channels; c++) p->rest[c] = p->gradients[position * channels + c];
  }
  for (size_t y = rows.first; y < rows.end; y++) {
    for (size_t x = columns.first; x < columns.end; x++) {
      const size_t offset = (y * p->width + x) * channels;
      const float *restrict values = image + offset;
      if (!gradient_image) {
        if (p->is_maximum) {
          for (size_t c = 0; c < channels; c++) output[c] = values[c] > output[c] ? values[c] : output[c];
        } else {
          for (size_t c = 0; c < channels; c++) output[c] += values[c];
        }
        continue;
      }
      float *restrict sums = gradient_image + offset;
      if (p->is_maximum) {
        float *restrict rest = p->rest;
        for (size_t c = 0; c < channels; c++) {
          const float share = rest[c];
          const int takes = values[c] == output[c];
          sums[c] += takes ? share : 0;
          rest[c] = takes ? 0 : share;
        }
      } else {
        const float *restrict gradients = p->gradients + position * channels;
        for (size_t c = 0; c < channels; c++) sums[c] += gradients[c] / tap_count;
      }
    }
  }
  if (!gradient_image && !p->is_maximum) {
    for (size_t c = 0; c < channels; c++) output[c] /= tap_count;
  }
}

static void QUILL_LEVEL(pool)(const struct quill_float_pool *p) {
  const size_t size = p->height * p->width * p->channel_count;
  size_t position = 0;
  for (size_t index = 0; index < p->image_count; index++) {
    const float *image = p->input + index * size;
    float *gradient_image = p->input_gradients ? p->input_gradients + index * size : NULL;
    if (gradient_image) memset(gradient_image, 0, size * sizeof(float));
    for (size_t row = 0; row < p->output_height; row++) {
      const struct QUILL_LEVEL(taps) rows =
          QUILL_LEVEL(window)(row, p->stride_height, p->padding_top, p->window_height, p->height);
      for (size_t column = 0; column < p->output_width; column++) {
        const struct QUILL_LEVEL(taps) columns =
            QUILL_LEVEL(window)(column, p->stride_width, p->padding_left, p->window_width, p->width);
        QUILL_LEVEL(pool_pixel)(p, rows, columns, image, gradient_image, position);
        position++;
      }
    }
  }
}
