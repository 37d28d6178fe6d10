// In C for function attributes: one body, compiled for each level.
#define QUILL_KERNEL depthwise
#define QUILL_BODY "depthwise-body.h"
#include "levels.h"
