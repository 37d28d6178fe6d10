// Why C: see include/CVideo4Linux.h.

#define _FILE_OFFSET_BITS 64

#include "quill_video.h"

#if defined(__linux__)

#include <errno.h>
#include <linux/videodev2.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

static int32_t control(int32_t descriptor, unsigned long request, void *argument) {
  int result;
  do result = ioctl(descriptor, request, argument);
  while (result < 0 && errno == EINTR);
  return result < 0 ? -errno : 0;
}

static uint32_t kind(bool multi_planar) {
  return multi_planar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE;
}

int32_t quill_video_query(int32_t descriptor, struct quill_video_device *device) {
  struct v4l2_capability capability;
  memset(&capability, 0, sizeof capability);
  int32_t result = control(descriptor, VIDIOC_QUERYCAP, &capability);
  if (result < 0) return result;
  // A driver older than device_caps speaks for the node with `capabilities`.
  uint32_t bits = capability.capabilities & V4L2_CAP_DEVICE_CAPS ? capability.device_caps : capability.capabilities;
  memcpy(device->driver, capability.driver, sizeof device->driver);
  memcpy(device->card, capability.card, sizeof device->card);
  memcpy(device->bus, capability.bus_info, sizeof device->bus);
  device->multi_planar = (bits & V4L2_CAP_VIDEO_CAPTURE) == 0;
  device->captures = (bits & V4L2_CAP_STREAMING) != 0
      && (bits & (V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE)) != 0;
  return 0;
}

int32_t quill_video_format(int32_t descriptor, bool multi_planar, uint32_t index, uint32_t *pixel_format) {
  struct v4l2_fmtdesc format;
  memset(&format, 0, sizeof format);
  format.type = kind(multi_planar);
  format.index = index;
  int32_t result = control(descriptor, VIDIOC_ENUM_FMT, &format);
  *pixel_format = format.pixelformat;
  return result;
}

int32_t quill_video_frame_size(
    int32_t descriptor, uint32_t pixel_format, uint32_t index, struct quill_video_size *size) {
  struct v4l2_frmsizeenum found;
  memset(&found, 0, sizeof found);
  found.pixel_format = pixel_format;
  found.index = index;
  int32_t result = control(descriptor, VIDIOC_ENUM_FRAMESIZES, &found);
  if (result < 0) return result;
  if (found.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
    size->minimum_width = size->maximum_width = found.discrete.width;
    size->minimum_height = size->maximum_height = found.discrete.height;
    size->step_width = size->step_height = 0;
  } else {
    size->minimum_width = found.stepwise.min_width;
    size->maximum_width = found.stepwise.max_width;
    size->step_width = found.stepwise.step_width;
    size->minimum_height = found.stepwise.min_height;
    size->maximum_height = found.stepwise.max_height;
    size->step_height = found.stepwise.step_height;
  }
  return 0;
}

int32_t quill_video_frame_interval(
    int32_t descriptor, uint32_t pixel_format, uint32_t width, uint32_t height, uint32_t index,
    struct quill_video_interval *interval) {
  struct v4l2_frmivalenum found;
  memset(&found, 0, sizeof found);
  found.pixel_format = pixel_format;
  found.width = width;
  found.height = height;
  found.index = index;
  int32_t result = control(descriptor, VIDIOC_ENUM_FRAMEINTERVALS, &found);
  if (result < 0) return result;
  struct v4l2_fract shortest = found.type == V4L2_FRMIVAL_TYPE_DISCRETE ? found.discrete : found.stepwise.min;
  interval->numerator = shortest.numerator;
  interval->denominator = shortest.denominator;
  return 0;
}

int32_t quill_video_set_layout(int32_t descriptor, bool multi_planar, struct quill_video_layout *layout) {
  struct v4l2_format format;
  memset(&format, 0, sizeof format);
  format.type = kind(multi_planar);
  if (multi_planar) {
    format.fmt.pix_mp.width = layout->width;
    format.fmt.pix_mp.height = layout->height;
    format.fmt.pix_mp.pixelformat = layout->pixel_format;
    format.fmt.pix_mp.field = V4L2_FIELD_NONE;
  } else {
    format.fmt.pix.width = layout->width;
    format.fmt.pix.height = layout->height;
    format.fmt.pix.pixelformat = layout->pixel_format;
    format.fmt.pix.field = V4L2_FIELD_NONE;
  }
  int32_t result = control(descriptor, VIDIOC_S_FMT, &format);
  if (result < 0) return result;
  if (multi_planar) {
    const struct v4l2_pix_format_mplane *given = &format.fmt.pix_mp;
    layout->width = given->width;
    layout->height = given->height;
    layout->pixel_format = given->pixelformat;
    layout->field = given->field;
    layout->plane_count = given->num_planes;
    layout->bytes_per_line = given->plane_fmt[0].bytesperline;
    layout->size_image = given->plane_fmt[0].sizeimage;
    layout->quantization = given->quantization;
    layout->colorspace = given->colorspace;
  } else {
    const struct v4l2_pix_format *given = &format.fmt.pix;
    layout->width = given->width;
    layout->height = given->height;
    layout->pixel_format = given->pixelformat;
    layout->field = given->field;
    layout->plane_count = 1;
    layout->bytes_per_line = given->bytesperline;
    layout->size_image = given->sizeimage;
    // Only a driver that sets `priv` fills the fields behind it.
    layout->quantization = given->priv == V4L2_PIX_FMT_PRIV_MAGIC ? given->quantization : V4L2_QUANTIZATION_DEFAULT;
    layout->colorspace = given->colorspace;
  }
  return 0;
}

int32_t quill_video_set_interval(int32_t descriptor, bool multi_planar, struct quill_video_interval *interval) {
  struct v4l2_streamparm parameters;
  memset(&parameters, 0, sizeof parameters);
  parameters.type = kind(multi_planar);
  parameters.parm.capture.timeperframe.numerator = interval->numerator;
  parameters.parm.capture.timeperframe.denominator = interval->denominator;
  int32_t result = control(descriptor, VIDIOC_S_PARM, &parameters);
  if (result < 0) return result;
  interval->numerator = parameters.parm.capture.timeperframe.numerator;
  interval->denominator = parameters.parm.capture.timeperframe.denominator;
  return 0;
}

int32_t quill_video_request(int32_t descriptor, bool multi_planar, uint32_t count) {
  struct v4l2_requestbuffers request;
  memset(&request, 0, sizeof request);
  request.count = count;
  request.type = kind(multi_planar);
  request.memory = V4L2_MEMORY_MMAP;
  int32_t result = control(descriptor, VIDIOC_REQBUFS, &request);
  return result < 0 ? result : (int32_t)request.count;
}

// Prepares a buffer structure for either kind of device; `planes` must live as long as `buffer` is used.
static void prepare(
    struct v4l2_buffer *buffer, struct v4l2_plane planes[VIDEO_MAX_PLANES], bool multi_planar, uint32_t plane_count) {
  memset(buffer, 0, sizeof *buffer);
  memset(planes, 0, sizeof *planes * VIDEO_MAX_PLANES);
  buffer->type = kind(multi_planar);
  buffer->memory = V4L2_MEMORY_MMAP;
  if (multi_planar) {
    buffer->m.planes = planes;
    buffer->length = plane_count > VIDEO_MAX_PLANES ? VIDEO_MAX_PLANES : plane_count;
  }
}

int32_t quill_video_map(
    int32_t descriptor, bool multi_planar, uint32_t plane_count, uint32_t index, void **address, size_t *byte_count) {
  struct v4l2_buffer buffer;
  struct v4l2_plane planes[VIDEO_MAX_PLANES];
  prepare(&buffer, planes, multi_planar, plane_count);
  buffer.index = index;
  int32_t result = control(descriptor, VIDIOC_QUERYBUF, &buffer);
  if (result < 0) return result;
  size_t length = multi_planar ? planes[0].length : buffer.length;
  off_t offset = multi_planar ? planes[0].m.mem_offset : buffer.m.offset;
  void *mapped = mmap(NULL, length, PROT_READ, MAP_SHARED, descriptor, offset);
  if (mapped == MAP_FAILED) return -errno;
  *address = mapped;
  *byte_count = length;
  return 0;
}

int32_t quill_video_unmap(void *address, size_t byte_count) { return munmap(address, byte_count) < 0 ? -errno : 0; }

int32_t quill_video_queue(int32_t descriptor, bool multi_planar, uint32_t plane_count, uint32_t index) {
  struct v4l2_buffer buffer;
  struct v4l2_plane planes[VIDEO_MAX_PLANES];
  prepare(&buffer, planes, multi_planar, plane_count);
  buffer.index = index;
  return control(descriptor, VIDIOC_QBUF, &buffer);
}

int32_t quill_video_dequeue(
    int32_t descriptor, bool multi_planar, uint32_t plane_count, struct quill_video_buffer *found) {
  struct v4l2_buffer buffer;
  struct v4l2_plane planes[VIDEO_MAX_PLANES];
  prepare(&buffer, planes, multi_planar, plane_count);
  int32_t result = control(descriptor, VIDIOC_DQBUF, &buffer);
  if (result < 0) return result;
  found->index = buffer.index;
  found->sequence = buffer.sequence;
  found->bytes_used = multi_planar ? planes[0].bytesused : buffer.bytesused;
  found->data_offset = multi_planar ? planes[0].data_offset : 0;
  // Unsigned, so that a driver's nonsense wraps and does not overflow.
  found->timestamp_nanoseconds =
      (int64_t)((uint64_t)buffer.timestamp.tv_sec * 1000000000 + (uint64_t)buffer.timestamp.tv_usec * 1000);
  found->monotonic = (buffer.flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) == V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
  found->damaged = (buffer.flags & V4L2_BUF_FLAG_ERROR) != 0;
  return 0;
}

int32_t quill_video_stream(int32_t descriptor, bool multi_planar, bool on) {
  int type = (int)kind(multi_planar);
  return control(descriptor, on ? VIDIOC_STREAMON : VIDIOC_STREAMOFF, &type);
}

static uint32_t control_number(enum quill_video_control control) {
  switch (control) {
    case QUILL_CONTROL_EXPOSURE_MODE: return V4L2_CID_EXPOSURE_AUTO;
    case QUILL_CONTROL_EXPOSURE_TIME: return V4L2_CID_EXPOSURE_ABSOLUTE;
    case QUILL_CONTROL_EXPOSURE_LINES: return V4L2_CID_EXPOSURE;
    case QUILL_CONTROL_GAIN_MODE: return V4L2_CID_AUTOGAIN;
    case QUILL_CONTROL_GAIN: return V4L2_CID_GAIN;
    case QUILL_CONTROL_ANALOGUE_GAIN: return V4L2_CID_ANALOGUE_GAIN;
    case QUILL_CONTROL_FOCUS_MODE: return V4L2_CID_FOCUS_AUTO;
    case QUILL_CONTROL_FOCUS: return V4L2_CID_FOCUS_ABSOLUTE;
  }
  return 0;
}

int32_t quill_video_control_range(
    int32_t descriptor, enum quill_video_control control_name, int32_t *lowest, int32_t *highest) {
  struct v4l2_queryctrl query;
  memset(&query, 0, sizeof query);
  query.id = control_number(control_name);
  int32_t result = control(descriptor, VIDIOC_QUERYCTRL, &query);
  if (result < 0) return result;
  if (query.flags & V4L2_CTRL_FLAG_DISABLED) return -EINVAL;
  *lowest = query.minimum;
  *highest = query.maximum;
  return 0;
}

int32_t quill_video_set_control(int32_t descriptor, enum quill_video_control control_name, int32_t value) {
  struct v4l2_control setting;
  memset(&setting, 0, sizeof setting);
  setting.id = control_number(control_name);
  setting.value = value;
  return control(descriptor, VIDIOC_S_CTRL, &setting);
}

int32_t quill_video_subscribe(int32_t descriptor) {
  struct v4l2_event_subscription subscription;
  memset(&subscription, 0, sizeof subscription);
  subscription.type = V4L2_EVENT_SOURCE_CHANGE;
  return control(descriptor, VIDIOC_SUBSCRIBE_EVENT, &subscription);
}

int32_t quill_video_event(int32_t descriptor) {
  struct v4l2_event event;
  memset(&event, 0, sizeof event);
  int32_t result = control(descriptor, VIDIOC_DQEVENT, &event);
  return result < 0 ? result : event.type == V4L2_EVENT_SOURCE_CHANGE;
}

#endif
