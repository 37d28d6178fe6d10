// Convolutions, fully connected layers and fused max pools on random shapes against plain loops.
//
// Why C: see proof.c.
#include "proof.h"

struct shape {
  int32_t inputHeight, inputWidth, inputs, outputs, groups, kernelHeight, kernelWidth;
  int32_t strideY, strideX, dilationY, dilationX, padTop, padLeft, padBottom, padRight;
  int32_t outputHeight, outputWidth, poolHeight, poolWidth, poolStrideY, poolStrideX;
};

static int32_t outputSize(int32_t in, int32_t pad, int32_t kernel, int32_t dilation, int32_t stride) {
  const int32_t room = in + pad - ((kernel - 1) * dilation + 1);
  return room < 0 ? 0 : room / stride + 1;
}

static struct shape randomShape(void) {
  const int32_t channels[] = {1, 2, 3, 4, 5, 7, 8, 12, 16, 17, 24, 31, 32, 33, 48, 64};
  for (;;) {
    struct shape s = {0};
    const int32_t kind = between(0, 9);
    s.groups = kind == 0 ? between(2, 4) : 1;
    s.inputs = oneOf(channels, kind == 0 ? 9 : 16) * s.groups;
    s.outputs = (between(0, 3) ? oneOf(channels, 16) : between(1, 100)) * s.groups;
    s.kernelHeight = between(0, 1) ? 3 : between(1, 5);
    s.kernelWidth = between(0, 1) ? 3 : between(1, 5);
    s.strideY = between(0, 2) ? 1 : between(1, 3);
    s.strideX = between(0, 2) ? 1 : between(1, 3);
    s.dilationY = between(0, 3) ? 1 : between(1, 3);
    s.dilationX = between(0, 3) ? 1 : between(1, 3);
    s.inputHeight = between(1, 12);
    s.inputWidth = between(0, 3) ? between(1, 12) : between(13, 40);
    // Padding may be more than the kernel, and than the image.
    const int32_t most = between(0, 7) ? 2 : 7;
    s.padTop = between(0, most), s.padLeft = between(0, most), s.padBottom = between(0, most), s.padRight = between(0, most);
    if (kind == 1) {  // fully connected
      s.inputs = between(1, 800);
      s.inputHeight = s.inputWidth = s.kernelHeight = s.kernelWidth = 1;
      s.padTop = s.padLeft = s.padBottom = s.padRight = 0;
    }
    if (kind == 2) {  // wide, as weights of another form need
      s.inputs = between(0, 1) ? 32 * between(1, 3) : 8 * between(1, 9), s.outputs = 16 * between(1, 7);
      s.inputHeight = between(2, 18), s.inputWidth = between(2, 18);
      s.kernelHeight = s.kernelWidth = 3;
      s.strideX = s.dilationX = 1;
      if (between(0, 1)) {  // whole tiles of Winograd
        s.strideY = 1;
        s.padTop = between(0, 1), s.padLeft = between(0, 1), s.padBottom = between(0, 1), s.padRight = between(0, 1);
        s.inputHeight = 4 * between(1, 4) + 2 - s.padTop - s.padBottom;
        s.inputWidth = 4 * between(1, 4) + 2 - s.padLeft - s.padRight;
      }
      s.dilationY = s.strideY;
    }
    s.poolHeight = s.poolWidth = s.poolStrideY = s.poolStrideX = 1;
    s.outputHeight = outputSize(s.inputHeight, s.padTop + s.padBottom, s.kernelHeight, s.dilationY, s.strideY);
    s.outputWidth = outputSize(s.inputWidth, s.padLeft + s.padRight, s.kernelWidth, s.dilationX, s.strideX);
    if (s.outputHeight < 1 || s.outputWidth < 1) continue;
    if (kind == 2 && between(0, 2) == 0) {
      s.poolHeight = s.poolWidth = s.poolStrideY = s.poolStrideX = 2;
      s.outputHeight /= 2, s.outputWidth /= 2;
      if (s.outputHeight < 1 || s.outputWidth < 1) continue;
    } else if (kind > 1 && between(0, 2) == 0) {
      s.poolHeight = between(0, 1) ? 2 : between(1, 4);
      s.poolWidth = between(0, 1) ? 2 : between(1, 4);
      s.poolStrideY = between(0, 1) ? s.poolHeight : between(1, 4);
      s.poolStrideX = between(0, 1) ? s.poolWidth : between(1, 4);
      s.outputHeight = outputSize(s.outputHeight, 0, s.poolHeight, 1, s.poolStrideY);
      s.outputWidth = outputSize(s.outputWidth, 0, s.poolWidth, 1, s.poolStrideX);
      if (s.outputHeight < 1 || s.outputWidth < 1) continue;
    }
    return s;
  }
}

/// Runs a level's convolution, with its weights in another form where the level asks for one; that form is kept.
static void convolve(const struct quill_kernel_table *table, struct quill_convolution *c) {
  const size_t bytes = table->transformedByteCount ? table->transformedByteCount(c) : 0;
  if (bytes) {
    int16_t *transformed = (int16_t *)aligned(bytes, 0x11);
    table->transformWeights(c, transformed);
    c->transformed = transformed;
    proofTransformed[table->level]++;
  }
  table->convolution(c);
}

/// The same with an Add in the convolution's pass; 0 when the level has none, or its bytes are those of one after the other.
static int differsAdding(const struct quill_kernel_table *table, const struct quill_convolution *convolution,
                         const int8_t *outputs, size_t bytes) {
  if (!table->addsToConvolutions || convolution->poolHeight * convolution->poolWidth * convolution->poolStrideY *
                                      convolution->poolStrideX != 1) return 0;
  // As networks have them, an operand by a half or less and the sum by about 2^-19, or any.
  const int usual = between(0, 3) != 0;
  struct quill_add add = {
    .leftZeroPoint = convolution->range.zeroPoint, .rightZeroPoint = between(-128, 127),
    .leftScale = {randomMultiplier(), usual ? between(-4, 0) : between(-31, 0)},
    .rightScale = {randomMultiplier(), usual ? between(-4, 0) : between(-31, 0)},
    .outputScale = {randomMultiplier(), usual ? between(-20, -15) : between(-31, 0)}, .range = randomRange()};
  int8_t *sum = aligned(bytes + 64, 0x55), *found = aligned(bytes + 64, 0x55);
  // Written over the other operand.
  for (size_t i = 0; i < bytes; i++) found[i] = sum[i] = (int8_t)between(-128, 127);
  const int32_t pixel = convolution->outputWidth * (int32_t)convolution->outputPixelPitch;
  for (int32_t y = 0; y < convolution->outputHeight; y++)
    for (ptrdiff_t i = y * convolution->outputRowPitch; i < y * convolution->outputRowPitch + pixel; i++) {
      const int64_t left = (int64_t)(outputs[i] - add.leftZeroPoint) * (1 << 20);
      const int64_t right = (int64_t)(sum[i] - add.rightZeroPoint) * (1 << 20);
      const int64_t both = scaled(left, add.leftScale.multiplier, add.leftScale.shift) +
                           scaled(right, add.rightScale.multiplier, add.rightScale.shift);
      sum[i] = ranged(scaled(both, add.outputScale.multiplier, add.outputScale.shift), add.range);
    }
  struct quill_convolution c = *convolution;
  add.right = c.output = found;
  c.addition = &add;
  c.additionRowPitch = c.outputRowPitch;
  table->convolution(&c);
  const int differs = memcmp(found, sum, bytes + 64) != 0;
  free(sum), free(found);
  return differs;
}

/// Runs one shape on every level; 0 when all are equal.
int proveConvolution(uint64_t capabilities, long done[QUILL_LEVEL_COUNT]) {
  const struct shape s = randomShape();
  const int32_t extreme = between(0, 7);
  // As after a ReLU, or any.
  const int32_t inputZero = between(0, 1) ? -128 : between(-128, 127);
  // Input with its halo.
  const int32_t pitch = (s.inputWidth + s.padLeft + s.padRight) * s.inputs + between(0, 5);
  const int32_t rows = s.inputHeight + s.padTop + s.padBottom;
  int8_t *image = aligned((size_t)pitch * rows + 3 + 64, between(-128, 127));
  int8_t *inputStart = image + between(0, 3);
  for (int32_t y = 0; y < rows; y++)
    for (int32_t x = 0; x < s.inputWidth + s.padLeft + s.padRight; x++)
      for (int32_t i = 0; i < s.inputs; i++) {
        const int inside =
          y >= s.padTop && y < s.padTop + s.inputHeight && x >= s.padLeft && x < s.padLeft + s.inputWidth;
        const int32_t v = extreme == 1 ? -128 : extreme == 2 ? (between(0, 1) ? 127 : -128) : between(-128, 127);
        inputStart[y * pitch + x * s.inputs + i] = (int8_t)(inside ? v : inputZero);
      }
  // Weights [O][KH][KW][I / groups], then in the file's order.
  const int32_t groupInputs = s.inputs / s.groups, groupOutputs = s.outputs / s.groups;
  const int32_t depth = s.kernelHeight * s.kernelWidth * groupInputs;
  int8_t *weights = aligned((size_t)s.outputs * depth, 0);
  for (int32_t k = 0; k < s.outputs * depth; k++)
    weights[k] = (int8_t)(extreme == 1 ? 127 : extreme == 2 ? (between(0, 1) ? 127 : -127) : between(-127, 127));
  const int merged = s.dilationX == 1 && s.groups == 1 && between(0, 7);
  const int32_t runRows = s.kernelHeight, runColumns = merged ? 1 : s.kernelWidth;
  const int32_t runBytes = merged ? s.kernelWidth * groupInputs : groupInputs;
  const int32_t blocks = (groupOutputs + 15) / 16, taps = (runBytes + 3) / 4, runs = runRows * runColumns;
  int8_t *ordered = aligned((size_t)s.groups * blocks * runs * taps * 64, 0);
  for (int32_t o = 0; o < s.outputs; o++)
    for (int32_t run = 0; run < runs; run++)
      for (int32_t t = 0; t < runBytes; t++) {
        const int32_t group = o / groupOutputs, channel = o % groupOutputs;
        const int32_t block = group * blocks + channel / 16;
        ordered[(((size_t)block * runs + run) * taps + t / 4) * 64 + channel % 16 * 4 + t % 4] =
          weights[o * depth + run * runBytes + t];
      }
  // Channel arrays.
  const size_t padded = (size_t)s.groups * blocks * 16;
  int32_t *bias = (int32_t *)aligned(padded * 4, 0), *sums = (int32_t *)aligned(padded * 4, 0);
  int32_t *multiplier = (int32_t *)aligned(padded * 4, 0), *shift = (int32_t *)aligned(padded * 4, 0);
  // Shifts as networks have them: any to the right, or a few neighbouring ones; results that saturate, or hardly do.
  const int32_t usual = between(0, 2), most = usual == 2 ? between(-15, -1) : -1;
  // The rounding `real`: a mantissa in two parts, and its divisor.
  const int real = s.poolHeight * s.poolWidth * s.poolStrideY * s.poolStrideX == 1 && between(0, 3) == 0;
  int32_t *realShift = (int32_t *)aligned(padded * 4, 0x7F);
  int32_t *plainBias = (int32_t *)aligned((size_t)s.outputs * 4, 0);
  for (int32_t o = 0; o < s.outputs; o++) {
    const size_t at = (size_t)(o / groupOutputs) * blocks * 16 + (size_t)(o % groupOutputs);
    int64_t sum = 0, size = 0;
    for (int32_t t = 0; t < depth; t++) {
      sum += weights[o * depth + t];
      size += abs(weights[o * depth + t]);
    }
    const int32_t limit = (int32_t)(0x7FFFFFFF - size * 255);
    plainBias[o] = usual == 2 || between(0, 7) ? between(-20000, 20000) : between(0, 1) ? limit : -limit;
    bias[at] = (int32_t)(plainBias[o] - inputZero * sum);
    sums[at] = (int32_t)sum;
    const int64_t bound = size * 255 + (plainBias[o] < 0 ? -(int64_t)plainBias[o] : plainBias[o]);
    int32_t room = 0;
    while (room < 30 && (bound << (room + 1)) < 0x80000000) room++;
    multiplier[at] = randomMultiplier();
    const int32_t choice = between(0, 9);
    shift[at] = usual == 1    ? between(-23, -1)
                : usual == 2  ? between(most < -12 ? -15 : most - 2, most)
                : choice == 0 ? room
                : choice == 1 ? between(0, room)
                : choice == 2 ? between(-31, 0)
                              : between(-16, -6);
    if (!real) continue;
    const int32_t few = between(0, 3);  // few bits make exact ties
    const uint64_t bits = (uint64_t)nextRandom() << 32 | nextRandom();
    const uint64_t mantissa = (uint64_t)1 << 52 | (few ? bits >> 12 : bits >> 12 >> 48 << 48);
    multiplier[at] = multiplier[at] ? (int32_t)(uint32_t)mantissa : 0;
    realShift[at] = 53 - shift[at];
    shift[at] = multiplier[at] || few == 0 ? (int32_t)(mantissa >> 32) : 0;
  }
  const struct quill_output_range range = randomRange();

  const ptrdiff_t outPitch = s.outputWidth * s.outputs + between(0, 5);
  const size_t outBytes = (size_t)outPitch * s.outputHeight;
  int8_t *expected = aligned(outBytes + 64, 0x55), *found = aligned(outBytes + 64, 0x55);

  for (int32_t y = 0; y < s.outputHeight; y++)
    for (int32_t x = 0; x < s.outputWidth; x++)
      for (int32_t o = 0; o < s.outputs; o++) {
        const int32_t group = o / groupOutputs;
        const size_t at = (size_t)group * blocks * 16 + (size_t)(o % groupOutputs);
        int32_t best = -128;
        for (int32_t py = 0; py < s.poolHeight; py++)
          for (int32_t px = 0; px < s.poolWidth; px++) {
            int64_t acc = plainBias[o];
            for (int32_t ky = 0; ky < s.kernelHeight; ky++)
              for (int32_t kx = 0; kx < s.kernelWidth; kx++)
                for (int32_t i = 0; i < groupInputs; i++) {
                  const int32_t iy = (y * s.poolStrideY + py) * s.strideY + ky * s.dilationY - s.padTop;
                  const int32_t ix = (x * s.poolStrideX + px) * s.strideX + kx * s.dilationX - s.padLeft;
                  if (iy < 0 || iy >= s.inputHeight || ix < 0 || ix >= s.inputWidth) continue;
                  const int32_t pixel = (iy + s.padTop) * pitch + (ix + s.padLeft) * s.inputs;
                  const int32_t v = inputStart[pixel + group * groupInputs + i];
                  acc += (int64_t)(v - inputZero) * weights[o * depth + (ky * s.kernelWidth + kx) * groupInputs + i];
                }
            const int64_t mantissa = (int64_t)((uint64_t)(uint32_t)shift[at] << 32 | (uint32_t)multiplier[at]);
            const int32_t q = ranged(real ? realScaled(acc, mantissa, realShift[at])
                                          : scaled(acc, multiplier[at], shift[at]), range);
            if (q > best) best = q;
          }
        expected[y * outPitch + x * s.outputs + o] = (int8_t)best;
      }

  const int knowsImage = between(0, 7) != 0;
  const struct quill_convolution c = {
    .input = inputStart, .weights = ordered, .bias = bias, .weightSum = sums, .multiplier = multiplier, .shift = shift,
    .realShift = real ? realShift : 0, .output = found,
    .positionStepY = (ptrdiff_t)s.strideY * pitch, .positionStepX = (ptrdiff_t)s.strideX * s.inputs,
    .runStepY = (ptrdiff_t)s.dilationY * pitch, .runStepX = (ptrdiff_t)s.dilationX * s.inputs,
    .outputRowPitch = outPitch, .outputPixelPitch = s.outputs,
    .runRows = runRows, .runColumns = runColumns, .runBytes = runBytes,
    .imageTop = knowsImage ? (ptrdiff_t)s.padTop * pitch : 0,
    .imageBottom = knowsImage ? (ptrdiff_t)(s.padTop + s.inputHeight) * pitch : 0,
    .imageLeft = knowsImage ? s.padLeft * s.inputs : 0,
    .imageRight = knowsImage ? (s.padLeft + s.inputWidth) * s.inputs : 0,
    .groups = s.groups, .groupInputs = groupInputs, .groupOutputs = groupOutputs,
    .outputHeight = s.outputHeight, .outputWidth = s.outputWidth, .poolHeight = s.poolHeight, .poolWidth = s.poolWidth,
    .poolStrideY = s.poolStrideY, .poolStrideX = s.poolStrideX, .range = range,
  };
  int failed = 0;
  for (int32_t level = 1; level < QUILL_LEVEL_COUNT; level++) {
    const struct quill_kernel_table *table = quill_kernel_table(level, capabilities);
    if (!table) continue;
    memset(found, 0x55, outBytes + 64);
    struct quill_convolution own = c;
    convolve(table, &own);
    done[level]++;
    const int differsInSum = differsAdding(table, &own, expected, outBytes);
    free((void *)own.transformed);
    if (differsInSum || memcmp(found, expected, outBytes + 64)) {
      printf("%s differs: input %dx%dx%d, outputs %d, groups %d, kernel %dx%d, stride %d %d, dilation %d %d, "
             "pad %d %d %d %d, pool %dx%d stride %d %d, real %d, %s\n", table->name, s.inputHeight, s.inputWidth,
             s.inputs, s.outputs, s.groups, s.kernelHeight, s.kernelWidth, s.strideY, s.strideX, s.dilationY,
             s.dilationX, s.padTop, s.padLeft, s.padBottom, s.padRight, s.poolHeight, s.poolWidth, s.poolStrideY,
             s.poolStrideX, real, differsInSum ? "with an addition" : "alone");
      failed = 1;
    }
  }
  free(image), free(weights), free(ordered), free(bias), free(sums), free(multiplier), free(shift), free(plainBias);
  free(expected), free(found), free(realShift);
  return failed;
}
