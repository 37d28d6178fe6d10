// Requantisation as one multiply-add in float, for columns of channels where it is proved to give every byte.
//
// Why C: see quill_kernels.h.
//
// A float between 2^23 and 2^24 has the bits of 0x4B000000 and its distance from 2^23. So sums that start 0x4B000000
// higher, and by n so that none is negative, are such floats as they are, X = 2^23 + n + sum; and X * scale + addend, an
// integer for an addend, comes out as such a float again, rounded once: its low 16 bits are the output.
//
// After a ReLU, for shifts of -1 and less, MBQM says (requantise_avx512.h): output -128 + k from the sum A(k) on, k =
// 1...255, A(k) = ceil((k * 2^(31+e) - 2^30 - 2^(30+e)) / multiplier). Below A(1) and from A(255) on saturation
// gives the rest. So 255 places are all that is to be proved: with scale = S / 2^j a constant C is right where for all k
//   (A(k) - 1) * S + C < k * 2^j < A(k) * S + C.
// Of the slopes S next to the multiplier nearly always one leaves constants; and since n is free, (2^23 + n) * S modulo 2^j
// is one of them, less the half that rounding to nearest adds. Where bounds or slopes leave nothing, a column is requantised
// as others are.
#ifndef QUILL_REQUANTISE_ONCE_H
#define QUILL_REQUANTISE_ONCE_H

#include "kernel_common.h"

/// Per column of 16 channels: what is added to the start of its sums, and what they are multiplied with then. The first
/// addend is 0 where nothing is proved.
struct quill_once {
  int32_t start[16];
  float scale[16], addend[16];
};

/// The least and the greatest sums of a column's channels, of which there are `count`.
struct quill_once_channels {
  int64_t least[16], greatest[16];
  int32_t count;
};

#define QUILL_ONCE_START 0x4B000000
#define QUILL_ONCE_SUMS (1 << 23)
/// The addend of an output of 0: 2^16 keeps values within 16 bits on either side of it in the float's range.
#define QUILL_ONCE_ZERO (QUILL_ONCE_SUMS + (1 << 16))

/// Positions at least: fewer are not worth the proof.
#define QUILL_ONCE_POSITIONS 9

/// The sums of a channel: its bias, and products of inputs with weights of which the positive ones add up to `positive`, the
/// others to -`negative`.
QUILL_INLINE void onceBounds(struct quill_once_channels *channels, const int channel, const int64_t bias,
                             const int64_t positive, const int64_t negative) {
  channels->least[channel] = bias - 128 * positive - 127 * negative;
  channels->greatest[channel] = bias + 127 * positive + 128 * negative;
}

/// Proves a column's channels where it can.
void quill_avx512vnni_prove_once(struct quill_once *, const struct quill_once_channels *, const int32_t *multipliers,
                                 const int32_t *shifts);

#endif
