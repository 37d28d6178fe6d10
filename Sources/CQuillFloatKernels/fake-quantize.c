// In C for function attributes: one body, compiled for each level.
#define QUILL_KERNEL fake_quantize
#define QUILL_BODY "fake-quantize-body.h"
#include "levels.h"
