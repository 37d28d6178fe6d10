// Float products in C, because Swift has no function attribute that picks an instruction set for one function: each
// kernel is compiled for several levels and the best one that the machine has is chosen once, at run time.
//
// The law of all of them: an output element is one chain acc = fma(a[k], b[k], acc) with k ascending, from acc = 0,
// in single precision. Vectors run across columns only, so that every level gives the same bits.
#ifndef QUILL_FLOAT_KERNELS_H
#define QUILL_FLOAT_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Columns of a block of packed weights.
#define QUILL_FLOAT_BLOCK 16

// Instruction sets that the kernels are compiled for.
enum quill_float_level {
  QUILL_FLOAT_PLAIN = 0,
  QUILL_FLOAT_NEON = 1,
  QUILL_FLOAT_AVX2 = 2,
  QUILL_FLOAT_AVX512 = 3,
};

// Whether this machine can run a level.
bool quill_float_level_is_available(enum quill_float_level level);

// The fastest level that this machine can run.
enum quill_float_level quill_float_best_level(void);

// A product of rows and packed weights, with bias and bounds: convolutions, dense layers and matrix products.
//
// Element [m][n] of the output is the chain over segments s and positions t, in that order, of
//   fma(input[row_offsets[m] + segment_offsets[s] + t], weight, acc)
// with weight = weights[(n / 16) * block_pitch + (s * segment_length + t) * weight_pitch + n % 16],
// then + bias[n], then raised to low and lowered to high.
struct quill_float_product {
  const float *input;
  const ptrdiff_t *row_offsets;
  size_t row_count;
  const ptrdiff_t *segment_offsets;
  size_t segment_count, segment_length;
  const float *weights; // whole blocks are read, and whole blocks of the bias
  size_t block_pitch, weight_pitch;
  const float *bias;    // [ceil(column_count / 16) * 16], or NULL
  float *output;        // row m begins at m * output_pitch
  size_t output_pitch, column_count;
  float low, high; // infinities where open
};

void quill_float_product(enum quill_float_level level, const struct quill_float_product *product);

// A depthwise convolution: element [m][c] of the output is the chain over taps t of
//   fma(input[row_offsets[m] + tap_offsets[t] + c], weights[t * channel_count + c], acc),
// then + bias[c], then raised to low and lowered to high.
struct quill_float_depthwise {
  const float *input;
  const ptrdiff_t *row_offsets;
  size_t row_count;
  const ptrdiff_t *tap_offsets;
  size_t tap_count, channel_count;
  const float *weights;
  const float *bias; // [channel_count], or NULL
  float *output;     // [row_count][channel_count]
  float low, high;
};

void quill_float_depthwise(enum quill_float_level level, const struct quill_float_depthwise *depthwise);

// A sum of outer products, for the gradient of weights: element [r][n] of the output is the chain over positions p of
//   fma(input[base_offsets[p] + row_offsets[r]], gradients[p * gradient_pitch + n], acc).
// Up to 15 floats after the last gradient are read and ignored.
struct quill_float_outer {
  const float *input;
  const ptrdiff_t *base_offsets;
  size_t base_count;
  const ptrdiff_t *row_offsets;
  size_t row_count;
  const float *gradients;
  size_t gradient_pitch, column_count;
  float *output; // row r begins at r * output_pitch
  size_t output_pitch;
};

void quill_float_outer(enum quill_float_level level, const struct quill_float_outer *outer);

// One step of Adam (Kingma and Ba, 2015, with the bias corrections in rate) on count parameters, a multiple of 16:
//   m += (g - m) * (1 - beta1); v += (g * g - v) * (1 - beta2); parameter -= rate * m / (sqrt(v) + epsilon).
struct quill_float_adam {
  float *parameters;
  const float *gradients;
  float *first_moments, *second_moments;
  size_t count;
  float rate, one_minus_beta1, one_minus_beta2, epsilon;
};

void quill_float_adam(enum quill_float_level level, const struct quill_float_adam *adam);

#endif
