// What the virtual camera looks at: draws digits and shows them on vivid's output node, which the driver loops back,
// pixel for pixel, to its capture node. A helper of Tools/test-camera; nothing of it goes to a board.
//
//   scene draw FOLDER           writes 0.pgm ... 9.pgm, 640 x 480
//   scene show FOURCC DIGIT...  shows the digits in turn, 30 frames each, until it is killed; says "showing"
//   scene set NAME VALUE        sets a control of the capture node
//
// The nodes are CAPTURE and OUTPUT of the environment; without them /dev/video0 and /dev/video1.

#include <errno.h>
#include <fcntl.h>
#include <linux/v4l2-dv-timings.h>
#include <linux/videodev2.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WIDTH = 640, HEIGHT = 480, HOLD = 30, BUFFERS = 4, POINTS = 24 };

static void stop(const char *what) {
  fprintf(stderr, "scene: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int open_node(const char *variable, const char *usual) {
  const char *path = getenv(variable) != NULL ? getenv(variable) : usual;
  int node = open(path, O_RDWR);
  if (node < 0) stop(path);
  return node;
}

static int open_capture(void) { return open_node("CAPTURE", "/dev/video0"); }

static int control(int node, unsigned long request, void *argument) {
  int result;
  do result = ioctl(node, request, argument);
  while (result < 0 && errno == EINTR);
  return result;
}

// Strokes as handwriting has them: points in a box 60 wide and 100 high, drawn through in order; -1 lifts the pen.
static const signed char STROKES[10][POINTS][2] = {
    {{30, 2}, {14, 10}, {5, 30}, {3, 55}, {8, 80}, {20, 96}, {34, 97}, {48, 85}, {56, 62}, {56, 38}, {48, 14}, {36, 3}, {30, 2}, {-1, -1}},
    {{34, 2}, {32, 40}, {29, 98}, {-1, -1}},
    {{6, 22}, {14, 7}, {30, 2}, {46, 9}, {51, 25}, {43, 45}, {25, 68}, {4, 94}, {30, 93}, {58, 95}, {-1, -1}},
    {{6, 12}, {20, 3}, {38, 4}, {49, 16}, {46, 34}, {32, 45}, {22, 47}, {38, 49}, {52, 60}, {55, 77}, {45, 93}, {26, 98}, {6, 91}, {-1, -1}},
    {{14, 2}, {9, 26}, {5, 52}, {28, 54}, {56, 50}, {-1, -1}, {44, 3}, {43, 40}, {40, 98}, {-1, -1}},
    {{52, 3}, {32, 4}, {14, 5}, {11, 24}, {9, 42}, {26, 38}, {44, 45}, {53, 62}, {49, 82}, {34, 96}, {16, 96}, {4, 86}, {-1, -1}},
    {{42, 2}, {24, 16}, {11, 38}, {5, 62}, {9, 84}, {22, 96}, {38, 95}, {50, 82}, {50, 66}, {38, 55}, {22, 58}, {9, 72}, {-1, -1}},
    {{4, 6}, {28, 5}, {55, 5}, {44, 32}, {33, 62}, {24, 98}, {-1, -1}},
    {{30, 47}, {13, 34}, {11, 16}, {22, 4}, {38, 4}, {49, 16}, {46, 33}, {30, 47}, {13, 62}, {8, 80}, {18, 95}, {34, 98}, {49, 90}, {53, 74}, {45, 58}, {30, 47}, {-1, -1}},
    {{49, 22}, {38, 6}, {22, 4}, {9, 16}, {9, 34}, {20, 45}, {36, 43}, {47, 30}, {49, 22}, {48, 50}, {43, 76}, {36, 98}, {-1, -1}},
};

static double distance(double x, double y, const double from[2], const double to[2]) {
  double dx = to[0] - from[0], dy = to[1] - from[1], length = dx * dx + dy * dy;
  double along = length > 0 ? ((x - from[0]) * dx + (y - from[1]) * dy) / length : 0;
  along = fmin(fmax(along, 0), 1);
  return hypot(x - from[0] - along * dx, y - from[1] - along * dy);
}

// Paper under a lamp on one side, and a digit at a place and of a size of its own; every third is chalk on a board.
static void draw(int digit, uint8_t *picture) {
  double size = 1.6 + 0.22 * (digit * 7 % 10), left = 60 + 43.0 * (digit * 3 % 10), top = 30 + 9.0 * (digit * 9 % 10);
  double pen = 4.5 * size;
  int chalk = digit % 3 == 2;
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++) picture[y * WIDTH + x] = (uint8_t)(chalk ? 45 + x / 32 : 190 + x / 16 + y / 48);
  for (int point = 0; point + 1 < POINTS && STROKES[digit][point + 1][0] != 0; point++) {
    const signed char *a = STROKES[digit][point], *b = STROKES[digit][point + 1];
    if (a[0] < 0 || b[0] < 0) continue;
    double from[2] = {left + a[0] * size, top + a[1] * size}, to[2] = {left + b[0] * size, top + b[1] * size};
    int x0 = (int)(fmin(from[0], to[0]) - pen), x1 = (int)(fmax(from[0], to[0]) + pen) + 1;
    int y0 = (int)(fmin(from[1], to[1]) - pen), y1 = (int)(fmax(from[1], to[1]) + pen) + 1;
    for (int y = y0 < 0 ? 0 : y0; y <= y1 && y < HEIGHT; y++)
      for (int x = x0 < 0 ? 0 : x0; x <= x1 && x < WIDTH; x++) {
        double ink = fmin(fmax(pen - distance(x, y, from, to), 0) / 2, 1);
        double drawn = chalk ? 60 + 170 * ink : 200 - 165 * ink;
        uint8_t *pixel = &picture[y * WIDTH + x];
        if (ink > 0 && (chalk ? drawn > *pixel : drawn < *pixel)) *pixel = (uint8_t)drawn;
      }
  }
}

static int write_all(const char *folder) {
  static uint8_t picture[WIDTH * HEIGHT];
  for (int digit = 0; digit < 10; digit++) {
    char path[512];
    snprintf(path, sizeof path, "%s/%d.pgm", folder, digit);
    FILE *file = fopen(path, "wb");
    if (file == NULL) stop(path);
    draw(digit, picture);
    fprintf(file, "P5\n%d %d\n255\n", WIDTH, HEIGHT);
    fwrite(picture, 1, sizeof picture, file);
    if (fclose(file) != 0) stop(path);
  }
  return 0;
}

static int set_control(int node, const char *name, int value) {
  struct v4l2_query_ext_ctrl query = {.id = V4L2_CTRL_FLAG_NEXT_CTRL};
  for (; control(node, VIDIOC_QUERY_EXT_CTRL, &query) == 0; query.id |= V4L2_CTRL_FLAG_NEXT_CTRL) {
    if (strcmp(query.name, name) != 0) continue;
    struct v4l2_ext_control one = {.id = query.id, .value = value};
    struct v4l2_ext_controls all = {.which = V4L2_CTRL_WHICH_CUR_VAL, .count = 1, .controls = &one};
    return control(node, VIDIOC_S_EXT_CTRLS, &all);
  }
  errno = ENOENT;
  return -1;
}

// Both nodes at 1280x720, 30 Hz, with a window of 640x480 in the middle: unscaled, so every pixel comes back.
static void link_nodes(int capture, int output) {
  struct v4l2_dv_timings timings = V4L2_DV_BT_CEA_1280X720P30;
  if (control(output, VIDIOC_S_DV_TIMINGS, &timings) < 0) stop("VIDIOC_S_DV_TIMINGS of the output");
  if (control(capture, VIDIOC_S_DV_TIMINGS, &timings) < 0 && errno != EBUSY) stop("VIDIOC_S_DV_TIMINGS of the capture");
  if (set_control(capture, "OSD Text Mode", 2) < 0) stop("OSD Text Mode");
  if (set_control(capture, "Loop Video", 1) < 0) stop("Loop Video");
}

static void choose_window(int node, uint32_t type, uint32_t target) {
  struct v4l2_selection window = {.type = type, .target = target, .r = {320, 120, WIDTH, HEIGHT}};
  if (control(node, VIDIOC_S_SELECTION, &window) < 0 && errno != EBUSY) stop("VIDIOC_S_SELECTION");
}

static void set_format(int node, uint32_t type, uint32_t code, struct v4l2_format *format) {
  memset(format, 0, sizeof *format);
  format->type = type;
  format->fmt.pix.width = WIDTH;
  format->fmt.pix.height = HEIGHT;
  format->fmt.pix.pixelformat = code;
  format->fmt.pix.field = V4L2_FIELD_NONE;
  if (control(node, VIDIOC_S_FMT, format) < 0 && errno != EBUSY) stop("VIDIOC_S_FMT");
}

// Lays a grey picture out in a format's way; colour is left neutral.
static void pack(const uint8_t *grey, uint32_t code, uint32_t pitch, uint32_t size, uint8_t *buffer) {
  memset(buffer, 128, size);
  for (uint32_t y = 0; y < HEIGHT; y++)
    for (uint32_t x = 0; x < WIDTH; x++) {
      uint8_t value = grey[y * WIDTH + x], *row = buffer + y * pitch;
      if (code == V4L2_PIX_FMT_YUYV) row[2 * x] = value;
      else if (code == V4L2_PIX_FMT_UYVY) row[2 * x + 1] = value;
      else if (code == V4L2_PIX_FMT_RGB24 || code == V4L2_PIX_FMT_BGR24) memset(row + 3 * x, value, 3);
      else row[x] = value;
    }
}

static _Noreturn void show(uint32_t code, int count, char **digits) {
  static uint8_t pictures[10][WIDTH * HEIGHT];
  for (int index = 0; index < count; index++) draw(atoi(digits[index]) % 10, pictures[index]);
  int capture = open_capture(), node = open_node("OUTPUT", "/dev/video1");
  link_nodes(capture, node);
  struct v4l2_format format;
  set_format(capture, V4L2_BUF_TYPE_VIDEO_CAPTURE, code, &format);
  choose_window(capture, V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_SEL_TGT_CROP);
  close(capture);
  set_format(node, V4L2_BUF_TYPE_VIDEO_OUTPUT, code, &format);
  choose_window(node, V4L2_BUF_TYPE_VIDEO_OUTPUT, V4L2_SEL_TGT_COMPOSE);
  uint32_t pitch = format.fmt.pix.bytesperline, size = format.fmt.pix.sizeimage;
  struct v4l2_requestbuffers request = {
      .count = BUFFERS, .type = V4L2_BUF_TYPE_VIDEO_OUTPUT, .memory = V4L2_MEMORY_MMAP};
  if (control(node, VIDIOC_REQBUFS, &request) < 0) stop("VIDIOC_REQBUFS");
  uint8_t *memory[32];
  unsigned shown = 0;
  for (uint32_t index = 0; index < request.count && index < 32; index++) {
    struct v4l2_buffer buffer = {.index = index, .type = request.type, .memory = V4L2_MEMORY_MMAP};
    if (control(node, VIDIOC_QUERYBUF, &buffer) < 0) stop("VIDIOC_QUERYBUF");
    memory[index] = mmap(NULL, buffer.length, PROT_READ | PROT_WRITE, MAP_SHARED, node, buffer.m.offset);
    if (memory[index] == MAP_FAILED) stop("mmap");
    pack(pictures[shown++ / HOLD % (unsigned)count], code, pitch, size, memory[index]);
    buffer.bytesused = size;
    if (control(node, VIDIOC_QBUF, &buffer) < 0) stop("VIDIOC_QBUF");
  }
  if (control(node, VIDIOC_STREAMON, &request.type) < 0) stop("VIDIOC_STREAMON");
  printf("showing\n");
  fflush(stdout);
  for (;;) {
    struct v4l2_buffer buffer = {.type = request.type, .memory = V4L2_MEMORY_MMAP};
    if (control(node, VIDIOC_DQBUF, &buffer) < 0) stop("VIDIOC_DQBUF");
    pack(pictures[shown++ / HOLD % (unsigned)count], code, pitch, size, memory[buffer.index]);
    buffer.bytesused = size;
    if (control(node, VIDIOC_QBUF, &buffer) < 0) stop("VIDIOC_QBUF");
  }
}

int main(int argument_count, char **arguments) {
  if (argument_count == 3 && strcmp(arguments[1], "draw") == 0) return write_all(arguments[2]);
  if (argument_count == 4 && strcmp(arguments[1], "set") == 0) {
    if (set_control(open_capture(), arguments[2], atoi(arguments[3])) < 0) stop(arguments[2]);
    return 0;
  }
  if (argument_count >= 4 && strcmp(arguments[1], "show") == 0 && strlen(arguments[2]) == 4) {
    const char *code = arguments[2];
    show(v4l2_fourcc(code[0], code[1], code[2], code[3]), argument_count - 3, arguments + 3);
  }
  fprintf(stderr, "usage: scene draw FOLDER | show FOURCC DIGIT... | set NAME VALUE\n");
  return 2;
}
