// The body of quill_float_moments, included by levels.h.

static void QUILL_LEVEL(moments)(const struct quill_float_moments *m) {
  for (size_t channel = 0; channel < m->channel_count; channel += QUILL_FLOAT_BLOCK) {
    double_lanes sums = {0}, products = {0};
    lanes mean = {0}, inverse = {0};
    double_lanes centre = {0};
    if (m->factors) {
      mean = QUILL_LOAD(m->mean + channel);
      inverse = QUILL_LOAD(m->inverse + channel);
    } else if (m->centre) {
      centre = *(const unaligned_double_lanes *)(m->centre + channel);
    }
    for (size_t row = 0; row < m->row_count; row++) {
      const lanes values = QUILL_LOAD(m->values + row * m->pitch + channel);
      const double_lanes wide = __builtin_convertvector(values, double_lanes);
      if (m->factors) {
        const lanes normal = (QUILL_LOAD(m->factors + row * m->pitch + channel) - mean) * inverse;
        products += wide * __builtin_convertvector(normal, double_lanes);
        sums += wide;
      } else {
        const double_lanes difference = wide - centre;
        products += difference * difference;
        sums += wide;
      }
    }
    const size_t rest = m->channel_count - channel;
    const size_t count = rest < QUILL_FLOAT_BLOCK ? rest : QUILL_FLOAT_BLOCK;
    memcpy(m->sums + channel, &sums, count * sizeof(double));
    memcpy(m->products + channel, &products, count * sizeof(double));
  }
}
