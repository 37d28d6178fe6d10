"""Draws scenes with digits as a camera or a stranger's phone might see them, one folder a condition.

Used by Tools/scenes/scenes. A file's name ends in what should be read: 0007-5.jpg, 0007-4711.png, 0007-none.png.
Same arguments, same versions of numpy and Pillow: same pictures.
"""
import gzip, io, os, struct, sys
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

W, H = 640, 480
SIDE = 256


class Digits:
    """Where digits come from: squares of ink 0...1, at any size."""

    def __init__(self, glyph_file, mnist_folder, font_files):
        raw = np.fromfile(glyph_file, np.uint8)
        self.glyphs = raw.reshape(3, -1, SIDE, SIDE)
        self.mnist = None
        images = os.path.join(mnist_folder, "t10k-images-idx3-ubyte.gz")
        if os.path.exists(images):
            data = gzip.open(images).read()
            self.mnist = np.frombuffer(data, np.uint8, offset=16).reshape(-1, 28, 28)
            labels = gzip.open(os.path.join(mnist_folder, "t10k-labels-idx1-ubyte.gz")).read()
            self.mnist_labels = np.frombuffer(labels, np.uint8, offset=8)
        self.fonts = font_files

    def drawn(self, rng, size, pen=1, label=None):
        count = self.glyphs.shape[1]
        index = int(rng.integers(count))
        if label is not None:
            index = index // 10 * 10 + label
        ink = Image.fromarray(self.glyphs[pen, index]).resize((size, size), Image.Resampling.BOX if size < SIDE else Image.Resampling.BICUBIC)
        return np.asarray(ink, np.float32) / 255, index % 10

    def from_mnist(self, rng, size, pen=1, label=None):
        while True:
            index = int(rng.integers(len(self.mnist)))
            if label is None or self.mnist_labels[index] == label:
                break
        scale = size / 20
        side = max(20, round(28 * scale))
        smooth = [Image.Resampling.BICUBIC, Image.Resampling.BILINEAR, Image.Resampling.LANCZOS][int(rng.integers(3))]
        ink = Image.fromarray(self.mnist[index]).resize((side, side), smooth)
        return trimmed(np.asarray(ink, np.float32) / 255, size), int(self.mnist_labels[index])

    def printed(self, rng, size, label=None, fonts=None):
        label = int(rng.integers(10)) if label is None else label
        return self.text(rng, str(label), size, fonts), label

    def text(self, rng, text, size, fonts=None):
        fonts = fonts or [f for f in self.fonts if "DSEG" not in f]
        font = ImageFont.truetype(fonts[int(rng.integers(len(fonts)))], round(size * 1.3))
        canvas = Image.new("L", (size * (len(text) + 2), size * 3), 0)
        ImageDraw.Draw(canvas).text((size // 2, size // 2), text, 255, font)
        return trimmed(np.asarray(canvas, np.float32) / 255, None)


def trimmed(ink, size):
    """Cuts the empty rim off."""
    rows, columns = np.where(ink > 0.05)
    if not len(rows):
        return ink
    return ink[rows.min():rows.max() + 1, columns.min():columns.max() + 1]


def put(canvas, ink, x, y):
    """Adds ink to a plane of ink; what lies outside is left out."""
    h, w = ink.shape
    x0, y0 = max(0, x), max(0, y)
    x1, y1 = min(canvas.shape[1], x + w), min(canvas.shape[0], y + h)
    if x1 > x0 and y1 > y0:
        part = canvas[y0:y1, x0:x1]
        np.maximum(part, ink[y0 - y:y1 - y, x0 - x:x1 - x], out=part)


def place(rng, canvas, ink, margin=10):
    h, w = ink.shape
    x = int(rng.integers(margin, max(margin + 1, canvas.shape[1] - w - margin)))
    y = int(rng.integers(margin, max(margin + 1, canvas.shape[0] - h - margin)))
    put(canvas, ink, x, y)
    return x, y


def grain(rng, shape, sigma, scale=1):
    """Noise; with a scale above 1 in patches of that size."""
    h, w = shape[0] // scale + 2, shape[1] // scale + 2
    noise = rng.normal(0, sigma, (h, w)).astype(np.float32)
    if scale > 1:
        noise = np.asarray(Image.fromarray(noise).resize((w * scale, h * scale), Image.Resampling.BICUBIC))
    return noise[:shape[0], :shape[1]]


def shade(ink, paper, pen):
    """Paper with ink on it; paper a plane or a number."""
    return paper * (1 - ink) + pen * ink


def slope(rng, shape, low):
    """Light that falls from 1 to `low` over the picture, towards one side or away from a spot."""
    y, x = np.mgrid[0:shape[0], 0:shape[1]].astype(np.float32)
    x, y = x / shape[1], y / shape[0]
    if rng.random() < 0.5:
        angle = rng.random() * 2 * np.pi
        t = (x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle)
        t = (t - t.min()) / (t.max() - t.min())
    else:
        cx, cy = rng.random(2)
        t = np.hypot(x - cx, y - cy)
        t /= t.max()
    return 1 - (1 - low) * t


def rules(rng, shape, pitch, width, squared, angle=0.0):
    """Lines of ink 0...1, anti-aliased."""
    y, x = np.mgrid[0:shape[0], 0:shape[1]].astype(np.float32)
    along = y * np.cos(angle) + x * np.sin(angle) + rng.random() * pitch
    across = x * np.cos(angle) - y * np.sin(angle) + rng.random() * pitch
    def line(t):
        d = np.abs((t + pitch / 2) % pitch - pitch / 2)
        return np.clip(width / 2 + 0.5 - d, 0, 1)
    ink = line(along)
    if squared:
        ink = np.maximum(ink, line(across))
    return ink


def tilted(rng, grey, fill):
    """Seen at an angle: perspective and rotation."""
    h, w = grey.shape
    a = rng.uniform(-0.2, 0.2)
    k = rng.uniform(0.05, 0.16, 8) * rng.choice([-1, 1], 8)
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float64)
    centre = np.array([w / 2, h / 2])
    turned = (corners - centre) @ np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]) + centre
    turned += k.reshape(4, 2) * np.array([w, h])
    rows, right = [], []
    for (x, y), (u, v) in zip(corners, turned):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    coefficients = np.linalg.solve(np.array(rows), np.array(right))
    image = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    return np.asarray(image.transform((w, h), Image.Transform.PERSPECTIVE, list(coefficients), Image.Resampling.BICUBIC, fillcolor=int(fill)), np.float32)


def blurred(grey, radius):
    return np.asarray(Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius)), np.float32)


def finish(rng, grey, noise=2.0):
    return Image.fromarray(np.clip(grey + grain(rng, grey.shape, noise), 0, 255).astype(np.uint8))


def jpeg(image, quality):
    data = io.BytesIO()
    image.save(data, "JPEG", quality=quality)
    return Image.open(io.BytesIO(data.getvalue()))


# Conditions: each takes (rng, source of one digit, digits) and answers (picture, text to be read).

def one(rng, source, low=70, high=220, pen=1):
    ink, label = source(rng, int(rng.integers(low, high)), pen)
    canvas = np.zeros((H, W), np.float32)
    place(rng, canvas, ink)
    return canvas, label, ink.shape


def levels(rng):
    return rng.uniform(170, 240), rng.uniform(15, 80)


def plain(rng, source, digits):
    ink, label, _ = one(rng, source, 40, 300)
    paper, pen = levels(rng)
    if rng.random() < 0.5:
        paper, pen = pen, paper
    return finish(rng, shade(ink, paper, pen)), label


def uneven(rng, source, digits):
    ink, label, _ = one(rng, source)
    paper, pen = levels(rng)
    return finish(rng, shade(ink, paper, pen) * slope(rng, ink.shape, rng.uniform(0.2, 0.6))), label


def hard_shadow(rng, source, digits):
    ink, label, _ = one(rng, source)
    paper, pen = levels(rng)
    y, x = np.mgrid[0:H, 0:W].astype(np.float32)
    a = rng.random() * 2 * np.pi
    edge = (x - W / 2) * np.cos(a) + (y - H / 2) * np.sin(a) + rng.uniform(-120, 120)
    light = np.clip(edge / rng.uniform(1, 12), 0, 1) * (1 - 0.55) + rng.uniform(0.4, 0.6)
    return finish(rng, shade(ink, paper, pen) * np.minimum(light, 1)), label


def ruled(rng, source, digits, squared=False, dark=False):
    ink, label, size = one(rng, source, 60, 200)
    paper, pen = levels(rng)
    pitch = rng.uniform(0.25, 0.6) * max(size) if squared else rng.uniform(0.5, 1.4) * max(size)
    pitch = max(pitch, 16)
    lines = rules(rng, ink.shape, pitch, rng.uniform(1, 2.5) if dark else rng.uniform(1, 3), squared, rng.uniform(-0.04, 0.04))
    shaded = pen + rng.uniform(0, 10) if dark else paper - rng.uniform(0.2, 0.6) * (paper - pen)
    return finish(rng, shade(ink, shade(lines, paper, shaded), pen)), label


def ruled_dark(rng, source, digits):
    return ruled(rng, source, digits, False, True)


def squared(rng, source, digits):
    return ruled(rng, source, digits, True)


def squared_dark(rng, source, digits):
    return ruled(rng, source, digits, True, True)


PENS = [(20, 40, 150), (190, 30, 40), (20, 110, 50), (30, 30, 30), (110, 40, 140), (230, 110, 20), (60, 120, 200)]
PAPERS = [(240, 240, 235), (250, 245, 150), (250, 200, 210), (200, 230, 250), (205, 240, 190), (225, 215, 190)]


def coloured(rng, source, digits):
    ink, label, _ = one(rng, source)
    pen, paper = PENS[int(rng.integers(len(PENS)))], PAPERS[int(rng.integers(len(PAPERS)))]
    light = slope(rng, ink.shape, rng.uniform(0.6, 1))
    planes = [np.clip(shade(ink, float(p), float(q)) * light + grain(rng, ink.shape, 2), 0, 255).astype(np.uint8) for p, q in zip(paper, pen)]
    return Image.fromarray(np.stack(planes, 2)), label


def tilt(rng, source, digits):
    ink, label, _ = one(rng, source, 90, 220)
    canvas = np.zeros((H, W), np.float32)
    rows, columns = np.where(ink > 0.05)
    part = ink[rows.min():rows.max() + 1, columns.min():columns.max() + 1]
    put(canvas, part, (W - part.shape[1]) // 2 + int(rng.integers(-100, 100)), (H - part.shape[0]) // 2 + int(rng.integers(-50, 50)))
    paper, pen = levels(rng)
    return finish(rng, tilted(rng, shade(canvas, paper, pen), paper)), label


def blur(rng, source, digits):
    ink, label, size = one(rng, source)
    paper, pen = levels(rng)
    return finish(rng, blurred(shade(ink, paper, pen), rng.uniform(0.01, 0.035) * max(size))), label


def jpeg50(rng, source, digits):
    ink, label, _ = one(rng, source, 40, 200)
    paper, pen = levels(rng)
    return jpeg(finish(rng, shade(ink, paper, pen) * slope(rng, ink.shape, rng.uniform(0.6, 1)), 4), 50), label


def thin(rng, source, digits):
    ink, label, _ = one(rng, digits.drawn, 70, 260, 0)
    paper, pen = levels(rng)
    return finish(rng, shade(ink, paper, pen)), label


def thick(rng, source, digits):
    ink, label, _ = one(rng, digits.drawn, 70, 260, 2)
    paper, pen = levels(rng)
    return finish(rng, shade(ink, paper, pen)), label


def small(rng, source, digits):
    ink, label, _ = one(rng, source, 22, 45)
    paper, pen = levels(rng)
    return finish(rng, shade(ink, paper, pen)), label


def big(rng, source, digits):
    ink, label, _ = one(rng, source, 330, 450)
    paper, pen = levels(rng)
    return finish(rng, shade(ink, paper, pen)), label


def edge(rng, source, digits):
    ink, label = source(rng, int(rng.integers(60, 160)), 1)
    canvas = np.zeros((H, W), np.float32)
    ink = trimmed(ink, None)
    h, w = ink.shape
    near = int(rng.integers(3, 9))
    spots = [(near, int(rng.integers(near, H - h - near))), (W - w - near, int(rng.integers(near, H - h - near))), (int(rng.integers(near, W - w - near)), near), (int(rng.integers(near, W - w - near)), H - h - near)]
    put(canvas, ink, *spots[int(rng.integers(4))])
    paper, pen = levels(rng)
    return finish(rng, shade(canvas, paper, pen)), label


def chalk(rng, source, digits):
    ink, label, _ = one(rng, source, 60, 260)
    board = rng.uniform(25, 70) + grain(rng, ink.shape, 5, 30) + grain(rng, ink.shape, 3, 6)
    rough = np.clip(ink * (0.85 + grain(rng, ink.shape, 0.15, 2)), 0, 1)
    return finish(rng, shade(rough, board, rng.uniform(170, 240)), 3), label


def pencil(rng, source, digits):
    ink, label, _ = one(rng, source, 70, 220)
    paper = rng.uniform(180, 225)
    rough = np.clip(ink * (0.8 + grain(rng, ink.shape, 0.2, 2)), 0, 1)
    return finish(rng, shade(rough, paper, paper - rng.uniform(45, 80)) * slope(rng, ink.shape, rng.uniform(0.6, 1)), 2), label


def noisy(rng, source, digits):
    ink, label, _ = one(rng, source)
    paper, pen = rng.uniform(150, 200), rng.uniform(30, 70)
    return finish(rng, shade(ink, paper, pen), rng.uniform(8, 16)), label


def sheet_on_desk(rng, shape, desk, paper):
    """A sheet of paper on a desk: its edges and corners are in view."""
    h, w = shape
    mask = Image.new("L", (w, h), 0)
    j = lambda a, b: rng.uniform(a, b)
    ImageDraw.Draw(mask).polygon([(w * j(-0.3, 0.18), h * j(-0.3, 0.15)), (w * j(0.82, 1.3), h * j(-0.3, 0.15)), (w * j(0.82, 1.3), h * j(0.85, 1.3)), (w * j(-0.3, 0.18), h * j(0.85, 1.3))], fill=255)
    mask = np.asarray(mask.filter(ImageFilter.GaussianBlur(0.8)), np.float32) / 255
    wood = desk + grain(rng, (h, w), 6, 40) + grain(rng, (h, w), 5, 5) + 4 * np.sin(np.mgrid[0:h, 0:w][0] / rng.uniform(3, 9))
    return wood * (1 - mask) + paper * mask


def desk(rng, source, digits):
    size = int(rng.integers(70, 200))
    ink, label = source(rng, size, 1)
    canvas = np.zeros((H, W), np.float32)
    put(canvas, ink, int(rng.integers(140, W - 140 - ink.shape[1])), int(rng.integers(90, max(91, H - 90 - ink.shape[0]))))
    paper, pen = levels(rng)
    ground = sheet_on_desk(rng, canvas.shape, rng.uniform(30, 120), paper)
    return finish(rng, shade(canvas, ground, pen) * slope(rng, ink.shape if False else canvas.shape, rng.uniform(0.6, 1))), label


def note(rng, source, digits):
    """A sticky note on a desk or wall, seen whole."""
    size = int(rng.integers(60, 130))
    ink, label = source(rng, size, 1)
    side = int(size * rng.uniform(1.4, 2.0))
    x, y = int(rng.integers(5, W - side - 5)), int(rng.integers(5, max(6, H - side - 5)))
    mask, canvas = np.zeros((H, W), np.float32), np.zeros((H, W), np.float32)
    mask[y:y + side, x:x + side] = 1
    put(canvas, ink, x + (side - ink.shape[1]) // 2, y + (side - ink.shape[0]) // 2)
    ground, paper, pen = rng.uniform(40, 150), rng.uniform(190, 230), rng.uniform(20, 90)
    ground = ground + grain(rng, (H, W), 4, 12)
    a = float(rng.uniform(-12, 12))
    turn = lambda plane: np.asarray(Image.fromarray(plane).rotate(a, Image.Resampling.BICUBIC), np.float32)
    return finish(rng, shade(turn(canvas), shade(turn(mask), ground, paper), pen)), label


# Several digits.

def row_of_digits(rng, source, gap, count=None, size=None):
    count = count or int(rng.integers(2, 6))
    size = size or int(rng.integers(50, 100))
    parts, text = [], ""
    for _ in range(count):
        ink, label = source(rng, int(size * rng.uniform(0.9, 1.1)), 1)
        parts.append(trimmed(ink, None))
        text += str(label)
    height = max(p.shape[0] for p in parts) + 12
    line = np.zeros((height, sum(p.shape[1] for p in parts) + (count + 1) * size), np.float32)
    x = 2
    for p in parts:
        put(line, p, x, int(rng.integers(0, height - p.shape[0])))
        x += p.shape[1] + int(gap(rng, size))
    return trimmed(line, None), text


def several(rng, source, digits):
    ink, text = row_of_digits(rng, source, lambda r, s: r.uniform(0.12, 0.7) * s)
    canvas = np.zeros((H, W), np.float32)
    place(rng, canvas, ink[:, :W - 20])
    paper, pen = levels(rng)
    return finish(rng, shade(canvas, paper, pen)), text


def two_rows(rng, source, digits):
    canvas, text, y = np.zeros((H, W), np.float32), "", int(rng.integers(15, 80))
    for _ in range(2):
        ink, part = row_of_digits(rng, source, lambda r, s: r.uniform(0.15, 0.6) * s, int(rng.integers(2, 5)), int(rng.integers(60, 90)))
        put(canvas, ink, int(rng.integers(15, 80)), y)
        y += ink.shape[0] + int(rng.integers(40, 110))
        text += part
    paper, pen = levels(rng)
    return finish(rng, shade(canvas, paper, pen)), text


def touching(rng, source, digits):
    """Two or three digits pushed together until their ink meets."""
    size = int(rng.integers(60, 130))
    line, text = None, ""
    for _ in range(int(rng.integers(2, 4))):
        ink, label = source(rng, size, 1)
        ink, text = trimmed(ink, None), text + str(label)
        if line is None:
            line = np.pad(ink, ((4, size), (0, 0)))[:size + 12]
            continue
        wide = np.pad(line, ((0, 0), (0, ink.shape[1] + 4)))
        x = line.shape[1] + 2
        while x > line.shape[1] // 2 and not ((wide[4:4 + ink.shape[0], x:x + ink.shape[1]] > 0.4) & (ink > 0.4)).any():
            x -= 1
        put(wide, ink, x - 1, 4)
        line = trimmed(wide, None)
        line = np.pad(line, ((4, size), (0, 0)))[:size + 12]
    canvas = np.zeros((H, W), np.float32)
    place(rng, canvas, trimmed(line, None))
    paper, pen = levels(rng)
    return finish(rng, shade(canvas, paper, pen)), text


# No digit at all.

def empty(rng, source, digits):
    return finish(rng, rng.uniform(90, 240) * slope(rng, (H, W), rng.uniform(0.3, 1)), rng.uniform(1, 8)), "none"


def lines_only(rng, source, digits):
    paper, pen = levels(rng)
    lines = rules(rng, (H, W), rng.uniform(18, 80), rng.uniform(1, 3), rng.random() < 0.5, rng.uniform(-0.1, 0.1))
    return finish(rng, shade(lines, paper, paper - rng.uniform(0.2, 1) * (paper - pen))), "none"


def texture(rng, source, digits):
    grey = rng.uniform(90, 180) + sum(grain(rng, (H, W), rng.uniform(4, 18), s) for s in (2, 6, 20, 60))
    y, x = np.mgrid[0:H, 0:W].astype(np.float32)
    grey += rng.uniform(0, 20) * np.sin(y / rng.uniform(2, 12) + 2 * np.sin(x / 90))
    return finish(rng, grey), "none"


def static(rng, source, digits):
    return finish(rng, np.full((H, W), rng.uniform(100, 180), np.float32), rng.uniform(15, 70)), "none"


def objects(rng, source, digits):
    """A hand, a cup, a phone: large shapes without strokes."""
    grey = np.full((H, W), rng.uniform(150, 230), np.float32)
    for _ in range(int(rng.integers(1, 4))):
        mask = Image.new("L", (W, H), 0)
        draw = ImageDraw.Draw(mask)
        x, y, r = rng.uniform(0, W), rng.uniform(0, H), rng.uniform(50, 160)
        kind = int(rng.integers(3))
        if kind == 0:
            draw.ellipse([x - r, y - r * 0.7, x + r, y + r * 0.7], fill=255)
        elif kind == 1:
            draw.rectangle([x - r, y - r * 0.6, x + r, y + r], fill=255)
        else:
            draw.ellipse([x - r, y, x + r, y + 2 * r], fill=255)
            for f in range(4):
                fx = x - r + (f + 0.5) * r / 2
                draw.line([fx, y + r, fx + rng.uniform(-30, 30), y - r * rng.uniform(0.6, 1.1)], fill=255, width=int(r * 0.4))
        mask = mask.rotate(float(rng.uniform(0, 360)), center=(x, y)).filter(ImageFilter.GaussianBlur(rng.uniform(0.7, 3)))
        m = np.asarray(mask, np.float32) / 255
        grey = shade(m, grey, rng.uniform(30, 140) + grain(rng, (H, W), 6, 20))
    return finish(rng, grey * slope(rng, (H, W), rng.uniform(0.6, 1))), "none"


def letters(rng, source, digits):
    """Letters that are no digit's twin."""
    ink = digits.text(rng, "ABEFHKMNPRTWXYaehkmnrtwx"[int(rng.integers(24))], int(rng.integers(60, 180)))
    canvas = np.zeros((H, W), np.float32)
    place(rng, canvas, ink)
    paper, pen = levels(rng)
    return finish(rng, shade(canvas, paper, pen)), "none"


def words(rng, source, digits):
    canvas = np.zeros((H, W), np.float32)
    for line in range(int(rng.integers(1, 5))):
        text = "".join(chr(97 + int(c)) for c in rng.integers(0, 26, int(rng.integers(4, 9)))) + " " + "".join(chr(97 + int(c)) for c in rng.integers(0, 26, 5))
        put(canvas, digits.text(rng, text, int(rng.integers(26, 50))), int(rng.integers(10, 60)), 30 + line * 100)
    paper, pen = levels(rng)
    return finish(rng, shade(canvas, paper, pen)), "none"


def scribble(rng, source, digits):
    canvas = Image.new("L", (W, H), 0)
    draw = ImageDraw.Draw(canvas)
    cx, cy, r = rng.uniform(150, W - 150), rng.uniform(130, H - 130), rng.uniform(40, 110)
    points = [(cx + rng.normal() * r * 0.6, cy + rng.normal() * r * 0.5) for _ in range(int(rng.integers(8, 22)))]
    curve = []
    for a, b, c, d in zip(points, points[1:], points[2:], points[3:]):
        for t in np.linspace(0, 1, 12):
            p = [0.5 * (2 * q + (s - o) * t + (2 * o - 5 * q + 4 * s - u) * t * t + (3 * q - o - 3 * s + u) * t ** 3) for o, q, s, u in zip(a, b, c, d)]
            curve.append(tuple(p))
    draw.line(curve, fill=255, width=int(rng.integers(4, 14)), joint="curve")
    ink = np.asarray(canvas.filter(ImageFilter.GaussianBlur(0.8)), np.float32) / 255
    paper, pen = levels(rng)
    return finish(rng, shade(ink, paper, pen)), "none"


# What strangers bring.

def mnist_file(rng, source, digits):
    """28 x 28 as MNIST has it, in either polarity."""
    index = int(rng.integers(len(digits.mnist)))
    pixels = digits.mnist[index]
    return Image.fromarray(255 - pixels if rng.random() < 0.5 else pixels), int(digits.mnist_labels[index])


def tiny_paint(rng, source, digits):
    """A paint program's canvas of 16 to 64 pixels, drawn with the smallest brushes."""
    side = int(rng.choice([16, 20, 24, 32, 48, 64]))
    fill = rng.uniform(0.6, 0.95)
    ink, label = digits.drawn(rng, max(12, int(side * fill)), 1)
    canvas = np.zeros((side, side), np.float32)
    place(rng, canvas, ink, 0)
    if rng.random() < 0.5:
        canvas = (canvas > 0.5).astype(np.float32)
    grey = shade(canvas, 255.0, 0.0) if rng.random() < 0.7 else canvas * 255
    return Image.fromarray(grey.astype(np.uint8)), label


def paint(rng, source, digits):
    """A paint program's canvas, hard or soft brush, perhaps coloured, perhaps white on black."""
    side = int(rng.choice([200, 280, 400, 512]))
    ink, label = digits.drawn(rng, int(side * rng.uniform(0.4, 0.95)), int(rng.integers(3)))
    canvas = np.zeros((side, side), np.float32)
    place(rng, canvas, ink, 0)
    if rng.random() < 0.5:
        canvas = (canvas > 0.5).astype(np.float32)
    if rng.random() < 0.3:
        return Image.fromarray((canvas * 255).astype(np.uint8)), label
    pen = PENS[int(rng.integers(len(PENS)))]
    return Image.fromarray(np.stack([shade(canvas, 255.0, float(p)) for p in pen], 2).astype(np.uint8)), label


def alpha(rng, source, digits):
    """Black ink on nothing: a PNG whose colour is black everywhere."""
    side = int(rng.choice([100, 280, 600]))
    ink, label = digits.drawn(rng, int(side * 0.8), 1)
    canvas = np.zeros((side, side), np.float32)
    place(rng, canvas, ink, 0)
    pixels = np.zeros((side, side, 4), np.uint8)
    pixels[..., 3] = canvas * 255
    return Image.fromarray(pixels, "RGBA"), label


def screenshot(rng, source, digits):
    """A window with a title bar, in which one drew."""
    w, h = int(rng.choice([800, 1280, 1920])), 0
    h = w * 9 // 16
    grey = np.full((h, w), rng.choice([255.0, 248.0, 240.0]), np.float32)
    bar = int(h * 0.06)
    dark = rng.uniform(30, 210)
    grey[:bar] = dark
    for k in range(3):
        grey[bar // 4:bar * 3 // 4, 20 + k * bar:20 + k * bar + bar // 2] = 255 - dark
    if rng.random() < 0.5:
        grey[:, :bar] = dark + 20
        for k in range(6):
            grey[2 * bar + k * bar:2 * bar + k * bar + bar // 2, bar // 4:bar * 3 // 4] = 255 - dark
    ink, label = digits.drawn(rng, int(h * rng.uniform(0.3, 0.7)), 1)
    canvas = np.zeros((h, w), np.float32)
    y = int(rng.integers(bar + 15, h - ink.shape[0] - 8))
    put(canvas, ink, int(rng.integers(bar + 15, w - ink.shape[1] - 10)), y)
    return Image.fromarray(shade(canvas, grey, float(rng.uniform(0, 60))).astype(np.uint8)), label


def photo(rng, source, digits):
    """A phone's photograph, 12 megapixels: sheet on a desk, uneven light, a pen's or a hand's shadow, EXIF rotation."""
    w, h = (1500, 2000) if rng.random() < 0.6 else (2000, 1500)
    size = int(min(w, h) * rng.choice([0.1, 0.18, 0.3, 0.5, 0.75]))
    ink, label = digits.drawn(rng, size, int(rng.choice([0, 0, 1, 2])))
    canvas = np.zeros((h, w), np.float32)
    spread = min((w - size) // 2 - 20, w // 5), min((h - size) // 2 - 20, h // 5)
    put(canvas, ink, (w - size) // 2 + int(rng.integers(-spread[0], spread[0] + 1)), (h - size) // 2 + int(rng.integers(-spread[1], spread[1] + 1)))
    paper = rng.uniform(185, 230)
    pen = paper - rng.uniform(60, 170)
    lines = rng.random()
    ground = np.full((h, w), paper, np.float32)
    if lines < 0.25:
        ground = shade(rules(rng, (h, w), rng.uniform(40, 90), 3, True), ground, paper - 35)
    elif lines < 0.4:
        ground = shade(rules(rng, (h, w), rng.uniform(70, 160), 4, False), ground, paper - 45)
    if size < 0.45 * min(w, h) and rng.random() < 0.6:
        on_desk = sheet_on_desk(rng, (h, w), rng.uniform(30, 110), paper)
        mask = (on_desk > paper - 3)
        ground = np.where(mask, ground, on_desk)
    grey = shade(canvas, ground, pen) * slope(rng, (h, w), rng.uniform(0.45, 0.9))
    if rng.random() < 0.5:
        y, x = np.mgrid[0:h, 0:w].astype(np.float32)
        a = rng.random() * 2 * np.pi
        edge = (x - w / 2) * np.cos(a) + (y - h / 2) * np.sin(a) + rng.uniform(-0.4, 0.4) * w
        grey *= np.clip(edge / rng.uniform(10, 150), 0, 1) * 0.4 + 0.6
    grey = blurred(grey, rng.uniform(0.5, 2.5))
    planes = [np.clip(grey * t + grain(rng, grey.shape, 3), 0, 255).astype(np.uint8) for t in (1.0, rng.uniform(0.92, 1), rng.uniform(0.8, 0.98))]
    image = Image.fromarray(np.stack(planes, 2)).resize((w * 2, h * 2), Image.Resampling.BILINEAR)
    turn = int(rng.choice([1, 1, 6, 8, 3]))
    stored = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}[turn]
    if stored is not None:
        image = image.transpose(stored)
    exif = Image.Exif()
    exif[0x0112] = turn
    image.info["exif"] = exif.tobytes()
    image.info["as"] = "jpg"
    return image, label


def printed(rng, source, digits):
    """A printed digit."""
    ink, label = digits.printed(rng, int(rng.integers(60, 260)))
    canvas = np.zeros((H, W), np.float32)
    place(rng, canvas, ink)
    paper, pen = levels(rng)
    return finish(rng, shade(canvas, paper, pen)), label


def lcd(rng, source, digits):
    """A digit of seven segments: dark on grey-green, or glowing on black."""
    fonts = [f for f in digits.fonts if "DSEG7Classic" in f and "Mini" not in f]
    if not fonts:
        return None
    label = int(rng.integers(10))
    ink = digits.text(rng, str(label), int(rng.integers(60, 220)), fonts)
    canvas = np.zeros((H, W), np.float32)
    place(rng, canvas, ink)
    paper, pen = (rng.uniform(120, 170), rng.uniform(20, 50)) if rng.random() < 0.5 else (rng.uniform(5, 25), rng.uniform(150, 240))
    return finish(rng, shade(canvas, paper, pen)), label


ONE = [plain, uneven, hard_shadow, ruled, ruled_dark, squared, squared_dark, coloured, tilt, blur, jpeg50, thin, thick, small, big, edge, chalk, pencil, noisy, desk, note]
MANY = [several, two_rows, touching]
NONE = [empty, lines_only, texture, static, objects, letters, words, scribble]
STRANGE = [mnist_file, tiny_paint, paint, alpha, screenshot, photo, printed, lcd]


def main():
    target, glyph_file, mnist_folder, count, kind = sys.argv[1:6]
    only = set(sys.argv[7].split(",")) if len(sys.argv) > 7 and sys.argv[7] else None
    fonts = sorted(f for f in sys.argv[6].split(":") if f)
    digits = Digits(glyph_file, mnist_folder, fonts)
    source = digits.from_mnist if kind == "mnist" else digits.drawn
    sets = {"mnist": ONE + MANY, "drawn": ONE + MANY + NONE + STRANGE}[kind]
    for number, condition in enumerate(ONE + MANY + NONE + STRANGE):
        name = condition.__name__
        if condition not in sets or (only and name not in only):
            continue
        folder = os.path.join(target, kind, name)
        os.makedirs(folder, exist_ok=True)
        for index in range(int(count) if condition is not photo else max(1, int(count) // 3)):
            rng = np.random.default_rng([7, number, index, kind == "mnist"])
            made = condition(rng, source, digits)
            if made is None:
                break
            image, text = made
            path = os.path.join(folder, "%04d-%s" % (index, text))
            if image.info.get("as") == "jpg":
                image.save(path + ".jpg", quality=85, exif=image.info["exif"])
            elif isinstance(image, Image.Image) and image.format == "JPEG":
                image.load()
                image.save(path + ".pgm")
            else:
                image.save(path + (".pgm" if image.mode == "L" else ".png"))


if __name__ == "__main__":
    main()
