// Why C: the system call numbers of <linux/videodev2.h> are built by macros that Swift does not import, its structures
// are unions with pointers that strict memory safety refuses, and Embedded Swift has neither Glibc nor Foundation. Each
// function here is one system call, or a fixed few without a decision among them; all decisions are in Swift.
//
// A result below zero is a negated errno. Calls that a signal interrupts are repeated, except the waits.

#ifndef QUILL_CVIDEO4LINUX_H
#define QUILL_CVIDEO4LINUX_H

#include "quill_service.h"
#include "quill_system.h"
#include "quill_video.h"

#endif
