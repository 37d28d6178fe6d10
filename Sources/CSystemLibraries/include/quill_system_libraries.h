// The system's own libpng and TurboJPEG, found at run time, and the removal of half-written files on a signal.
//
// Why C: libpng's struct is laid out here exactly as its stable interface gives it,
// with the compiler's own alignment, and a signal handler may touch nothing that the Swift runtime owns.
#ifndef QUILL_SYSTEM_LIBRARIES_H
#define QUILL_SYSTEM_LIBRARIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What a call into a library came to.
typedef enum {
  QUILL_LIBRARY_OK = 0,
  /// The library, or a function of it, is not on this machine.
  QUILL_LIBRARY_ABSENT = 1,
  /// The library refused the data; the message says why.
  QUILL_LIBRARY_REFUSED = 2,
  /// There was no memory for the result.
  QUILL_LIBRARY_MEMORY = 3,
} quill_library_status;

/// Whether this is a program without a loader, in which every library is absent.
bool quill_library_is_static(void);

/// Room for a library's own message, with its closing zero.
enum { QUILL_LIBRARY_MESSAGE_BYTES = 200 };

/// An image's extents as its header gives them.
typedef struct {
  uint32_t width;
  uint32_t height;
  /// 1 for grey, 3 for red, green, blue.
  uint32_t channels;
} quill_image_header;

/// Reads a PNG's header.
quill_library_status quill_png_read_header(
    const uint8_t *bytes, size_t byte_count, quill_image_header *header, char *message);

/// Reads a PNG as rows of grey and alpha (1 channel) or red, green, blue and alpha (3), 8 bits each; `pixels` holds
/// width x height x (channels + 1) bytes of the same header.
quill_library_status quill_png_read_pixels(
    const uint8_t *bytes, size_t byte_count, const quill_image_header *header, uint8_t *pixels, char *message);

/// Reads a JPEG's header.
quill_library_status quill_jpeg_read_header(
    const uint8_t *bytes, size_t byte_count, quill_image_header *header, char *message);

/// Reads a JPEG as rows of grey or red, green, blue, 8 bits each; `pixels` holds width x height x channels bytes.
quill_library_status quill_jpeg_read_pixels(
    const uint8_t *bytes, size_t byte_count, const quill_image_header *header, uint8_t *pixels, char *message);

/// A decoder for a camera's JPEG frames.
struct quill_jpeg_frames;

/// Whether TurboJPEG is on this machine.
bool quill_jpeg_frames_exist(void);

/// Opens a decoder; null where TurboJPEG is absent or there is no memory.
struct quill_jpeg_frames *quill_jpeg_frames_open(void);

void quill_jpeg_frames_close(struct quill_jpeg_frames *frames);

/// Reads a frame of exactly this size as rows of grey (`channels` 1) or red, green, blue (3); `pixels` holds
/// width x height x channels bytes. False where it is damaged, cut short or of another size.
bool quill_jpeg_frames_read(
    struct quill_jpeg_frames *frames, const uint8_t *bytes, size_t byte_count, uint32_t width, uint32_t height,
    uint32_t channels, uint8_t *pixels);

/// Remembers a file that is being written, so that SIGINT, SIGTERM and SIGHUP remove it before they end the process.
/// Answers a slot for `quill_pending_forget`, or -1 where all slots are taken or the path is too long.
int quill_pending_remember(const char *path);

/// Forgets the file in a slot.
void quill_pending_forget(int slot);

#endif
