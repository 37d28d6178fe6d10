"""Scenes with several digits, to be read as one number."""

import numpy as np

from ink import place, put, trimmed
from light import finish, shade
from one_digit import H, W, levels, page_box, sheet_on_table


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
    place(rng, canvas, ink[:, : W - 20])
    paper, pen = levels(rng)
    return finish(rng, shade(canvas, paper, pen)), text


def two_rows(rng, source, digits):
    canvas, text, y = np.zeros((H, W), np.float32), "", int(rng.integers(15, 80))
    for _ in range(2):
        ink, part = row_of_digits(
            rng, source, lambda r, s: r.uniform(0.15, 0.6) * s, int(rng.integers(2, 5)), int(rng.integers(60, 90))
        )
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
            line = np.pad(ink, ((4, size), (0, 0)))[: size + 12]
            continue
        wide = np.pad(line, ((0, 0), (0, ink.shape[1] + 4)))
        x = line.shape[1] + 2
        while (
            x > line.shape[1] // 2
            and not ((wide[4 : 4 + ink.shape[0], x : x + ink.shape[1]] > 0.4) & (ink > 0.4)).any()
        ):
            x -= 1
        put(wide, ink, x - 1, 4)
        line = trimmed(wide, None)
        line = np.pad(line, ((4, size), (0, 0)))[: size + 12]
    canvas = np.zeros((H, W), np.float32)
    place(rng, canvas, trimmed(line, None))
    paper, pen = levels(rng)
    return finish(rng, shade(canvas, paper, pen)), text


def column(rng, source, digits):
    """Digits above one another that all but touch."""
    canvas, text, y = np.zeros((H, W), np.float32), "", int(rng.integers(10, 40))
    middle, size = int(rng.integers(100, W - 100)), int(rng.integers(70, 120))
    for _ in range(int(rng.integers(2, 4))):
        ink, label = source(rng, size, 1)
        ink = trimmed(ink, None)
        put(canvas, ink, middle - ink.shape[1] // 2, y)
        y += ink.shape[0] + int(rng.integers(2, 10))
        text += str(label)
    paper, pen = levels(rng)
    return finish(rng, shade(canvas, paper, pen)), text


def page_number(rng, source, digits):
    """A number on a page that lies on a table."""
    left, top, right, bottom = box = page_box(rng)
    gap = lambda r, s: r.uniform(0.15, 0.4) * s
    ink, text = row_of_digits(rng, source, gap, int(rng.integers(2, 5)), int(rng.integers(45, 70)))
    canvas = np.zeros((H, W), np.float32)
    x = int(rng.integers(left + 20, max(left + 21, right - 30 - ink.shape[1])))
    put(canvas, ink, x, int(rng.integers(top + 40, bottom - 40 - ink.shape[0])))
    return sheet_on_table(rng, canvas, box), text


CONDITIONS = [several, two_rows, touching, column, page_number]
