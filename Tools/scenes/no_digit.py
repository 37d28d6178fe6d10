"""Scenes without a digit."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from ink import place, put
from light import finish, grain, rules, shade, slope
from one_digit import H, W, levels


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
                draw.line(
                    [fx, y + r, fx + rng.uniform(-30, 30), y - r * rng.uniform(0.6, 1.1)], fill=255, width=int(r * 0.4)
                )
        mask = mask.rotate(float(rng.uniform(0, 360)), center=(x, y)).filter(
            ImageFilter.GaussianBlur(rng.uniform(0.7, 3))
        )
        m = np.asarray(mask, np.float32) / 255
        grey = shade(m, grey, rng.uniform(30, 140) + grain(rng, (H, W), 6, 20))
    return finish(rng, grey * slope(rng, (H, W), rng.uniform(0.6, 1))), "none"


def letters(rng, source, digits):
    """Letters that are no digit's twin."""
    if not digits.print_fonts:
        return None
    ink = digits.text(
        rng, "ABEFHKMNPRTWXYaehkmnrtwx"[int(rng.integers(24))], int(rng.integers(60, 180)), digits.print_fonts
    )
    canvas = np.zeros((H, W), np.float32)
    place(rng, canvas, ink)
    paper, pen = levels(rng)
    return finish(rng, shade(canvas, paper, pen)), "none"


def words(rng, source, digits):
    if not digits.print_fonts:
        return None
    canvas = np.zeros((H, W), np.float32)
    for line in range(int(rng.integers(1, 5))):
        text = (
            "".join(chr(97 + int(c)) for c in rng.integers(0, 26, int(rng.integers(4, 9))))
            + " "
            + "".join(chr(97 + int(c)) for c in rng.integers(0, 26, 5))
        )
        put(
            canvas,
            digits.text(rng, text, int(rng.integers(26, 50)), digits.print_fonts),
            int(rng.integers(10, 60)),
            30 + line * 100,
        )
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
            p = [
                0.5 * (2 * q + (s - o) * t + (2 * o - 5 * q + 4 * s - u) * t * t + (3 * q - o - 3 * s + u) * t**3)
                for o, q, s, u in zip(a, b, c, d)
            ]
            curve.append(tuple(p))
    draw.line(curve, fill=255, width=int(rng.integers(4, 14)), joint="curve")
    ink = np.asarray(canvas.filter(ImageFilter.GaussianBlur(0.8)), np.float32) / 255
    paper, pen = levels(rng)
    return finish(rng, shade(ink, paper, pen)), "none"


CONDITIONS = [empty, lines_only, texture, static, objects, letters, words, scribble]
