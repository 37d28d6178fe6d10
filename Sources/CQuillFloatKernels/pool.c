// In C for function attributes: one body, compiled for each level.
#define QUILL_KERNEL pool
#define QUILL_BODY "pool-body.h"
#include "levels.h"
