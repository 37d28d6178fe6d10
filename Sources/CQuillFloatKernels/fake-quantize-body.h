// The body of quill_float_fake_quantize, included by levels.h.

static void QUILL_LEVEL(fake_quantize)(const struct quill_float_fake_quantize *q) {
  const float *restrict input = q->input;
  float *restrict output = q->output;
  const lanes low = QUILL_BROADCAST(q->low), high = QUILL_BROADCAST(q->high), zero = {0};
  const lanes offset = QUILL_BROADCAST(q->offset), half = QUILL_BROADCAST(0.5f - q->tolerance);
  for (size_t i = 0, block = 0; i < q->count; i += QUILL_FLOAT_BLOCK) {
    const lanes scale = QUILL_LOAD(q->scales + block * QUILL_FLOAT_BLOCK);
    block = block + 1 == q->block_count ? 0 : block + 1;
    // Clamped first, so that the steps fit an integer; whole bounds change no rounding within them.
    const lanes steps = QUILL_CLAMP(QUILL_LOAD(input + i) / scale, low, high) + offset;
    const lanes whole = __builtin_convertvector(__builtin_convertvector(steps, lane_masks), lanes);
    const lanes rest = steps - whole;
    const lanes up = QUILL_SELECT(rest >= half, QUILL_BROADCAST(1.0f), zero);
    const lanes down = QUILL_SELECT(rest <= -half, QUILL_BROADCAST(1.0f), zero);
    QUILL_STORE(output + i, (whole + up - down - offset) * scale);
  }
}
