// Sixteen channels at a time in the compiler's own vector types, for the operators that need no dot product.
//
// Why C: see quill_kernels.h. Included after a level's requantise header, which gives `rescale` and `narrow`; the
// compiler splits these vectors into whatever registers the level has.

// Every function that passes these by value is inlined, so there is no calling convention to change.
#pragma clang diagnostic ignored "-Wpsabi"

typedef int8_t quill_bytes __attribute__((vector_size(16)));
typedef int16_t quill_words __attribute__((vector_size(32)));
typedef uint16_t quill_halves __attribute__((vector_size(32)));
typedef int32_t quill_lanes __attribute__((vector_size(64)));
typedef uint32_t quill_naturals __attribute__((vector_size(64)));

QUILL_INLINE quill_bytes loadBytes(const int8_t *p) {
  quill_bytes v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

QUILL_INLINE quill_lanes loadLanes(const int32_t *p) {
  quill_lanes v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

QUILL_INLINE quill_lanes splatLanes(int32_t value) { return (quill_lanes){} + value; }

QUILL_INLINE quill_words words(quill_bytes v) { return __builtin_convertvector(v, quill_words); }

QUILL_INLINE quill_lanes lanes(quill_bytes v) { return __builtin_convertvector(v, quill_lanes); }

/// The same numbers as the level keeps them.
QUILL_INLINE quill_wide wideOf(quill_lanes v) {
  quill_wide wide;
  __builtin_memcpy(&wide, &v, sizeof v);
  return wide;
}

/// MBQM, lane by lane.
QUILL_INLINE quill_lanes rescaleLanes(quill_lanes v, const struct quill_rescale *r) {
  const quill_wide wide = rescale(wideOf(v), r);
  __builtin_memcpy(&v, &wide, sizeof v);
  return v;
}

/// Adds the zero point, clamps, and stores the first `count` (16 at most) bytes.
QUILL_INLINE void storeLanes(int8_t *out, quill_lanes v, const struct quill_output_range *range, int32_t count) {
  if (count >= 16) {
    narrowTo(out, wideOf(v), range);
  } else {
    int8_t all[16];
    narrowTo(all, wideOf(v), range);
    storePart(out, all, count);
  }
}

/// The same multiplier and shift in each lane.
QUILL_INLINE struct quill_rescale uniformRescale(struct quill_scale scale) {
  int32_t multipliers[16], shifts[16];
  for (int i = 0; i < 16; i++) {
    multipliers[i] = scale.multiplier;
    shifts[i] = scale.shift;
  }
  return rescaleOf(multipliers, shifts);
}
