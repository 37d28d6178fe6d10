// In C for function attributes: one body, compiled for each level.
#define QUILL_KERNEL peak
#define QUILL_BODY "peak-body.h"
#include "levels.h"
