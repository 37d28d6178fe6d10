// In C for function attributes: one body, compiled for each level.
#define QUILL_KERNEL range
#define QUILL_BODY "range-body.h"
#include "levels.h"
