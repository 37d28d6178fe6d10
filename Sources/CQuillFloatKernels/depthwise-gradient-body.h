// The body of quill_float_depthwise_gradient, included by levels.h.

static void QUILL_LEVEL(depthwise_gradient)(const struct quill_float_depthwise_gradient *d) {
  const size_t channels = d->channel_count;
  if (d->image_gradient) {
    for (size_t window = 0; window < d->window_count; window++) {
      const float *restrict gradient = d->gradients + window * channels;
      for (size_t tap = 0; tap < d->tap_count; tap++) {
        float *restrict pixel = d->image_gradient + d->window_offsets[window] + d->tap_offsets[tap];
        const float *restrict weight = d->weights + tap * channels;
        for (size_t c = 0; c < channels; c++) pixel[c] += gradient[c] * weight[c];
      }
    }
    return;
  }
  for (size_t tap = 0; tap < d->tap_count; tap++) {
    float *restrict sums = d->weight_gradients + tap * channels;
    memset(sums, 0, channels * sizeof(float));
    for (size_t window = 0; window < d->window_count; window++) {
      const float *restrict gradient = d->gradients + window * channels;
      if (d->input) {
        const float *restrict pixel = d->input + d->window_offsets[window] + d->tap_offsets[tap];
        for (size_t c = 0; c < channels; c++) sums[c] += gradient[c] * pixel[c];
      } else {
        for (size_t c = 0; c < channels; c++) sums[c] += gradient[c];
      }
    }
  }
}
