// Whole networks on every level, and what they allocate: what `Tools/check/levels` runs.
//
// Why C: it stands in front of malloc, and needs no Swift package around the engine (`Tools/bench/engine.swift` is its
// door). Usage: networks BYTES IMAGES MODEL... compares every level's outputs on so many inputs, taken one after the other
// from a file of bytes (0...255, as q + 128); networks --allocations COUNT MODEL counts calls of malloc in COUNT inferences.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quill_kernels.h"

void *bench_quill_open(const uint8_t *bytes, intptr_t count, int32_t level);
void bench_quill_sizes(void *opened, intptr_t *sizes);
void bench_quill_run(void *opened, const int8_t *input, int8_t *output, intptr_t count);

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

static unsigned long calls;

void *malloc(size_t size) { calls++; return __libc_malloc(size); }
void *calloc(size_t count, size_t size) { calls++; return __libc_calloc(count, size); }
void *realloc(void *old, size_t size) { calls++; return __libc_realloc(old, size); }
void *aligned_alloc(size_t alignment, size_t size) { calls++; return __libc_memalign(alignment, size); }
int posix_memalign(void **result, size_t alignment, size_t size) {
  calls++;
  *result = __libc_memalign(alignment, size);
  return *result ? 0 : 12;
}

enum { mostInputs = 1 << 20, mostOutputs = 1 << 12 };
static int8_t input[mostInputs], output[mostOutputs];

static uint8_t *readFile(const char *path, size_t *count) {
  FILE *file = fopen(path, "rb");
  if (!file) return 0;
  fseek(file, 0, SEEK_END);
  *count = (size_t)ftell(file);
  rewind(file);
  uint8_t *bytes = malloc(*count + 1);
  if (fread(bytes, 1, *count, file) != *count) *count = 0;
  fclose(file);
  return bytes;
}

/// An opened network at a level, and its sizes; null with a sentence where that fails.
static void *opened(const char *path, int32_t level, intptr_t sizes[2]) {
  size_t count = 0;
  uint8_t *bytes = readFile(path, &count);
  void *network = bytes ? bench_quill_open(bytes, (intptr_t)count, level) : 0;
  free(bytes);
  if (network) bench_quill_sizes(network, sizes);
  if (network && sizes[0] <= mostInputs && sizes[1] <= mostOutputs) return network;
  fprintf(stderr, "networks: cannot open %s\n", path);
  return 0;
}

static int countAllocations(const char *path, long inferences) {
  intptr_t sizes[2] = {0, 0};
  void *network = opened(path, -1, sizes);
  if (!network) return 1;
  bench_quill_run(network, input, output, 1);
  const unsigned long before = calls;
  bench_quill_run(network, input, output, inferences);
  const unsigned long made = calls - before;
  printf("%s: %lu allocations in %ld inferences\n", path, made, inferences);
  return made != 0;
}

/// Folds the outputs of one level into `answers`, one sum an image (FNV-1a); 1 where it cannot.
static int answer(const char *path, int32_t level, const uint8_t *bytes, size_t count, long images, uint64_t *answers) {
  intptr_t sizes[2] = {0, 0};
  void *network = opened(path, level, sizes);
  if (!network) return 1;
  size_t at = 0;
  for (long image = 0; image < images; image++) {
    for (intptr_t k = 0; k < sizes[0]; k++, at = at + 1 < count ? at + 1 : 0) input[k] = (int8_t)(bytes[at] - 128);
    bench_quill_run(network, input, output, 1);
    uint64_t sum = 0xCBF29CE484222325u;
    for (intptr_t k = 0; k < sizes[1]; k++) sum = (sum ^ (uint8_t)output[k]) * 0x100000001B3u;
    answers[image] = sum;
  }
  return 0;
}

static int compareLevels(const char *path, const uint8_t *bytes, size_t count, long images) {
  uint64_t *expected = malloc((size_t)images * 8), *found = malloc((size_t)images * 8);
  int failed = answer(path, QUILL_LEVEL_PLAIN, bytes, count, images, expected);
  for (int32_t level = 1; level < QUILL_LEVEL_COUNT && !failed; level++) {
    if (!quill_kernel_table(level, quill_hardware_capabilities())) {
      printf("%s, %s: not measured\n", path, quill_level_name(level));
      continue;
    }
    failed |= answer(path, level, bytes, count, images, found);
    long different = 0;
    for (long k = 0; k < images; k++) different += expected[k] != found[k];
    printf("%s, %s: %ld of %ld outputs differ from plain Swift\n", path, quill_level_name(level), different, images);
    failed |= different != 0;
  }
  free(expected), free(found);
  return failed;
}

int main(int argc, char **argv) {
  if (argc == 4 && !strcmp(argv[1], "--allocations")) return countAllocations(argv[3], atol(argv[2]));
  if (argc < 4) {
    fprintf(stderr, "networks: usage: networks BYTES IMAGES MODEL... | networks --allocations COUNT MODEL\n");
    return 2;
  }
  size_t count = 0;
  const uint8_t *bytes = readFile(argv[1], &count);
  if (!bytes || !count) {
    fprintf(stderr, "networks: cannot read %s\n", argv[1]);
    return 2;
  }
  int failed = 0;
  for (int k = 3; k < argc; k++) failed |= compareLevels(argv[k], bytes, count, atol(argv[2]));
  return failed;
}
