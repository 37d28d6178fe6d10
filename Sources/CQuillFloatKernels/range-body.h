// The body of quill_float_range, included by levels.h.

static void QUILL_LEVEL(range)(const struct quill_float_range *r) {
  lanes low = QUILL_BROADCAST(r->low), high = QUILL_BROADCAST(r->high);
  size_t i = 0;
  for (; i + QUILL_FLOAT_BLOCK <= r->count; i += QUILL_FLOAT_BLOCK) {
    const lanes values = QUILL_LOAD(r->values + i);
    low = QUILL_SELECT(values < low, values, low);
    high = QUILL_SELECT(values > high, values, high);
  }
  float least = r->low, greatest = r->high;
  for (int lane = 0; lane < QUILL_FLOAT_BLOCK; lane++) {
    least = low[lane] < least ? low[lane] : least;
    greatest = high[lane] > greatest ? high[lane] : greatest;
  }
  for (; i < r->count; i++) {
    least = r->values[i] < least ? r->values[i] : least;
    greatest = r->values[i] > greatest ? r->values[i] : greatest;
  }
  r->result[0] = least;
  r->result[1] = greatest;
}
