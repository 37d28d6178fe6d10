// The microcontroller as Swift sees it: the model in flash, and the debugger's console.
#ifndef QUILL_CORTEX_M_BOARD_H
#define QUILL_CORTEX_M_BOARD_H

#include <stddef.h>
#include <stdint.h>

extern const unsigned char *const quill_model_start;
extern const size_t quill_model_bytes;

void quill_print(const char *text);
void quill_print_number(uint32_t number);
/// The most bytes of the pool and of the stack that were in use at once.
uint32_t quill_pool_peak(void);
uint32_t quill_stack_peak(void);

#endif
