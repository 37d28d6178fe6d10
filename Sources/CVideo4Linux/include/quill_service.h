// What a program needs to be a good service, and to draw on a terminal: systemd's notification socket, the signal to
// read files anew, and the terminal's size.

#ifndef QUILL_SERVICE_H
#define QUILL_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Connects to the datagram socket that NOTIFY_SOCKET names (sd_notify(3)): a path, or an abstract address behind `@`.
/// Gives a descriptor; -ENOTCONN where the variable is not set.
int32_t quill_notify_open(void);
/// Sends one message without ever waiting.
int32_t quill_notify_send(int32_t descriptor, const uint8_t *bytes, size_t count);
/// WATCHDOG_USEC, where it is meant for this process (sd_watchdog_enabled(3)); zero otherwise.
int64_t quill_watchdog_microseconds(void);

/// From now on SIGHUP asks for files to be read anew, and ends waits as every signal does.
int32_t quill_reload_install(void);
/// Whether SIGHUP came since this was last asked.
bool quill_reload_take(void);

/// Whether a descriptor is a terminal, and how many characters it shows; false where it is none.
bool quill_terminal_size(int32_t descriptor, uint32_t *columns, uint32_t *rows);

/// The machine as the kernel names it (uname), at most `capacity` bytes; gives the length.
size_t quill_machine(uint8_t *text, size_t capacity);

#endif
