// The hot integer loops, one table of functions per processor level.
//
// Why C: dot-product instructions need function attributes (`target(...)`), which Swift has not; everything else
// about a network stays in Swift. Every function here gives the bytes of the plain Swift operators
// (design/arithmetic.md), bit for bit. None allocates, keeps state, or calls anything but memcpy and memset.
//
// Memory, for every kernel: activations are int8, NHWC, the pixels of a row contiguous (channels innermost), rows
// `...RowPitch` bytes apart. At least 64 readable bytes follow the last input byte (their values do not matter). A
// kernel writes exactly the output's bytes and nothing beside them. Input and output do not overlap, except where a
// struct says so.
#ifndef QUILL_KERNELS_H
#define QUILL_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Whether this build has any level but plain Swift.
static inline _Bool quill_has_kernels(void) {
#if defined(__x86_64__) || defined(__ARM_NEON) || defined(__wasm_simd128__)
  return 1;
#else
  return 0;
#endif
}

/// Whether a level of this build may want weights in another form (`transformedByteCount`). A function, so that Swift does not
/// warn of what it leaves out.
static inline _Bool quill_has_transforms(void) {
#if defined(__x86_64__) || defined(__ARM_NEON)
  return 1;
#else
  return 0;
#endif
}

/// The same of depthwise convolutions (`depthwiseFormByteCount`).
static inline _Bool quill_has_depthwise_forms(void) {
#if defined(__x86_64__)
  return 1;
#else
  return 0;
#endif
}

/// Whether a level of this build may serve the Add after a convolution (`addsToConvolutions`).
static inline _Bool quill_has_additions(void) {
#if defined(__x86_64__)
  return 1;
#else
  return 0;
#endif
}

#pragma clang assume_nonnull begin

/// How an int32 accumulator of channel c becomes an int8 output:
/// max(minimum, min(maximum, scaled(accumulator) + zeroPoint)), where scaled is MBQM(accumulator, multiplier[c],
/// shift[c]) for the rounding `double`, and design/arithmetic.md's 53-bit product for `real`.
struct quill_output_range {
  /// -128...127.
  int32_t zeroPoint;
  /// The activation range, each -128...127.
  int32_t minimum, maximum;
};

/// Multiplier and shift of one tensor.
struct quill_scale {
  int32_t multiplier, shift;
};

/// output[i] = Add or Sub of left[i] and right[i], for `count` contiguous elements. The output may be either operand.
struct quill_add {
  const int8_t *left, *right;
  int8_t *output;
  size_t count;
  int32_t leftZeroPoint, rightZeroPoint;
  /// Applied to (x - zeroPoint) << 20, and to the sum.
  struct quill_scale leftScale, rightScale, outputScale;
  /// 1 for left - right.
  int32_t subtract;
  struct quill_output_range range;
};

/// A convolution (optionally followed by a max pool, or by the Add of another tensor) or a fully connected layer.
///
/// One output position multiplies `runRows` x `runColumns` runs of `runBytes` contiguous input bytes with the weights.
/// Column dilation 1 and one group: runRows = KH, runColumns = 1, runBytes = KW * I. Otherwise runRows = KH,
/// runColumns = KW, runBytes = I / groups. Fully connected: one run of I bytes.
///
/// Reads up to 15 bytes past the end of a run (they meet zero weights, or none).
struct quill_convolution {
  /// The first tap of output position (0, 0), padding included: element [-padTop, -padLeft, 0] of the input.
  const int8_t *input;
  /// [groups][ceil(groupOutputs / 16)][runRows * runColumns][ceil(runBytes / 4)][16][4], 64-byte aligned, never -128,
  /// zeros for what is missing.
  const int8_t *weights;
  /// Null, or what the table's `transformWeights` made of them, 64-byte aligned.
  const int16_t *_Nullable transformed;
  /// Channel arrays, [groups][ceil(groupOutputs / 16) * 16], 4-byte aligned. The bias holds -zeroPoint * sum(w)
  /// already.
  const int32_t *bias;
  /// sum(w) per output channel (the unsigned-by-signed dot product needs it).
  const int32_t *weightSum;
  /// 0 or 2^30...2^31 - 1. Rounding `real`: the low 32 bits of the mantissa, which is 0 or 2^52...2^53 - 1.
  const int32_t *multiplier;
  /// -31...30, positive to the left; accumulator x 2^shift stays within int32. Rounding `real`: the mantissa's high bits.
  const int32_t *shift;
  /// Null for the rounding `double`. For `real`, the divisor's power of two, 23...84; no pool then.
  const int32_t *_Nullable realShift;
  /// Element [0, 0, 0] of the output.
  int8_t *output;
  /// Bytes from one output position's first tap to the next one's: strideH * inputRowPitch, strideW * inputChannels.
  ptrdiff_t positionStepY, positionStepX;
  /// Bytes from one run to the next: dilationH * inputRowPitch, dilationW * inputChannels.
  ptrdiff_t runStepY, runStepX;
  /// Bytes from one output row, and from one output pixel, to the next.
  ptrdiff_t outputRowPitch, outputPixelPitch;
  int32_t runRows, runColumns, runBytes;
  /// Bytes from `input` to the image's first row and to the end of its last one, and within a row to its first column and
  /// to the end of its last one. What lies before and after them is padding, which holds the same value everywhere. 0 and 0
  /// where that is not known; ignored with a pool.
  ptrdiff_t imageTop, imageBottom, imageLeft, imageRight;
  /// 1 or more; input channels (bytes) from one group to the next; output channels of one group.
  int32_t groups, groupInputs, groupOutputs;
  /// Of the tensor that is written, so after the pool.
  int32_t outputHeight, outputWidth;
  /// The fused max pool in convolution positions: window of at most 16 positions, all of them in bounds; 1 x 1 and
  /// stride 1 for none.
  int32_t poolHeight, poolWidth, poolStrideY, poolStrideX;
  struct quill_output_range range;
  /// Null for none, or, where the table says `addsToConvolutions`, what is added to the int8 outputs before they are
  /// stored: `left` are those, so that its pointer, `output` and `count` are ignored; `right` is element [0, 0, 0] of a
  /// tensor of the output's shape, which may be the output itself; no pool then, and no `subtract`.
  const struct quill_add *_Nullable addition;
  /// Bytes from one row of `right` to the next; its pixels are as far apart as the output's.
  ptrdiff_t additionRowPitch;
};

/// A depthwise convolution: output channel c reads input channel c / channelMultiplier.
///
/// Reads up to 15 bytes past a tap's channels.
struct quill_depthwise {
  /// The first tap of output position (0, 0): element [-padTop, -padLeft, 0] of the input.
  const int8_t *input;
  /// [ceil(outputChannels / 16)][kernelHeight][kernelWidth][16], 64-byte aligned, never -128, padded with zeros.
  const int8_t *weights;
  /// Channel arrays padded to 16, as for a convolution of one group.
  const int32_t *bias, *weightSum, *multiplier, *shift;
  const int32_t *_Nullable realShift;
  int8_t *output;
  /// strideH * inputRowPitch, strideW * inputChannels.
  ptrdiff_t positionStepY, positionStepX;
  /// dilationH * inputRowPitch, dilationW * inputChannels.
  ptrdiff_t tapStepY, tapStepX;
  ptrdiff_t outputRowPitch, outputPixelPitch;
  int32_t kernelHeight, kernelWidth;
  /// Input channels * channelMultiplier; 1 or more.
  int32_t outputChannels, channelMultiplier;
  int32_t outputHeight, outputWidth;
  struct quill_output_range range;
  /// Null, or what the table's `makeDepthwiseForm` made of this convolution, 64-byte aligned.
  const int8_t *_Nullable form;
};

/// A max or average pool over the taps inside the image; every output position has at least one, and at most 2^16. No
/// halo is read; up to 15 bytes past a pixel are.
struct quill_pool {
  /// Element [0, 0, 0] of input and output.
  const int8_t *input;
  int8_t *output;
  ptrdiff_t inputRowPitch, outputRowPitch;
  int32_t inputHeight, inputWidth, channels;
  int32_t outputHeight, outputWidth;
  int32_t windowHeight, windowWidth, strideY, strideX, padTop, padLeft;
  /// The activation range.
  int32_t minimum, maximum;
};

/// output[i] = MBQM(input[i] - inputZeroPoint) + zeroPoint, clamped. The output may be the input.
struct quill_requantise {
  const int8_t *input;
  int8_t *output;
  size_t count;
  int32_t inputZeroPoint;
  struct quill_scale scale;
  struct quill_output_range range;
};

/// sums[c] = the sum of channel c over all pixels (at most 2^23 of them).
struct quill_channel_sums {
  const int8_t *input;
  int32_t *sums;
  ptrdiff_t inputRowPitch, inputPixelPitch;
  int32_t inputHeight, inputWidth, channels;
};

/// The levels, in the order of preference. Level 0 is plain Swift and has no table.
enum quill_level {
  QUILL_LEVEL_PLAIN = 0,
  QUILL_LEVEL_SIMD128 = 1,
  QUILL_LEVEL_NEON = 2,
  QUILL_LEVEL_NEON_DOT = 3,
  QUILL_LEVEL_AVX2 = 4,
  QUILL_LEVEL_AVX512VNNI = 5,
  QUILL_LEVEL_COUNT = 6
};

/// The kernels of one level.
struct quill_kernel_table {
  /// `simd128`, `neon`, `neon-dot`, `avx2`, `avx512vnni`.
  const char *name;
  int32_t level;
  /// Whether `convolution` serves `addition`.
  int32_t addsToConvolutions;
  void (*convolution)(const struct quill_convolution *);
  /// For levels that need fewer products for some convolutions once their weights have another form: the bytes of that form,
  /// 0 for a convolution that is done as it is; and the form itself. Null where a level has none such.
  size_t (*_Nullable transformedByteCount)(const struct quill_convolution *);
  void (*_Nullable transformWeights)(const struct quill_convolution *, int16_t *);
  void (*depthwise)(const struct quill_depthwise *);
  /// The same for depthwise convolutions (`form`).
  size_t (*_Nullable depthwiseFormByteCount)(const struct quill_depthwise *);
  void (*_Nullable makeDepthwiseForm)(const struct quill_depthwise *, int8_t *);
  void (*maxPool)(const struct quill_pool *);
  void (*averagePool)(const struct quill_pool *);
  void (*add)(const struct quill_add *);
  void (*requantise)(const struct quill_requantise *);
  void (*channelSums)(const struct quill_channel_sums *);
};

/// The table of a level, or null where this build or this processor lacks it (level 0 included).
///
/// `hardwareCapabilities` is getauxval(AT_HWCAP) on 64-bit ARM Linux; elsewhere it is ignored.
const struct quill_kernel_table *_Nullable quill_kernel_table(int32_t level, uint64_t hardwareCapabilities);

/// The best level that this build and this processor have; 0 when none.
int32_t quill_best_level(uint64_t hardwareCapabilities);

/// The name of a level (`plain` for 0), or null for a number that is no level.
const char *_Nullable quill_level_name(int32_t level);

/// AT_HWCAP of this process on 64-bit ARM Linux (getauxval), elsewhere 0.
uint64_t quill_hardware_capabilities(void);

#pragma clang assume_nonnull end

#endif
