// How a block of depthwise output channels is rounded, shared by every level's kernel.
//
// Why C: see requantise_real.h.
#include "requantise_real.h"

/// Stores the block of at most 16 channels that begins with `first`.
QUILL_INLINE void storeDepthwiseReal(const struct quill_depthwise *d, int32_t first, const int32_t *accumulators,
                                     int8_t *out) {
  storeReal(out, accumulators, d->multiplier + first, d->shift + first, d->realShift + first, &d->range,
            d->outputChannels - first);
}

/// What the block's shifts allow; QUILL_STAGE_ANY for the rounding `real`.
QUILL_INLINE enum quill_stage_kind depthwiseKind(const struct quill_depthwise *d, int32_t first) {
  if (d->realShift) return QUILL_STAGE_ANY;
  return columnKind(d->multiplier + first, d->shift + first, &d->range);
}
