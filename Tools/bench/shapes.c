// Times one level's kernels on convolution shapes that they were not written for (shapes.txt), beside the convolutions of the
// digit network: nanoseconds a thousand products, and the ratio to the digit network's. Weights are random: the integer
// kernels' time does not depend on values.
//
// Why C: no engine between the clock and the kernels. Usage: shapes SHAPES.TXT [LEVEL]. Times are the best of 40 batches, one
// thread.
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
  char name[64];
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

/// What the weights of each channel add up to: blocks of 16 channels of `blockBytes`, in which each channel has `run` bytes that
/// follow each other, again and again.
static const int32_t *weightSums(const int8_t *weights, int32_t channels, size_t blockBytes, size_t run) {
  int32_t *sums = aligned((size_t)(channels + 15) / 16 * 64);
  for (int32_t c = 0; c < channels; c++)
    for (size_t i = 0; i < blockBytes; i++)
      if (i / run % 16 == (size_t)c % 16) sums[c] += weights[(size_t)c / 16 * blockBytes + i];
  return sums;
}

/// An image of random bytes within a padding of `kernel` - 1 rows and columns, which is as after a ReLU; or all of it random,
/// where something is pooled.
static int8_t *image(const struct layer *l) {
  const int32_t around = l->pool == 1 ? l->kernel - 1 : 0, before = around / 2;
  int8_t *bytes = aligned(1 << 20);
  for (int32_t y = 0; y < l->height; y++)
    for (int32_t x = 0; x < l->width; x++) {
      const int inside = y >= before && y < before + l->height - around && x >= before && x < before + l->width - around;
      for (int32_t i = 0; i < l->inputs; i++)
        bytes[(y * l->width + x) * l->inputs + i] = (int8_t)(inside ? draw(-128, 127) : -128);
    }
  return bytes;
}

/// VALID convolution of `height` x `width` (halo included) and an optional pool of `pool` x `pool`.
static void build(const struct quill_kernel_table *table, struct layer *l, int8_t *output) {
  const int8_t *input = image(l);
  const ptrdiff_t around = l->pool == 1 ? l->kernel - 1 : 0, before = around / 2;
  const int32_t positionsY = (l->height - l->kernel) / l->stride + 1, positionsX = (l->width - l->kernel) / l->stride + 1;
  const int32_t outY = positionsY / l->pool, outX = positionsX / l->pool, blocks = (l->outputs + 15) / 16;
  const ptrdiff_t pitch = (ptrdiff_t)l->width * l->inputs;
  const struct quill_output_range range = {-128, -128, 127};
  const size_t tapBytes = l->depthwise ? 16 : (size_t)((l->kernel * l->inputs + 3) / 4) * 64;
  const size_t weightBytes = (size_t)blocks * l->kernel * (l->depthwise ? l->kernel : 1) * tapBytes;
  int8_t *weights = aligned(weightBytes);
  for (size_t i = 0; i < weightBytes; i++) weights[i] = (int8_t)draw(-127, 127);
  const int32_t *bias = channelArray(l->outputs, -1000, 1000);
  const int32_t *sums = weightSums(weights, l->outputs, weightBytes / (size_t)blocks, l->depthwise ? 1 : 4);
  const int32_t *multiplier = channelArray(l->outputs, 1 << 30, 0x7FFFFFFF), *shift = channelArray(l->outputs, -9, -7);
  l->products = (double)outY * outX * l->pool * l->pool * l->outputs * l->kernel * l->kernel * (l->depthwise ? 1 : l->inputs);
  if (l->depthwise) {
    l->depth = (struct quill_depthwise){
      .input = input, .weights = weights, .bias = bias, .weightSum = sums, .multiplier = multiplier, .shift = shift,
      .output = output, .positionStepY = l->stride * pitch, .positionStepX = (ptrdiff_t)l->stride * l->inputs,
      .tapStepY = pitch, .tapStepX = l->inputs, .outputRowPitch = (ptrdiff_t)outX * l->outputs,
      .outputPixelPitch = l->outputs, .kernelHeight = l->kernel, .kernelWidth = l->kernel, .outputChannels = l->outputs,
      .channelMultiplier = l->outputs / l->inputs, .outputHeight = outY, .outputWidth = outX, .range = range};
    const size_t formBytes = table->depthwiseFormByteCount ? table->depthwiseFormByteCount(&l->depth) : 0;
    if (!formBytes) return;
    int8_t *form = aligned(formBytes);
    table->makeDepthwiseForm(&l->depth, form);
    l->depth.form = form;
    return;
  }
  l->convolution = (struct quill_convolution){
    .input = input, .weights = weights, .bias = bias, .weightSum = sums, .multiplier = multiplier, .shift = shift,
    .output = output, .positionStepY = l->stride * pitch, .positionStepX = (ptrdiff_t)l->stride * l->inputs,
    .runStepY = pitch, .runStepX = l->inputs, .outputRowPitch = (ptrdiff_t)outX * l->outputs,
    .outputPixelPitch = l->outputs, .runRows = l->kernel, .runColumns = 1, .runBytes = l->kernel * l->inputs,
    .imageTop = before * pitch, .imageBottom = (before + l->height - around) * pitch, .imageLeft = before * l->inputs,
    .imageRight = (before + l->width - around) * l->inputs, .groups = 1,
    .groupInputs = l->inputs, .groupOutputs = l->outputs, .outputHeight = outY, .outputWidth = outX,
    .poolHeight = l->pool, .poolWidth = l->pool, .poolStrideY = l->pool, .poolStrideX = l->pool, .range = range};
  const size_t transformedBytes = table->transformedByteCount ? table->transformedByteCount(&l->convolution) : 0;
  if (!transformedBytes) return;
  int16_t *transformed = aligned(transformedBytes);
  table->transformWeights(&l->convolution, transformed);
  l->convolution.transformed = transformed;
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

/// The convolutions of the digit network, pools fused.
static struct layer digits[] = {
  {.height = 28, .width = 28, .inputs = 1, .outputs = 32, .kernel = 3, .stride = 1, .pool = 2},
  {.height = 13, .width = 13, .inputs = 32, .outputs = 64, .kernel = 3, .stride = 1, .pool = 2},
};

/// A line of shapes.txt as a layer, padding added where nothing is pooled; 0 at the end of the file.
static int readLayer(FILE *file, struct layer *layer) {
  char line[200], kind[16];
  while (fgets(line, sizeof line, file)) {
    *layer = (struct layer){0};
    if (line[0] == '#' || line[0] == '\n') continue;
    if (sscanf(line, "%15s %d %d %d %d %d %d %d", kind, &layer->height, &layer->width, &layer->inputs, &layer->outputs,
               &layer->kernel, &layer->stride, &layer->pool) != 8) {
      fprintf(stderr, "shapes: expected eight fields; found: %s", line);
      exit(1);
    }
    layer->depthwise = !strcmp(kind, "depthwise");
    snprintf(layer->name, sizeof layer->name, "%s %dx%d%s %d-%d, %dx%d%s", kind, layer->kernel, layer->kernel,
             layer->stride > 1 ? "/2" : "", layer->inputs, layer->outputs, layer->height, layer->width,
             layer->pool > 1 ? ", pooled" : "");
    if (layer->pool == 1) {
      layer->height += layer->kernel - 1;
      layer->width += layer->kernel - 1;
    }
    return 1;
  }
  return 0;
}

/// Picoseconds a product.
static double cost(double microseconds, double products) { return microseconds * 1e6 / products; }

int main(int argc, char **argv) {
  FILE *file = argc > 1 ? fopen(argv[1], "r") : 0;
  const char *wanted = argc > 2 ? argv[2] : quill_level_name(quill_best_level(quill_hardware_capabilities()));
  const struct quill_kernel_table *table = 0;
  for (int32_t level = 1; level < QUILL_LEVEL_COUNT; level++)
    if (!strcmp(quill_level_name(level), wanted)) table = quill_kernel_table(level, quill_hardware_capabilities());
  if (!file || !table) {
    fprintf(stderr, "shapes: %s\n", file ? "this processor does not have that level: not measured" : "give shapes.txt");
    return file ? 77 : 2;
  }
  int8_t *output = aligned(1 << 20);
  double products = 0;
  for (int32_t k = 0; k < 2; k++) {
    build(table, &digits[k], output);
    products += digits[k].products;
  }
  double base = cost(timed(table, digits, 2), products);
  printf("%s: the digit network's two convolutions: %.2f ps a product, %.0f GMAC/s\n", table->name, base, 1e3 / base);
  printf("  %-36s %9s %14s %8s %6s\n", "shape", "us", "ps a product", "GMAC/s", "ratio");
  for (struct layer layer; readLayer(file, &layer);) {
    build(table, &layer, output);
    const double time = timed(table, &layer, 1), each = cost(time, layer.products);
    // In turns with the yardstick, so that what else the machine does meets both.
    base = cost(timed(table, digits, 2), products);
    printf("  %-36s %9.2f %14.2f %8.0f %6.2f\n", layer.name, time, each, 1e3 / each, each / base);
  }
}
