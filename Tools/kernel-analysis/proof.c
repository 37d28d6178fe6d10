// Proves the kernels of CQuillKernels equal, bit for bit, to plain loops on random shapes, with the weights, halo and
// channel arrays laid out as the flat file stores them.
//
// Why C: it runs under qemu for ARM, where there is no Swift test runner. Usage: proof [CASES] [SEED]. Compiled and
// run for every processor by `prove`. Exit 0 when every case of every level is equal.
#include "proof.h"

uint64_t proofState;
long proofTransformed[QUILL_LEVEL_COUNT];

int main(int argc, char **argv) {
  static int (*const proofs[])(uint64_t, long *) = {proveConvolution, proveDepthwise, provePools, proveElementwise};
  const long cases = argc > 1 ? atol(argv[1]) : 2000;
  const uint64_t seed = argc > 2 ? strtoull(argv[2], 0, 10) : 1;
  const uint64_t capabilities = quill_hardware_capabilities();
  long done[QUILL_LEVEL_COUNT] = {0};
  int failures = 0;
  for (long n = 0; n < cases && failures < 10; n++) {
    for (size_t k = 0; k < sizeof proofs / sizeof *proofs; k++) {
      proofState = (seed * 1000003u + (uint64_t)n) * 16 + k;
      if (!proofs[k](capabilities, done)) continue;
      printf("  seed %llu, case %ld\n", (unsigned long long)seed, n);
      failures++;
    }
  }
  for (int32_t level = 1; level < QUILL_LEVEL_COUNT; level++) {
    const struct quill_kernel_table *table = quill_kernel_table(level, capabilities);
    if (!table) {
      printf("%-12s not measured\n", quill_level_name(level));
      continue;
    }
    printf("%-12s %ld operators, %s", table->name, done[level], failures ? "some differ" : "all equal");
    if (table->transformedByteCount) {
      printf("; of these %ld with weights in another form", proofTransformed[level]);
      if (cases >= 300 && proofTransformed[level] == 0) failures++;
    }
    printf("\n");
  }
  return failures != 0;
}
