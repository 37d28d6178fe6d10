// A V4L2 capture device, one function an ioctl. Single-planar and multi-planar devices look the same from here:
// `multi_planar` chooses the kernel's structure, and only the first plane's memory is shown (grey, and every format's
// brightness, is in the first plane).
//
// Where the kernel has no V4L2 (macOS), the functions exist and give -ENOSYS.

#ifndef QUILL_VIDEO_H
#define QUILL_VIDEO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// VIDIOC_QUERYCAP: names are filled up with zeros.
struct quill_video_device {
  uint8_t driver[16];
  uint8_t card[32];
  uint8_t bus[32];
  /// Whether this very node (by `device_caps`) can capture by streaming, and with which structures.
  bool captures;
  bool multi_planar;
};

/// VIDIOC_ENUM_FRAMESIZES: a discrete size has equal ends and steps of zero.
struct quill_video_size {
  uint32_t minimum_width, maximum_width, step_width;
  uint32_t minimum_height, maximum_height, step_height;
};

/// VIDIOC_ENUM_FRAMEINTERVALS: seconds a frame; the shortest where the device gives a range.
struct quill_video_interval {
  uint32_t numerator, denominator;
};

/// VIDIOC_G_FMT, VIDIOC_S_FMT.
struct quill_video_layout {
  uint32_t width, height;
  uint32_t pixel_format;
  uint32_t field;
  uint32_t plane_count;
  /// Of the first plane.
  uint32_t bytes_per_line, size_image;
  /// V4L2_QUANTIZATION_..., the default where the driver does not know the field; V4L2_COLORSPACE_...
  uint32_t quantization, colorspace;
};

/// VIDIOC_DQBUF: sizes are of the first plane.
struct quill_video_buffer {
  uint32_t index;
  uint32_t sequence;
  uint32_t bytes_used, data_offset;
  int64_t timestamp_nanoseconds;
  /// Whether the timestamp is of CLOCK_MONOTONIC.
  bool monotonic;
  /// V4L2_BUF_FLAG_ERROR: the picture may be damaged.
  bool damaged;
};

enum { QUILL_VIDEO_FIELD_ALTERNATE = 7 };

int32_t quill_video_query(int32_t descriptor, struct quill_video_device *device);
/// VIDIOC_ENUM_FMT.
int32_t quill_video_format(int32_t descriptor, bool multi_planar, uint32_t index, uint32_t *pixel_format);
int32_t quill_video_frame_size(
    int32_t descriptor, uint32_t pixel_format, uint32_t index, struct quill_video_size *size);
int32_t quill_video_frame_interval(
    int32_t descriptor, uint32_t pixel_format, uint32_t width, uint32_t height, uint32_t index,
    struct quill_video_interval *interval);
/// `layout`: width, height and pixel format asked for in; what the driver made of it out.
int32_t quill_video_set_layout(int32_t descriptor, bool multi_planar, struct quill_video_layout *layout);
/// VIDIOC_S_PARM: asked for in, given out.
int32_t quill_video_set_interval(int32_t descriptor, bool multi_planar, struct quill_video_interval *interval);
/// VIDIOC_REQBUFS: gives the number of buffers, perhaps another than asked for. Zero frees them.
int32_t quill_video_request(int32_t descriptor, bool multi_planar, uint32_t count);
/// VIDIOC_QUERYBUF and mmap, for reading, of the first plane.
int32_t quill_video_map(
    int32_t descriptor, bool multi_planar, uint32_t plane_count, uint32_t index, void **address, size_t *byte_count);
int32_t quill_video_unmap(void *address, size_t byte_count);
int32_t quill_video_queue(int32_t descriptor, bool multi_planar, uint32_t plane_count, uint32_t index);
int32_t quill_video_dequeue(
    int32_t descriptor, bool multi_planar, uint32_t plane_count, struct quill_video_buffer *buffer);
/// VIDIOC_STREAMON, VIDIOC_STREAMOFF.
int32_t quill_video_stream(int32_t descriptor, bool multi_planar, bool on);

/// Controls of a camera; the modes are automatic or manual.
enum quill_video_control {
  QUILL_CONTROL_EXPOSURE_MODE,
  /// In 100 microseconds.
  QUILL_CONTROL_EXPOSURE_TIME,
  QUILL_CONTROL_EXPOSURE_LINES,
  QUILL_CONTROL_GAIN_MODE,
  QUILL_CONTROL_GAIN,
  QUILL_CONTROL_ANALOGUE_GAIN,
  QUILL_CONTROL_FOCUS_MODE,
  QUILL_CONTROL_FOCUS,
};

/// VIDIOC_QUERYCTRL: the values that a control takes; -EINVAL where the camera has none of this kind.
int32_t quill_video_control_range(
    int32_t descriptor, enum quill_video_control control, int32_t *lowest, int32_t *highest);
/// VIDIOC_S_CTRL.
int32_t quill_video_set_control(int32_t descriptor, enum quill_video_control control, int32_t value);

/// VIDIOC_SUBSCRIBE_EVENT: changes of the source. A device without them gives an error that can be passed over.
int32_t quill_video_subscribe(int32_t descriptor);
/// VIDIOC_DQEVENT: one when the source changed, zero for another event.
int32_t quill_video_event(int32_t descriptor);

#endif
