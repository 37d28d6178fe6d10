// Add, Requantise and the sums of channels, for the level whose names QUILL_NAME gives.
//
// Why C: compiled once per level with that level's function attributes (see lanes.h). A level with `sumWithHalf` of its own
// defines QUILL_SUMS_WITH_HALF as 1.
#ifndef QUILL_SUMS_WITH_HALF
#define QUILL_SUMS_WITH_HALF 0
#endif

void QUILL_NAME(requantise)(const struct quill_requantise *p) {
  const struct quill_rescale scale = uniformRescale(p->scale);
  for (size_t i = 0; i < p->count; i += 16) {
    const size_t left = p->count - i;
    const quill_lanes x = lanes(loadBytes(p->input + i)) - p->inputZeroPoint;
    storeLanes(p->output + i, rescaleLanes(x, &scale), &p->range, left < 16 ? (int32_t)left : 16);
  }
}

/// One operand of Add: MBQM((x - zeroPoint) << 20) for a shift to the right.
///
/// (x * 2^20 * q + 2^30) >> 31 is (x * q + 2^10) >> 11, and x has nine bits: with q in two parts, 32 bits are enough.
struct quill_operand {
  int32_t zeroPoint, upper, lower, half, sign, shift;
};

QUILL_INLINE struct quill_operand operandOf(int32_t zeroPoint, struct quill_scale scale) {
  const int32_t shift = -scale.shift;
  return (struct quill_operand){
    .zeroPoint = zeroPoint,
    .upper = scale.multiplier >> 11,
    .lower = scale.multiplier & 0x7FF,
    .half = shift > 0 ? (int32_t)(1u << (shift - 1)) : 0,
    .sign = shift > 0 ? -1 : 0,
    .shift = shift,
  };
}

QUILL_INLINE quill_lanes rescaledOperand(quill_bytes bytes, const struct quill_operand *o) {
  const quill_lanes x = lanes(bytes) - o->zeroPoint;
  const quill_lanes high = x * o->upper + ((x * o->lower + 1024) >> 11);
  // |high| is below 2^28 and half a step at most 2^29.
  return (high + o->half + ((high >> 31) & o->sign)) >> o->shift;
}

QUILL_INLINE void addStored(const struct quill_add *p, size_t i, quill_lanes sum, const quill_stage *stage,
                            const enum quill_stage_kind kind) {
  const size_t left = p->count - i;
  storeBytes(p->output + i, requantised(wideOf(sum), stage, &p->range, kind), left < 16 ? (int32_t)left : 16);
}

/// Any scales, step by step.
static void QUILL_NAME(add_any)(const struct quill_add *p, const quill_stage *stage) {
  const struct quill_rescale left = uniformRescale(p->leftScale), right = uniformRescale(p->rightScale);
  for (size_t i = 0; i < p->count; i += 16) {
    const quill_lanes a = rescaleLanes((lanes(loadBytes(p->left + i)) - p->leftZeroPoint) << 20, &left);
    const quill_lanes b = rescaleLanes((lanes(loadBytes(p->right + i)) - p->rightZeroPoint) << 20, &right);
    addStored(p, i, p->subtract ? a - b : a + b, stage, QUILL_STAGE_ANY);
  }
}

/// Scales of at most 1.
QUILL_INLINE void addOperands(const struct quill_add *p, const quill_stage *stage) {
  const struct quill_operand left = operandOf(p->leftZeroPoint, p->leftScale);
  const struct quill_operand right = operandOf(p->rightZeroPoint, p->rightScale);
  for (size_t i = 0; i < p->count; i += 16) {
    const quill_lanes a = rescaledOperand(loadBytes(p->left + i), &left);
    const quill_lanes b = rescaledOperand(loadBytes(p->right + i), &right);
    addStored(p, i, p->subtract ? a - b : a + b, stage, QUILL_STAGE_RIGHT);
  }
}

/// An Add whose left scale is exactly a half, as that of one operand always is, and the right one at most that; below it
/// where the level has sums of its own.
QUILL_INLINE void addToHalf(const struct quill_add *p, const quill_stage *stage, const enum quill_stage_kind kind) {
#if QUILL_SUMS_WITH_HALF
  const struct quill_half_sum sum = halfSumOf(p);
  for (size_t i = 0; i < p->count; i += 16)
    addStored(p, i, sumWithHalf(loadBytes(p->left + i), loadBytes(p->right + i), &sum), stage, kind);
#else
  const struct quill_operand right = operandOf(p->rightZeroPoint, p->rightScale);
  for (size_t i = 0; i < p->count; i += 16) {
    const quill_lanes a = (lanes(loadBytes(p->left + i)) - p->leftZeroPoint) << 19;
    addStored(p, i, a + rescaledOperand(loadBytes(p->right + i), &right), stage, kind);
  }
#endif
}

QUILL_INLINE int isHalf(struct quill_scale scale) { return scale.multiplier == 1 << 30 && scale.shift == 0; }

/// With the operand whose scale is a half to the left, where the operation is Add.
QUILL_INLINE struct quill_add inOrder(const struct quill_add *p) {
  struct quill_add own = *p;
  if (!own.subtract && isHalf(own.rightScale)) {
    own.left = p->right, own.right = p->left;
    own.leftZeroPoint = p->rightZeroPoint, own.rightZeroPoint = p->leftZeroPoint;
    own.leftScale = p->rightScale, own.rightScale = p->leftScale;
  }
  return own;
}

void QUILL_NAME(add)(const struct quill_add *p) {
  const struct quill_add own = inOrder(p);
  int32_t multipliers[16], shifts[16];
  for (int i = 0; i < 16; i++) {
    multipliers[i] = own.outputScale.multiplier;
    shifts[i] = own.outputScale.shift;
  }
  const quill_stage stage = stageOf(multipliers, shifts, &own.range);
  const int32_t shift = own.outputScale.shift;
  const enum quill_stage_kind kind = shift < -23 || shift > -1 ? QUILL_STAGE_ANY : kindToTheRight(&own.range);
  const int32_t left = own.leftScale.shift, right = own.rightScale.shift;
  if (kind == QUILL_STAGE_ANY || left > 0 || left < -30 || right > 0 || right < -30)
    QUILL_NAME(add_any)(&own, &stage);
  else if (own.subtract || !isHalf(own.leftScale) || (QUILL_SUMS_WITH_HALF && right == 0))
    addOperands(&own, &stage);
  else if (QUILL_SUMS_WITH_HALF || kind == QUILL_STAGE_RIGHT)
    addToHalf(&own, &stage, QUILL_STAGE_RIGHT);
  else
    addToHalf(&own, &stage, QUILL_STAGE_RECTIFIED);
}

void QUILL_NAME(channel_sums)(const struct quill_channel_sums *p) {
  for (int32_t channel = 0; channel < p->channels; channel += 16) {
    quill_lanes sum = splatLanes(0);
    for (int32_t y = 0; y < p->inputHeight; y++) {
      const int8_t *in = p->input + y * p->inputRowPitch + channel;
      for (int32_t x = 0; x < p->inputWidth; x++, in += p->inputPixelPitch) sum += lanes(loadBytes(in));
    }
    const int32_t left = p->channels - channel;
    __builtin_memcpy(p->sums + channel, &sum, (size_t)(left < 16 ? left : 16) * 4);
  }
}
