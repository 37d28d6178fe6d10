// The body of quill_float_peak, included by levels.h.

static void QUILL_LEVEL(peak)(const struct quill_float_peak *p) {
  // As many chains as hide the latency of fma, and as few as stay in registers.
  enum { chain_count = QUILL_BLOCKS > 1 ? 16 : 6 };
  lanes chains[chain_count];
  const lanes factor = QUILL_BROADCAST(p->factor);
  QUILL_UNROLL for (int c = 0; c < chain_count; c++) chains[c] = QUILL_BROADCAST((float)c);
  for (size_t round = 0; round < p->round_count; round++) {
    QUILL_UNROLL for (int c = 0; c < chain_count; c++) chains[c] = QUILL_FMA(chains[c], factor, factor);
  }
  lanes sum = {0};
  QUILL_UNROLL for (int c = 0; c < chain_count; c++) sum += chains[c];
  // Something to answer, so that nothing of it is left out.
  p->result[0] = sum[0];
  p->result[1] = (float)(2 * chain_count * QUILL_FLOAT_BLOCK);
}
