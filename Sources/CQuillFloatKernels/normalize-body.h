// The body of quill_float_normalize, included by levels.h.

static void QUILL_LEVEL(normalize)(const struct quill_float_normalize *n) {
  const size_t count = n->channel_count;
  const float *restrict values = n->values, *restrict mean = n->mean, *restrict inverse = n->inverse;
  const float *restrict scale = n->scale;
  const float share = n->share;
  for (size_t row = 0; row < n->row_count; row++) {
    float *restrict output = n->output + row * count;
    if (n->gradients) {
      const float *restrict gradients = n->gradients + row * count;
      const float *restrict shift_gradient = n->shift, *restrict scale_gradient = n->scale_gradient;
      for (size_t c = 0; c < count; c++) {
        const float normal = (values[c] - mean[c]) * inverse[c];
        const float centred = gradients[c] - share * (shift_gradient[c] + normal * scale_gradient[c]);
        output[c] = scale[c] * inverse[c] * centred;
      }
    } else {
      const float *restrict shift = n->shift;
      for (size_t c = 0; c < count; c++) output[c] = (values[c] - mean[c]) * (scale[c] * inverse[c]) + shift[c];
    }
    values += count;
  }
}
