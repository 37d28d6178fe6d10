// C because zlib's z_stream is a C struct whose size zlib checks. Interface: zlib manual, `inflateInit2`, `inflate`.
#include <stdlib.h>

#include "shared_library.h"

typedef struct {
  const uint8_t *next_in;
  unsigned avail_in;
  unsigned long total_in;
  uint8_t *next_out;
  unsigned avail_out;
  unsigned long total_out;
  const char *msg;
  void *state;
  void *(*zalloc)(void *, unsigned, unsigned);
  void (*zfree)(void *, void *);
  void *opaque;
  int data_type;
  unsigned long adler;
  unsigned long reserved;
} z_stream;

enum { Z_NO_FLUSH = 0, Z_OK = 0, Z_STREAM_END = 1, Z_BUF_ERROR = -5, Z_MEM_ERROR = -4, GZIP_WINDOW = 15 + 16 };

typedef int (*inflate_init2_function)(z_stream *, int, const char *, int);
typedef int (*inflate_function)(z_stream *, int);
typedef int (*inflate_end_function)(z_stream *);
typedef int (*inflate_reset_function)(z_stream *);

typedef struct {
  inflate_function inflate;
  inflate_reset_function reset;
  uint8_t *output;
  size_t count, capacity, limit;
} expansion;

/// Makes room for at least one more byte, within the limit.
static quill_library_status grow(expansion *work) {
  if (work->count < work->capacity) return QUILL_LIBRARY_OK;
  if (work->capacity >= work->limit) return QUILL_LIBRARY_LIMIT;
  size_t capacity = work->capacity ? work->capacity : 65536;
  capacity = capacity > work->limit / 2 ? work->limit : capacity * 2;
  uint8_t *output = realloc(work->output, capacity);
  if (!output) return QUILL_LIBRARY_MEMORY;
  work->output = output;
  work->capacity = capacity;
  return QUILL_LIBRARY_OK;
}

static quill_library_status expand_all(
    z_stream *stream, expansion *work, const uint8_t *bytes, size_t byte_count, char *message) {
  const size_t piece = (size_t)1 << 30;
  for (size_t used = 0;;) {
    // One byte beyond the limit is asked for, so that a stream of exactly the limit still ends.
    quill_library_status status = grow(work);
    if (status != QUILL_LIBRARY_OK) return status;
    const size_t feed = byte_count - used < piece ? byte_count - used : piece;
    const size_t room = work->capacity - work->count < piece ? work->capacity - work->count : piece;
    stream->next_in = bytes + used;
    stream->avail_in = (unsigned)feed;
    stream->next_out = work->output + work->count;
    stream->avail_out = (unsigned)room;
    const int result = work->inflate(stream, Z_NO_FLUSH);
    used += feed - stream->avail_in;
    work->count += room - stream->avail_out;
    if (result == Z_STREAM_END) {
      // Another member may follow; what is not a member is padding, which gzip ignores too.
      if (byte_count - used < 2 || bytes[used] != 0x1f || bytes[used + 1] != 0x8b) return QUILL_LIBRARY_OK;
      if (work->reset(stream) != Z_OK) return QUILL_LIBRARY_REFUSED;
      continue;
    }
    if (result == Z_MEM_ERROR) return QUILL_LIBRARY_MEMORY;
    if (result != Z_OK && result != Z_BUF_ERROR) {
      quill_set_message(message, stream->msg ? stream->msg : "the stream is not valid");
      return QUILL_LIBRARY_REFUSED;
    }
    if (used == byte_count && stream->avail_out > 0) return QUILL_LIBRARY_CUT;
  }
}

quill_library_status quill_gzip_expand(
    const uint8_t *bytes, size_t byte_count, size_t byte_limit, uint8_t **expanded, size_t *expanded_count,
    char *message) {
  static const char *const library = "libz.so.1";
  const inflate_init2_function initialise = (inflate_init2_function)quill_library_function(library, "inflateInit2_");
  const inflate_end_function end = (inflate_end_function)quill_library_function(library, "inflateEnd");
  expansion work = {0};
  work.inflate = (inflate_function)quill_library_function(library, "inflate");
  work.reset = (inflate_reset_function)quill_library_function(library, "inflateReset");
  work.limit = byte_limit < SIZE_MAX ? byte_limit + 1 : byte_limit;
  message[0] = 0;
  if (!initialise || !end || !work.inflate || !work.reset) return QUILL_LIBRARY_ABSENT;

  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (initialise(&stream, GZIP_WINDOW, "1", (int)sizeof stream) != Z_OK) return QUILL_LIBRARY_MEMORY;
  quill_library_status status = expand_all(&stream, &work, bytes, byte_count, message);
  end(&stream);
  if (status == QUILL_LIBRARY_OK && work.count > byte_limit) status = QUILL_LIBRARY_LIMIT;
  if (status != QUILL_LIBRARY_OK) {
    free(work.output);
    return status;
  }
  *expanded = work.output;
  *expanded_count = work.count;
  return QUILL_LIBRARY_OK;
}
