// C because TurboJPEG's functions take C pointers to a handle. Interface: TurboJPEG C API 2, kept by 3.
//
// A camera's frames through one decoder: what a picture file is read with, jpeg_read.c, opens and closes one a picture.
#include "shared_library.h"

#include <stdlib.h>

typedef void *(*open_function)(void);
typedef int (*close_function)(void *);
typedef int (*header_function)(void *, const uint8_t *, unsigned long, int *, int *, int *, int *);
typedef int (*pixels_function)(void *, const uint8_t *, unsigned long, uint8_t *, int, int, int, int, int);
typedef int (*severity_function)(void *);

enum { TJPF_RGB = 0, TJPF_GRAY = 6, TJERR_WARNING = 0 };

struct quill_jpeg_frames {
  // Null where the last frame broke it and there was no memory for another.
  void *decoder;
  open_function open;
  close_function close;
  header_function header;
  pixels_function pixels;
  severity_function severity;
};

static const char *const library = "libturbojpeg.so.0";

bool quill_jpeg_frames_exist(void) { return quill_library_function(library, "tjGetErrorCode") != NULL; }

struct quill_jpeg_frames *quill_jpeg_frames_open(void) {
  const open_function open = (open_function)quill_library_function(library, "tjInitDecompress");
  struct quill_jpeg_frames *frames = open ? calloc(1, sizeof *frames) : NULL;
  if (!frames) return NULL;
  frames->open = open;
  frames->close = (close_function)quill_library_function(library, "tjDestroy");
  frames->header = (header_function)quill_library_function(library, "tjDecompressHeader3");
  frames->pixels = (pixels_function)quill_library_function(library, "tjDecompress2");
  frames->severity = (severity_function)quill_library_function(library, "tjGetErrorCode");
  const bool complete = frames->close && frames->header && frames->pixels && frames->severity;
  frames->decoder = complete ? open() : NULL;
  if (frames->decoder) return frames;
  free(frames);
  return NULL;
}

void quill_jpeg_frames_close(struct quill_jpeg_frames *frames) {
  if (frames->decoder) frames->close(frames->decoder);
  free(frames);
}

// Cameras fill the rest of a buffer with zeros, and some add bytes between the markers, of which the library warns. A
// picture that goes on to its last marker is taken; one that stops before is half a picture.
static bool is_whole(const uint8_t *bytes, size_t byte_count) {
  while (byte_count > 2 && bytes[byte_count - 1] == 0) byte_count--;
  return byte_count > 2 && bytes[byte_count - 2] == 0xFF && bytes[byte_count - 1] == 0xD9;
}

static bool decode(
    const struct quill_jpeg_frames *frames, const uint8_t *bytes, size_t byte_count, uint32_t width, uint32_t height,
    uint32_t channels, uint8_t *pixels) {
  int found_width = 0, found_height = 0, subsampling = 0, colour_space = 0;
  if (frames->header(
          frames->decoder, bytes, byte_count, &found_width, &found_height, &subsampling, &colour_space) != 0) {
    return false;
  }
  if ((uint32_t)found_width != width || (uint32_t)found_height != height) return false;
  const int result = frames->pixels(
      frames->decoder, bytes, byte_count, pixels, found_width, found_width * (int)channels, found_height,
      channels == 1 ? TJPF_GRAY : TJPF_RGB, 0);
  return result == 0 || frames->severity(frames->decoder) == TJERR_WARNING;
}

bool quill_jpeg_frames_read(
    struct quill_jpeg_frames *frames, const uint8_t *bytes, size_t byte_count, uint32_t width, uint32_t height,
    uint32_t channels, uint8_t *pixels) {
  if (!is_whole(bytes, byte_count)) return false;
  if (frames->decoder && decode(frames, bytes, byte_count, width, height, channels, pixels)) return true;
  // A damaged frame can leave tables behind that spoil every frame after it: the next one gets a new decoder.
  if (frames->decoder) frames->close(frames->decoder);
  frames->decoder = frames->open();
  return false;
}
