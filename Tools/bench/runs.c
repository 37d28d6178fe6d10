// Runs a network so many times on one input, prints a checksum of the answer, and, where the kernel counts instructions, how
// many the inferences took: what `cold-start` and `arm-instructions` start. One program for each runtime, so that neither
// carries the other's memory.
//
// Usage: runs MODEL COUNT [libLiteRt.so]; built with BENCH_LITERT it runs a `.tflite`, else a `.quill` (engine.swift).
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/perf_event.h>

#ifdef BENCH_LITERT
#include "litert.h"
#else
void *bench_quill_open(const uint8_t *bytes, intptr_t count, int32_t level);
void bench_quill_run(void *opened, const int8_t *input, int8_t *output, intptr_t count);
int32_t bench_quill_level(void *opened);
#endif

/// Room for any input or output of the reference networks.
enum { mostValues = 1 << 16 };
static int8_t input[mostValues], output[mostValues];

/// A counter of this program's own instructions, below 0 where there is none.
static int openCounter(void) {
  struct perf_event_attr event = {
    .type = PERF_TYPE_HARDWARE, .size = sizeof event, .config = PERF_COUNT_HW_INSTRUCTIONS, .exclude_kernel = 1, .exclude_hv = 1};
  return (int)syscall(SYS_perf_event_open, &event, 0, -1, -1, 0);
}

static uint64_t counted(int counter) {
  uint64_t value = 0;
  if (counter < 0 || read(counter, &value, sizeof value) != sizeof value) return 0;
  return value;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "runs: usage: runs MODEL COUNT [libLiteRt.so]\n");
    return 2;
  }
  const long count = atol(argv[2]);
  uint32_t state = 1;
  for (int k = 0; k < mostValues; k++) input[k] = (int8_t)((state = state * 1664525u + 1013904223u) >> 24);
#ifdef BENCH_LITERT
  struct litert *opened = argc > 3 ? bench_litert_open(argv[3], argv[1], "num_threads = 1\nkernel_mode = \"delegate\"\n") : 0;
#else
  FILE *file = fopen(argv[1], "rb");
  // Not static: build-board's options keep a program and what is in it within a mebibyte.
  const size_t most = 1 << 20;
  uint8_t *bytes = aligned_alloc(64, most);
  void *opened = file && bytes ? bench_quill_open(bytes, (intptr_t)fread(bytes, 1, most, file), -1) : 0;
#endif
  if (!opened) {
    fprintf(stderr, "runs: cannot open %s\n", argv[1]);
    return 1;
  }
  const int counter = openCounter();
  const uint64_t before = counted(counter);
#ifdef BENCH_LITERT
  bench_litert_run(opened, input, output, (size_t)count);
#else
  bench_quill_run(opened, input, output, count);
#endif
  const uint64_t instructions = counted(counter) - before;
  uint32_t sum = 0;
  for (int k = 0; k < mostValues; k++) sum = sum * 31 + (uint8_t)output[k];
  printf("runs %ld sum %08x instructions %llu\n", count, sum, (unsigned long long)instructions);
  return 0;
}
