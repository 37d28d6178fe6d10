// The body of quill_float_gather, included by levels.h.

static void QUILL_LEVEL(gather)(const struct quill_float_gather *g) {
  memset(g->image, 0, g->image_count * sizeof(float));
  for (size_t window = 0; window < g->window_count; window++) {
    const float *restrict source = g->windows + window * g->window_pitch;
    for (size_t segment = 0; segment < g->segment_count; segment++) {
      float *restrict row = g->image + g->window_offsets[window] + g->segment_offsets[segment];
      for (size_t i = 0; i < g->segment_length; i++) row[i] += source[i];
      source += g->segment_length;
    }
  }
}
