// The body of quill_float_depthwise, included by levels.h.

// count floats, the rest zero; count may be less than 16 only at the end of the channels.
static inline __attribute__((always_inline)) void QUILL_LEVEL(load)(const float *pointer, size_t count, lanes *value) {
  *value = (lanes){0};
  memcpy(value, pointer, count * sizeof(float));
}

static inline __attribute__((always_inline)) void QUILL_LEVEL(channels)(
    const struct quill_float_depthwise *d, size_t row, size_t channel, size_t count) {
  const float *values = d->input + d->row_offsets[row] + channel;
  const float *weights = d->weights + channel;
  lanes sum = {0}, value, weight, bias = {0};
  for (size_t t = 0; t < d->tap_count; t++) {
    QUILL_LEVEL(load)(values + d->tap_offsets[t], count, &value);
    QUILL_LEVEL(load)(weights, count, &weight);
    sum = QUILL_FMA(value, weight, sum);
    weights += d->channel_count;
  }
  if (d->bias) {
    QUILL_LEVEL(load)(d->bias + channel, count, &bias);
    sum += bias;
  }
  sum = QUILL_CLAMP(sum, QUILL_BROADCAST(d->low), QUILL_BROADCAST(d->high));
  memcpy(d->output + row * d->channel_count + channel, &sum, count * sizeof(float));
}

static void QUILL_LEVEL(depthwise)(const struct quill_float_depthwise *d) {
  for (size_t row = 0; row < d->row_count; row++) {
    size_t channel = 0;
    for (; channel + QUILL_FLOAT_BLOCK <= d->channel_count; channel += QUILL_FLOAT_BLOCK) {
      QUILL_LEVEL(channels)(d, row, channel, QUILL_FLOAT_BLOCK);
    }
    if (channel < d->channel_count) QUILL_LEVEL(channels)(d, row, channel, d->channel_count - channel);
  }
}
