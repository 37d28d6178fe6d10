"""Where the ink of scenes comes from: drawn digits, MNIST's, printed letters, seven segments; and how it is placed."""

import gzip
import os

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIDE = 256


class Digits:
    """Where digits come from: squares of ink 0...1, at any size."""

    def __init__(self, glyph_file, mnist_folder, print_fonts, hand_fonts):
        raw = np.fromfile(glyph_file, np.uint8)
        self.glyphs = raw.reshape(3, -1, SIDE, SIDE)
        self.mnist = None
        images = os.path.join(mnist_folder, "t10k-images-idx3-ubyte.gz")
        if os.path.exists(images):
            data = gzip.open(images).read()
            self.mnist = np.frombuffer(data, np.uint8, offset=16).reshape(-1, 28, 28)
            labels = gzip.open(os.path.join(mnist_folder, "t10k-labels-idx1-ubyte.gz")).read()
            self.mnist_labels = np.frombuffer(labels, np.uint8, offset=8)
        self.print_fonts = print_fonts
        self.hand_fonts = hand_fonts

    def drawn(self, rng, size, pen=1, label=None):
        count = self.glyphs.shape[1]
        index = int(rng.integers(count))
        if label is not None:
            index = index // 10 * 10 + label
        ink = Image.fromarray(self.glyphs[pen, index]).resize(
            (size, size), Image.Resampling.BOX if size < SIDE else Image.Resampling.BICUBIC
        )
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

    def text(self, rng, text, size, fonts):
        font = ImageFont.truetype(fonts[int(rng.integers(len(fonts)))], round(size * 1.3))
        canvas = Image.new("L", (size * (len(text) + 2), size * 3), 0)
        ImageDraw.Draw(canvas).text((size // 2, size // 2), text, 255, font)
        return trimmed(np.asarray(canvas, np.float32) / 255, None)

    # The lit segments of each digit: top, upper left, upper right, middle, lower left, lower right, bottom.
    SEGMENTS = [
        "1110111",
        "0010010",
        "1011101",
        "1011011",
        "0111010",
        "1101011",
        "1101111",
        "1010010",
        "1111111",
        "1111011",
    ]

    def segments(self, rng, label, size):
        """A digit of seven segments, upright or slanted, with small gaps or none."""
        k = size * 4
        thick, gap, slant = k * rng.uniform(0.07, 0.13), k * rng.uniform(0.0, 0.012), rng.uniform(0, 0.12)
        wide = k * rng.uniform(0.48, 0.56)
        canvas = Image.new("L", (int(wide + slant * k) + 4, k + 4), 0)
        draw = ImageDraw.Draw(canvas)
        half = k / 2
        ends = [
            ((0, 0), (wide, 0)),
            ((0, 0), (0, half)),
            ((wide, 0), (wide, half)),
            ((0, half), (wide, half)),
            ((0, half), (0, k)),
            ((wide, half), (wide, k)),
            ((0, k), (wide, k)),
        ]
        for lit, (a, b) in zip(self.SEGMENTS[label], ends):
            if lit == "0":
                continue
            inset = lambda v, most: min(max(v, thick / 2), most - thick / 2)
            (ax, ay), (bx, by) = [(inset(x, wide), inset(y, k)) for x, y in (a, b)]
            dx, dy = (1, 0) if ay == by else (0, 1)
            ax, ay, bx, by = ax + dx * gap, ay + dy * gap, bx - dx * gap, by - dy * gap
            t = thick / 2
            if dx:
                points = [(ax, ay), (ax + t, ay - t), (bx - t, by - t), (bx, by), (bx - t, by + t), (ax + t, ay + t)]
            else:
                points = [(ax, ay), (ax + t, ay + t), (bx + t, by - t), (bx, by), (bx - t, by - t), (ax - t, ay + t)]
            draw.polygon([(2 + x + slant * (k - y), 2 + y) for x, y in points], fill=255)
        ink = canvas.resize((canvas.width // 4, canvas.height // 4), Image.Resampling.BOX)
        return trimmed(np.asarray(ink, np.float32) / 255, None)


def trimmed(ink, size):
    """Cuts the empty rim off."""
    rows, columns = np.where(ink > 0.05)
    if not len(rows):
        return ink
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def put(canvas, ink, x, y):
    """Adds ink to a plane of ink; what lies outside is left out."""
    h, w = ink.shape
    x0, y0 = max(0, x), max(0, y)
    x1, y1 = min(canvas.shape[1], x + w), min(canvas.shape[0], y + h)
    if x1 > x0 and y1 > y0:
        part = canvas[y0:y1, x0:x1]
        np.maximum(part, ink[y0 - y : y1 - y, x0 - x : x1 - x], out=part)


def place(rng, canvas, ink, margin=10):
    h, w = ink.shape
    x = int(rng.integers(margin, max(margin + 1, canvas.shape[1] - w - margin)))
    y = int(rng.integers(margin, max(margin + 1, canvas.shape[0] - h - margin)))
    put(canvas, ink, x, y)
    return x, y
