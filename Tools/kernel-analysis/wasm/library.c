// The part of the C library that the proof needs, for WebAssembly: memory that is all given back between cases, and
// output a character at a time to JavaScript.
//
// Why C: see proof.c.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

__attribute__((import_module("host"), import_name("put"))) void hostPut(int character);

extern unsigned char __heap_base;
static uintptr_t top;
static int blocks;

/// From a stack that empties when every block has been freed, as each case does.
int posix_memalign(void **p, size_t alignment, size_t bytes) {
  if (blocks++ == 0) top = (uintptr_t)&__heap_base;
  top = (top + alignment - 1) / alignment * alignment;
  *p = (void *)top;
  top += bytes;
  while (top > __builtin_wasm_memory_size(0) * 65536)
    if (__builtin_wasm_memory_grow(0, 16) == (size_t)-1) return 1;
  return 0;
}

void abort(void) { __builtin_trap(); }

void free(void *p) {
  if (p) blocks--;
}

void *memset(void *p, int value, size_t count) { return __builtin_memset(p, value, count); }

void *memcpy(void *to, const void *from, size_t count) { return __builtin_memcpy(to, from, count); }

int memcmp(const void *a, const void *b, size_t count) {
  const unsigned char *left = a, *right = b;
  for (size_t i = 0; i < count; i++)
    if (left[i] != right[i]) return left[i] < right[i] ? -1 : 1;
  return 0;
}

int abs(int x) { return x < 0 ? -x : x; }

unsigned long long strtoull(const char *text, char **end, int base) {
  unsigned long long value = 0;
  (void)end;
  for (; *text >= '0' && *text <= '9'; text++) value = value * (unsigned)base + (unsigned)(*text - '0');
  return value;
}

long atol(const char *text) { return (long)strtoull(text, 0, 10); }

/// %s, %d and their lengths and widths; widths are ignored.
static int format(void (*put)(void *, char), void *to, const char *text, va_list values) {
  for (; *text; text++) {
    if (*text != '%') {
      put(to, *text);
      continue;
    }
    int longs = 0;
    do {
      text++;
      longs += *text == 'l';
    } while (*text == 'l' || *text == '-' || (*text >= '0' && *text <= '9'));
    if (*text == 's') {
      for (const char *s = va_arg(values, const char *); *s; s++) put(to, *s);
      continue;
    }
    int64_t value = longs > 1 ? va_arg(values, long long) : va_arg(values, int);
    char digits[24];
    int count = 0;
    if (value < 0) put(to, '-'), value = -value;
    do digits[count++] = (char)('0' + value % 10);
    while (value /= 10);
    while (count) put(to, digits[--count]);
  }
  return 0;
}

static void putHost(void *to, char character) {
  (void)to;
  hostPut(character);
}

struct buffer {
  char *next, *end;
};

static void putBuffer(void *to, char character) {
  struct buffer *buffer = to;
  if (buffer->next < buffer->end) *buffer->next++ = character;
}

int printf(const char *text, ...) {
  va_list values;
  va_start(values, text);
  format(putHost, 0, text, values);
  va_end(values);
  return 0;
}

int snprintf(char *text, size_t size, const char *pattern, ...) {
  struct buffer buffer = {text, text + size - 1};
  va_list values;
  va_start(values, pattern);
  format(putBuffer, &buffer, pattern, values);
  va_end(values);
  *buffer.next = 0;
  return 0;
}

int proofMain(int argc, char **argv);

/// The proof with a number of cases and a seed.
__attribute__((export_name("prove"))) int prove(const char *cases, const char *seed) {
  char *arguments[] = {(char *)"proof", (char *)cases, (char *)seed};
  return proofMain(3, arguments);
}

/// Room for the two numbers' text.
__attribute__((export_name("arguments"))) char *arguments(void) {
  static char text[64];
  return text;
}
