// The body of quill_float_mask, included by levels.h.

static void QUILL_LEVEL(mask)(const struct quill_float_mask *m) {
  const float *restrict values = m->values, *restrict gradients = m->gradients;
  float *output = m->output;
  const float low = m->low, high = m->high, slope = m->slope;
  switch (m->kind) {
  case QUILL_FLOAT_MASK_BETWEEN:
    for (size_t i = 0; i < m->count; i++) {
      output[i] = ((values[i] > low) & (values[i] < high)) ? gradients[i] : 0;
    }
    break;
  case QUILL_FLOAT_MASK_WITHIN:
    for (size_t i = 0; i < m->count; i++) {
      output[i] = ((values[i] >= low) & (values[i] <= high)) ? gradients[i] : 0;
    }
    break;
  case QUILL_FLOAT_MASK_LEAKY:
    for (size_t i = 0; i < m->count; i++) output[i] = values[i] >= 0 ? gradients[i] : slope * gradients[i];
    break;
  case QUILL_FLOAT_MASK_HARD_SWISH:
    for (size_t i = 0; i < m->count; i++) {
      const float inner = values[i] >= 3 ? 1 : (2 * values[i] + 3) / 6;
      output[i] = gradients[i] * (values[i] <= -3 ? 0 : inner);
    }
    break;
  }
}
