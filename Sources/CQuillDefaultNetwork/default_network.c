#include "quill_default_network.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char bytes[] = {
#embed "digits.onnx"
};

const unsigned char *quill_default_network(void) { return bytes; }

size_t quill_default_network_byte_count(void) { return sizeof bytes; }
