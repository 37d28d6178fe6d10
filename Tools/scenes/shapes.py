"""Trains the check that a picture has the shape of the digit it is named; see Tools/scenes/shapes.

Usage: shapes.py SAMPLES MNIST_FOLDER QUILL NETWORK FONTS TARGET

Shapes of digits: the first 40,000 of MNIST's training images and our drawn digits. Other shapes: our drawn letters and
those of fonts, without digits' twins, and two of MNIST's or our digits pushed together. Only what the network is sure of
takes part. A layer of 16 units on counts of ink and strokes (`DigitShape`), trained with Adam (Kingma and Ba, 2015);
then whole numbers of 8 bits. Same arguments and versions: same table.
"""
import gzip
import os
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image, ImageDraw, ImageFont

HIDDEN = 16
TWINS = "OILSZBGQD"
LETTERS = "ACEFHJKMNPRTUVWXYacdefhjkmnprtuvwxyz"
MOST_LOST = 0.002


def mnist(folder, name):
    images = gzip.open(os.path.join(folder, name + "-images-idx3-ubyte.gz")).read()
    labels = gzip.open(os.path.join(folder, name + "-labels-idx1-ubyte.gz")).read()
    return np.frombuffer(images, np.uint8, offset=16).reshape(-1, 28, 28), np.frombuffer(labels, np.uint8, offset=8)


def trimmed(ink, least):
    rows, columns = np.where(ink > least)
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def normalised(ink):
    """Ink 0...1 in the form of MNIST."""
    ink = trimmed(ink, 0.12)
    scale = 20 / max(ink.shape)
    h, w = (max(1, round(side * scale)) for side in ink.shape)
    small = np.asarray(Image.fromarray((ink * 255).astype(np.uint8)).resize((w, h), Image.Resampling.BOX), np.float32)
    small = np.clip(small * 255 / max(np.quantile(small[small > 20], 0.9), 60), 0, 255)
    y, x = np.mgrid[0:h, 0:w]
    left, top = (
        int(np.clip(round(13.5 - (axis * small).sum() / small.sum()), 0, 28 - side)) for axis, side in ((x, w), (y, h))
    )
    image = np.zeros((28, 28), np.uint8)
    image[top : top + h, left : left + w] = small
    return image


def printed_letters(rng, fonts):
    images = []
    for path in fonts:
        font = ImageFont.truetype(path, 60)
        for letter in LETTERS:
            plain = Image.new("L", (120, 120), 0)
            ImageDraw.Draw(plain).text((25, 15), letter, 255, font)
            for _ in range(3):
                slant = rng.uniform(-0.25, 0.25)
                image = plain.transform(
                    plain.size, Image.Transform.AFFINE, (1, slant, -slant * 60, 0, 1, 0), Image.Resampling.BICUBIC
                ).rotate(rng.uniform(-12, 12), Image.Resampling.BICUBIC)
                images.append(normalised(np.asarray(image, np.float32) / 255))
    return np.array(images)


def pushed_together(rng, sources, count):
    """Pairs of digits whose ink meets."""

    def one():
        source = sources[0] if rng.random() < 0.7 else sources[1]
        size = rng.uniform(0.85, 1.15) * 84
        image = Image.fromarray(source[rng.integers(len(source))])
        image = image.resize((int(size * rng.uniform(0.85, 1.1)), int(size)), Image.Resampling.BICUBIC)
        return trimmed(np.asarray(image, np.float32) / 255, 0.15)

    images = []
    while len(images) < count:
        left, right = one(), one()
        plane = np.zeros((130, 330), np.float32)
        top = (130 - left.shape[0]) // 2
        plane[top : top + left.shape[0], 5 : 5 + left.shape[1]] = left
        top = int(np.clip((130 - right.shape[0]) / 2 + rng.uniform(-7, 7), 0, 130 - right.shape[0]))
        x = 7 + left.shape[1]
        end = max(0, x - 35)
        part = lambda x: plane[top : top + right.shape[0], x : x + right.shape[1]]
        while x > end and not ((part(x) > 0.4) & (right > 0.4)).any():
            x -= 1
        x = max(0, x - int(rng.integers(0, 5)))
        np.maximum(part(x), right, out=part(x))
        images.append(normalised(plane))
    return np.array(images)


def measures(images):
    """What `DigitShape` measures, 71 numbers of 0...127: ink of 7 x 7 squares, strokes met along bands of four rows and of
    four columns, and how many rows and columns meet one, two, three or more."""
    ink = images >= 128
    framed = np.pad(ink, ((0, 0), (1, 0), (1, 0)))
    rows = (ink & ~framed[:, 1:, :-1]).sum(2)
    columns = (ink & ~framed[:, :-1, 1:]).sum(1)
    squares = images.reshape(-1, 7, 4, 7, 4).astype(np.int32).sum((2, 4)).reshape(-1, 49) >> 5
    bands = [8 * line.reshape(-1, 7, 4).sum(2) for line in (rows, columns)]
    counts = [[4 * (line == k).sum(1) for k in (1, 2, 3)] + [4 * (line >= 4).sum(1)] for line in (rows, columns)]
    return np.minimum(np.concatenate([squares] + bands + [np.stack(c, 1) for c in counts], 1), 127)


def named(quill, network, images):
    """The network's class of each image, and how far its probability is ahead of the next, as a logarithm."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "x.npy"), os.path.join(folder, "y.npy")
        np.save(source, (images[..., None] / 255).astype(np.float32))
        subprocess.run([quill, "run", network, "--input", source, "-o", target, "--quiet"], check=True)
        scores = np.load(target).reshape(len(images), 10)
    ordered = np.log(np.maximum(np.sort(scores, 1), 1e-9))
    return scores.argmax(1), ordered[:, -1] - ordered[:, -2]


def train(inputs, classes, wanted, rng):
    """Weights of `relu(inputs w + biases[class]) v + c`, larger for digits."""
    values = [
        rng.normal(0, 0.1, (inputs.shape[1], HIDDEN)),
        np.zeros((10, HIDDEN)),
        rng.normal(0, 0.3, HIDDEN),
        np.zeros(1),
    ]
    means, squares = [np.zeros_like(v) for v in values], [np.zeros_like(v) for v in values]
    step = 0
    for epoch in range(40):
        order = rng.permutation(len(inputs))
        for batch in np.array_split(order, len(order) // 256):
            x, c, y = inputs[batch], classes[batch], wanted[batch]
            w, b, v, o = values
            hidden = np.maximum(x @ w + b[c], 0)
            off = (1 / (1 + np.exp(-(hidden @ v + o))) - y) / len(batch)
            back = off[:, None] * v * (hidden > 0)
            biases = np.zeros_like(b)
            np.add.at(biases, c, back)
            gradients = [x.T @ back + 1e-5 * w, biases, hidden.T @ off, off.sum(keepdims=True)]
            step += 1
            rate = 2e-3 * 0.5 * (1 + np.cos(np.pi * epoch / 40)) * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
            for value, gradient, mean, square in zip(values, gradients, means, squares):
                mean += 0.1 * (gradient - mean)
                square += 0.001 * (gradient**2 - square)
                value -= rate * mean / (np.sqrt(square) + 1e-8)
    return values


def rounded(values):
    """The same in whole numbers: weights of 8 bits, biases of 16."""
    w, b, v, _ = values
    scale = 127 / np.abs(w).max()
    unit = scale * 32
    return np.rint(w * scale).astype(int), np.rint(b * unit).astype(int), np.rint(v * 127 / np.abs(v).max()).astype(int)


def scored(table, inputs, classes):
    w, b, v = table
    return (np.maximum(inputs @ w + b[classes], 0) >> 6) @ v


def main():
    samples, folder, quill, network, fonts, target = sys.argv[1:]
    rng = np.random.default_rng(2026)
    images, labels = mnist(folder, "train")
    images, labels = images[:40_000], labels[:40_000]
    drawn = np.fromfile(samples, np.uint8).reshape(-1, 785)
    kinds, drawn = drawn[:, 0], drawn[:, 1:].reshape(-1, 28, 28)
    digits = kinds < 10
    twins = np.isin(kinds, [10 + ord(c) - ord("A") for c in TWINS])
    good = np.concatenate([images, drawn[digits]])
    truth = np.concatenate([labels, kinds[digits]])
    bad = np.concatenate(
        [
            drawn[~digits & ~twins],
            printed_letters(rng, [f for f in fonts.split(":") if f and "Math" not in f]),
            pushed_together(rng, [images, drawn[digits]], 24_000),
        ]
    )
    good_classes, good_margins = named(quill, network, good)
    bad_classes, bad_margins = named(quill, network, bad)
    known = (good_classes == truth) & (good_margins >= 3)
    deceiving = bad_margins >= 2
    x = np.concatenate([measures(good[known]), measures(bad[deceiving])])
    c = np.concatenate([good_classes[known], bad_classes[deceiving]])
    y = np.concatenate([np.ones(known.sum()), np.zeros(deceiving.sum())])
    table = rounded(train(x / 32, c, y, rng))
    scores = scored(table, x, c)
    # The least score of all but a few of the digits is the bound, by class.
    least = int(np.quantile(scores[y == 1], MOST_LOST))
    tests, test_labels = mnist(folder, "t10k")
    classes, margins = named(quill, network, tests)
    sure = (classes == test_labels) & (margins >= 4)
    lost = scored(table, measures(tests), classes)[sure] < least
    caught = scores[y == 0] < least
    print("%.2f %% of MNIST's test digits lost, %.1f %% of other shapes found" % (100 * lost.mean(), 100 * caught.mean()))
    write(target, table, least)


def write(target, table, least):
    def numbers(values):
        text, lines = ["%d" % v for v in values], [""]
        for word in text:
            if len(lines[-1]) + len(word) > 108:
                lines.append("")
            lines[-1] += word + ", "
        return "\n".join("    " + line.rstrip() for line in lines)

    w, b, v = table
    with open(target, "w") as file:
        file.write(
            """/// The weights of `DigitShape`, trained and written by Tools/scenes/shapes.
extension DigitShape {
  /// For each measure, its weight for each of the 16 units.
  static let weights: InlineArray<%d, Int8> = [
%s
  ]

  /// For each digit, what each unit begins with.
  static let biases: InlineArray<%d, Int16> = [
%s
  ]

  /// The weight of each unit.
  static let unitWeights: InlineArray<%d, Int8> = [
%s
  ]

  /// The score that a digit's shape has at least.
  static let leastScore: Int32 = %s
}
"""
            % (w.size, numbers(w.ravel()), b.size, numbers(b.ravel()), v.size, numbers(v), f"{least:_}")
        )


if __name__ == "__main__":
    main()
