// In C for function attributes: one body, compiled for each level.
#define QUILL_KERNEL adam
#define QUILL_BODY "adam-body.h"
#include "levels.h"
