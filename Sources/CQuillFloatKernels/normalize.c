// In C for function attributes: one body, compiled for each level.
#define QUILL_KERNEL normalize
#define QUILL_BODY "normalize-body.h"
#include "levels.h"
