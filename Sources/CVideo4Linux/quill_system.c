// Why C: see include/CVideo4Linux.h.

#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64

#include "quill_system.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int32_t quill_open(const char *path, int32_t mode) {
  int flags = O_CLOEXEC;
  switch (mode) {
    case QUILL_OPEN_CREATE_NEW: flags |= O_WRONLY | O_CREAT | O_EXCL; break;
    case QUILL_OPEN_DEVICE: flags |= O_RDWR | O_NONBLOCK; break;
    case QUILL_OPEN_APPEND: flags |= O_RDWR | O_CREAT | O_APPEND; break;
    case QUILL_OPEN_WRITE: flags |= O_WRONLY; break;
    default: flags |= O_RDONLY; break;
  }
  int descriptor;
  do descriptor = open(path, flags, 0666);
  while (descriptor < 0 && errno == EINTR);
  return descriptor < 0 ? -errno : descriptor;
}

// Not repeated after EINTR: on Linux the descriptor is closed by then, and may already be another's.
int32_t quill_close(int32_t descriptor) { return close(descriptor) < 0 && errno != EINTR ? -errno : 0; }

int64_t quill_read(int32_t descriptor, void *bytes, size_t count) {
  ssize_t moved;
  do moved = read(descriptor, bytes, count);
  while (moved < 0 && errno == EINTR);
  return moved < 0 ? -errno : moved;
}

int64_t quill_write(int32_t descriptor, const void *bytes, size_t count) {
  ssize_t moved;
  do moved = write(descriptor, bytes, count);
  while (moved < 0 && errno == EINTR);
  return moved < 0 ? -errno : moved;
}

int64_t quill_byte_count(int32_t descriptor) {
  struct stat status;
  if (fstat(descriptor, &status) < 0) return -errno;
  return S_ISREG(status.st_mode) ? (int64_t)status.st_size : 0;
}

int32_t quill_cut(int32_t descriptor, int64_t byte_count) {
  int result;
  do result = ftruncate(descriptor, (off_t)byte_count);
  while (result < 0 && errno == EINTR);
  return result < 0 ? -errno : 0;
}

int32_t quill_sync(int32_t descriptor) {
  int result;
  do result = fsync(descriptor);
  while (result < 0 && errno == EINTR);
  return result < 0 && errno != EINVAL && errno != EROFS ? -errno : 0;
}

int32_t quill_sync_folder(const char *path) {
  const char *slash = strrchr(path, '/');
  size_t length = slash == NULL ? 0 : (size_t)(slash - path);
  char folder[4096];
  if (length >= sizeof folder) return -ENAMETOOLONG;
  memcpy(folder, path, length);
  folder[length] = 0;
  if (slash == path) strcpy(folder, "/");
  if (slash == NULL) strcpy(folder, ".");
  int32_t descriptor = quill_open(folder, QUILL_OPEN_READ);
  if (descriptor < 0) return descriptor;
  int32_t result = quill_sync(descriptor);
  quill_close(descriptor);
  return result;
}

int32_t quill_rename(const char *from, const char *to) { return rename(from, to) < 0 ? -errno : 0; }

int32_t quill_remove(const char *path) { return unlink(path) < 0 ? -errno : 0; }

int32_t quill_kind(const char *path) {
  struct stat status;
  if (stat(path, &status) < 0) return -errno;
  if (S_ISDIR(status.st_mode)) return QUILL_KIND_FOLDER;
  return S_ISREG(status.st_mode) ? QUILL_KIND_FILE : QUILL_KIND_OTHER;
}

int64_t quill_environment(const char *name, uint8_t *text, size_t capacity) {
  const char *value = getenv(name);
  if (!value) return -1;
  const size_t length = strlen(value);
  memcpy(text, value, length < capacity ? length : capacity);
  return (int64_t)length;
}

int32_t quill_process(void) { return (int32_t)getpid(); }

__attribute__((noinline)) void quill_touch_stack(void) {
  enum { BYTE_COUNT = 256 * 1024, SMALLEST_PAGE = 4096 };
  char stack[BYTE_COUNT];
  // Through a pointer that the compiler knows nothing of: it would make the array as small as what is written to it.
  volatile char *volatile start = stack;
#pragma clang loop unroll(disable)
  for (int32_t offset = 0; offset < BYTE_COUNT; offset += SMALLEST_PAGE) start[offset] = 0;
}

int32_t quill_make_folder(const char *path) {
  if (mkdir(path, 0777) == 0) return 0;
  int error = errno;
  struct stat status;
  if (error != EEXIST) return -error;
  return stat(path, &status) == 0 && S_ISDIR(status.st_mode) ? 0 : -ENOTDIR;
}

int64_t quill_program_path(uint8_t *text, size_t capacity) {
  ssize_t length = readlink("/proc/self/exe", (char *)text, capacity);
  return length < 0 ? -errno : length;
}

void *quill_folder_open(const char *path, int32_t *error) {
  DIR *folder = opendir(path);
  if (folder == NULL) *error = errno;
  return folder;
}

int64_t quill_folder_next(void *folder, uint8_t *name, size_t capacity) {
  const struct dirent *entry = readdir((DIR *)folder);
  if (entry == NULL) return 0;
  size_t length = strlen(entry->d_name);
  if (length > capacity) length = capacity;
  memcpy(name, entry->d_name, length);
  return (int64_t)length;
}

void quill_folder_close(void *folder) { closedir((DIR *)folder); }

int64_t quill_monotonic_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// The handler writes into a pipe that every wait watches, so a signal between a check and a wait is never missed.
static int stop_pipe[2] = {-1, -1};
static volatile sig_atomic_t stop_requested;

static void request_stop(int signal) {
  (void)signal;
  int saved = errno;
  stop_requested = 1;
  ssize_t moved = write(stop_pipe[1], "", 1);
  (void)moved;
  errno = saved;
}

int32_t quill_stop_install(void) {
  if (stop_pipe[0] < 0) {
    if (pipe(stop_pipe) < 0) return -errno;
    for (int end = 0; end < 2; end++) {
      fcntl(stop_pipe[end], F_SETFD, FD_CLOEXEC);
      fcntl(stop_pipe[end], F_SETFL, O_NONBLOCK);
    }
  }
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_handler = request_stop;
  const int stops[] = {SIGTERM, SIGINT};
  for (size_t index = 0; index < sizeof stops / sizeof *stops; index++)
    if (sigaction(stops[index], &action, NULL) < 0) return -errno;
  action.sa_handler = SIG_IGN;
  return sigaction(SIGPIPE, &action, NULL) < 0 ? -errno : 0;
}

bool quill_stop_requested(void) { return stop_requested != 0; }

int32_t quill_wait(int32_t descriptor, int32_t timeout_milliseconds) {
  struct pollfd entries[2] = {{.fd = stop_pipe[0], .events = POLLIN}, {.fd = descriptor, .events = POLLIN | POLLPRI}};
  int count = poll(entries, 2, timeout_milliseconds);
  if (count < 0) return errno == EINTR ? (stop_requested ? QUILL_READY_STOP : QUILL_READY_SIGNAL) : -errno;
  int32_t ready = 0;
  if (entries[0].revents != 0) ready |= QUILL_READY_STOP;
  if (entries[1].revents & POLLIN) ready |= QUILL_READY_READ;
  if (entries[1].revents & POLLPRI) ready |= QUILL_READY_EVENT;
  if (entries[1].revents & (POLLERR | POLLHUP | POLLNVAL)) ready |= QUILL_READY_ERROR;
  return ready;
}

size_t quill_error_text(int32_t error, uint8_t *text, size_t capacity) {
  const char *sentence = strerror(error);
  size_t length = strlen(sentence);
  if (length > capacity) length = capacity;
  memcpy(text, sentence, length);
  return length;
}
