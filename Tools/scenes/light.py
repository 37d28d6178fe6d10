"""Paper, light and lenses: planes of grey 0...255 in 32-bit floating point."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def grain(rng, shape, sigma, scale=1):
    """Noise; with a scale above 1 in patches of that size."""
    h, w = shape[0] // scale + 2, shape[1] // scale + 2
    noise = rng.normal(0, sigma, (h, w)).astype(np.float32)
    if scale > 1:
        noise = np.asarray(Image.fromarray(noise).resize((w * scale, h * scale), Image.Resampling.BICUBIC))
    return noise[: shape[0], : shape[1]]


def shade(ink, paper, pen):
    """Paper with ink on it; paper a plane or a number."""
    return paper * (1 - ink) + pen * ink


def slope(rng, shape, low):
    """Light that falls from 1 to `low` over the picture, towards one side or away from a spot."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
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
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
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
    return np.asarray(
        image.transform(
            (w, h), Image.Transform.PERSPECTIVE, list(coefficients), Image.Resampling.BICUBIC, fillcolor=int(fill)
        ),
        np.float32,
    )


def blurred(grey, radius):
    return np.asarray(
        Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius)), np.float32
    )


def finish(rng, grey, noise=2.0):
    return Image.fromarray(np.clip(grey + grain(rng, grey.shape, noise), 0, 255).astype(np.uint8))


def jpeg(image, quality):
    """What is left of a picture after storing it as JPEG."""
    data = io.BytesIO()
    image.save(data, "JPEG", quality=quality)
    again = Image.open(io.BytesIO(data.getvalue()))
    again.load()
    return again


def sheet_on_desk(rng, shape, desk, paper):
    """A sheet of paper on a desk: its edges and corners are in view."""
    h, w = shape
    mask = Image.new("L", (w, h), 0)
    j = lambda a, b: rng.uniform(a, b)
    ImageDraw.Draw(mask).polygon(
        [
            (w * j(-0.3, 0.18), h * j(-0.3, 0.15)),
            (w * j(0.82, 1.3), h * j(-0.3, 0.15)),
            (w * j(0.82, 1.3), h * j(0.85, 1.3)),
            (w * j(-0.3, 0.18), h * j(0.85, 1.3)),
        ],
        fill=255,
    )
    mask = np.asarray(mask.filter(ImageFilter.GaussianBlur(0.8)), np.float32) / 255
    wood = (
        desk
        + grain(rng, (h, w), 6, 40)
        + grain(rng, (h, w), 5, 5)
        + 4 * np.sin(np.mgrid[0:h, 0:w][0] / rng.uniform(3, 9))
    )
    return wood * (1 - mask) + paper * mask
