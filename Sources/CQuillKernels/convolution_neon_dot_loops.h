// The innermost loops of convolution_neon_dot.c, written as instructions: four groups of four taps a turn.
//
// Why assembly: the compiler spends two loads and some additions to addresses on what one load with its own step does: a
// tenth fewer instructions beside the same products.

/// A group's products for one position: its 16 channels in registers w0...w3, its taps at `lane` of the activations.
#define QUILL_DOTS(s, a, w0, w1, w2, w3, lane)                                         \
  "sdot %[" s "0].4s, " w0 ".16b, " a ".4b[" lane "]\n"                                 \
  "sdot %[" s "1].4s, " w1 ".16b, " a ".4b[" lane "]\n"                                 \
  "sdot %[" s "2].4s, " w2 ".16b, " a ".4b[" lane "]\n"                                 \
  "sdot %[" s "3].4s, " w3 ".16b, " a ".4b[" lane "]\n"

#define QUILL_EVEN_WEIGHTS "ld1 {v16.16b, v17.16b, v18.16b, v19.16b}, [%[weights]], #64\n"
#define QUILL_ODD_WEIGHTS "ld1 {v20.16b, v21.16b, v22.16b, v23.16b}, [%[weights]], #64\n"

/// The same for four positions.
#define QUILL_DOTS_OF_FOUR(w0, w1, w2, w3, lane)                                                    \
  QUILL_DOTS("a", "v24", w0, w1, w2, w3, lane) QUILL_DOTS("b", "v25", w0, w1, w2, w3, lane)          \
  QUILL_DOTS("c", "v26", w0, w1, w2, w3, lane) QUILL_DOTS("d", "v27", w0, w1, w2, w3, lane)

/// Four positions x 16 channels over `turns` (at least 1) times four neighbouring groups; the weights after them.
QUILL_INLINE const int8_t *sumFourPositions(int32x4x4_t acc[4], const int8_t *const *in, ptrdiff_t run,
                                            const int8_t *weights, ptrdiff_t turns) {
  const int8_t *in0 = in[0] + run, *in1 = in[1] + run, *in2 = in[2] + run, *in3 = in[3] + run;
  __asm__ volatile(
    ".Lquill_four_positions%=:\n"
    QUILL_EVEN_WEIGHTS
    "ldr q24, [%[in0]], #16\n"
    "ldr q25, [%[in1]], #16\n"
    "ldr q26, [%[in2]], #16\n"
    "ldr q27, [%[in3]], #16\n"
    "subs %[turns], %[turns], #1\n"
    QUILL_ODD_WEIGHTS
    QUILL_DOTS_OF_FOUR("v16", "v17", "v18", "v19", "0")
    QUILL_EVEN_WEIGHTS
    QUILL_DOTS_OF_FOUR("v20", "v21", "v22", "v23", "1")
    QUILL_ODD_WEIGHTS
    QUILL_DOTS_OF_FOUR("v16", "v17", "v18", "v19", "2")
    QUILL_DOTS_OF_FOUR("v20", "v21", "v22", "v23", "3")
    "b.ne .Lquill_four_positions%=\n"
    : [a0] "+w"(acc[0].val[0]), [a1] "+w"(acc[0].val[1]), [a2] "+w"(acc[0].val[2]), [a3] "+w"(acc[0].val[3]),
      [b0] "+w"(acc[1].val[0]), [b1] "+w"(acc[1].val[1]), [b2] "+w"(acc[1].val[2]), [b3] "+w"(acc[1].val[3]),
      [c0] "+w"(acc[2].val[0]), [c1] "+w"(acc[2].val[1]), [c2] "+w"(acc[2].val[2]), [c3] "+w"(acc[2].val[3]),
      [d0] "+w"(acc[3].val[0]), [d1] "+w"(acc[3].val[1]), [d2] "+w"(acc[3].val[2]), [d3] "+w"(acc[3].val[3]),
      [in0] "+r"(in0), [in1] "+r"(in1), [in2] "+r"(in2), [in3] "+r"(in3), [weights] "+r"(weights), [turns] "+r"(turns)
    :
    : "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "cc", "memory");
  return weights;
}

/// The same for one position.
QUILL_INLINE const int8_t *sumOnePosition(int32x4x4_t *acc, const int8_t *in, const int8_t *weights, ptrdiff_t turns) {
  __asm__ volatile(
    ".Lquill_one_position%=:\n"
    QUILL_EVEN_WEIGHTS
    "ldr q24, [%[in]], #16\n"
    QUILL_ODD_WEIGHTS
    "subs %[turns], %[turns], #1\n"
    QUILL_DOTS("a", "v24", "v16", "v17", "v18", "v19", "0")
    QUILL_EVEN_WEIGHTS
    QUILL_DOTS("a", "v24", "v20", "v21", "v22", "v23", "1")
    QUILL_ODD_WEIGHTS
    QUILL_DOTS("a", "v24", "v16", "v17", "v18", "v19", "2")
    QUILL_DOTS("a", "v24", "v20", "v21", "v22", "v23", "3")
    "b.ne .Lquill_one_position%=\n"
    : [a0] "+w"(acc->val[0]), [a1] "+w"(acc->val[1]), [a2] "+w"(acc->val[2]), [a3] "+w"(acc->val[3]), [in] "+r"(in),
      [weights] "+r"(weights), [turns] "+r"(turns)
    :
    : "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "cc", "memory");
  return weights;
}
