// The multiply loops and the read loops, one pair for each kind of register.
#include "quill_bench.h"

/// The levels of quill_kernels.h: this target stands beside it and includes nothing of it.
enum { levelSIMD128 = 1, levelNEON = 2, levelNEONDot = 3, levelAVX2 = 4, levelAVX512VNNI = 5 };

/// Independent accumulators: at least latency times issue width of any core known here.
enum { chains = 12 };

// Makes the compiler take a value as a new one, so that it neither leaves a loop out nor moves work out of it.
#if defined(__x86_64__)
#define HIDE(value) __asm__ volatile("" : "+v"(value))
#else
#define HIDE(value) __asm__ volatile("" : "+w"(value))
#endif

/// `step` adds products of `a` and `b` to accumulator `sums[k]`.
#define MULTIPLY(sumType, type, step)                                          \
  sumType sums[chains] = {0};                                                  \
  type a = {0}, b = {0};                                                       \
  for (uint64_t round = 0; round < rounds; round++) {                          \
    HIDE(a);                                                                   \
    HIDE(b);                                                                   \
    _Pragma("clang loop unroll(full)") for (int k = 0; k < chains; k++) step;  \
  }                                                                            \
  _Pragma("clang loop unroll(full)") for (int k = 0; k < chains; k++) HIDE(sums[k])

/// Each register's worth of bytes once a round.
#define READ(type, load)                                                       \
  for (uint64_t round = 0; round < rounds; round++)                            \
    for (size_t at = 0; at < count; at += 8 * sizeof(type)) {                  \
      _Pragma("clang loop unroll(full)") for (size_t k = 0; k < 8; k++) {      \
        type value = load((const void *)(bytes + at + k * sizeof(type)));      \
        HIDE(value);                                                           \
      }                                                                        \
    }

#if defined(__x86_64__)
#include <immintrin.h>

#define VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))
#define AVX2 __attribute__((target("avx2")))

VNNI static void multiplyVNNI(uint64_t rounds) {
  MULTIPLY(__m512i, __m512i, sums[k] = _mm512_dpbusd_epi32(sums[k], a, b));
}

AVX2 static void multiplyAVX2(uint64_t rounds) {
  __m256i product;
  MULTIPLY(__m256i, __m256i, {
    // Written out: the compiler would multiply once for all accumulators.
    __asm__ volatile("vpmaddwd %2, %1, %0" : "=x"(product) : "x"(a), "x"(b));
    sums[k] = _mm256_add_epi32(sums[k], product);
  });
}

static void multiplySSE2(uint64_t rounds) {
  __m128i product;
  MULTIPLY(__m128i, __m128i, {
    product = a;
    __asm__ volatile("pmaddwd %1, %0" : "+x"(product) : "x"(b));
    sums[k] = _mm_add_epi32(sums[k], product);
  });
}

VNNI static void read512(const int8_t *bytes, size_t count, uint64_t rounds) { READ(__m512i, _mm512_load_si512) }
AVX2 static void read256(const int8_t *bytes, size_t count, uint64_t rounds) { READ(__m256i, _mm256_load_si256) }
static void read128(const int8_t *bytes, size_t count, uint64_t rounds) { READ(__m128i, _mm_load_si128) }

uint64_t quill_bench_multiply(int32_t level, uint64_t rounds) {
  switch (level) {
    case levelSIMD128: multiplySSE2(rounds); return rounds * chains * 8;
    case levelAVX2: multiplyAVX2(rounds); return rounds * chains * 16;
    case levelAVX512VNNI: multiplyVNNI(rounds); return rounds * chains * 64;
    default: return 0;
  }
}

void quill_bench_read(int32_t level, const int8_t *bytes, size_t count, uint64_t rounds) {
  switch (level) {
    case levelAVX2: read256(bytes, count, rounds); return;
    case levelAVX512VNNI: read512(bytes, count, rounds); return;
    default: read128(bytes, count, rounds);
  }
}

#elif defined(__aarch64__)
#include <arm_neon.h>

__attribute__((target("arch=armv8.2-a+dotprod"))) static void multiplyNEONDot(uint64_t rounds) {
  MULTIPLY(int32x4_t, int8x16_t, sums[k] = vdotq_s32(sums[k], a, b));
}

static void multiplyNEON(uint64_t rounds) {
  int16x8_t product;
  MULTIPLY(int32x4_t, int8x8_t, {
    // Written out: the compiler would multiply once for all accumulators.
    __asm__ volatile("smull %0.8h, %1.8b, %2.8b" : "=w"(product) : "w"(a), "w"(b));
    sums[k] = vpadalq_s16(sums[k], vmlal_s8(product, a, b));
  });
}

static int8x16_t load128(const void *bytes) { return vld1q_s8(bytes); }

uint64_t quill_bench_multiply(int32_t level, uint64_t rounds) {
  switch (level) {
    case levelNEON: multiplyNEON(rounds); return rounds * chains * 16;
    case levelNEONDot: multiplyNEONDot(rounds); return rounds * chains * 16;
    default: return 0;
  }
}

void quill_bench_read(int32_t level, const int8_t *bytes, size_t count, uint64_t rounds) {
  (void)level;
  READ(int8x16_t, load128)
}

#else
uint64_t quill_bench_multiply(int32_t level, uint64_t rounds) {
  (void)level, (void)rounds;
  return 0;
}

void quill_bench_read(int32_t level, const int8_t *bytes, size_t count, uint64_t rounds) {
  volatile int8_t seen = 0;
  (void)level;
  for (uint64_t round = 0; round < rounds; round++)
    for (size_t at = 0; at < count; at += 64) seen = bytes[at];
  (void)seen;
}
#endif
