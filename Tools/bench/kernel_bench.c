// Times the kernels of every level that this processor has: layer by layer on the digit network and on convolution
// shapes that no kernel was written for. Weights are random: the integer kernels' time does not depend on values.
//
// Why C: no engine between the clock and the kernels; `kernels-against-litert` also loads it as a library beside
// LiteRT. Usage: kernel_bench [LEVEL]. Times are the best of 40 batches, one thread.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "quill_kernels.h"

static double nowMicroseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static uint64_t state = 1;

static int32_t draw(int32_t low, int32_t high) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return low + (int32_t)((state >> 33) % (uint64_t)(high - low + 1));
}

static void *aligned(size_t bytes) {
  void *p = aligned_alloc(64, (bytes + 191) / 64 * 64);
  memset(p, 0, (bytes + 191) / 64 * 64);
  return p;
}

// MARK: layers

struct layer {
  const char *name;
  int32_t depthwise;
  int32_t height, width, inputs, outputs, kernel, stride, pool;
  struct quill_convolution convolution;
  struct quill_depthwise depth;
  double products;
};

static int32_t *channelArray(int32_t count, int32_t low, int32_t high) {
  int32_t *p = aligned((size_t)(count + 15) / 16 * 64);
  for (int32_t i = 0; i < count; i++) p[i] = draw(low, high);
  return p;
}

/// VALID convolution of `height` x `width` (halo included) and an optional pool of `pool` x `pool`.
static void build(struct layer *l, const int8_t *input, int8_t *output) {
  const int32_t positionsY = (l->height - l->kernel) / l->stride + 1, positionsX = (l->width - l->kernel) / l->stride + 1;
  const int32_t outY = positionsY / l->pool, outX = positionsX / l->pool, blocks = (l->outputs + 15) / 16;
  const ptrdiff_t pitch = (ptrdiff_t)l->width * l->inputs;
  const struct quill_output_range range = {-128, -128, 127};
  const size_t tapBytes = l->depthwise ? 16 : (size_t)((l->kernel * l->inputs + 3) / 4) * 64;
  const size_t weightBytes = (size_t)blocks * l->kernel * (l->depthwise ? l->kernel : 1) * tapBytes;
  int8_t *weights = aligned(weightBytes);
  for (size_t i = 0; i < weightBytes; i++) weights[i] = (int8_t)draw(-127, 127);
  const int32_t *bias = channelArray(l->outputs, -1000, 1000), *sums = channelArray(l->outputs, -1000, 1000);
  const int32_t *multiplier = channelArray(l->outputs, 1 << 30, 0x7FFFFFFF), *shift = channelArray(l->outputs, -9, -7);
  l->products = (double)outY * outX * l->pool * l->pool * l->outputs * l->kernel * l->kernel * (l->depthwise ? 1 : l->inputs);
  if (l->depthwise) {
    l->depth = (struct quill_depthwise){
      .input = input, .weights = weights, .bias = bias, .weightSum = sums, .multiplier = multiplier, .shift = shift,
      .output = output, .positionStepY = l->stride * pitch, .positionStepX = (ptrdiff_t)l->stride * l->inputs,
      .tapStepY = pitch, .tapStepX = l->inputs, .outputRowPitch = (ptrdiff_t)outX * l->outputs,
      .outputPixelPitch = l->outputs, .kernelHeight = l->kernel, .kernelWidth = l->kernel, .outputChannels = l->outputs,
      .channelMultiplier = l->outputs / l->inputs, .outputHeight = outY, .outputWidth = outX, .range = range};
    return;
  }
  l->convolution = (struct quill_convolution){
    .input = input, .weights = weights, .bias = bias, .weightSum = sums, .multiplier = multiplier, .shift = shift,
    .output = output, .positionStepY = l->stride * pitch, .positionStepX = (ptrdiff_t)l->stride * l->inputs,
    .runStepY = pitch, .runStepX = l->inputs, .outputRowPitch = (ptrdiff_t)outX * l->outputs,
    .outputPixelPitch = l->outputs, .runRows = l->kernel, .runColumns = 1, .runBytes = l->kernel * l->inputs, .groups = 1,
    .groupInputs = l->inputs, .groupOutputs = l->outputs, .outputHeight = outY, .outputWidth = outX,
    .poolHeight = l->pool, .poolWidth = l->pool, .poolStrideY = l->pool, .poolStrideX = l->pool, .range = range};
}

static void run(const struct quill_kernel_table *table, const struct layer *l) {
  if (l->depthwise)
    table->depthwise(&l->depth);
  else
    table->convolution(&l->convolution);
}

/// Best of 40 batches of about 300 microseconds each.
static double timed(const struct quill_kernel_table *table, const struct layer *layers, int32_t count) {
  double best = 1e30;
  int32_t repeats = 1;
  for (int32_t batch = 0; batch < 40; batch++) {
    const double start = nowMicroseconds();
    for (int32_t r = 0; r < repeats; r++)
      for (int32_t k = 0; k < count; k++) run(table, &layers[k]);
    const double each = (nowMicroseconds() - start) / repeats;
    if (batch > 0 && each < best) best = each;
    repeats = (int32_t)(300 / each) + 1;
  }
  return best;
}

static struct layer digits[] = {
  {.name = "conv 3x3 1-32 pool", .height = 28, .width = 28, .inputs = 1, .outputs = 32, .kernel = 3, .stride = 1, .pool = 2},
  {.name = "conv 3x3 32-64 pool", .height = 13, .width = 13, .inputs = 32, .outputs = 64, .kernel = 3, .stride = 1, .pool = 2},
  {.name = "dense 1600-128", .height = 1, .width = 1, .inputs = 1600, .outputs = 128, .kernel = 1, .stride = 1, .pool = 1},
  {.name = "dense 128-10", .height = 1, .width = 1, .inputs = 128, .outputs = 10, .kernel = 1, .stride = 1, .pool = 1},
};

static struct layer strangers[] = {
  {.name = "1x1 16-96, 24x24", .height = 24, .width = 24, .inputs = 16, .outputs = 96, .kernel = 1, .stride = 1, .pool = 1},
  {.name = "1x1 96-24, 24x24", .height = 24, .width = 24, .inputs = 96, .outputs = 24, .kernel = 1, .stride = 1, .pool = 1},
  {.name = "1x1 64-64, 25x5", .height = 25, .width = 5, .inputs = 64, .outputs = 64, .kernel = 1, .stride = 1, .pool = 1},
  {.name = "3x3 16-16, 32x32", .height = 34, .width = 34, .inputs = 16, .outputs = 16, .kernel = 3, .stride = 1, .pool = 1},
  {.name = "3x3 64-64, 8x8", .height = 10, .width = 10, .inputs = 64, .outputs = 64, .kernel = 3, .stride = 1, .pool = 1},
  {.name = "3x3/2 16-32, 32x32", .height = 34, .width = 34, .inputs = 16, .outputs = 32, .kernel = 3, .stride = 2, .pool = 1},
  {.name = "3x3/2 3-16, 96x96", .height = 98, .width = 98, .inputs = 3, .outputs = 16, .kernel = 3, .stride = 2, .pool = 1},
  {.name = "5x5 6-16, 14x14 pool", .height = 14, .width = 14, .inputs = 6, .outputs = 16, .kernel = 5, .stride = 1, .pool = 2},
  {.name = "3x3 20-50, 12x12", .height = 14, .width = 14, .inputs = 20, .outputs = 50, .kernel = 3, .stride = 1, .pool = 1},
  {.name = "7x7/2 3-24, 64x64", .height = 69, .width = 69, .inputs = 3, .outputs = 24, .kernel = 7, .stride = 2, .pool = 1},
  {.name = "depthwise 3x3 64, 25x5", .depthwise = 1, .height = 27, .width = 7, .inputs = 64, .outputs = 64, .kernel = 3, .stride = 1, .pool = 1},
  {.name = "depthwise 3x3/2 96, 24x24", .depthwise = 1, .height = 26, .width = 26, .inputs = 96, .outputs = 96, .kernel = 3, .stride = 2, .pool = 1},
  {.name = "depthwise 3x3 24, 14x14", .depthwise = 1, .height = 16, .width = 16, .inputs = 24, .outputs = 24, .kernel = 3, .stride = 1, .pool = 1},
};

#define COUNT(list) (int32_t)(sizeof list / sizeof *list)

static void buildAll(void) {
  static int built = 0;
  if (built) return;
  built = 1;
  int8_t *activations[COUNT(digits) + 1];
  for (int32_t k = 0; k <= COUNT(digits); k++) {
    activations[k] = aligned(1 << 17);
    for (int32_t i = 0; i < 1 << 17; i++) activations[k][i] = (int8_t)draw(-128, 127);
  }
  for (int32_t k = 0; k < COUNT(digits); k++) build(&digits[k], activations[k], activations[k + 1]);
  for (int32_t k = 0; k < COUNT(strangers); k++) build(&strangers[k], activations[0], activations[1]);
}

/// For kernels-against-litert: microseconds an inference of the digit network without its softmax, over `repeats`;
/// below 0 where the level is absent.
double quill_bench_digits(int32_t level, int32_t repeats) {
  buildAll();
  const struct quill_kernel_table *table = quill_kernel_table(level, quill_hardware_capabilities());
  if (!table) return -1;
  const double start = nowMicroseconds();
  for (int32_t r = 0; r < repeats; r++)
    for (int32_t k = 0; k < COUNT(digits); k++) run(table, &digits[k]);
  return (nowMicroseconds() - start) / repeats;
}

static void print(const struct quill_kernel_table *table, const struct layer *layers, int32_t count) {
  for (int32_t k = 0; k < count; k++) {
    const double time = timed(table, &layers[k], 1);
    printf("  %-28s %9.2f us %8.1f GMAC/s\n", layers[k].name, time, layers[k].products / time * 1e-3);
  }
}

int main(int argc, char **argv) {
  buildAll();
  for (int32_t level = QUILL_LEVEL_COUNT - 1; level > 0; level--) {
    if (argc > 1 && strcmp(argv[1], quill_level_name(level))) continue;
    const struct quill_kernel_table *table = quill_kernel_table(level, quill_hardware_capabilities());
    if (!table) {
      printf("%s: not measured\n", quill_level_name(level));
      continue;
    }
    printf("%s: digit network %.2f us\n", table->name, timed(table, digits, COUNT(digits)));
    print(table, digits, COUNT(digits));
    print(table, strangers, COUNT(strangers));
  }
}
