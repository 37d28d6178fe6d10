// In C for function attributes: one body, compiled for each level.
#define QUILL_KERNEL depthwise_gradient
#define QUILL_BODY "depthwise-gradient-body.h"
#include "levels.h"
