// LiteRT's C library, loaded with dlopen.
#ifndef BENCH_LITERT_H
#define BENCH_LITERT_H

#include <stddef.h>
#include <stdint.h>

struct litert;

/// Opens an int8 `.tflite` of one input and one output; null, and a line on standard error, where that fails. `options`
/// are those of LiteRT's CPU accelerator, lines of TOML: `num_threads = 1`, `kernel_mode = "delegate"` (XNNPACK),
/// `"builtin"` or `"reference"`.
struct litert *bench_litert_open(const char *libraryPath, const char *modelPath, const char *options);

/// Runs so many inferences: input copied into the runtime's buffer, run, output copied out.
void bench_litert_run(struct litert *peer, const int8_t *input, int8_t *output, size_t count);

#endif
