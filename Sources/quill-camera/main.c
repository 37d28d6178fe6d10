// Why C: Embedded Swift has no CommandLine, so the program's arguments come in by C's own door.

#include <stdint.h>

int32_t quill_camera_main(int32_t argument_count, char **arguments);

// The deepest way through the program, several digits read from one picture, takes 112 KiB of stack on x86-64 and may be
// first taken after days. Its pages are written to at the start, so that the memory in use is what it stays.
enum { STACK_BYTE_COUNT = 128 * 1024, SMALLEST_PAGE = 4096 };

static __attribute__((noinline)) void touch_stack(void) {
  volatile char stack[STACK_BYTE_COUNT];
  for (int32_t offset = 0; offset < STACK_BYTE_COUNT; offset += SMALLEST_PAGE) stack[offset] = 0;
}

int main(int argument_count, char **arguments) {
  touch_stack();
  return quill_camera_main(argument_count, arguments);
}
