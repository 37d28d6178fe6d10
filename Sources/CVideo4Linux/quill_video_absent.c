// Where the kernel has no V4L2: every call says so.

#include "quill_video.h"

#include <errno.h>

#if !defined(__linux__)

int32_t quill_video_query(int32_t descriptor, struct quill_video_device *device) {
  (void)descriptor; (void)device;
  return -ENOSYS;
}

int32_t quill_video_format(int32_t descriptor, bool multi_planar, uint32_t index, uint32_t *pixel_format) {
  (void)descriptor; (void)multi_planar; (void)index; (void)pixel_format;
  return -ENOSYS;
}

int32_t quill_video_frame_size(
    int32_t descriptor, uint32_t pixel_format, uint32_t index, struct quill_video_size *size) {
  (void)descriptor; (void)pixel_format; (void)index; (void)size;
  return -ENOSYS;
}

int32_t quill_video_frame_interval(
    int32_t descriptor, uint32_t pixel_format, uint32_t width, uint32_t height, uint32_t index,
    struct quill_video_interval *interval) {
  (void)descriptor; (void)pixel_format; (void)width; (void)height; (void)index; (void)interval;
  return -ENOSYS;
}

int32_t quill_video_set_layout(int32_t descriptor, bool multi_planar, struct quill_video_layout *layout) {
  (void)descriptor; (void)multi_planar; (void)layout;
  return -ENOSYS;
}

int32_t quill_video_set_interval(int32_t descriptor, bool multi_planar, struct quill_video_interval *interval) {
  (void)descriptor; (void)multi_planar; (void)interval;
  return -ENOSYS;
}

int32_t quill_video_request(int32_t descriptor, bool multi_planar, uint32_t count) {
  (void)descriptor; (void)multi_planar; (void)count;
  return -ENOSYS;
}

int32_t quill_video_map(
    int32_t descriptor, bool multi_planar, uint32_t plane_count, uint32_t index, void **address, size_t *byte_count) {
  (void)descriptor; (void)multi_planar; (void)plane_count; (void)index; (void)address; (void)byte_count;
  return -ENOSYS;
}

int32_t quill_video_unmap(void *address, size_t byte_count) {
  (void)address; (void)byte_count;
  return -ENOSYS;
}

int32_t quill_video_queue(int32_t descriptor, bool multi_planar, uint32_t plane_count, uint32_t index) {
  (void)descriptor; (void)multi_planar; (void)plane_count; (void)index;
  return -ENOSYS;
}

int32_t quill_video_dequeue(
    int32_t descriptor, bool multi_planar, uint32_t plane_count, struct quill_video_buffer *buffer) {
  (void)descriptor; (void)multi_planar; (void)plane_count; (void)buffer;
  return -ENOSYS;
}

int32_t quill_video_stream(int32_t descriptor, bool multi_planar, bool on) {
  (void)descriptor; (void)multi_planar; (void)on;
  return -ENOSYS;
}

int32_t quill_video_control_range(
    int32_t descriptor, enum quill_video_control control, int32_t *lowest, int32_t *highest) {
  (void)descriptor; (void)control; (void)lowest; (void)highest;
  return -ENOSYS;
}

int32_t quill_video_set_control(int32_t descriptor, enum quill_video_control control, int32_t value) {
  (void)descriptor; (void)control; (void)value;
  return -ENOSYS;
}

int32_t quill_video_subscribe(int32_t descriptor) {
  (void)descriptor;
  return -ENOSYS;
}

int32_t quill_video_event(int32_t descriptor) {
  (void)descriptor;
  return -ENOSYS;
}

#endif
