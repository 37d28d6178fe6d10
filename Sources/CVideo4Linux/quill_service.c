// Why C: see include/CVideo4Linux.h.

#define _GNU_SOURCE

#include "quill_service.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <unistd.h>

int32_t quill_notify_open(void) {
  const char *name = getenv("NOTIFY_SOCKET");
  if (name == NULL || name[0] == 0) return -ENOTCONN;
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  size_t length = strlen(name);
  if (length >= sizeof address.sun_path) return -ENAMETOOLONG;
  memcpy(address.sun_path, name, length);
  // An abstract address begins with a zero byte, and its length is counted: no zero ends it.
  if (name[0] == '@') address.sun_path[0] = 0;
  int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -errno;
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (name[0] == '@' ? 0 : 1));
  if (connect(descriptor, (const struct sockaddr *)&address, size) < 0) {
    int error = errno;
    close(descriptor);
    return -error;
  }
  return descriptor;
}

int32_t quill_notify_send(int32_t descriptor, const uint8_t *bytes, size_t count) {
  ssize_t moved;
  do moved = send(descriptor, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (moved < 0 && errno == EINTR);
  return moved < 0 ? -errno : 0;
}

int64_t quill_watchdog_microseconds(void) {
  const char *period = getenv("WATCHDOG_USEC");
  const char *process = getenv("WATCHDOG_PID");
  if (period == NULL || (process != NULL && strtoll(process, NULL, 10) != (long long)getpid())) return 0;
  long long microseconds = strtoll(period, NULL, 10);
  return microseconds > 0 ? microseconds : 0;
}

static volatile sig_atomic_t reload_requested;

static void request_reload(int signal) {
  (void)signal;
  reload_requested = 1;
}

int32_t quill_reload_install(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_handler = request_reload;
  return sigaction(SIGHUP, &action, NULL) < 0 ? -errno : 0;
}

bool quill_reload_take(void) {
  if (!reload_requested) return false;
  reload_requested = 0;
  return true;
}

bool quill_terminal_size(int32_t descriptor, uint32_t *columns, uint32_t *rows) {
  if (!isatty(descriptor)) return false;
  struct winsize size;
  memset(&size, 0, sizeof size);
  bool isKnown = ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
  *columns = isKnown ? size.ws_col : 80;
  *rows = isKnown ? size.ws_row : 24;
  return true;
}

size_t quill_machine(uint8_t *text, size_t capacity) {
  struct utsname names;
  if (uname(&names) < 0) return 0;
  size_t length = strlen(names.machine);
  if (length > capacity) length = capacity;
  memcpy(text, names.machine, length);
  return length;
}
