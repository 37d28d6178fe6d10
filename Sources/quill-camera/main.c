// Why C: Embedded Swift has no CommandLine, so the program's arguments come in by C's own door.

#include <stdint.h>

int32_t quill_camera_main(int32_t argument_count, char **arguments);

int main(int argument_count, char **arguments) { return quill_camera_main(argument_count, arguments); }
