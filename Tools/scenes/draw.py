"""Draws scenes with digits as a camera or a stranger's phone might see them, one folder a condition; see Tools/scenes/scenes.

Usage: draw.py TARGET GLYPHS MNIST_FOLDER COUNT KIND PRINT_FONTS HAND_FONTS [CONDITION,...]

KIND is where digits come from: drawn or mnist. A file's name ends in what should be read: 0007-5.jpg, 0007-4711.png,
0007-none.pgm. Same arguments, same versions of numpy and Pillow: same pictures.
"""

import os
import sys
import zlib

import numpy as np

import no_digit
import one_digit
import several_digits
import strangers
from ink import Digits

# Photographs have 12 megapixels each.
SLOW = {"photo": 3}


def main():
    target, glyphs, mnist_folder, count, kind, print_fonts, hand_fonts = sys.argv[1:8]
    only = set(sys.argv[8].split(",")) if len(sys.argv) > 8 else None
    digits = Digits(
        glyphs, mnist_folder, *[sorted(f for f in fonts.split(":") if f) for fonts in (print_fonts, hand_fonts)]
    )
    source = digits.from_mnist if kind == "mnist" else digits.drawn
    conditions = one_digit.CONDITIONS + several_digits.CONDITIONS
    if kind == "drawn":
        conditions = conditions + no_digit.CONDITIONS + strangers.CONDITIONS
    for condition in conditions:
        name = condition.__name__
        if only and name not in only:
            continue
        folder = os.path.join(target, kind, name)
        os.makedirs(folder, exist_ok=True)
        for index in range(max(1, int(count) // SLOW.get(name, 1))):
            made = condition(np.random.default_rng([zlib.crc32(name.encode()), index, kind == "mnist"]), source, digits)
            if made is None:
                print("%s: skipped, its fonts or MNIST are not there" % name)
                break
            write(*made, os.path.join(folder, "%04d" % index))


def write(image, text, path):
    path += "-%s." % text
    if "extension" in image.info:
        options = dict(image.info["options"])
        if "exif" in image.info:
            options["exif"] = image.info["exif"]
        image.save(path + image.info["extension"], **options)
    else:
        image.save(path + ("pgm" if image.mode == "L" else "png"))


if __name__ == "__main__":
    main()
