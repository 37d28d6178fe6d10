// What the virtual camera looks at: draws digits and shows them on vivid's output node, which the driver loops back,
// pixel for pixel, to its capture node. A helper of Tools/test-camera; nothing of it goes to a board.
//
//   scene draw FOLDER           writes 0.pgm ... 9.pgm, 640 x 480, 0-half.pgm ..., 2 x 2 pixels of them
//                               binned, and 0-limited.pgm ..., their values 16...235 stretched
//   scene show FOURCC DIGIT...  shows the digits in turn, 30 frames each, until it is killed; says "showing"
//   scene play FOURCC FILE      shows the scenes of a file, one a frame, the first and last longer; says "showing"
//   scene print FILE            writes the pixels of a file's scenes to standard output, 640 x 480 bytes each
//   scene set NAME VALUE        sets a control of the capture node
//   scene get NAME              prints the value of one
//
// The nodes are CAPTURE and OUTPUT of the environment; without them /dev/video0 and /dev/video1.
//
// A scene in a file is 792 bytes: left, top and side (UInt16, little-endian), the paper's grey, the ink's grey, and
// 28 x 28 bytes of how much ink there is.

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

enum { WIDTH = 640, HEIGHT = 480, HOLD = 30, BUFFERS = 4, POINTS = 24, LEAD_IN = 90 };

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

static void write_picture(const char *folder, int digit, const char *kind, const uint8_t *picture, int divisor) {
  char path[512];
  snprintf(path, sizeof path, "%s/%d%s.pgm", folder, digit, kind);
  FILE *file = fopen(path, "wb");
  if (file == NULL) stop(path);
  fprintf(file, "P5\n%d %d\n255\n", WIDTH / divisor, HEIGHT / divisor);
  fwrite(picture, 1, WIDTH / divisor * (HEIGHT / divisor), file);
  if (fclose(file) != 0) stop(path);
}

static int write_all(const char *folder) {
  static uint8_t picture[WIDTH * HEIGHT], half[WIDTH * HEIGHT / 4];
  for (int digit = 0; digit < 10; digit++) {
    draw(digit, picture);
    write_picture(folder, digit, "", picture, 1);
    for (int y = 0; y < HEIGHT / 2; y++)
      for (int x = 0; x < WIDTH / 2; x++) {
        const uint8_t *corner = &picture[2 * y * WIDTH + 2 * x];
        half[y * (WIDTH / 2) + x] = (uint8_t)((corner[0] + corner[1] + corner[WIDTH] + corner[WIDTH + 1] + 2) >> 2);
      }
    write_picture(folder, digit, "-half", half, 2);
    // What 16...235 becomes when it is stretched to 0...255.
    for (int place = 0; place < WIDTH * HEIGHT; place++) {
      int stretched = picture[place] < 16 ? 0 : ((picture[place] - 16) * 255 + 109) / 219;
      picture[place] = (uint8_t)(stretched > 255 ? 255 : stretched);
    }
    write_picture(folder, digit, "-limited", picture, 1);
  }
  return 0;
}

enum { DIGIT_SIDE = 28, SCENE_BYTES = 8 + DIGIT_SIDE * DIGIT_SIDE };

// A scene of a file: the ink between its four nearest samples, in 1/256.
static void draw_scene(const uint8_t *scene, uint8_t *picture) {
  int left = scene[0] | scene[1] << 8, top = scene[2] | scene[3] << 8, side = scene[4] | scene[5] << 8;
  int paper = scene[6], pen = scene[7];
  const uint8_t *ink = scene + 8;
  memset(picture, paper, WIDTH * HEIGHT);
  for (int y = 0; y < side && top + y < HEIGHT; y++)
    for (int x = 0; x < side && left + x < WIDTH; x++) {
      int row = y * (DIGIT_SIDE - 1) * 256 / side, column = x * (DIGIT_SIDE - 1) * 256 / side;
      const uint8_t *sample = &ink[(row >> 8) * DIGIT_SIDE + (column >> 8)];
      int down = row & 255, along = column & 255;
      int above = sample[0] * (256 - along) + sample[1] * along;
      int below = sample[DIGIT_SIDE] * (256 - along) + sample[DIGIT_SIDE + 1] * along;
      int covered = (above * (256 - down) + below * down) >> 16;
      picture[(top + y) * WIDTH + left + x] = (uint8_t)(paper + (pen - paper) * covered / 255);
    }
}

static int print_scenes(const char *path) {
  static uint8_t picture[WIDTH * HEIGHT];
  uint8_t scene[SCENE_BYTES];
  FILE *file = fopen(path, "rb");
  if (file == NULL) stop(path);
  while (fread(scene, sizeof scene, 1, file) == 1) {
    draw_scene(scene, picture);
    if (fwrite(picture, sizeof picture, 1, stdout) != 1) stop("standard output");
  }
  return 0;
}

// Sets or gets a control by its name.
static int use_control(int node, const char *name, unsigned long request, int *value) {
  struct v4l2_query_ext_ctrl query = {.id = V4L2_CTRL_FLAG_NEXT_CTRL};
  for (; control(node, VIDIOC_QUERY_EXT_CTRL, &query) == 0; query.id |= V4L2_CTRL_FLAG_NEXT_CTRL) {
    if (strcmp(query.name, name) != 0) continue;
    struct v4l2_ext_control one = {.id = query.id, .value = *value};
    struct v4l2_ext_controls all = {.which = V4L2_CTRL_WHICH_CUR_VAL, .count = 1, .controls = &one};
    int result = control(node, request, &all);
    *value = one.value;
    return result;
  }
  errno = ENOENT;
  return -1;
}

static int set_control(int node, const char *name, int value) {
  return use_control(node, name, VIDIOC_S_EXT_CTRLS, &value);
}

// Both nodes at 1280x720, 30 Hz, with a window of 640x480 in the middle: unscaled, so every pixel comes back.
static void link_nodes(int capture, int output) {
  struct v4l2_dv_timings timings = V4L2_DV_BT_CEA_1280X720P30;
  if (control(output, VIDIOC_S_DV_TIMINGS, &timings) < 0) stop("VIDIOC_S_DV_TIMINGS of the output");
  if (control(capture, VIDIOC_S_DV_TIMINGS, &timings) < 0 && errno != EBUSY) stop("VIDIOC_S_DV_TIMINGS of the capture");
  if (set_control(capture, "OSD Text Mode", 2) < 0) stop("OSD Text Mode");
  if (set_control(capture, "Loop Video", 1) < 0) stop("Loop Video");
}

// A capture or output node in use: its structures are single-planar or multi-planar as the driver was loaded.
struct node {
  int descriptor;
  int multi_planar;
  uint32_t type;
  uint32_t plane_count, pitch;
  uint32_t sizes[VIDEO_MAX_PLANES];
  uint8_t *memory[32][VIDEO_MAX_PLANES];
  // The edition of the picture that a buffer holds; none is 0.
  unsigned edition[32];
};

static struct node use_node(int descriptor, int is_output) {
  struct v4l2_capability capability = {0};
  if (control(descriptor, VIDIOC_QUERYCAP, &capability) < 0) stop("VIDIOC_QUERYCAP");
  struct node node = {.descriptor = descriptor, .plane_count = 1};
  node.multi_planar =
      (capability.device_caps & (V4L2_CAP_VIDEO_CAPTURE_MPLANE | V4L2_CAP_VIDEO_OUTPUT_MPLANE)) != 0;
  if (is_output) node.type = node.multi_planar ? V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE : V4L2_BUF_TYPE_VIDEO_OUTPUT;
  else node.type = node.multi_planar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE;
  return node;
}

// The rectangle always has the single-planar type (VIDIOC_S_SELECTION takes both).
static void choose_window(const struct node *node, uint32_t target) {
  uint32_t type = node->type;
  if (type == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE) type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  if (type == V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE) type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
  struct v4l2_selection window = {.type = type, .target = target, .r = {320, 120, WIDTH, HEIGHT}};
  if (control(node->descriptor, VIDIOC_S_SELECTION, &window) < 0 && errno != EBUSY) stop("VIDIOC_S_SELECTION");
}

static void set_format(struct node *node, uint32_t code) {
  struct v4l2_format format = {.type = node->type};
  if (node->multi_planar) {
    format.fmt.pix_mp = (struct v4l2_pix_format_mplane){.width = WIDTH, .height = HEIGHT, .pixelformat = code,
        .field = V4L2_FIELD_NONE, .colorspace = V4L2_COLORSPACE_SRGB};
  } else {
    format.fmt.pix = (struct v4l2_pix_format){.width = WIDTH, .height = HEIGHT, .pixelformat = code,
        .field = V4L2_FIELD_NONE, .colorspace = V4L2_COLORSPACE_SRGB};
  }
  if (control(node->descriptor, VIDIOC_S_FMT, &format) < 0 && errno != EBUSY) stop("VIDIOC_S_FMT");
  if (node->multi_planar) {
    node->plane_count = format.fmt.pix_mp.num_planes;
    node->pitch = format.fmt.pix_mp.plane_fmt[0].bytesperline;
    for (uint32_t plane = 0; plane < node->plane_count; plane++)
      node->sizes[plane] = format.fmt.pix_mp.plane_fmt[plane].sizeimage;
  } else {
    node->pitch = format.fmt.pix.bytesperline;
    node->sizes[0] = format.fmt.pix.sizeimage;
  }
}

// Lays a grey picture out in a format's way; colour is left neutral.
static void pack(const uint8_t *grey, uint32_t code, uint32_t pitch, uint32_t size, uint8_t *buffer) {
  memset(buffer, 128, size);
  for (uint32_t y = 0; y < HEIGHT; y++)
    for (uint32_t x = 0; x < WIDTH; x++) {
      uint8_t value = grey[y * WIDTH + x], *row = buffer + y * pitch;
      switch (code) {
        case V4L2_PIX_FMT_YUYV: row[2 * x] = value; break;
        case V4L2_PIX_FMT_UYVY: row[2 * x + 1] = value; break;
        case V4L2_PIX_FMT_RGB24:
        case V4L2_PIX_FMT_BGR24: memset(row + 3 * x, value, 3); break;
        case V4L2_PIX_FMT_SRGGB10:
          row[2 * x] = (uint8_t)(value << 2);
          row[2 * x + 1] = (uint8_t)(value >> 6);
          break;
        default: row[x] = value;
      }
    }
}

// What is shown: grey pixels, and a number of its own for each picture.
struct picture {
  const uint8_t *grey;
  unsigned edition;
};

// Fills a buffer with a picture, where it does not hold it already, and gives it to the driver.
static void put(struct node *node, uint32_t index, uint32_t code, struct picture picture) {
  struct v4l2_plane planes[VIDEO_MAX_PLANES] = {{0}};
  struct v4l2_buffer buffer = {.index = index, .type = node->type, .memory = V4L2_MEMORY_MMAP};
  if (node->edition[index] != picture.edition) {
    pack(picture.grey, code, node->pitch, node->sizes[0], node->memory[index][0]);
    for (uint32_t plane = 1; plane < node->plane_count; plane++)
      memset(node->memory[index][plane], 128, node->sizes[plane]);
    node->edition[index] = picture.edition;
  }
  if (node->multi_planar) {
    for (uint32_t plane = 0; plane < node->plane_count; plane++) planes[plane].bytesused = node->sizes[plane];
    buffer.m.planes = planes;
    buffer.length = node->plane_count;
  } else {
    buffer.bytesused = node->sizes[0];
  }
  if (control(node->descriptor, VIDIOC_QBUF, &buffer) < 0) stop("VIDIOC_QBUF");
}

static void map(struct node *node, uint32_t index) {
  struct v4l2_plane planes[VIDEO_MAX_PLANES] = {{0}};
  struct v4l2_buffer buffer = {.index = index, .type = node->type, .memory = V4L2_MEMORY_MMAP};
  if (node->multi_planar) {
    buffer.m.planes = planes;
    buffer.length = VIDEO_MAX_PLANES;
  }
  if (control(node->descriptor, VIDIOC_QUERYBUF, &buffer) < 0) stop("VIDIOC_QUERYBUF");
  for (uint32_t plane = 0; plane < node->plane_count; plane++) {
    uint32_t length = node->multi_planar ? planes[plane].length : buffer.length;
    off_t offset = node->multi_planar ? planes[plane].m.mem_offset : buffer.m.offset;
    void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, node->descriptor, offset);
    if (memory == MAP_FAILED) stop("mmap");
    node->memory[index][plane] = memory;
  }
}

static struct node link_up(uint32_t code) {
  int capture = open_capture(), output = open_node("OUTPUT", "/dev/video1");
  link_nodes(capture, output);
  struct node seen = use_node(capture, 0), node = use_node(output, 1);
  set_format(&seen, code);
  choose_window(&seen, V4L2_SEL_TGT_CROP);
  close(capture);
  set_format(&node, code);
  choose_window(&node, V4L2_SEL_TGT_COMPOSE);
  return node;
}

// What is shown in frame after frame: the picture of a frame's number.
typedef struct picture (*picture_function)(unsigned frame, void *context);

static _Noreturn void run(uint32_t code, picture_function picture, void *context) {
  struct node node = link_up(code);
  struct v4l2_requestbuffers request = {.count = BUFFERS, .type = node.type, .memory = V4L2_MEMORY_MMAP};
  if (control(node.descriptor, VIDIOC_REQBUFS, &request) < 0) stop("VIDIOC_REQBUFS");
  unsigned shown = 0;
  for (uint32_t index = 0; index < request.count && index < 32; index++) {
    map(&node, index);
    put(&node, index, code, picture(shown++, context));
  }
  if (control(node.descriptor, VIDIOC_STREAMON, &request.type) < 0) stop("VIDIOC_STREAMON");
  printf("showing\n");
  fflush(stdout);
  for (;;) {
    struct v4l2_plane planes[VIDEO_MAX_PLANES] = {{0}};
    struct v4l2_buffer buffer = {.type = node.type, .memory = V4L2_MEMORY_MMAP};
    if (node.multi_planar) {
      buffer.m.planes = planes;
      buffer.length = VIDEO_MAX_PLANES;
    }
    if (control(node.descriptor, VIDIOC_DQBUF, &buffer) < 0) stop("VIDIOC_DQBUF");
    put(&node, buffer.index, code, picture(shown++, context));
  }
}

struct digits {
  int count;
  uint8_t pictures[10][WIDTH * HEIGHT];
};

static struct picture digit_in_turn(unsigned frame, void *context) {
  const struct digits *digits = context;
  unsigned turn = frame / HOLD % (unsigned)digits->count;
  return (struct picture){digits->pictures[turn], turn + 1};
}

struct film {
  FILE *file;
  uint8_t *picture;
  unsigned edition;
};

// The first scene is held while the program opens the camera, and the last for ever.
static struct picture next_scene(unsigned frame, void *context) {
  struct film *film = context;
  uint8_t scene[SCENE_BYTES];
  if ((frame == 0 || frame > LEAD_IN) && fread(scene, sizeof scene, 1, film->file) == 1) {
    draw_scene(scene, film->picture);
    film->edition++;
  }
  return (struct picture){film->picture, film->edition};
}

int main(int argument_count, char **arguments) {
  if (argument_count == 3 && strcmp(arguments[1], "draw") == 0) return write_all(arguments[2]);
  if (argument_count == 3 && strcmp(arguments[1], "print") == 0) return print_scenes(arguments[2]);
  if (argument_count == 4 && strcmp(arguments[1], "set") == 0) {
    if (set_control(open_capture(), arguments[2], atoi(arguments[3])) < 0) stop(arguments[2]);
    return 0;
  }
  if (argument_count == 3 && strcmp(arguments[1], "get") == 0) {
    int value = 0;
    if (use_control(open_capture(), arguments[2], VIDIOC_G_EXT_CTRLS, &value) < 0) stop(arguments[2]);
    printf("%d\n", value);
    return 0;
  }
  if (argument_count < 4 || strlen(arguments[2]) != 4) {
    fprintf(stderr, "usage: scene draw FOLDER | show FOURCC DIGIT... | play FOURCC FILE | print FILE | set NAME VALUE | get NAME\n");
    return 2;
  }
  const char *letters = arguments[2];
  uint32_t code = v4l2_fourcc(letters[0], letters[1], letters[2], letters[3]);
  if (strcmp(arguments[1], "show") == 0) {
    static struct digits digits;
    digits.count = argument_count - 3 > 10 ? 10 : argument_count - 3;
    for (int index = 0; index < digits.count; index++) draw(atoi(arguments[3 + index]) % 10, digits.pictures[index]);
    run(code, digit_in_turn, &digits);
  }
  static uint8_t picture[WIDTH * HEIGHT];
  struct film film = {.file = fopen(arguments[3], "rb"), .picture = picture};
  if (film.file == NULL) stop(arguments[3]);
  run(code, next_scene, &film);
}
