// Files, time and signals: what the program for the board needs of the system beside its camera.

#ifndef QUILL_SYSTEM_H
#define QUILL_SYSTEM_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The errno values that decide what is done next; Swift sees no macros of the system's in every build.
enum {
  QUILL_EACCES = EACCES,
  QUILL_EAGAIN = EAGAIN,
  QUILL_EBUSY = EBUSY,
  QUILL_EINVAL = EINVAL,
  QUILL_EISDIR = EISDIR,
  QUILL_ENOENT = ENOENT,
  QUILL_ENOTTY = ENOTTY,
  QUILL_EPIPE = EPIPE,
};

/// What `quill_open` opens a file for.
enum quill_open_mode {
  QUILL_OPEN_READ = 0,
  /// Creates a file that must not exist yet.
  QUILL_OPEN_CREATE_NEW = 1,
  /// A device: read and write, calls do not block.
  QUILL_OPEN_DEVICE = 2,
  /// Something that is there and can be written to: a pipe, a terminal.
  QUILL_OPEN_WRITE = 3,
  /// A file to read and to append to; created where it is not there.
  QUILL_OPEN_APPEND = 4,
};

/// What a path leads to.
enum quill_kind { QUILL_KIND_FILE = 0, QUILL_KIND_FOLDER = 1, QUILL_KIND_OTHER = 2 };

/// Opens `path`; gives a descriptor. `mode` is one of `quill_open_mode`.
int32_t quill_open(const char *path, int32_t mode);
int32_t quill_close(int32_t descriptor);

/// One read or write of up to `count` bytes; gives the number of bytes moved (zero from a read: the end).
int64_t quill_read(int32_t descriptor, void *bytes, size_t count);
int64_t quill_write(int32_t descriptor, const void *bytes, size_t count);

/// The bytes of an open plain file, 0 for anything else; and cutting it to a length.
int64_t quill_byte_count(int32_t descriptor);
int32_t quill_cut(int32_t descriptor, int64_t byte_count);

/// Flushes a file to its disk. A target that cannot be flushed (a pipe) is not an error.
int32_t quill_sync(int32_t descriptor);
/// Flushes the folder that holds `path`, so that a rename there survives a power cut.
int32_t quill_sync_folder(const char *path);
/// Moves a file over another in one step.
int32_t quill_rename(const char *from, const char *to);
int32_t quill_remove(const char *path);
/// One of `quill_kind`.
int32_t quill_kind(const char *path);
int32_t quill_process(void);
/// Writes to every page of the next 256 KiB of stack, so that they are in memory from now on. The deepest ways through the program,
/// of big pictures and of several digits in one, reach 200 KiB on x86-64, and may be first taken after days.
void quill_touch_stack(void);
/// Writes an environment variable's value, at most `capacity` bytes without a terminator; gives its whole length, or -1 where the
/// variable is not set.
int64_t quill_environment(const char *name, uint8_t *text, size_t capacity);

/// The most bytes of a name in a folder.
enum { QUILL_LONGEST_NAME = 255 };

/// Makes a folder; one that is there is fine.
int32_t quill_make_folder(const char *path);
/// Writes the path of the program that runs, at most `capacity` bytes without a terminator; gives the length.
int64_t quill_program_path(uint8_t *text, size_t capacity);

/// Opens a folder to list it; null, and the (positive) errno, where it cannot.
void *quill_folder_open(const char *path, int32_t *error);
/// Writes the next name, at most `capacity` bytes without a terminator; gives its length, zero after the last.
int64_t quill_folder_next(void *folder, uint8_t *name, size_t capacity);
void quill_folder_close(void *folder);

/// CLOCK_MONOTONIC, the clock of camera timestamps.
int64_t quill_monotonic_nanoseconds(void);

/// From now on SIGTERM and SIGINT ask the program to stop, waits end when they come, and a write into a closed
/// pipe is an error (EPIPE) in place of a signal.
int32_t quill_stop_install(void);
bool quill_stop_requested(void);

/// What ended a wait, as bits.
enum quill_ready {
  QUILL_READY_READ = 1,
  QUILL_READY_EVENT = 2,
  QUILL_READY_ERROR = 4,
  QUILL_READY_STOP = 8,
  /// Some other signal came: nothing is ready, and the time is not over.
  QUILL_READY_SIGNAL = 16,
};

/// Waits until `descriptor` can be read (or -1: nothing to read), the program is asked to stop, or the time is over;
/// gives bits of `quill_ready`, zero when the time was over. A timeout below zero waits without end.
int32_t quill_wait(int32_t descriptor, int32_t timeout_milliseconds);

/// Writes the system's sentence for a (positive) errno, at most `capacity` bytes without a terminator; gives its length.
size_t quill_error_text(int32_t error, uint8_t *text, size_t capacity);

#endif
