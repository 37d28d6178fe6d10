// Depthwise convolutions, pools and element-wise operators on random shapes against plain loops.
//
// Why C: see proof.c.
#include "proof.h"

static void fill(int8_t *p, size_t count) {
  const int32_t kind = between(0, 7);
  for (size_t i = 0; i < count; i++)
    p[i] = (int8_t)(kind == 0 ? -128 : kind == 1 ? (between(0, 1) ? 127 : -128) : between(-128, 127));
}

static int reported(const char *level, const char *operator, const void *found, const void *expected, size_t bytes) {
  if (!memcmp(found, expected, bytes)) return 0;
  printf("%s differs: %s\n", level, operator);
  return 1;
}

int proveDepthwise(uint64_t capabilities, long done[QUILL_LEVEL_COUNT]) {
  const int32_t m = between(0, 2) ? 1 : between(2, 20);
  const int32_t inputs = between(1, m == 1 ? 70 : 9), outputs = inputs * m, blocks = (outputs + 15) / 16;
  const int32_t kernelHeight = between(0, 1) ? 3 : between(1, 10), kernelWidth = between(0, 1) ? 3 : between(1, 8);
  const int32_t strideY = between(1, 3), strideX = between(1, 3), dilationY = between(1, 2), dilationX = between(1, 2);
  const int32_t outputHeight = between(1, 6), outputWidth = between(1, 11);
  const int32_t rows = (outputHeight - 1) * strideY + (kernelHeight - 1) * dilationY + 1;
  const int32_t columns = (outputWidth - 1) * strideX + (kernelWidth - 1) * dilationX + 1;
  const int32_t pitch = columns * inputs + between(0, 5), taps = kernelHeight * kernelWidth;
  const size_t inputBytes = (size_t)pitch * rows;
  int8_t *image = aligned(inputBytes + 64, 0), *weights = aligned((size_t)blocks * taps * 16, 0);
  fill(image, inputBytes + 64);
  const struct quill_output_range range = randomRange();
  const int32_t inputZero = between(-128, 127);
  int32_t *bias = (int32_t *)aligned((size_t)blocks * 64, 0), *sums = (int32_t *)aligned((size_t)blocks * 64, 0);
  int32_t *multiplier = (int32_t *)aligned((size_t)blocks * 64, 0), *shift = (int32_t *)aligned((size_t)blocks * 64, 0);
  int32_t *realShift = (int32_t *)aligned((size_t)blocks * 64, 0x7F);
  const int32_t big = between(0, 3) == 0, usual = between(0, 1), real = between(0, 3) == 0;
  for (int32_t o = 0; o < outputs; o++) {
    for (int32_t t = 0; t < taps; t++) {
      const int32_t w = big ? (between(0, 1) ? 127 : -127) : between(-127, 127);
      weights[(o / 16 * taps + t) * 16 + o % 16] = (int8_t)w;
      sums[o] += w;
    }
    bias[o] = between(-100000, 100000) - inputZero * sums[o];
    multiplier[o] = randomMultiplier();
    shift[o] = usual ? between(-23, -1) : between(0, 3) ? between(-14, -4) : between(-31, 8);
    if (real) {
      realShift[o] = 53 - shift[o];
      shift[o] = between(1 << 20, (1 << 21) - 1);
    }
  }
  const ptrdiff_t outPitch = outputWidth * outputs + between(0, 5);
  const size_t bytes = (size_t)outPitch * outputHeight + 64;
  int8_t *expected = aligned(bytes, 0x55), *found = aligned(bytes, 0x55);
  for (int32_t y = 0; y < outputHeight; y++)
    for (int32_t x = 0; x < outputWidth; x++)
      for (int32_t o = 0; o < outputs; o++) {
        int64_t acc = bias[o];
        for (int32_t ky = 0; ky < kernelHeight; ky++)
          for (int32_t kx = 0; kx < kernelWidth; kx++)
            acc += image[(y * strideY + ky * dilationY) * pitch + (x * strideX + kx * dilationX) * inputs + o / m] *
                   weights[(o / 16 * taps + ky * kernelWidth + kx) * 16 + o % 16];
        const int64_t mantissa = (int64_t)((uint64_t)(uint32_t)shift[o] << 32 | (uint32_t)multiplier[o]);
        const int64_t steps =
          real ? realScaled(acc, mantissa, realShift[o]) : scaled(acc, multiplier[o], shift[o]);
        expected[y * outPitch + x * outputs + o] = ranged(steps, range);
      }
  const struct quill_depthwise d = {
    .input = image, .weights = weights, .bias = bias, .weightSum = sums, .multiplier = multiplier, .shift = shift,
    .realShift = real ? realShift : 0, .output = found, .positionStepY = (ptrdiff_t)strideY * pitch, .positionStepX = (ptrdiff_t)strideX * inputs,
    .tapStepY = (ptrdiff_t)dilationY * pitch, .tapStepX = (ptrdiff_t)dilationX * inputs, .outputRowPitch = outPitch,
    .outputPixelPitch = outputs, .kernelHeight = kernelHeight, .kernelWidth = kernelWidth, .outputChannels = outputs,
    .channelMultiplier = m, .outputHeight = outputHeight, .outputWidth = outputWidth, .range = range,
  };
  int failed = 0;
  for (int32_t level = 1; level < QUILL_LEVEL_COUNT; level++) {
    const struct quill_kernel_table *table = quill_kernel_table(level, capabilities);
    if (!table) continue;
    memset(found, 0x55, bytes);
    struct quill_depthwise own = d;
    const size_t formBytes = table->depthwiseFormByteCount ? table->depthwiseFormByteCount(&own) : 0;
    int8_t *const form = formBytes ? aligned(formBytes, 0x11) : 0;
    if (formBytes) table->makeDepthwiseForm(&own, form);
    own.form = form;
    table->depthwise(&own);
    free(form);
    done[level]++;
    char text[160];
    snprintf(text, sizeof text, "depthwise, %d x %d channels, kernel %dx%d, stride %d %d, output %dx%d", inputs, m,
             kernelHeight, kernelWidth, strideY, strideX, outputHeight, outputWidth);
    failed |= reported(table->name, text, found, expected, bytes);
  }
  free(image), free(weights), free(bias), free(sums), free(multiplier), free(shift), free(realShift), free(expected),
    free(found);
  return failed;
}

int provePools(uint64_t capabilities, long done[QUILL_LEVEL_COUNT]) {
  struct quill_pool p = {
    .inputHeight = between(1, 12), .inputWidth = between(1, 12),
    .channels = between(0, 1) ? between(1, 40) : between(1, 200),
    .strideY = between(1, 3), .strideX = between(1, 3), .minimum = -128, .maximum = 127,
  };
  p.windowHeight = between(1, p.inputHeight), p.windowWidth = between(1, p.inputWidth);
  p.padTop = between(0, p.windowHeight - 1), p.padLeft = between(0, p.windowWidth - 1);
  p.outputHeight = (p.inputHeight - 1 + p.padTop) / p.strideY + 1;
  p.outputWidth = (p.inputWidth - 1 + p.padLeft) / p.strideX + 1;
  if (between(0, 1)) p.minimum = between(-128, 0), p.maximum = between(p.minimum, 127);
  p.inputRowPitch = p.inputWidth * p.channels + between(0, 5);
  p.outputRowPitch = p.outputWidth * p.channels + between(0, 5);
  const size_t inputBytes = (size_t)p.inputRowPitch * p.inputHeight;
  const size_t bytes = (size_t)p.outputRowPitch * p.outputHeight + 64;
  int8_t *image = aligned(inputBytes + 64, 0), *found = aligned(bytes, 0x55);
  int8_t *most = aligned(bytes, 0x55), *average = aligned(bytes, 0x55);
  fill(image, inputBytes + 64);
  for (int32_t y = 0; y < p.outputHeight; y++)
    for (int32_t x = 0; x < p.outputWidth; x++)
      for (int32_t c = 0; c < p.channels; c++) {
        int32_t best = -128, sum = 0, n = 0;
        for (int32_t iy = y * p.strideY - p.padTop; iy < y * p.strideY - p.padTop + p.windowHeight; iy++)
          for (int32_t ix = x * p.strideX - p.padLeft; ix < x * p.strideX - p.padLeft + p.windowWidth; ix++) {
            if (iy < 0 || ix < 0 || iy >= p.inputHeight || ix >= p.inputWidth) continue;
            const int32_t v = image[iy * p.inputRowPitch + ix * p.channels + c];
            if (v > best) best = v;
            sum += v, n++;
          }
        const struct quill_output_range range = {0, p.minimum, p.maximum};
        most[y * p.outputRowPitch + x * p.channels + c] = ranged(best, range);
        const int32_t mean = sum > 0 ? (sum + n / 2) / n : (sum - n / 2) / n;
        average[y * p.outputRowPitch + x * p.channels + c] = ranged(mean, range);
      }
  p.input = image, p.output = found;
  int failed = 0;
  for (int32_t level = 1; level < QUILL_LEVEL_COUNT; level++) {
    const struct quill_kernel_table *table = quill_kernel_table(level, capabilities);
    if (!table) continue;
    done[level] += 2;
    memset(found, 0x55, bytes);
    table->maxPool(&p);
    failed |= reported(table->name, "max pool", found, most, bytes);
    memset(found, 0x55, bytes);
    table->averagePool(&p);
    failed |= reported(table->name, "average pool", found, average, bytes);
  }
  free(image), free(found), free(most), free(average);
  return failed;
}

int proveElementwise(uint64_t capabilities, long done[QUILL_LEVEL_COUNT]) {
  const size_t count = (size_t)between(1, 300), bytes = count + 64;
  int8_t *left = aligned(bytes, 0), *right = aligned(bytes, 0), *found = aligned(bytes, 0x55);
  int8_t *sum = aligned(bytes, 0x55), *requantised = aligned(bytes, 0x55);
  fill(left, bytes), fill(right, bytes);
  struct quill_add add = {
    .left = left, .right = right, .output = found, .count = count, .leftZeroPoint = between(-128, 127),
    .rightZeroPoint = between(-128, 127), .leftScale = {randomMultiplier(), between(-20, 0)},
    .rightScale = {randomMultiplier(), between(-20, 0)}, .outputScale = {randomMultiplier(), between(-31, 0)},
    .subtract = between(0, 1), .range = randomRange(),
  };
  // As converters make them: one operand's scale is a half.
  const struct quill_scale half = {1 << 30, 0};
  const int32_t halves = between(0, 3);
  if (halves & 1) add.leftScale = half;
  if (halves & 2) add.rightScale = half;
  const struct quill_requantise requantise = {
    .input = left, .output = found, .count = count, .inputZeroPoint = between(-128, 127),
    .scale = {randomMultiplier(), between(-31, 20)}, .range = randomRange(),
  };
  const int32_t channels = between(1, 90), height = between(1, 7), width = between(1, 7), pitch = channels * width + 3;
  int8_t *image = aligned((size_t)pitch * height + 64, 0);
  fill(image, (size_t)pitch * height + 64);
  int32_t *sums = (int32_t *)aligned((size_t)channels * 4 + 64, 0x55);
  int32_t *foundSums = (int32_t *)aligned((size_t)channels * 4 + 64, 0x55);
  for (int32_t c = 0; c < channels; c++) {
    sums[c] = 0;
    for (int32_t y = 0; y < height; y++)
      for (int32_t x = 0; x < width; x++) sums[c] += image[y * pitch + x * channels + c];
  }
  for (size_t i = 0; i < count; i++) {
    const int64_t a =
      scaled((int64_t)(left[i] - add.leftZeroPoint) * (1 << 20), add.leftScale.multiplier, add.leftScale.shift);
    const int64_t b =
      scaled((int64_t)(right[i] - add.rightZeroPoint) * (1 << 20), add.rightScale.multiplier, add.rightScale.shift);
    sum[i] = ranged(scaled(add.subtract ? a - b : a + b, add.outputScale.multiplier, add.outputScale.shift), add.range);
    const int64_t scaledLeft =
      scaled(left[i] - requantise.inputZeroPoint, requantise.scale.multiplier, requantise.scale.shift);
    requantised[i] = ranged(scaledLeft, requantise.range);
  }
  const struct quill_channel_sums channelSums = {
    .input = image, .sums = foundSums, .inputRowPitch = pitch, .inputPixelPitch = channels,
    .inputHeight = height, .inputWidth = width, .channels = channels};
  int failed = 0;
  for (int32_t level = 1; level < QUILL_LEVEL_COUNT; level++) {
    const struct quill_kernel_table *table = quill_kernel_table(level, capabilities);
    if (!table) continue;
    done[level] += 4;
    memset(found, 0x55, bytes);
    table->add(&add);
    failed |= reported(table->name, add.subtract ? "sub" : "add", found, sum, bytes);
    // In place: the output is the left operand.
    memset(found, 0x55, bytes);
    memcpy(found, left, count);
    struct quill_add inPlace = add;
    inPlace.left = found;
    table->add(&inPlace);
    failed |= reported(table->name, "add in place", found, sum, bytes);
    memset(found, 0x55, bytes);
    table->requantise(&requantise);
    failed |= reported(table->name, "requantise", found, requantised, bytes);
    memset(foundSums, 0x55, (size_t)channels * 4 + 64);
    table->channelSums(&channelSums);
    failed |= reported(table->name, "channel sums", foundSums, sums, (size_t)channels * 4 + 64);
  }
  free(left), free(right), free(found), free(sum), free(requantised), free(image), free(sums), free(foundSums);
  return failed;
}
