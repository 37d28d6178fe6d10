// A USB webcam made of software, plugged into the kernel's own uvcvideo driver through vhci-hcd (USB/IP over a socket
// pair). A helper of Tools/test-camera; nothing of it goes to a board.
//
//   webcam [-cut N] [-stall N] [-film FILE] PICTURE...
//
// PICTURE is a 640 x 480 PGM, or a JPEG for MJPEG; each is shown for 30 frames, in turn. Every N-th frame is cut in
// half, or after every N-th frame none comes for three seconds. It says "plugged in", and killing it unplugs it.
// FILE holds JPEGs, the length of each before it (UInt32, little-endian): shown in MJPEG, one a frame, the first and
// last longer.
//
// Formats: YUY2, NV12, Y800 and MJPEG, 640 x 480 at 30 and 15 frames a second. Structures: USB Device Class Definition
// for Video Devices 1.1; linux/Documentation/usb/usbip_protocol.rst.

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
  WIDTH = 640,
  HEIGHT = 480,
  HOLD = 30,
  LEAD_IN = 30,
  PICTURES = 8,
  PAYLOAD = 16384,
  HEAD = 2,
  QUEUE = 64,
  PROBE = 26,
  STALL_MILLISECONDS = 3000,
  FRAME_30 = 333333,
  FRAME_15 = 666666,
};
enum format { YUYV = 1, NV12 = 2, GREY = 3, MJPEG = 4 };
enum { SUBMIT = 1, UNLINK = 2, SUBMITTED = 3, UNLINKED = 4 };

#define TWO(value) (uint8_t)(value), (uint8_t)((value) >> 8)
#define FOUR(value) TWO(value), (uint8_t)((value) >> 16), (uint8_t)((value) >> 24)

static uint8_t grey[PICTURES][WIDTH * HEIGHT], jpeg[PICTURES][WIDTH * HEIGHT];
static size_t jpeg_bytes[PICTURES];
static unsigned grey_count, jpeg_count, cut_every, stall_every;
static FILE *film;

static void stop(const char *what) {
  fprintf(stderr, "webcam: %s: %s\n", what, strerror(errno));
  exit(1);
}

// ---- descriptors

static const uint8_t device_descriptor[18] = {18, 1, TWO(0x200), 0xEF, 2, 1, 64, TWO(0x1D6B), TWO(0x102), TWO(0x100), 1, 2, 0, 1};
static uint8_t configuration[512];
static unsigned configuration_bytes;

static void add(const uint8_t *bytes, size_t count) {
  memcpy(configuration + configuration_bytes, bytes, count);
  configuration_bytes += (unsigned)count;
}
#define ADD(...) add((const uint8_t[]){__VA_ARGS__}, sizeof(const uint8_t[]){__VA_ARGS__})

static unsigned bits_a_pixel(enum format format) { return format == NV12 ? 12 : format == GREY ? 8 : 16; }

static void add_frame(uint8_t kind, enum format format) {
  uint32_t size = WIDTH * HEIGHT * bits_a_pixel(format) / 8;
  ADD(34, 0x24, kind, 1, 0, TWO(WIDTH), TWO(HEIGHT), FOUR(size * 8 * 15), FOUR(size * 8 * 30), FOUR(size), FOUR(FRAME_30),
      2, FOUR(FRAME_30), FOUR(FRAME_15));
  ADD(6, 0x24, 0x0D, 1, 1, 4);
}

static void add_raw_format(enum format format, const char *code) {
  // A GUID: four characters, then the same twelve bytes for every format.
  ADD(27, 0x24, 4, (uint8_t)format, 1, (uint8_t)code[0], (uint8_t)code[1], (uint8_t)code[2], (uint8_t)code[3], 0, 0, 0x10,
      0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71, (uint8_t)bits_a_pixel(format), 1, 0, 0, 0, 0);
  add_frame(5, format);
}

static void build_configuration(void) {
  ADD(9, 2, 0, 0, 2, 1, 0, 0x80, 250);
  ADD(8, 11, 0, 2, 0x0E, 3, 0, 2);
  // The control interface: a camera terminal, and the way out to USB.
  ADD(9, 4, 0, 0, 0, 0x0E, 1, 0, 2);
  ADD(13, 0x24, 1, TWO(0x100), TWO(13 + 18 + 9), FOUR(48000000), 1, 1);
  ADD(18, 0x24, 2, 1, TWO(0x201), 0, 0, TWO(0), TWO(0), TWO(0), 3, 0, 0, 0);
  ADD(9, 0x24, 3, 2, TWO(0x101), 0, 1, 0);
  // The streaming interface, over a bulk endpoint.
  ADD(9, 4, 1, 0, 1, 0x0E, 2, 0, 0);
  unsigned head = configuration_bytes;
  ADD(17, 0x24, 1, 4, 0, 0, 0x81, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0);
  add_raw_format(YUYV, "YUY2");
  add_raw_format(NV12, "NV12");
  add_raw_format(GREY, "Y800");
  ADD(11, 0x24, 6, MJPEG, 1, 0, 1, 0, 0, 0, 0);
  add_frame(7, MJPEG);
  unsigned streaming = configuration_bytes - head;
  memcpy(configuration + head + 4, (uint8_t[]){TWO(streaming)}, 2);
  ADD(7, 5, 0x81, 2, TWO(512), 0);
  memcpy(configuration + 2, (uint8_t[]){TWO(configuration_bytes)}, 2);
}

// ---- negotiation: the probe structure (UVC 1.1, table 4-75)

static uint8_t probe[PROBE];

static uint32_t number(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void settle_probe(void) {
  if (probe[2] < YUYV || probe[2] > MJPEG) probe[2] = YUYV;
  probe[3] = 1;
  uint32_t interval = number(probe + 4) > (FRAME_30 + FRAME_15) / 2 ? FRAME_15 : FRAME_30;
  memcpy(probe + 4, (uint8_t[]){FOUR(interval)}, 4);
  memcpy(probe + 18, (uint8_t[]){FOUR(WIDTH * HEIGHT * bits_a_pixel(probe[2]) / 8)}, 4);
  memcpy(probe + 22, (uint8_t[]){FOUR(PAYLOAD)}, 4);
}

// ---- frames

static uint8_t frame[WIDTH * HEIGHT * 2];
static uint32_t frame_bytes;
static unsigned frame_number;

// The film's next picture takes the place of the one before; after the last it stays.
static void wind_film(void) {
  uint8_t length[4];
  if ((jpeg_count != 0 && frame_number <= LEAD_IN) || fread(length, sizeof length, 1, film) != 1) return;
  jpeg_bytes[0] = number(length);
  if (jpeg_bytes[0] > sizeof jpeg[0] || fread(jpeg[0], jpeg_bytes[0], 1, film) != 1) stop("the film");
  jpeg_count = 1;
}

static void make_frame(void) {
  enum format format = probe[2];
  unsigned turn = frame_number / HOLD;
  const uint8_t *picture = grey[grey_count ? turn % grey_count : 0];
  frame_bytes = WIDTH * HEIGHT * bits_a_pixel(format) / 8;
  if (film != NULL) wind_film();
  if (format == MJPEG && jpeg_count) {
    frame_bytes = (uint32_t)jpeg_bytes[turn % jpeg_count];
    memcpy(frame, jpeg[turn % jpeg_count], frame_bytes);
  } else {
    memset(frame, 128, frame_bytes);
    for (unsigned place = 0; place < WIDTH * HEIGHT; place++) frame[format == YUYV ? 2 * place : place] = picture[place];
  }
  if (cut_every && frame_number % cut_every == cut_every - 1) frame_bytes /= 2;
  frame_number++;
}

// ---- the wire

static int wire;

static void take(void *bytes, size_t count) {
  for (uint8_t *place = bytes; count > 0;) {
    ssize_t moved = read(wire, place, count);
    if (moved <= 0) exit(0);
    place += moved;
    count -= (size_t)moved;
  }
}

static void give(const void *bytes, size_t count) {
  for (const uint8_t *place = bytes; count > 0;) {
    ssize_t moved = write(wire, place, count);
    if (moved <= 0) exit(0);
    place += moved;
    count -= (size_t)moved;
  }
}

static void answer(uint32_t kind, uint32_t sequence, int status, uint32_t length, const void *data) {
  uint32_t head[12] = {htonl(kind), htonl(sequence), 0, 0, 0, htonl((uint32_t)status), htonl(length)};
  give(head, sizeof head);
  if (data != NULL) give(data, length);
}

struct transfer {
  uint32_t sequence, length;
};
static struct transfer queue[QUEUE];
static unsigned queued, sent, is_streaming, frame_mark;
static int64_t due;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void forget(unsigned place) {
  queued--;
  memmove(queue + place, queue + place + 1, (queued - place) * sizeof *queue);
}

// Answers the transfers that wait, as far as frames are due: each carries a head and a piece of the frame.
static void stream(void) {
  int64_t interval = (int64_t)number(probe + 4) * 100;
  while (queued > 0 && is_streaming) {
    if (sent == 0) {
      if (now() < due) return;
      make_frame();
      due = due + interval < now() ? now() + interval : due + interval;
      if (stall_every && frame_number % stall_every == 0) due += STALL_MILLISECONDS * (int64_t)1000000;
    }
    uint32_t room = (queue[0].length < PAYLOAD ? queue[0].length : PAYLOAD) - HEAD;
    uint32_t piece = frame_bytes - sent < room ? frame_bytes - sent : room;
    uint8_t payload[PAYLOAD] = {HEAD, (uint8_t)(0x80 | frame_mark | (sent + piece == frame_bytes ? 2 : 0))};
    memcpy(payload + HEAD, frame + sent, piece);
    answer(SUBMITTED, queue[0].sequence, 0, piece + HEAD, payload);
    forget(0);
    sent += piece;
    if (sent == frame_bytes) {
      sent = 0;
      frame_mark ^= 1;
    }
  }
}

static void unlink_transfer(uint32_t sequence, uint32_t wanted) {
  int status = 0;
  for (unsigned place = 0; place < queued && status == 0; place++) {
    if (queue[place].sequence != wanted) continue;
    forget(place);
    status = -ECONNRESET;
  }
  if (queued == 0) is_streaming = sent = 0;
  answer(UNLINKED, sequence, status, 0, NULL);
}

// A string descriptor of ASCII text.
static size_t text_descriptor(const char *text, uint8_t *bytes) {
  size_t count = 2;
  for (; *text; text++) {
    bytes[count++] = (uint8_t)*text;
    bytes[count++] = 0;
  }
  bytes[0] = (uint8_t)count;
  bytes[1] = 3;
  return count;
}

// Answers a control request; gives the bytes to send, or -EPIPE.
static int answer_setup(const uint8_t *setup, const uint8_t *received, uint32_t received_bytes, uint8_t *bytes) {
  uint8_t type = setup[0], request = setup[1], low = setup[2], high = setup[3], interface = setup[4];
  if (type == 0x80 && request == 6) {
    if (high == 1) return (int)(memcpy(bytes, device_descriptor, 18), 18);
    if (high == 2) return (int)(memcpy(bytes, configuration, configuration_bytes), configuration_bytes);
    if (high == 3 && low == 0) return (int)(memcpy(bytes, (uint8_t[]){4, 3, 9, 4}, 4), 4);
    if (high == 3) return (int)text_descriptor(low == 1 ? "Quill" : "software webcam", bytes);
    return -EPIPE;
  }
  int is_class = (type & 0x60) == 0x20;
  if (!is_class) return (type & 0x60) == 0 ? (memset(bytes, 0, 2), request == 0 ? 2 : 1) : -EPIPE;
  // Probe and commit of the streaming interface.
  if (interface != 1 || (high != 1 && high != 2)) return -EPIPE;
  if (request == 0x01) {
    memcpy(probe, received, received_bytes < PROBE ? received_bytes : PROBE);
    settle_probe();
    return 0;
  }
  if (request == 0x85) return (int)(memcpy(bytes, (uint8_t[]){TWO(PROBE)}, 2), 2);
  if (request == 0x86) return (bytes[0] = 3, 1);
  return (int)(memcpy(bytes, probe, PROBE), PROBE);
}

static void take_command(void) {
  uint32_t head[12];
  take(head, sizeof head);
  uint32_t command = ntohl(head[0]), sequence = ntohl(head[1]), is_in = ntohl(head[3]), endpoint = ntohl(head[4]);
  if (command == UNLINK) return unlink_transfer(sequence, ntohl(head[5]));
  uint32_t length = ntohl(head[6]);
  static uint8_t received[65536], bytes[1024];
  if (!is_in) take(received, length < sizeof received ? length : sizeof received);
  if (endpoint == 1) {
    if (!is_streaming) {
      is_streaming = 1;
      sent = 0;
      due = now();
    }
    if (queued < QUEUE) queue[queued++] = (struct transfer){sequence, length};
    return;
  }
  int count = endpoint == 0 ? answer_setup((const uint8_t *)(head + 10), received, length, bytes) : -EPIPE;
  if (count < 0) return answer(SUBMITTED, sequence, count, 0, NULL);
  if (!is_in) return answer(SUBMITTED, sequence, 0, length, NULL);
  answer(SUBMITTED, sequence, 0, (uint32_t)count < length ? (uint32_t)count : length, bytes);
}

// ---- the program

static void load(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) stop(path);
  int width = 0, height = 0, greatest = 0;
  if (strstr(path, ".jpg") != NULL && jpeg_count < PICTURES) {
    jpeg_bytes[jpeg_count] = fread(jpeg[jpeg_count], 1, sizeof jpeg[0], file);
    jpeg_count++;
  } else if (grey_count < PICTURES) {
    if (fscanf(file, "P5 %d %d %d", &width, &height, &greatest) != 3 || width != WIDTH || height != HEIGHT) stop(path);
    fgetc(file);
    if (fread(grey[grey_count++], 1, WIDTH * HEIGHT, file) != WIDTH * HEIGHT) stop(path);
  }
  fclose(file);
}

static void plug_in(void) {
  int ends[2];
  char text[64];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0) stop("socketpair");
  int attach = open("/sys/devices/platform/vhci_hcd.0/attach", O_WRONLY);
  // Port, socket, device number, speed (3: high).
  int length = snprintf(text, sizeof text, "0 %d 65538 3", ends[1]);
  if (attach < 0 || write(attach, text, (size_t)length) != length) stop("vhci_hcd attach");
  close(attach);
  close(ends[1]);
  wire = ends[0];
}

int main(int count, char **arguments) {
  for (int index = 1; index < count; index++) {
    if (strcmp(arguments[index], "-cut") == 0 && index + 1 < count) cut_every = (unsigned)atoi(arguments[++index]);
    else if (strcmp(arguments[index], "-stall") == 0 && index + 1 < count) stall_every = (unsigned)atoi(arguments[++index]);
    else if (strcmp(arguments[index], "-film") == 0 && index + 1 < count) {
      film = fopen(arguments[++index], "rb");
      if (film == NULL) stop(arguments[index]);
    } else load(arguments[index]);
  }
  build_configuration();
  settle_probe();
  plug_in();
  printf("plugged in\n");
  fflush(stdout);
  for (;;) {
    stream();
    int64_t left = queued > 0 && is_streaming ? (due - now()) / 1000000 + 1 : -1;
    struct pollfd entry = {.fd = wire, .events = POLLIN};
    if (poll(&entry, 1, left < -1 ? 0 : (int)left) > 0) take_command();
  }
}
