// See stdio.h. Why C: see proof.c.
#include <stddef.h>
void *memset(void *p, int value, size_t count);
void *memcpy(void *to, const void *from, size_t count);
int memcmp(const void *a, const void *b, size_t count);
