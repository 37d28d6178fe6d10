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

// Up to sixteen channels of a pixel, the rest zero.
static inline __attribute__((always_inline)) lanes QUILL_LEVEL(pool_load)(const float *pointer, size_t count) {
  if (count == QUILL_FLOAT_BLOCK) return QUILL_LOAD(pointer);
  lanes value = {0};
  for (size_t c = 0; c < count; c++) value[c] = pointer[c];
  return value;
}

static inline __attribute__((always_inline)) void QUILL_LEVEL(pool_store)(float *pointer, lanes value, size_t count) {
  if (count == QUILL_FLOAT_BLOCK) {
    QUILL_STORE(pointer, value);
  } else {
    for (size_t c = 0; c < count; c++) pointer[c] = value[c];
  }
}

// One output position, sixteen channels at a time. The gradient of a maximum goes to the first element that equals it.
static inline __attribute__((always_inline)) void QUILL_LEVEL(pool_channels)(
    const struct quill_float_pool *p, struct QUILL_LEVEL(taps) rows, struct QUILL_LEVEL(taps) columns,
    const float *image, float *gradient_image, size_t position, size_t count) {
  const size_t channels = p->channel_count;
  const lanes zero = {0};
  const float tap_count = (float)((rows.end - rows.first) * (columns.end - columns.first));
  lanes result = p->is_maximum ? QUILL_BROADCAST(-__builtin_inff()) : zero, rest = zero;
  if (gradient_image) {
    result = QUILL_LEVEL(pool_load)(p->output + position, count);
    rest = QUILL_LEVEL(pool_load)(p->gradients + position, count);
    if (!p->is_maximum) rest /= tap_count;
  }
  for (size_t y = rows.first; y < rows.end; y++) {
    for (size_t x = columns.first; x < columns.end; x++) {
      const size_t offset = (y * p->width + x) * channels;
      const lanes values = QUILL_LEVEL(pool_load)(image + offset, count);
      if (!gradient_image) {
        result = p->is_maximum ? QUILL_SELECT(values > result, values, result) : result + values;
        continue;
      }
      lanes share = rest;
      if (p->is_maximum) {
        const lane_masks takes = values == result;
        share = QUILL_SELECT(takes, rest, zero);
        rest = QUILL_SELECT(takes, zero, rest);
      }
      const lanes sum = QUILL_LEVEL(pool_load)(gradient_image + offset, count) + share;
      QUILL_LEVEL(pool_store)(gradient_image + offset, sum, count);
    }
  }
  if (!gradient_image) QUILL_LEVEL(pool_store)(p->output + position, p->is_maximum ? result : result / tap_count, count);
}

static inline __attribute__((always_inline)) void QUILL_LEVEL(pool_pixel)(
    const struct quill_float_pool *p, struct QUILL_LEVEL(taps) rows, struct QUILL_LEVEL(taps) columns,
    const float *image, float *gradient_image, size_t position) {
  const size_t channels = p->channel_count;
  size_t c = 0;
  for (; c + QUILL_FLOAT_BLOCK <= channels; c += QUILL_FLOAT_BLOCK) {
    QUILL_LEVEL(pool_channels)(
        p, rows, columns, image + c, gradient_image ? gradient_image + c : NULL, position * channels + c,
        QUILL_FLOAT_BLOCK);
  }
  if (c < channels) {
    QUILL_LEVEL(pool_channels)(
        p, rows, columns, image + c, gradient_image ? gradient_image + c : NULL, position * channels + c, channels - c);
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
