// The innermost loops of convolution_neon.c, written as instructions: two groups of four taps a turn.
//
// Why assembly: all 32 vector registers are in use, and an in-order core (Cortex-A53) runs instructions as they stand.
// A weight register holds 4 channels x 4 taps. smull begins 8 products with the first group's taps, smlal adds the
// second group's (two fit int16, see convolution_neon.c), sadalp sums them into int32. Each step does this for eight
// registers of products at once, so that no instruction waits for the one before it; the last step's products stay
// `pending`, and are summed while the next turn's loads are under way: nothing is read beyond the weights. Loads and
// additions to addresses stand where llvm-mca's model of the Cortex-A53 has room for them.

/// Eight products: registers `p`, operands of `op` and `op`2.
#define QUILL_STEP_OF_TWO(op, first, second, a, b)                                       \
  op "  %[p0].8h, " first ".8b, " a ".8b\n" op "2 %[p1].8h, " first ".16b, " a ".16b\n"   \
  op "  %[p2].8h, " second ".8b, " a ".8b\n" op "2 %[p3].8h, " second ".16b, " a ".16b\n" \
  op "  %[p4].8h, " first ".8b, " b ".8b\n" op "2 %[p5].8h, " first ".16b, " b ".16b\n"   \
  op "  %[p6].8h, " second ".8b, " b ".8b\n" op "2 %[p7].8h, " second ".16b, " b ".16b\n"

#define QUILL_SUM(sum, products) "sadalp %[" sum "].4s, %[" products "].8h\n"

/// A turn of `sumTwoPositions`; `load` loads the first position's activations. Three values are loaded where two are wanted:
/// in llvm-mca's model of the Cortex-A53 such a load goes beside a product, and one of two values does not. The third lies
/// in a register that is not in use.
#define QUILL_TURN_OF_TWO(load, in1, first0, first8, second0, second8)              \
  QUILL_SUM("s04", "p0")                                                            \
  load                                                                              \
  QUILL_SUM("s05", "p1") QUILL_SUM("s06", "p2")                                     \
  "ld1 {v30.16b, v31.16b}, [%[" first0 "]]\n"                                       \
  QUILL_SUM("s07", "p3") QUILL_SUM("s14", "p4")                                     \
  "ld3r {v26.4s, v27.4s, v28.4s}, [%[" in1 "]]\n"                                   \
  QUILL_SUM("s15", "p5") QUILL_SUM("s16", "p6") QUILL_SUM("s17", "p7")              \
  "ld1 {v28.16b, v29.16b}, [%[" second0 "]]\n"                                      \
  QUILL_STEP_OF_TWO("smull", "v30", "v31", "v24", "v26")                            \
  QUILL_STEP_OF_TWO("smlal", "v28", "v29", "v25", "v27")                            \
  "ld1 {v30.16b, v31.16b}, [%[" first8 "]]\n"                                       \
  QUILL_SUM("s00", "p0") QUILL_SUM("s01", "p1") QUILL_SUM("s02", "p2")              \
  QUILL_SUM("s03", "p3") QUILL_SUM("s10", "p4") QUILL_SUM("s11", "p5")              \
  QUILL_SUM("s12", "p6")                                                            \
  "ld1 {v28.16b, v29.16b}, [%[" second8 "]]\n"                                      \
  QUILL_SUM("s13", "p7")                                                            \
  QUILL_STEP_OF_TWO("smull", "v30", "v31", "v24", "v26")                            \
  QUILL_STEP_OF_TWO("smlal", "v28", "v29", "v25", "v27")

#define QUILL_ADVANCE(in0, in1, first0, first8, second0, second8)                          \
  "add %[" second8 "], %[" second8 "], #256\nadd %[" first8 "], %[" first8 "], #256\n"     \
  "add %[" in0 "], %[" in0 "], #16\nadd %[" in1 "], %[" in1 "], #16\n"                     \
  "add %[" second0 "], %[" second0 "], #256\nadd %[" first0 "], %[" first0 "], #256\n"

/// Where the loads of a turn stand.
struct quill_turn {
  uintptr_t in0, in1, first0, first8, second0, second8;
};

QUILL_INLINE struct quill_turn turnAt(uintptr_t in0, uintptr_t in1, uintptr_t weights, uintptr_t number) {
  const uintptr_t first = weights + 128 * number;
  return (struct quill_turn){in0 + 8 * number, in1 + 8 * number, first, first + 32, first + 64, first + 96};
}

/// Two positions x 16 channels over `turns` (at least 1) times two neighbouring groups; the weights after them. Two turns
/// go round at once; where their number is odd, the loop is entered at the second one. sums: two a channel, channels 2k and
/// 2k + 1 in sums[i][k]; pending: products of channels 8...15, position by position. Reads 4 bytes past the activations.
QUILL_INLINE const int8_t *sumTwoPositions(int32x4_t sums[2][8], int16x8_t pending[8], const int8_t *in0,
                                           const int8_t *in1, const int8_t *weights, ptrdiff_t turns) {
  const uintptr_t odd = (uintptr_t)turns & 1;
  struct quill_turn a = turnAt((uintptr_t)in0, (uintptr_t)in1, (uintptr_t)weights, 0 - odd);
  struct quill_turn b = turnAt((uintptr_t)in0, (uintptr_t)in1, (uintptr_t)weights, 1 - odd);
  ptrdiff_t rounds = (turns + 1) / 2;
  __asm__ volatile(
    "cbz %[odd], .Lquill_two_positions%=\n"
    "subs %[rounds], %[rounds], #1\n"
    "b .Lentry_two_positions%=\n"
    ".Lquill_two_positions%=:\n"
    "subs %[rounds], %[rounds], #1\n"
    "ld2r {v24.4s, v25.4s}, [%[aIn0]]\n"
    QUILL_TURN_OF_TWO("", "aIn1", "aFirst0", "aFirst8", "aSecond0", "aSecond8")
    ".Lentry_two_positions%=:\n"
    QUILL_TURN_OF_TWO("ld3r {v24.4s, v25.4s, v26.4s}, [%[bIn0]]\n", "bIn1", "bFirst0", "bFirst8", "bSecond0", "bSecond8")
    QUILL_ADVANCE("aIn0", "aIn1", "aFirst0", "aFirst8", "aSecond0", "aSecond8")
    QUILL_ADVANCE("bIn0", "bIn1", "bFirst0", "bFirst8", "bSecond0", "bSecond8")
    "b.ne .Lquill_two_positions%=\n"
    : [s00] "+w"(sums[0][0]), [s01] "+w"(sums[0][1]), [s02] "+w"(sums[0][2]), [s03] "+w"(sums[0][3]),
      [s04] "+w"(sums[0][4]), [s05] "+w"(sums[0][5]), [s06] "+w"(sums[0][6]), [s07] "+w"(sums[0][7]),
      [s10] "+w"(sums[1][0]), [s11] "+w"(sums[1][1]), [s12] "+w"(sums[1][2]), [s13] "+w"(sums[1][3]),
      [s14] "+w"(sums[1][4]), [s15] "+w"(sums[1][5]), [s16] "+w"(sums[1][6]), [s17] "+w"(sums[1][7]),
      [p0] "+w"(pending[0]), [p1] "+w"(pending[1]), [p2] "+w"(pending[2]), [p3] "+w"(pending[3]),
      [p4] "+w"(pending[4]), [p5] "+w"(pending[5]), [p6] "+w"(pending[6]), [p7] "+w"(pending[7]),
      [aIn0] "+r"(a.in0), [aIn1] "+r"(a.in1), [aFirst0] "+r"(a.first0), [aFirst8] "+r"(a.first8),
      [aSecond0] "+r"(a.second0), [aSecond8] "+r"(a.second8), [bIn0] "+r"(b.in0), [bIn1] "+r"(b.in1),
      [bFirst0] "+r"(b.first0), [bFirst8] "+r"(b.first8), [bSecond0] "+r"(b.second0), [bSecond8] "+r"(b.second8),
      [rounds] "+r"(rounds)
    : [odd] "r"(odd)
    : "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31", "cc", "memory");
  return (const int8_t *)a.first0;
}

#define QUILL_STEP_OF_ONE(op, w0, w1, w2, w3, a)                                       \
  op "  %[p0].8h, " w0 ".8b, " a ".8b\n" op "2 %[p1].8h, " w0 ".16b, " a ".16b\n"       \
  op "  %[p2].8h, " w1 ".8b, " a ".8b\n" op "2 %[p3].8h, " w1 ".16b, " a ".16b\n"       \
  op "  %[p4].8h, " w2 ".8b, " a ".8b\n" op "2 %[p5].8h, " w2 ".16b, " a ".16b\n"       \
  op "  %[p6].8h, " w3 ".8b, " a ".8b\n" op "2 %[p7].8h, " w3 ".16b, " a ".16b\n"

/// One position x 16 channels. pending: products of all channels, two a register.
QUILL_INLINE const int8_t *sumOnePosition(int32x4_t sums[8], int16x8_t pending[8], const int8_t *in,
                                          const int8_t *weights, ptrdiff_t turns) {
  __asm__ volatile(
    ".Lquill_one_position%=:\n"
    "ld1 {v16.16b, v17.16b, v18.16b, v19.16b}, [%[weights]], #64\n"
    "ld2r {v24.4s, v25.4s}, [%[in]], #8\n"
    QUILL_SUM("s0", "p0") QUILL_SUM("s1", "p1") QUILL_SUM("s2", "p2") QUILL_SUM("s3", "p3")
    "ld1 {v28.16b, v29.16b, v30.16b, v31.16b}, [%[weights]], #64\n"
    QUILL_SUM("s4", "p4") QUILL_SUM("s5", "p5") QUILL_SUM("s6", "p6") QUILL_SUM("s7", "p7")
    "subs %[turns], %[turns], #1\n"
    QUILL_STEP_OF_ONE("smull", "v16", "v17", "v18", "v19", "v24")
    QUILL_STEP_OF_ONE("smlal", "v28", "v29", "v30", "v31", "v25")
    "b.ne .Lquill_one_position%=\n"
    : [s0] "+w"(sums[0]), [s1] "+w"(sums[1]), [s2] "+w"(sums[2]), [s3] "+w"(sums[3]), [s4] "+w"(sums[4]),
      [s5] "+w"(sums[5]), [s6] "+w"(sums[6]), [s7] "+w"(sums[7]), [p0] "+w"(pending[0]), [p1] "+w"(pending[1]),
      [p2] "+w"(pending[2]), [p3] "+w"(pending[3]), [p4] "+w"(pending[4]), [p5] "+w"(pending[5]),
      [p6] "+w"(pending[6]), [p7] "+w"(pending[7]), [in] "+r"(in), [weights] "+r"(weights), [turns] "+r"(turns)
    :
    : "v16", "v17", "v18", "v19", "v24", "v25", "v28", "v29", "v30", "v31", "cc", "memory");
  return weights;
}
