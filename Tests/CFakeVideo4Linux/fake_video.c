// Why C: see include/CFakeVideo4Linux.h.

#define _GNU_SOURCE

#include "CFakeVideo4Linux.h"

#if defined(__linux__)

#include <errno.h>
#include <linux/videodev2.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FRAMES = 512, BUFFERS = 32 };

static struct fake_device device;
static bool is_on, is_streaming, is_queued[BUFFERS];
static uint32_t buffer_count, misuses, counts[FAKE_CALLS];
static int32_t gain;
static struct fake_frame frames[FRAMES];
static uint32_t first_frame, frame_count;
static struct {
  int32_t error;
  uint32_t passed, times;
} refusals[FAKE_CALLS];

static void stop_streaming(void) {
  is_streaming = false;
  memset(is_queued, 0, sizeof is_queued);
}

void fake_begin(const struct fake_device *wanted) {
  device = *wanted;
  stop_streaming();
  buffer_count = misuses = first_frame = frame_count = 0;
  gain = 0;
  memset(counts, 0, sizeof counts);
  memset(refusals, 0, sizeof refusals);
  is_on = true;
}

uint32_t fake_end(void) {
  is_on = false;
  return misuses;
}

void fake_refuse(enum fake_call call, int32_t error, uint32_t passed, uint32_t times) {
  refusals[call].error = error;
  refusals[call].passed = passed;
  refusals[call].times = times;
}

void fake_add(struct fake_frame frame) {
  if (frame_count < FRAMES) frames[frame_count++] = frame;
}

uint32_t fake_count(enum fake_call call) { return counts[call]; }

int32_t fake_gain(void) { return gain; }

static int refuse(int error) {
  errno = error;
  return -1;
}

// Counts a call; whether it is refused, errno says why.
static bool is_refused(enum fake_call call) {
  counts[call]++;
  if (refusals[call].passed > 0) {
    refusals[call].passed--;
    return false;
  }
  if (refusals[call].times == 0) return false;
  refusals[call].times--;
  errno = refusals[call].error;
  return true;
}

static int query(struct v4l2_capability *capability) {
  memset(capability, 0, sizeof *capability);
  strcpy((char *)capability->driver, "fake");
  strcpy((char *)capability->card, "fake camera");
  strcpy((char *)capability->bus_info, "usb-fake-1");
  // The device as a whole captures, whatever this node does.
  capability->capabilities = V4L2_CAP_DEVICE_CAPS | V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
  capability->device_caps = device.device_caps;
  return 0;
}

static int set_format(struct v4l2_format *format) {
  uint32_t asked = format->type == V4L2_BUF_TYPE_VIDEO_CAPTURE ? format->fmt.pix.pixelformat : format->fmt.pix_mp.pixelformat;
  uint32_t given = device.format != 0 ? device.format : asked;
  if (format->type == V4L2_BUF_TYPE_VIDEO_CAPTURE) {
    format->fmt.pix = (struct v4l2_pix_format){.width = device.width, .height = device.height, .pixelformat = given,
        .field = device.field, .bytesperline = device.bytes_per_line, .sizeimage = device.size_image,
        .colorspace = device.colorspace, .priv = device.knows_priv ? V4L2_PIX_FMT_PRIV_MAGIC : 0,
        .quantization = device.quantization};
    return 0;
  }
  format->fmt.pix_mp = (struct v4l2_pix_format_mplane){.width = device.width, .height = device.height,
      .pixelformat = given, .field = device.field, .colorspace = device.colorspace,
      .num_planes = (uint8_t)device.plane_count, .quantization = (uint8_t)device.quantization};
  format->fmt.pix_mp.plane_fmt[0].bytesperline = device.bytes_per_line;
  format->fmt.pix_mp.plane_fmt[0].sizeimage = device.size_image;
  return 0;
}

static int request_buffers(struct v4l2_requestbuffers *request) {
  if (request->count > device.granted) request->count = device.granted;
  buffer_count = request->count;
  stop_streaming();
  return 0;
}

static int query_buffer(struct v4l2_buffer *buffer) {
  if (buffer->index >= buffer_count) return refuse(EINVAL);
  uint32_t offset = buffer->index * FAKE_BUFFER_STRIDE;
  if (buffer->type == V4L2_BUF_TYPE_VIDEO_CAPTURE) {
    buffer->length = device.buffer_bytes;
    buffer->m.offset = offset;
  } else {
    buffer->m.planes[0].length = device.buffer_bytes;
    buffer->m.planes[0].m.mem_offset = offset;
  }
  return 0;
}

static int queue_buffer(const struct v4l2_buffer *buffer) {
  if (buffer->index >= buffer_count) return refuse(EINVAL);
  if (is_queued[buffer->index]) misuses++;
  is_queued[buffer->index] = true;
  return 0;
}

static int start_streaming(void) {
  if (buffer_count == 0 || is_streaming) misuses++;
  is_streaming = true;
  return 0;
}

static int dequeue_buffer(struct v4l2_buffer *buffer) {
  if (!is_streaming) return refuse(EINVAL);
  if (first_frame == frame_count) return refuse(EAGAIN);
  struct fake_frame frame = frames[first_frame++];
  buffer->index = frame.index;
  buffer->sequence = frame.sequence;
  buffer->flags = frame.flags;
  buffer->timestamp.tv_sec = frame.seconds;
  if (buffer->type == V4L2_BUF_TYPE_VIDEO_CAPTURE) {
    buffer->bytesused = frame.bytes_used;
  } else {
    buffer->m.planes[0].bytesused = frame.bytes_used;
    buffer->m.planes[0].data_offset = frame.data_offset;
  }
  if (frame.index < BUFFERS) is_queued[frame.index] = false;
  return 0;
}

static int query_control(struct v4l2_queryctrl *control) {
  if (control->id != V4L2_CID_GAIN || device.lowest_gain > device.highest_gain) return refuse(EINVAL);
  control->minimum = device.lowest_gain;
  control->maximum = device.highest_gain;
  return 0;
}

static int set_control(const struct v4l2_control *control) {
  if (control->id != V4L2_CID_GAIN) return refuse(EINVAL);
  gain = control->value;
  return 0;
}

static int list_format(struct v4l2_fmtdesc *format) {
  if (format->index > 0) return refuse(EINVAL);
  format->pixelformat = device.listed_format;
  return 0;
}

static int list_size(struct v4l2_frmsizeenum *size) {
  if (size->index > 0) return refuse(EINVAL);
  size->type = V4L2_FRMSIZE_TYPE_DISCRETE;
  size->discrete.width = 8;
  size->discrete.height = 4;
  return 0;
}

static int answer(unsigned long request, void *argument) {
  switch (request) {
    case VIDIOC_QUERYCAP: return is_refused(FAKE_QUERYCAP) ? -1 : query(argument);
    case VIDIOC_ENUM_FMT: return is_refused(FAKE_ENUM_FMT) ? -1 : list_format(argument);
    case VIDIOC_ENUM_FRAMESIZES: return list_size(argument);
    case VIDIOC_S_FMT: return is_refused(FAKE_S_FMT) ? -1 : set_format(argument);
    case VIDIOC_S_PARM: return is_refused(FAKE_S_PARM) ? -1 : 0;
    case VIDIOC_SUBSCRIBE_EVENT: return is_refused(FAKE_SUBSCRIBE_EVENT) ? -1 : 0;
    case VIDIOC_REQBUFS: return is_refused(FAKE_REQBUFS) ? -1 : request_buffers(argument);
    case VIDIOC_QUERYBUF: return is_refused(FAKE_QUERYBUF) ? -1 : query_buffer(argument);
    case VIDIOC_QBUF: return is_refused(FAKE_QBUF) ? -1 : queue_buffer(argument);
    case VIDIOC_STREAMON: return is_refused(FAKE_STREAMON) ? -1 : start_streaming();
    case VIDIOC_STREAMOFF:
      stop_streaming();
      return is_refused(FAKE_STREAMOFF) ? -1 : 0;
    case VIDIOC_DQBUF: return is_refused(FAKE_DQBUF) ? -1 : dequeue_buffer(argument);
    case VIDIOC_QUERYCTRL: return query_control(argument);
    case VIDIOC_S_CTRL: return is_refused(FAKE_S_CTRL) ? -1 : set_control(argument);
    default: return refuse(ENOTTY);
  }
}

// In libc's place: the linker takes a program's own function first.
int ioctl(int descriptor, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  if (is_on && _IOC_TYPE(request) == 'V') return answer(request, argument);
  return (int)syscall(SYS_ioctl, descriptor, request, argument);
}

#endif
