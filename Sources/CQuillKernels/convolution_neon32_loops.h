// The innermost loops of convolution_neon32.c, written as instructions: two groups of four taps a turn.
//
// Why assembly: all 16 vector registers are in use; left to itself, the compiler keeps sums in memory and needs more than
// twice as many instructions. A weight register of 64 bits holds 2 channels x 4 taps. vmull begins 8 products with the
// first group's taps, vmlal adds the second group's (two fit int16, see convolution_neon32.c), vpadal sums them into
// int32. Four registers of products are in work at once, for in-order cores (Cortex-A7); those of a turn's last step
// stay `pending`, and are summed while the next turn's loads are under way: nothing is read beyond the weights.

/// Eight products a register: two channel pairs, `low` and `high`, times two operands.
#define QUILL_PRODUCTS(op, low, high, a, b)                                                               \
  op " %q[p0], " low ", " a "\n" op " %q[p1], " high ", " a "\n" op " %q[p2], " low ", " b "\n" op        \
     " %q[p3], " high ", " b "\n"

#define QUILL_SUM(sum, products) "vpadal.s16 %q[" sum "], %q[" products "]\n"

/// Two positions x 8 channels over `turns` (at least 1) times two neighbouring groups, which lie 64 bytes apart; the weights
/// after them. sums: two a channel, channels 2k and 2k + 1 in sums[i][k]; pending: products of channels 4...7, position by
/// position.
QUILL_INLINE const int8_t *sumTwoPositions(int32x4_t sums[2][4], int16x8_t pending[4], const int8_t *in0,
                                           const int8_t *in1, const int8_t *weights, ptrdiff_t turns) {
  const int8_t *first = weights, *second = weights + 64;
  __asm__ volatile(
    ".Lquill_two_positions%=:\n"
    "vld2.32 {d4[], d5[]}, [%[in0]]!\n"
    QUILL_SUM("s02", "p0") QUILL_SUM("s03", "p1")
    "vld2.32 {d6[], d7[]}, [%[in1]]!\n"
    "vld1.8 {d0, d1}, [%[first]]!\n"
    QUILL_SUM("s12", "p2") QUILL_SUM("s13", "p3")
    "vld1.8 {d2, d3}, [%[second]]!\n"
    QUILL_PRODUCTS("vmull.s8", "d0", "d1", "d4", "d6")
    "vld1.8 {d0, d1}, [%[first]], %[next]\n"
    QUILL_PRODUCTS("vmlal.s8", "d2", "d3", "d5", "d7")
    "vld1.8 {d2, d3}, [%[second]], %[next]\n"
    QUILL_SUM("s00", "p0") QUILL_SUM("s01", "p1") QUILL_SUM("s10", "p2") QUILL_SUM("s11", "p3")
    QUILL_PRODUCTS("vmull.s8", "d0", "d1", "d4", "d6")
    "subs %[turns], %[turns], #1\n"
    QUILL_PRODUCTS("vmlal.s8", "d2", "d3", "d5", "d7")
    "bne .Lquill_two_positions%=\n"
    : [s00] "+w"(sums[0][0]), [s01] "+w"(sums[0][1]), [s02] "+w"(sums[0][2]), [s03] "+w"(sums[0][3]),
      [s10] "+w"(sums[1][0]), [s11] "+w"(sums[1][1]), [s12] "+w"(sums[1][2]), [s13] "+w"(sums[1][3]),
      [p0] "+w"(pending[0]), [p1] "+w"(pending[1]), [p2] "+w"(pending[2]), [p3] "+w"(pending[3]), [in0] "+r"(in0),
      [in1] "+r"(in1), [first] "+r"(first), [second] "+r"(second), [turns] "+r"(turns)
    : [next] "r"(112)
    : "q0", "q1", "q2", "q3", "cc", "memory");
  return first;
}

#define QUILL_PRODUCTS_OF_ONE(op, w0, w1, w2, w3, a)                                                       \
  op " %q[p0], " w0 ", " a "\n" op " %q[p1], " w1 ", " a "\n" op " %q[p2], " w2 ", " a "\n" op             \
     " %q[p3], " w3 ", " a "\n"

/// One position x 8 channels. pending: products of all channels, two a register.
QUILL_INLINE const int8_t *sumOnePosition(int32x4_t sums[4], int16x8_t pending[4], const int8_t *in,
                                          const int8_t *weights, ptrdiff_t turns) {
  __asm__ volatile(
    ".Lquill_one_position%=:\n"
    "vld2.32 {d8[], d9[]}, [%[in]]!\n"
    "vld1.8 {d0, d1, d2, d3}, [%[weights]], %[next]\n"
    QUILL_SUM("s0", "p0") QUILL_SUM("s1", "p1") QUILL_SUM("s2", "p2") QUILL_SUM("s3", "p3")
    "vld1.8 {d4, d5, d6, d7}, [%[weights]], %[next]\n"
    QUILL_PRODUCTS_OF_ONE("vmull.s8", "d0", "d1", "d2", "d3", "d8")
    "subs %[turns], %[turns], #1\n"
    QUILL_PRODUCTS_OF_ONE("vmlal.s8", "d4", "d5", "d6", "d7", "d9")
    "bne .Lquill_one_position%=\n"
    : [s0] "+w"(sums[0]), [s1] "+w"(sums[1]), [s2] "+w"(sums[2]), [s3] "+w"(sums[3]), [p0] "+w"(pending[0]),
      [p1] "+w"(pending[1]), [p2] "+w"(pending[2]), [p3] "+w"(pending[3]), [in] "+r"(in), [weights] "+r"(weights),
      [turns] "+r"(turns)
    : [next] "r"(64)
    : "q0", "q1", "q2", "q3", "q4", "cc", "memory");
  return weights;
}
