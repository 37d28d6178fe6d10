// The proof that one multiply-add requantises a column of channels (requantise_once.h).
//
// Why C: compiled with AVX-512's function attributes, in the compiler's own vector types.
#include "requantise_once.h"

#if defined(__x86_64__)
#pragma clang attribute push(                                                  \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), apply_to = function)

/// Eight int64.
typedef int64_t quill_eight __attribute__((vector_size(64)));

/// What n adds to the start of sums, which wrap.
static int32_t onceStart(int64_t n) { return (int32_t)(QUILL_ONCE_START + (uint32_t)n); }

/// The least x >= 0 for which x * a modulo m is low...high; -1 where it is none below 2^23. 0 <= a < m <= 2^36.
static int64_t firstWithin(int64_t a, int64_t m, int64_t low, int64_t high) {
  if (low == 0) return 0;
  if (a == 0) return -1;
  const int64_t x = (low + a - 1) / a;
  if (x * a <= high) return x;
  // x * a - y * m is low...high: y * m modulo a is -high...-low.
  const int64_t y = firstWithin(m % a, a, (a - high % a) % a, (a - low % a) % a);
  return y < 0 || y >= QUILL_ONCE_SUMS ? -1 : (low + y * m + a - 1) / a;
}

/// One channel with the slope S / 2^j and constants of low...high, its sums being least...greatest; 0 where it has no n.
static int onceChannel(struct quill_once *to, const int channel, const int64_t S, const int j, const int64_t low,
                       const int64_t high, const int64_t least, const int64_t greatest) {
  const int64_t one = (int64_t)1 << j, n = least < 0 ? -least : 0;
  const int64_t first = (low - one / 2 - (QUILL_ONCE_SUMS + n) * S) & (one - 1), last = first + high - low;
  const int64_t more = last >= one ? 0 : firstWithin(S, one, first, last);
  if (more < 0 || greatest + n + more >= QUILL_ONCE_SUMS) return 0;
  // What the start adds, and of it what the addend takes away again: all but a constant of low...high and the half.
  const int64_t added = (QUILL_ONCE_SUMS + n + more) * S, constant = low + ((added - (low - one / 2)) & (one - 1));
  to->start[channel] = onceStart(n + more);
  to->scale[channel] = (float)S / (float)one;
  to->addend[channel] = (float)(QUILL_ONCE_ZERO - 128 - ((added - (constant - one / 2)) >> j));
  return 1;
}

/// A channel that gives the zero point whatever its sums are.
static void onceNone(struct quill_once *to, const int channel, const int64_t least) {
  to->start[channel] = onceStart(least < 0 ? -least : 0);
  to->scale[channel] = 0;
  to->addend[channel] = QUILL_ONCE_ZERO - 128;
}

/// Whether a channel's sums and outputs are in the float's range, and its shift one that is served.
static int onceMay(int64_t multiplier, const int32_t shift, const int64_t least, const int64_t greatest) {
  const int e = -shift;
  return e >= 1 && e <= 11 && greatest - least < QUILL_ONCE_SUMS && (greatest * multiplier) >> (31 + e) <= 32000 &&
         (least * multiplier) >> (31 + e) >= -32000;
}

/// Eight channels from the first on; 0 where one is not proved.
static int onceEight(struct quill_once *to, const int first, const struct quill_once_channels *channels,
                     const int32_t *multipliers, const int32_t *shifts) {
  quill_eight q, firstRest, rest, one, step, nearest;
  quill_eight left = {};
  for (int i = 0; i < 8; i++) {
    const int channel = first + i, isNone = channel >= channels->count || multipliers[channel] == 0;
    if (isNone) onceNone(to, channel, channels->least[channel]);
    if (!isNone && !onceMay(multipliers[channel], shifts[channel], channels->least[channel], channels->greatest[channel]))
      return 0;
    const int exponent = isNone ? 1 : -shifts[channel];
    const int64_t multiplier = isNone ? 1 << 30 : multipliers[channel], whole = (int64_t)1 << (31 + exponent);
    const int64_t place = whole / 2 - (1 << 30), a = (place + multiplier - 1) / multiplier;
    q[i] = multiplier;
    firstRest[i] = a * multiplier - place;
    rest[i] = whole % multiplier;
    one[i] = (int64_t)1 << (24 + exponent);
    step[i] = whole / multiplier;
    nearest[i] = (multiplier + 64) >> 7;
    left[i] = isNone ? 0 : a;
  }
  for (int try = 0; try < 5; try++) {
    const quill_eight S = nearest + (try % 2 ? (try + 1) / 2 : -try / 2), stride = one - step * S;
    // k * 2^j - A(k) * S, and A(k) * multiplier less what it is rounded up from.
    quill_eight below = one - left * S, r = firstRest, low = below, high = below + S;
    for (int k = 2; k < 256; k++) {
      r -= rest;
      const quill_eight more = r < 0;
      r += q & more;
      below += stride - (S & more);
      low = __builtin_elementwise_max(low, below);
      high = __builtin_elementwise_min(high, below + S);
    }
    int open = 0;
    for (int i = 0; i < 8; i++) {
      if (left[i] == 0) continue;
      const int channel = first + i, j = __builtin_ctzll((uint64_t)one[i]);
      const int isFloat = S[i] <= 1 << 24;
      if (isFloat && high[i] - low[i] >= 2 &&
          onceChannel(to, channel, S[i], j, low[i] + 1, high[i] - 1, channels->least[channel], channels->greatest[channel]))
        left[i] = 0;
      else
        open = 1;
    }
    if (!open) return 1;
  }
  return 0;
}

void quill_avx512vnni_prove_once(struct quill_once *to, const struct quill_once_channels *channels,
                                 const int32_t *multipliers, const int32_t *shifts) {
  if (!onceEight(to, 0, channels, multipliers, shifts) || !onceEight(to, 8, channels, multipliers, shifts))
    to->addend[0] = 0;
}

#pragma clang attribute pop
#endif
