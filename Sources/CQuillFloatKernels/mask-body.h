// The body of quill_float_mask, included by levels.h.

// The slope-weighted gradients of sixteen values, or of a scalar's worth of them in the first lane.
static inline __attribute__((always_inline)) lanes QUILL_LEVEL(masked)(
    const struct quill_float_mask *m, enum quill_float_mask_kind kind, lanes values, lanes gradients) {
  const lanes zero = {0};
  switch (kind) {
  case QUILL_FLOAT_MASK_BETWEEN:
    return QUILL_SELECT((values > m->low) & (values < m->high), gradients, zero);
  case QUILL_FLOAT_MASK_WITHIN:
    return QUILL_SELECT((values >= m->low) & (values <= m->high), gradients, zero);
  case QUILL_FLOAT_MASK_LEAKY:
    return QUILL_SELECT(values >= 0, gradients, m->slope * gradients);
  case QUILL_FLOAT_MASK_HARD_SWISH: {
    const lanes inner = QUILL_SELECT(values >= 3, QUILL_BROADCAST(1.0f), (2 * values + 3) / 6);
    return gradients * QUILL_SELECT(values <= -3, zero, inner);
  }
  }
  return zero;
}

// One loop a kind, so that the kind is known within it. The output may be the gradients: each is read before it is
// written.
static inline __attribute__((always_inline)) void QUILL_LEVEL(mask_all)(
    const struct quill_float_mask *m, enum quill_float_mask_kind kind) {
  size_t i = 0;
  for (; i + QUILL_FLOAT_BLOCK <= m->count; i += QUILL_FLOAT_BLOCK) {
    QUILL_STORE(m->output + i, QUILL_LEVEL(masked)(m, kind, QUILL_LOAD(m->values + i), QUILL_LOAD(m->gradients + i)));
  }
  for (; i < m->count; i++) {
    const lanes value = {m->values[i]}, gradient = {m->gradients[i]};
    m->output[i] = QUILL_LEVEL(masked)(m, kind, value, gradient)[0];
  }
}

static void QUILL_LEVEL(mask)(const struct quill_float_mask *m) {
  switch (m->kind) {
  case QUILL_FLOAT_MASK_BETWEEN:
    QUILL_LEVEL(mask_all)(m, QUILL_FLOAT_MASK_BETWEEN);
    break;
  case QUILL_FLOAT_MASK_WITHIN:
    QUILL_LEVEL(mask_all)(m, QUILL_FLOAT_MASK_WITHIN);
    break;
  case QUILL_FLOAT_MASK_LEAKY:
    QUILL_LEVEL(mask_all)(m, QUILL_FLOAT_MASK_LEAKY);
    break;
  case QUILL_FLOAT_MASK_HARD_SWISH:
    QUILL_LEVEL(mask_all)(m, QUILL_FLOAT_MASK_HARD_SWISH);
    break;
  }
}
