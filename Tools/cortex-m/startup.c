// What a Cortex-M needs before Swift: the vector table, memory set up as the linker script says, a fixed pool in place of
// a heap, and a console through the debugger (semihosting). Ours alone: no vendor's files.
//
// Why C: the vector table and the breakpoint instruction of semihosting have no words in Swift.

#include "board.h"

extern uint32_t quill_data_from[], quill_data_start[], quill_data_end[], quill_bss_start[], quill_bss_end[];
extern uint32_t quill_stack_bottom[], quill_stack_top[];

int32_t quill_cortex_m_main(void);

// The pool: handed out from below and never grown. A block that is given back is used again once every block above it has
// been given back too, which is how a model's opening lets go of its own.
#define POOL_BYTES (96 * 1024)
static _Alignas(64) uint8_t pool[POOL_BYTES];
static struct block *last_block;
static size_t pool_used;
static uint32_t pool_peak;

// Stands before each block.
struct block {
  struct block *below;
  // Where the pool ended before this block, and whether the block was given back.
  uint32_t used_before, is_free;
};

static void semihost(uint32_t operation, const void *argument) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
}

// Semihosting for AArch32, Arm IHI: SYS_WRITE0 is 4, SYS_EXIT_EXTENDED is 0x20, ADP_Stopped_ApplicationExit is 0x20026.
void quill_print(const char *text) { semihost(4, text); }

void quill_exit(int32_t status) {
  const uint32_t block[2] = {0x20026, (uint32_t)status};
  semihost(0x20, block);
  for (;;) {
  }
}

void quill_print_number(uint32_t number) {
  char text[12];
  char *next = text + sizeof text - 1;
  *next = 0;
  do *--next = (char)('0' + number % 10);
  while (number /= 10);
  quill_print(next);
}

int posix_memalign(void **address, size_t alignment, size_t size) {
  const size_t start = (pool_used + sizeof(struct block) + alignment - 1) & ~(alignment - 1);
  if (size > POOL_BYTES || start > POOL_BYTES - size) {
    quill_print("the pool is too small\n");
    quill_exit(3);
  }
  // Every alignment that Swift asks for is 8 or more, and so is a multiple of the header's.
  struct block *block = (struct block *)(void *)(pool + start) - 1;
  block->below = last_block;
  block->used_before = (uint32_t)pool_used;
  block->is_free = 0;
  last_block = block;
  pool_used = (start + size + 7) & ~(size_t)7;
  if (pool_used > pool_peak) pool_peak = (uint32_t)pool_used;
  *address = pool + start;
  return 0;
}

void *malloc(size_t size) {
  void *address;
  return posix_memalign(&address, 16, size) == 0 ? address : NULL;
}

void free(void *address) {
  if (address == NULL) return;
  ((struct block *)address - 1)->is_free = 1;
  while (last_block != NULL && last_block->is_free) {
    pool_used = last_block->used_before;
    last_block = last_block->below;
  }
}

uint32_t quill_pool_peak(void) { return pool_peak; }

// The most stack that was used: the reset handler painted it.
uint32_t quill_stack_peak(void) {
  const uint32_t *word = quill_stack_bottom;
  while (word < quill_stack_top && *word == 0xA5A5A5A5) word++;
  return (uint32_t)((const uint8_t *)quill_stack_top - (const uint8_t *)word);
}

__attribute__((noreturn)) void quill_reset(void) {
  const uint32_t *from = quill_data_from;
  for (uint32_t *to = quill_data_start; to < quill_data_end;) *to++ = *from++;
  for (uint32_t *to = quill_bss_start; to < quill_bss_end;) *to++ = 0;
  uint32_t *here = __builtin_frame_address(0);
  for (uint32_t *to = quill_stack_bottom; to < here - 16;) *to++ = 0xA5A5A5A5;
  quill_exit(quill_cortex_m_main());
  for (;;) {
  }
}

static void fault(void) {
  quill_print("a fault or a trap\n");
  quill_exit(2);
}

typedef void (*handler)(void);

__attribute__((section(".vectors"), used)) static const handler vectors[16] = {
  (handler)quill_stack_top, (handler)quill_reset, fault, fault, fault, fault, fault, 0, 0, 0, 0, fault, fault, 0, fault, fault,
};
