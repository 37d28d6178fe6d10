// In C for function attributes: one body, compiled for each level.
#define QUILL_KERNEL mask
#define QUILL_BODY "mask-body.h"
#include "levels.h"
