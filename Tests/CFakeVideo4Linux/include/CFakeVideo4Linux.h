// A V4L2 driver for tests. While it is on, it answers every V4L2 ioctl of this process in the kernel's place; the node is
// a plain file, so that open, mmap, poll (always ready) and close are the kernel's own.
//
// Why C: it takes the place of libc's ioctl, which has C's variable arguments.

#ifndef FAKE_VIDEO_FOR_LINUX_H
#define FAKE_VIDEO_FOR_LINUX_H

#include <stdbool.h>
#include <stdint.h>

/// The calls that can be refused.
enum fake_call {
  FAKE_QUERYCAP, FAKE_ENUM_FMT, FAKE_S_FMT, FAKE_S_PARM, FAKE_SUBSCRIBE_EVENT, FAKE_REQBUFS, FAKE_QUERYBUF, FAKE_QBUF,
  FAKE_STREAMON, FAKE_DQBUF, FAKE_STREAMOFF, FAKE_S_CTRL, FAKE_CALLS,
};

/// What the driver says; the picture is 8 x 4 unless it is changed.
struct fake_device {
  uint32_t device_caps;
  uint32_t listed_format;
  /// The answer to VIDIOC_S_FMT; a format of zero is the one asked for.
  uint32_t format, width, height, bytes_per_line, size_image, field, plane_count, quantization, colorspace;
  /// Whether the driver knows the fields behind `priv`.
  bool knows_priv;
  /// The most buffers, and the bytes of each.
  uint32_t granted, buffer_bytes;
  /// The range of the gain, the only control; a lowest above the highest is none.
  int32_t lowest_gain, highest_gain;
};

/// A frame that VIDIOC_DQBUF hands out.
struct fake_frame {
  uint32_t index, sequence, bytes_used, data_offset, flags;
  int64_t seconds;
};

/// The bytes from one buffer to the next in the node's file.
enum { FAKE_BUFFER_STRIDE = 65536 };

/// A driver that answers well; it is on from now on.
void fake_begin(const struct fake_device *device);
/// It is off; gives how often the driver was misused: a buffer queued twice, or streaming begun without buffers.
uint32_t fake_end(void);
/// The call answers with this errno so many times, after `passed` that succeed.
void fake_refuse(enum fake_call call, int32_t error, uint32_t passed, uint32_t times);
/// Puts a frame at the end of those that are handed out; behind them there is none (EAGAIN).
void fake_add(struct fake_frame frame);
/// How often a call came.
uint32_t fake_count(enum fake_call call);
/// The gain that was set last.
int32_t fake_gain(void);

#endif
