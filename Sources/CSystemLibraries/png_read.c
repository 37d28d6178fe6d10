// C because libpng's png_image is a C struct that both sides share. Interface: libpng manual, "The simplified API".
#include "shared_library.h"

typedef struct {
  void *opaque;
  uint32_t version;
  uint32_t width;
  uint32_t height;
  uint32_t format;
  uint32_t flags;
  uint32_t colormap_entries;
  uint32_t warning_or_error;
  char message[64];
} png_image;

enum {
  PNG_IMAGE_VERSION = 1,
  PNG_FORMAT_FLAG_ALPHA = 1,
  PNG_FORMAT_FLAG_COLOR = 2,
  // 16-bit samples without a gamma of their own are taken as sRGB, as 8-bit samples are.
  PNG_IMAGE_FLAG_16BIT_SRGB = 4,
};

typedef int (*begin_function)(png_image *, const void *, size_t);
typedef int (*finish_function)(png_image *, const void *, void *, int32_t, void *);
typedef void (*free_function)(png_image *);

static const char *const library = "libpng16.so.16";

/// Opens the image; on success the caller releases it.
static quill_library_status begin(
    png_image *image, const uint8_t *bytes, size_t byte_count, free_function *release, char *message) {
  const begin_function read =
      (begin_function)quill_library_function(library, "png_image_begin_read_from_memory");
  *release = (free_function)quill_library_function(library, "png_image_free");
  message[0] = 0;
  if (!read || !*release) return QUILL_LIBRARY_ABSENT;
  memset(image, 0, sizeof *image);
  image->version = PNG_IMAGE_VERSION;
  if (!read(image, bytes, byte_count)) {
    quill_set_message(message, image->message);
    (*release)(image);
    return QUILL_LIBRARY_REFUSED;
  }
  return QUILL_LIBRARY_OK;
}

static quill_image_header header_of(const png_image *image) {
  return (quill_image_header){
      .width = image->width, .height = image->height, .channels = image->format & PNG_FORMAT_FLAG_COLOR ? 3 : 1};
}

quill_library_status quill_png_read_header(
    const uint8_t *bytes, size_t byte_count, quill_image_header *header, char *message) {
  png_image image;
  free_function release;
  const quill_library_status status = begin(&image, bytes, byte_count, &release, message);
  if (status != QUILL_LIBRARY_OK) return status;
  *header = header_of(&image);
  release(&image);
  return QUILL_LIBRARY_OK;
}

quill_library_status quill_png_read_pixels(
    const uint8_t *bytes, size_t byte_count, const quill_image_header *header, uint8_t *pixels, char *message) {
  png_image image;
  free_function release;
  const quill_library_status status = begin(&image, bytes, byte_count, &release, message);
  if (status != QUILL_LIBRARY_OK) return status;
  const quill_image_header found = header_of(&image);
  const finish_function finish = (finish_function)quill_library_function(library, "png_image_finish_read");
  if (!finish || found.width != header->width || found.height != header->height ||
      found.channels != header->channels) {
    release(&image);
    return finish ? QUILL_LIBRARY_REFUSED : QUILL_LIBRARY_ABSENT;
  }
  image.flags |= PNG_IMAGE_FLAG_16BIT_SRGB;
  image.format = PNG_FORMAT_FLAG_ALPHA | (header->channels == 3 ? PNG_FORMAT_FLAG_COLOR : 0);
  // A row stride of 0 says that rows follow each other without a gap. `finish` releases the image itself.
  const int done = finish(&image, NULL, pixels, 0, NULL);
  if (!done) quill_set_message(message, image.message);
  release(&image);
  return done ? QUILL_LIBRARY_OK : QUILL_LIBRARY_REFUSED;
}
