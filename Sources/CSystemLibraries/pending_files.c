// C because a signal handler may call only async-signal-safe functions (signal-safety(7)) on memory that no runtime owns.
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "quill_system_libraries.h"

// One slot for each tensor of a dump; untouched slots are pages that are never made.
enum { SLOT_COUNT = 1024, PATH_BYTES = 4096 };

// A slot is free (0), being filled or emptied (1), or names a file to remove (2).
static struct {
  atomic_int state;
  char path[PATH_BYTES];
} slots[SLOT_COUNT];

static void remove_and_die(int signal_number) {
  for (int slot = 0; slot < SLOT_COUNT; slot++) {
    if (atomic_load(&slots[slot].state) == 2) unlink(slots[slot].path);
  }
  // The handler was installed for one delivery: the signal's own effect follows.
  raise(signal_number);
}

/// Takes over the signals that end a program, where the program has not said otherwise.
static void install(void) {
  static atomic_flag installed = ATOMIC_FLAG_INIT;
  if (atomic_flag_test_and_set(&installed)) return;
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  for (size_t index = 0; index < sizeof signals / sizeof signals[0]; index++) {
    struct sigaction current;
    if (sigaction(signals[index], NULL, &current) != 0 || current.sa_handler != SIG_DFL) continue;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = remove_and_die;
    action.sa_flags = (int)(SA_RESETHAND | SA_NODEFER);
    sigaction(signals[index], &action, NULL);
  }
}

int quill_pending_remember(const char *path) {
  const size_t length = strlen(path);
  if (length >= PATH_BYTES) return -1;
  install();
  for (int slot = 0; slot < SLOT_COUNT; slot++) {
    int free_state = 0;
    if (!atomic_compare_exchange_strong(&slots[slot].state, &free_state, 1)) continue;
    memcpy(slots[slot].path, path, length + 1);
    atomic_store(&slots[slot].state, 2);
    return slot;
  }
  return -1;
}

void quill_pending_forget(int slot) {
  if (slot >= 0 && slot < SLOT_COUNT) atomic_store(&slots[slot].state, 0);
}
