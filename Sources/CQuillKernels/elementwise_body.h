// Add, Requantise and the sums of channels, for the level whose names QUILL_NAME gives.
//
// Why C: compiled once per level with that level's function attributes (see lanes.h).

void QUILL_NAME(requantise)(const struct quill_requantise *p) {
  const struct quill_rescale scale = uniformRescale(p->scale);
  for (size_t i = 0; i < p->count; i += 16) {
    const size_t left = p->count - i;
    const quill_lanes x = lanes(loadBytes(p->input + i)) - p->inputZeroPoint;
    storeLanes(p->output + i, rescaleLanes(x, &scale), &p->range, left < 16 ? (int32_t)left : 16);
  }
}

void QUILL_NAME(add)(const struct quill_add *p) {
  const struct quill_rescale left = uniformRescale(p->leftScale), right = uniformRescale(p->rightScale);
  const struct quill_rescale output = uniformRescale(p->outputScale);
  for (size_t i = 0; i < p->count; i += 16) {
    const size_t rest = p->count - i;
    const quill_lanes a = rescaleLanes((lanes(loadBytes(p->left + i)) - p->leftZeroPoint) << 20, &left);
    const quill_lanes b = rescaleLanes((lanes(loadBytes(p->right + i)) - p->rightZeroPoint) << 20, &right);
    storeLanes(p->output + i, rescaleLanes(p->subtract ? a - b : a + b, &output), &p->range,
               rest < 16 ? (int32_t)rest : 16);
  }
}

void QUILL_NAME(channel_sums)(const struct quill_channel_sums *p) {
  for (int32_t channel = 0; channel < p->channels; channel += 16) {
    quill_lanes sum = splatLanes(0);
    for (int32_t y = 0; y < p->inputHeight; y++) {
      const int8_t *in = p->input + y * p->inputRowPitch + channel;
      for (int32_t x = 0; x < p->inputWidth; x++, in += p->channels) sum += lanes(loadBytes(in));
    }
    const int32_t left = p->channels - channel;
    __builtin_memcpy(p->sums + channel, &sum, (size_t)(left < 16 ? left : 16) * 4);
  }
}
