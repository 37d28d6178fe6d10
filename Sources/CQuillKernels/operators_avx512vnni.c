// Pools and element-wise operators with AVX-512.
//
// Why C: function attributes; the bodies are shared by all levels.
#include "kernel_levels.h"
#include "kernel_common.h"

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(                                                  \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), apply_to = function)
#include "requantise_avx512.h"
#include "lanes.h"

#define QUILL_NAME(suffix) quill_avx512vnni_##suffix

#include "elementwise_body.h"
#include "pool_body.h"
#pragma clang attribute pop
#endif
