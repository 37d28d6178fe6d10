// See stdio.h. Why C: see proof.c.
#include <stddef.h>
int posix_memalign(void **p, size_t alignment, size_t bytes);
void abort(void);
void free(void *p);
int abs(int x);
long atol(const char *text);
unsigned long long strtoull(const char *text, char **end, int base);
