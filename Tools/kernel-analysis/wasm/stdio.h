// The part of the C library that the proof needs where there is none (WebAssembly without a system). Why C: see
// proof.c.
#include <stddef.h>
int printf(const char *format, ...);
int snprintf(char *text, size_t size, const char *format, ...);
