// Sixteen accumulators to sixteen int8 outputs, with NEON (ARMv7 and AArch64).
//
// Why C: see quill_kernels.h. SQRDMULH is the rounding doubling high multiply itself; SRSHL rounds a right shift half
// up, and taking 1 from negative values first makes that half away from zero.

/// Sixteen int32.
typedef int32x4x4_t quill_wide;

/// Multipliers and shifts of 16 channels.
struct quill_rescale {
  quill_wide multiplier, shift;
};

QUILL_INLINE quill_wide load16(const int32_t *p) {
  return (quill_wide){{vld1q_s32(p), vld1q_s32(p + 4), vld1q_s32(p + 8), vld1q_s32(p + 12)}};
}

QUILL_INLINE quill_wide maximum16(quill_wide a, quill_wide b) {
  QUILL_UNROLL for (int j = 0; j < 4; j++) a.val[j] = vmaxq_s32(a.val[j], b.val[j]);
  return a;
}

QUILL_INLINE struct quill_rescale rescaleOf(const int32_t *multiplier, const int32_t *shift) {
  return (struct quill_rescale){.multiplier = load16(multiplier), .shift = load16(shift)};
}

/// MBQM of four.
QUILL_INLINE int32x4_t rescaleFour(int32x4_t x, int32x4_t multiplier, int32x4_t shift) {
  const int32x4_t zero = vdupq_n_s32(0);
  const int32x4_t right = vminq_s32(shift, zero);
  x = vqrdmulhq_s32(vshlq_s32(x, vmaxq_s32(shift, zero)), multiplier);
  return vrshlq_s32(vaddq_s32(x, vshrq_n_s32(vandq_s32(x, right), 31)), right);
}

/// The same where more is known of the shifts.
QUILL_INLINE int32x4_t rescaledFour(int32x4_t x, int32x4_t multiplier, int32x4_t shift,
                                    const enum quill_stage_kind kind) {
  if (kind == QUILL_STAGE_ANY) return rescaleFour(x, multiplier, shift);
  x = vqrdmulhq_s32(x, multiplier);
  return vrshlq_s32(kind == QUILL_STAGE_RECTIFIED ? x : vsraq_n_s32(x, x, 31), shift);
}

QUILL_INLINE quill_wide rescale(quill_wide x, const struct quill_rescale *r) {
  QUILL_UNROLL for (int j = 0; j < 4; j++) x.val[j] = rescaleFour(x.val[j], r->multiplier.val[j], r->shift.val[j]);
  return x;
}

/// Zero point and saturation, where |x| past int16 is past the activation range in any case.
QUILL_INLINE int8x8_t saturated8(int32x4_t low, int32x4_t high, int32_t zeroPoint) {
  return vqmovn_s16(vqaddq_s16(vcombine_s16(vqmovn_s32(low), vqmovn_s32(high)), vdupq_n_s16((int16_t)zeroPoint)));
}

/// Zero point and clamp, for a kind of stage.
QUILL_INLINE int8x16_t narrowed16(quill_wide x, const struct quill_output_range *range, const enum quill_stage_kind kind) {
  const int32_t zeroPoint = kind == QUILL_STAGE_RECTIFIED ? -128 : range->zeroPoint;
  const int8x16_t bytes =
    vcombine_s8(saturated8(x.val[0], x.val[1], zeroPoint), saturated8(x.val[2], x.val[3], zeroPoint));
  if (kind == QUILL_STAGE_RECTIFIED) return bytes;
  return vmaxq_s8(vminq_s8(bytes, vdupq_n_s8((int8_t)range->maximum)), vdupq_n_s8((int8_t)range->minimum));
}

QUILL_INLINE int8x16_t narrow(quill_wide x, const struct quill_output_range *range) {
  return narrowed16(x, range, QUILL_STAGE_ANY);
}

QUILL_INLINE void narrowTo(int8_t *out, quill_wide x, const struct quill_output_range *range) {
  vst1q_s8(out, narrow(x, range));
}

#if !defined(QUILL_STAGE_OF_EIGHT)
typedef struct quill_rescale quill_stage;

QUILL_INLINE quill_stage stageOf(const int32_t *multipliers, const int32_t *shifts,
                                 const struct quill_output_range *range) {
  return rescaleOf(multipliers, shifts);
}

QUILL_INLINE int8x16_t requantised(quill_wide x, const quill_stage *s, const struct quill_output_range *range,
                                   const enum quill_stage_kind kind) {
  QUILL_UNROLL for (int j = 0; j < 4; j++)
    x.val[j] = rescaledFour(x.val[j], s->multiplier.val[j], s->shift.val[j], kind);
  return narrowed16(x, range, kind);
}

/// The first `count` bytes, 16 at most.
QUILL_INLINE void storeBytes(int8_t *out, int8x16_t bytes, int32_t count) {
  if (count >= 16) {
    vst1q_s8(out, bytes);
  } else {
    int8_t all[16];
    vst1q_s8(all, bytes);
    storePart(out, all, count);
  }
}
#else
/// Of 8 channels, as a column of the 32-bit convolution has.
typedef struct {
  int32x4x2_t multiplier, shift;
} quill_stage;

QUILL_INLINE int32x4x2_t load8(const int32_t *p) { return (int32x4x2_t){{vld1q_s32(p), vld1q_s32(p + 4)}}; }

QUILL_INLINE quill_stage stageOf(const int32_t *multipliers, const int32_t *shifts,
                                 const struct quill_output_range *range) {
  return (quill_stage){load8(multipliers), load8(shifts)};
}

QUILL_INLINE int8x8_t requantised(int32x4x2_t x, const quill_stage *s, const struct quill_output_range *range,
                                  const enum quill_stage_kind kind) {
  const int8x8_t bytes = saturated8(rescaledFour(x.val[0], s->multiplier.val[0], s->shift.val[0], kind),
                                    rescaledFour(x.val[1], s->multiplier.val[1], s->shift.val[1], kind),
                                    kind == QUILL_STAGE_RECTIFIED ? -128 : range->zeroPoint);
  if (kind == QUILL_STAGE_RECTIFIED) return bytes;
  return vmax_s8(vmin_s8(bytes, vdup_n_s8((int8_t)range->maximum)), vdup_n_s8((int8_t)range->minimum));
}

/// The first `count` bytes, 8 at most.
QUILL_INLINE void storeBytes(int8_t *out, int8x8_t bytes, int32_t count) {
  if (count >= 8) {
    vst1_s8(out, bytes);
  } else {
    int8_t all[8];
    vst1_s8(all, bytes);
    storePart(out, all, count);
  }
}
#endif
