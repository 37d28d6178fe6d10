"""Scenes with one digit. Each function is a condition: it takes (random numbers, where one digit's ink comes from,
all sources) and answers (picture, text to be read).
"""

import numpy as np
from PIL import Image

from ink import place, put, trimmed
from light import blurred, finish, grain, jpeg, rules, shade, sheet_on_desk, slope, tilted

W, H = 640, 480


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
    lines = rules(
        rng, ink.shape, pitch, rng.uniform(1, 2.5) if dark else rng.uniform(1, 3), squared, rng.uniform(-0.04, 0.04)
    )
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
    planes = [
        np.clip(shade(ink, float(p), float(q)) * light + grain(rng, ink.shape, 2), 0, 255).astype(np.uint8)
        for p, q in zip(paper, pen)
    ]
    return Image.fromarray(np.stack(planes, 2)), label


def tilt(rng, source, digits):
    ink, label, _ = one(rng, source, 90, 220)
    canvas = np.zeros((H, W), np.float32)
    rows, columns = np.where(ink > 0.05)
    part = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    put(
        canvas,
        part,
        (W - part.shape[1]) // 2 + int(rng.integers(-100, 100)),
        (H - part.shape[0]) // 2 + int(rng.integers(-50, 50)),
    )
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
    spots = [
        (near, int(rng.integers(near, H - h - near))),
        (W - w - near, int(rng.integers(near, H - h - near))),
        (int(rng.integers(near, W - w - near)), near),
        (int(rng.integers(near, W - w - near)), H - h - near),
    ]
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
    return (
        finish(rng, shade(rough, paper, paper - rng.uniform(45, 80)) * slope(rng, ink.shape, rng.uniform(0.6, 1)), 2),
        label,
    )


def noisy(rng, source, digits):
    ink, label, _ = one(rng, source)
    paper, pen = rng.uniform(150, 200), rng.uniform(30, 70)
    return finish(rng, shade(ink, paper, pen), rng.uniform(8, 16)), label


def desk(rng, source, digits):
    size = int(rng.integers(70, 200))
    ink, label = source(rng, size, 1)
    canvas = np.zeros((H, W), np.float32)
    put(
        canvas,
        ink,
        int(rng.integers(140, W - 140 - ink.shape[1])),
        int(rng.integers(90, max(91, H - 90 - ink.shape[0]))),
    )
    paper, pen = levels(rng)
    ground = sheet_on_desk(rng, canvas.shape, rng.uniform(30, 120), paper)
    return finish(rng, shade(canvas, ground, pen) * slope(rng, canvas.shape, rng.uniform(0.6, 1))), label


def sheet_on_table(rng, canvas, box):
    """A sheet of paper on a desk or wall that is seen whole, turned a little; `box` is its left, top, right and bottom."""
    left, top, right, bottom = box
    mask = np.zeros((H, W), np.float32)
    mask[top:bottom, left:right] = 1
    ground, paper, pen = rng.uniform(40, 150), rng.uniform(190, 230), rng.uniform(20, 90)
    ground = ground + grain(rng, (H, W), 4, 12)
    a = float(rng.uniform(-12, 12))
    turn = lambda plane: np.asarray(Image.fromarray(plane).rotate(a, Image.Resampling.BICUBIC), np.float32)
    return finish(rng, shade(turn(canvas), shade(turn(mask), ground, paper), pen))


def note(rng, source, digits):
    """A sticky note that the digit all but fills."""
    size = int(rng.integers(60, 130))
    ink, label = source(rng, size, 1)
    side = int(size * rng.uniform(1.4, 2.0))
    x, y = int(rng.integers(5, W - side - 5)), int(rng.integers(5, max(6, H - side - 5)))
    canvas = np.zeros((H, W), np.float32)
    put(canvas, ink, x + (side - ink.shape[1]) // 2, y + (side - ink.shape[0]) // 2)
    return sheet_on_table(rng, canvas, (x, y, x + side, y + side)), label


def page_box(rng):
    """Where a large sheet lies."""
    w, h = int(rng.integers(330, 520)), int(rng.integers(250, 380))
    left, top = int(rng.integers(40, W - 40 - w)), int(rng.integers(40, H - 40 - h))
    return left, top, left + w, top + h


def page(rng, source, digits):
    """A page with a digit small against it."""
    left, top, right, bottom = box = page_box(rng)
    ink, label = source(rng, int((bottom - top) * rng.uniform(0.18, 0.4)), 1)
    canvas = np.zeros((H, W), np.float32)
    x = int(rng.integers(left + 50, right - 50 - ink.shape[1]))
    y = int(rng.integers(top + 50, bottom - 50 - ink.shape[0]))
    put(canvas, ink, x, y)
    return sheet_on_table(rng, canvas, box), label


CONDITIONS = [
    plain,
    uneven,
    hard_shadow,
    ruled,
    ruled_dark,
    squared,
    squared_dark,
    coloured,
    tilt,
    blur,
    jpeg50,
    thin,
    thick,
    small,
    big,
    edge,
    chalk,
    pencil,
    noisy,
    desk,
    note,
    page,
]
