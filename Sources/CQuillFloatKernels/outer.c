// In C for function attributes: one body, compiled for each level.
#define QUILL_KERNEL outer
#define QUILL_BODY "outer-body.h"
#include "levels.h"
