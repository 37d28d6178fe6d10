// In C for function attributes: one body, compiled for each level.
#define QUILL_KERNEL moments
#define QUILL_BODY "moments-body.h"
#include "levels.h"
