// What Embedded Swift asks of the C library and the compiler's own, for WebAssembly: memory, moving it about, and a product of 128 bits.
//
// Why C: these are C's own functions, and the heap begins at a symbol of the linker. Freed blocks are kept by their size, a power of
// two, and given out again; the page's memory never shrinks.
#include <stddef.h>
#include <stdint.h>

extern unsigned char __heap_base;

enum { classes = 32, alignment = 64 };

struct block {
  struct block *next;
};

static struct block *unused[classes];
static uintptr_t top;

/// Blocks of class c have 2^c bytes; before each lie 64 bytes that hold its class, so that all are 64-byte aligned.
static void *take(int class) {
  if (unused[class]) {
    void *found = unused[class];
    unused[class] = unused[class]->next;
    return found;
  }
  if (!top) top = ((uintptr_t)&__heap_base + alignment - 1) / alignment * alignment;
  const uintptr_t place = top + alignment, end = place + ((uintptr_t)1 << class);
  const uintptr_t room = __builtin_wasm_memory_size(0) * 65536;
  if (end < place) return 0;
  if (end > room && __builtin_wasm_memory_grow(0, (end - room + 65535) / 65536) == (size_t)-1) return 0;
  *(int *)(place - alignment) = class;
  top = end;
  return (void *)place;
}

__attribute__((export_name("allocate"))) void *malloc(size_t bytes) {
  int class = 6;
  while (class < classes && ((size_t)1 << class) < bytes) class++;
  return class < classes ? take(class) : 0;
}

__attribute__((export_name("release"))) void free(void *p) {
  if (!p) return;
  const int class = *(int *)((uintptr_t)p - alignment);
  struct block *block = p;
  block->next = unused[class];
  unused[class] = block;
}

int posix_memalign(void **p, size_t wanted, size_t bytes) {
  *p = wanted <= alignment ? malloc(bytes) : 0;
  return *p ? 0 : 12;
}

void *memset(void *p, int value, size_t count) { return __builtin_memset(p, value, count); }
void *memcpy(void *to, const void *from, size_t count) { return __builtin_memcpy(to, from, count); }
void *memmove(void *to, const void *from, size_t count) { return __builtin_memmove(to, from, count); }

int memcmp(const void *a, const void *b, size_t count) {
  const unsigned char *left = a, *right = b;
  for (size_t k = 0; k < count; k++)
    if (left[k] != right[k]) return left[k] < right[k] ? -1 : 1;
  return 0;
}

/// The low 128 bits of a product, by 32-bit halves of the low words: what overflow checks of 64-bit products become.
__int128 __multi3(__int128 a, __int128 b) {
  const uint64_t al = (uint64_t)a, bl = (uint64_t)b;
  const uint64_t low = (al & 0xffffffff) * (bl & 0xffffffff), left = (al >> 32) * (bl & 0xffffffff);
  const uint64_t right = (al & 0xffffffff) * (bl >> 32), middle = (low >> 32) + (left & 0xffffffff) + (right & 0xffffffff);
  const uint64_t high = (al >> 32) * (bl >> 32) + (left >> 32) + (right >> 32) + (middle >> 32) +
                        (uint64_t)((unsigned __int128)a >> 64) * bl + al * (uint64_t)((unsigned __int128)b >> 64);
  return (__int128)((unsigned __int128)high << 64 | (middle << 32 | (low & 0xffffffff)));
}
