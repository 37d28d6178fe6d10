// In C for function attributes: one body, compiled for each level.
#define QUILL_KERNEL gather
#define QUILL_BODY "gather-body.h"
#include "levels.h"
