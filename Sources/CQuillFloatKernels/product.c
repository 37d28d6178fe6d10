// In C for function attributes: one body, compiled for each level.
#define QUILL_KERNEL product
#define QUILL_BODY "product-body.h"
#include "levels.h"
