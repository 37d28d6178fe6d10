// C because the functions take C pointers to a handle and out-parameters. Interface: TurboJPEG C API 2, kept by 3.
#include "shared_library.h"

#include <stdlib.h>

typedef void *handle;
typedef handle (*open_function)(void);
typedef int (*close_function)(handle);
typedef int (*header_function)(handle, const uint8_t *, unsigned long, int *, int *, int *, int *);
typedef int (*pixels_function)(handle, const uint8_t *, unsigned long, uint8_t *, int, int, int, int, int);
typedef char *(*message_function)(handle);

enum { TJPF_RGB = 0, TJPF_GRAY = 6, TJPF_CMYK = 11, TJCS_GRAY = 2, TJCS_CMYK = 3, TJCS_YCCK = 4, TJFLAG_ACCURATEDCT = 4096 };

typedef struct {
  handle handle;
  close_function close;
  message_function message;
} decoder;

static const char *const library = "libturbojpeg.so.0";

static quill_library_status decoder_open(decoder *decoder, char *message) {
  const open_function open = (open_function)quill_library_function(library, "tjInitDecompress");
  decoder->close = (close_function)quill_library_function(library, "tjDestroy");
  decoder->message = (message_function)quill_library_function(library, "tjGetErrorStr2");
  message[0] = 0;
  if (!open || !decoder->close || !decoder->message) return QUILL_LIBRARY_ABSENT;
  decoder->handle = open();
  return decoder->handle ? QUILL_LIBRARY_OK : QUILL_LIBRARY_MEMORY;
}

/// Ends the work, with the library's message where it failed.
static quill_library_status decoder_close(decoder *decoder, int failed, char *message) {
  if (failed) quill_set_message(message, decoder->message(decoder->handle));
  decoder->close(decoder->handle);
  return failed ? QUILL_LIBRARY_REFUSED : QUILL_LIBRARY_OK;
}

quill_library_status quill_jpeg_read_header(
    const uint8_t *bytes, size_t byte_count, quill_image_header *header, char *message) {
  decoder decoder;
  const quill_library_status status = decoder_open(&decoder, message);
  if (status != QUILL_LIBRARY_OK) return status;
  const header_function read = (header_function)quill_library_function(library, "tjDecompressHeader3");
  int width = 0, height = 0, subsampling = 0, colour_space = 0;
  const int failed =
      !read || read(decoder.handle, bytes, byte_count, &width, &height, &subsampling, &colour_space) != 0;
  if (!failed) {
    *header = (quill_image_header){
        .width = (uint32_t)width, .height = (uint32_t)height, .channels = colour_space == TJCS_GRAY ? 1 : 3};
  }
  return decoder_close(&decoder, failed, message);
}

/// Whether the file holds four inks, as print shops' files do.
static int holds_inks(handle handle, const uint8_t *bytes, size_t byte_count) {
  const header_function read = (header_function)quill_library_function(library, "tjDecompressHeader3");
  int width = 0, height = 0, subsampling = 0, colour_space = 0;
  if (!read || read(handle, bytes, byte_count, &width, &height, &subsampling, &colour_space) != 0) return 0;
  return colour_space == TJCS_CMYK || colour_space == TJCS_YCCK;
}

/// Four bytes a pixel to three: programs write inks inverted, 255 for none, so that a colour is its light times black's.
static void mix_inks(const uint8_t *inks, uint8_t *pixels, size_t count) {
  for (size_t pixel = 0; pixel < count; pixel++) {
    for (int channel = 0; channel < 3; channel++) {
      pixels[3 * pixel + channel] = (uint8_t)((inks[4 * pixel + channel] * inks[4 * pixel + 3] + 127) / 255);
    }
  }
}

quill_library_status quill_jpeg_read_pixels(
    const uint8_t *bytes, size_t byte_count, const quill_image_header *header, uint8_t *pixels, char *message) {
  decoder decoder;
  const quill_library_status status = decoder_open(&decoder, message);
  if (status != QUILL_LIBRARY_OK) return status;
  const pixels_function read = (pixels_function)quill_library_function(library, "tjDecompress2");
  const int has_inks = holds_inks(decoder.handle, bytes, byte_count);
  const size_t count = (size_t)header->width * header->height;
  uint8_t *const inks = has_inks ? malloc(count * 4) : 0;
  if (has_inks && !inks) {
    decoder_close(&decoder, 0, message);
    return QUILL_LIBRARY_MEMORY;
  }
  const int format = has_inks ? TJPF_CMYK : header->channels == 1 ? TJPF_GRAY : TJPF_RGB;
  const int pitch = (int)(header->width * (has_inks ? 4 : header->channels));
  // A warning (a stream that ends early, say) counts as a failure: half an image is not the user's image.
  const int failed = !read || read(decoder.handle, bytes, byte_count, has_inks ? inks : pixels, (int)header->width, pitch,
                                  (int)header->height, format, TJFLAG_ACCURATEDCT) != 0;
  if (has_inks && !failed) mix_inks(inks, pixels, count);
  free(inks);
  return decoder_close(&decoder, failed, message);
}
