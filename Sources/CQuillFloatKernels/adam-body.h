// The body of quill_float_adam, included by levels.h.

static void QUILL_LEVEL(adam)(const struct quill_float_adam *a) {
  for (size_t i = 0; i < a->count; i += QUILL_FLOAT_BLOCK) {
    const lanes gradient = QUILL_LOAD(a->gradients + i);
    lanes first = QUILL_LOAD(a->first_moments + i);
    lanes second = QUILL_LOAD(a->second_moments + i);
    first += (gradient - first) * a->one_minus_beta1;
    second += (gradient * gradient - second) * a->one_minus_beta2;
    QUILL_STORE(a->first_moments + i, first);
    QUILL_STORE(a->second_moments + i, second);
    const lanes step = a->rate * first / (__builtin_elementwise_sqrt(second) + a->epsilon);
    QUILL_STORE(a->parameters + i, QUILL_LOAD(a->parameters + i) - step);
  }
}
