// The rounding `real` for a block of depthwise output channels, shared by every level's kernel.
//
// Why C: see requantise_real.h.
#include "requantise_real.h"

/// Stores the block of at most 16 channels that begins with `first`.
QUILL_INLINE void storeDepthwiseReal(const struct quill_depthwise *d, int32_t first, const int32_t *accumulators,
                                     int8_t *out) {
  storeReal(out, accumulators, d->multiplier + first, d->shift + first, d->realShift + first, &d->range,
            d->outputChannels - first);
}
