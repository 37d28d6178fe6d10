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

// Sums over rows, channel by channel, in double precision and in the order of the rows; row r begins at r * pitch.
// Without factors: sums of the values, and of the squares of (value - centre). With factors: sums of the values, and of
// value * ((factor - mean) * inverse), what is in brackets in single precision. Up to 15 elements after a row's last
// channel and after each of centre, mean and inverse are read and ignored.
struct quill_float_moments {
  const float *values, *factors;
  const double *centre;        // [channel_count], or NULL for 0
  const float *mean, *inverse; // [channel_count], for factors
  size_t row_count, pitch, channel_count;
  double *sums, *products; // [channel_count]
};

void quill_float_moments(enum quill_float_level level, const struct quill_float_moments *work);

// Batch normalisation of rows of channels, (value - mean) * (scale * inverse) + shift; or, with gradients, the
// gradient for the values, where shift and scale_gradient hold the gradients of shift and scale, and share is one over
// the rows of the batch: scale * inverse * (gradient - share * (shift + normal * scale_gradient)).
struct quill_float_normalize {
  const float *values, *gradients; // [row_count][channel_count]
  const float *mean, *inverse, *scale, *shift, *scale_gradient;
  size_t row_count, channel_count;
  float share;
  float *output;
};

void quill_float_normalize(enum quill_float_level level, const struct quill_float_normalize *normalize);

// How an activation lets gradients through, by its argument x or, for bounds, its argument or result.
enum quill_float_mask_kind {
  QUILL_FLOAT_MASK_BETWEEN,    // 1 where low < x < high, else 0
  QUILL_FLOAT_MASK_WITHIN,     // 1 where low <= x <= high, else 0
  QUILL_FLOAT_MASK_LEAKY,      // 1 where x >= 0, else slope
  QUILL_FLOAT_MASK_HARD_SWISH, // 0 up to -3, 1 from 3, (2 x + 3) / 6 between
};

// Gradients times an activation's slope; output may be gradients.
struct quill_float_mask {
  enum quill_float_mask_kind kind;
  const float *values, *gradients;
  size_t count;
  float low, high, slope;
  float *output;
};

void quill_float_mask(enum quill_float_level level, const struct quill_float_mask *mask);

// Maximum or mean over windows, cut to the image, of images [height][width][channel_count]. With input_gradients, the
// way back: gradients are those of the output, which for a maximum has been computed.
struct quill_float_pool {
  const float *input;
  float *output;
  const float *gradients;
  float *input_gradients; // NULL on the way forward
  size_t image_count, height, width, channel_count, output_height, output_width;
  size_t window_height, window_width, stride_height, stride_width, padding_top, padding_left;
  bool is_maximum;
};

void quill_float_pool(enum quill_float_level level, const struct quill_float_pool *pool);

// Adds windows' elements, [window_count][segment_count][segment_length], where they lie in an image that begins as 0.
struct quill_float_gather {
  const float *windows;
  size_t window_pitch, window_count;
  const ptrdiff_t *window_offsets, *segment_offsets;
  size_t segment_count, segment_length;
  float *image;
  size_t image_count;
};

void quill_float_gather(enum quill_float_level level, const struct quill_float_gather *gather);

// What int8 makes of numbers: input / scale, rounded half away from zero, raised to low and lowered to high, times
// scale. count is a multiple of 16; the scales of 16 neighbours repeat after block_count blocks. low and high are whole.
struct quill_float_fake_quantize {
  const float *input;
  float *output;
  const float *scales; // [block_count * 16]
  size_t count, block_count;
  float low, high;
  // Added before the rounding and taken off after it, so that halves go away from its negative; and how far below a half
  // still counts as one.
  float offset, tolerance;
};

void quill_float_fake_quantize(enum quill_float_level level, const struct quill_float_fake_quantize *work);

// The gradients of a depthwise convolution. With image_gradient: adds gradient * weight at each tap of each window.
// Otherwise the weights': sums over windows of gradient * input at each tap, or of the gradient alone without input.
struct quill_float_depthwise_gradient {
  const float *input, *gradients, *weights;
  const ptrdiff_t *window_offsets, *tap_offsets;
  size_t window_count, tap_count, channel_count;
  float *image_gradient, *weight_gradients;
};

void quill_float_depthwise_gradient(enum quill_float_level level, const struct quill_float_depthwise_gradient *work);

// The least of low and the values, and the greatest of high and the values; NaN counts for neither.
struct quill_float_range {
  const float *values;
  size_t count;
  float low, high;
  float *result; // [2]
};

void quill_float_range(enum quill_float_level level, const struct quill_float_range *range);

// Nothing but fused multiply-adds, for measuring what a level can do at best: result[1] is the floating-point
// operations of a round.
struct quill_float_peak {
  size_t round_count;
  float factor;
  float *result; // [2]
};

void quill_float_peak(enum quill_float_level level, const struct quill_float_peak *peak);

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
