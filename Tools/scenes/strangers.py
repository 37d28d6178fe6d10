"""Pictures as strangers bring them: files of paint programs and phones, print and displays."""

import numpy as np
from PIL import Image

from ink import place, put, trimmed
from light import blurred, finish, grain, rules, shade, sheet_on_desk, slope, tilted
from one_digit import H, PENS, W, levels


def mnist_file(rng, source, digits):
    """28 x 28 as MNIST has it, in either polarity."""
    if digits.mnist is None:
        return None
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
        grey[bar // 4 : bar * 3 // 4, 20 + k * bar : 20 + k * bar + bar // 2] = 255 - dark
    if rng.random() < 0.5:
        grey[:, :bar] = dark + 20
        for k in range(6):
            grey[2 * bar + k * bar : 2 * bar + k * bar + bar // 2, bar // 4 : bar * 3 // 4] = 255 - dark
    ink, label = digits.drawn(rng, int(h * rng.uniform(0.3, 0.7)), 1)
    canvas = np.zeros((h, w), np.float32)
    y = int(rng.integers(bar + 15, h - ink.shape[0] - 8))
    put(canvas, ink, int(rng.integers(bar + 15, w - ink.shape[1] - 10)), y)
    return Image.fromarray(shade(canvas, grey, float(rng.uniform(0, 60))).astype(np.uint8)), label


def vignette(shape, loss):
    """A lens that darkens the corners."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    r = ((x / shape[1] - 0.5) ** 2 + (y / shape[0] - 0.5) ** 2) * 2
    return 1 - loss * r


def thumb(rng, grey):
    """A fingertip in a corner."""
    h, w = grey.shape
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    cx, cy = int(rng.integers(2)) * w, int(rng.integers(2)) * h
    r = min(h, w) * rng.uniform(0.08, 0.18)
    d = np.hypot((x - cx) / rng.uniform(0.8, 1.4), y - cy)
    mask = np.clip((r - d) / 12, 0, 1)
    return grey * (1 - mask) + (rng.uniform(90, 170) - d / r * 25) * mask


def photo(rng, source, digits):
    """A phone's photograph, 12 megapixels: sheet on a desk, uneven light, a pen's or a hand's shadow, EXIF rotation."""
    w, h = (1500, 2000) if rng.random() < 0.6 else (2000, 1500)
    size = int(min(w, h) * rng.choice([0.1, 0.18, 0.3, 0.5, 0.75]))
    ink, label = digits.drawn(rng, size, int(rng.choice([0, 0, 1, 2])))
    canvas = np.zeros((h, w), np.float32)
    spread = min((w - size) // 2 - 20, w // 5), min((h - size) // 2 - 20, h // 5)
    put(
        canvas,
        ink,
        (w - size) // 2 + int(rng.integers(-spread[0], spread[0] + 1)),
        (h - size) // 2 + int(rng.integers(-spread[1], spread[1] + 1)),
    )
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
        mask = on_desk > paper - 3
        ground = np.where(mask, ground, on_desk)
    grey = shade(canvas, ground, pen) * slope(rng, (h, w), rng.uniform(0.45, 0.9))
    if rng.random() < 0.5:
        y, x = np.mgrid[0:h, 0:w].astype(np.float32)
        a = rng.random() * 2 * np.pi
        edge = (x - w / 2) * np.cos(a) + (y - h / 2) * np.sin(a) + rng.uniform(-0.4, 0.4) * w
        grey *= np.clip(edge / rng.uniform(10, 150), 0, 1) * 0.4 + 0.6
    grey *= vignette((h, w), rng.uniform(0, 0.35))
    if rng.random() < 0.5:
        grey = tilted(rng, grey, paper * 0.6)
    grey = thumb(rng, grey) if rng.random() < 0.3 else grey
    grey = blurred(grey, rng.uniform(0.5, 2.5))
    planes = [
        np.clip(grey * t + grain(rng, grey.shape, 3), 0, 255).astype(np.uint8)
        for t in (1.0, rng.uniform(0.92, 1), rng.uniform(0.8, 0.98))
    ]
    image = Image.fromarray(np.stack(planes, 2)).resize((w * 2, h * 2), Image.Resampling.BILINEAR)
    return saved(turned(image, int(rng.choice([1, 1, 6, 8, 3]))), "jpg", quality=85), label


def lettered(rng, digits, fonts):
    if not fonts:
        return None
    label = int(rng.integers(10))
    ink = digits.text(rng, str(label), int(rng.integers(60, 260)), fonts)
    canvas = np.zeros((H, W), np.float32)
    place(rng, canvas, ink)
    paper, pen = levels(rng)
    return finish(rng, shade(canvas, paper, pen)), label


def printed(rng, source, digits):
    """A printed digit."""
    return lettered(rng, digits, digits.print_fonts)


def hand_font(rng, source, digits):
    """A digit of a font that was made from somebody's handwriting."""
    return lettered(rng, digits, digits.hand_fonts)


def lcd(rng, source, digits):
    """A digit of seven segments: dark on grey-green, or glowing on black."""
    label = int(rng.integers(10))
    ink = digits.segments(rng, label, int(rng.integers(60, 220)))
    canvas = np.zeros((H, W), np.float32)
    place(rng, canvas, ink)
    dark = (rng.uniform(120, 170), rng.uniform(20, 50))
    paper, pen = dark if rng.random() < 0.5 else (rng.uniform(5, 25), rng.uniform(150, 240))
    return finish(rng, shade(canvas, paper, pen)), label


def fills(rng, source, digits):
    """A picture cut out close about its digit."""
    ink, label = source(rng, int(rng.integers(90, 500)), int(rng.integers(3)))
    ink = trimmed(ink, None)
    margin = int(rng.uniform(0, 0.12) * max(ink.shape))
    paper, pen = levels(rng)
    return finish(rng, shade(np.pad(ink, margin), paper, pen)), label


def file_forms(rng, source, digits):
    """The kinds of PNG and JPEG that programs write."""
    side = int(rng.choice([90, 240, 500]))
    ink, label = source(rng, int(side * 0.7), int(rng.integers(1, 3)))
    canvas = np.zeros((side, side), np.float32)
    place(rng, canvas, ink, 4)
    grey = np.clip(shade(canvas, 235, 25) + grain(rng, canvas.shape, 1.5), 0, 255)
    plain = Image.fromarray(grey.astype(np.uint8))
    black = Image.new("L", plain.size, 0)
    alpha = Image.fromarray((canvas * 255).astype(np.uint8))
    kind = int(rng.integers(9))
    if kind == 0:
        return saved(Image.fromarray((grey * 257).astype(np.uint16)), "png"), label
    if kind == 1:
        return saved(Image.merge("LA", [black, alpha]), "png"), label
    if kind == 2:
        return saved(plain.convert("RGB").convert("CMYK"), "jpg", quality=90), label
    if kind == 3:
        return saved(plain.convert("RGB").quantize(16), "png"), label
    if kind == 4:
        return saved(plain.convert("1", dither=Image.Dither.NONE), "png"), label
    if kind == 5:
        return saved(plain.convert("RGB"), "jpg", quality=30, progressive=True), label
    if kind == 6:
        return saved(Image.merge("RGBA", [black.point(lambda v: 255)] * 3 + [alpha]), "png"), label
    if kind == 7:
        return saved(Image.merge("RGBA", [plain] * 3 + [black.point(lambda v: 255)]), "png", optimize=True), label
    return saved(turned(plain, int(rng.integers(1, 9))), "jpg", quality=90), label


# How a picture is stored that a viewer turns by its EXIF orientation.
STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def turned(image, orientation):
    """The picture as a phone stores it that was held another way; its EXIF says how to turn it."""
    if orientation in STORED:
        image = image.transpose(STORED[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.info["exif"] = exif.tobytes()
    return image


def saved(image, extension, **options):
    """Says how a picture is to be written."""
    image.info["extension"] = extension
    image.info["options"] = options
    return image


CONDITIONS = [mnist_file, tiny_paint, paint, alpha, screenshot, photo, printed, hand_font, lcd, fills, file_forms]
