"""Trains a recipe of quill train with Keras: keras_twin.py RECIPE SEED FOLDER OUT.json.

The same network, optimiser, schedule, batch, epochs, validation split and (for cnn-augmented) changes of the images. Writes
the test accuracy and the median time of an epoch after the first, which compiles. FOLDER holds MNIST's four .gz files.
With CONSTANT=1 in the environment every recipe has Keras's own rate, as the published systems have.
"""

import gzip
import json
import os
import pathlib
import statistics
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras  # noqa: E402
import numpy  # noqa: E402
from keras import layers  # noqa: E402


def idx(folder, name):
    data = gzip.decompress((folder / f"{name}.gz").read_bytes())
    axes = data[3]
    shape = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(axes)]
    return numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * axes).reshape(shape)


def convolutional(dropout):
    return [layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(), layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(), layers.Flatten(), layers.Dense(128, activation="relu"),
            *([layers.Dropout(0.5)] if dropout else []), layers.Dense(10, activation="softmax")]


def dense(*units):
    return [layers.Flatten(), *[layers.Dense(unit, activation="relu") for unit in units],
            layers.Dense(10, activation="softmax")]


# Layers, batch, epochs, validation share, one-hot labels, augmented, the rate that falls to 0 along a cosine (0: Keras's own,
# which stays).
RECIPES = {
    "mlp-128": (dense(128), 32, 5, 0.0, False, False, 0.003),
    "mlp-128-64": (dense(128, 64), 32, 5, 0.2, True, False, 0),
    "cnn": (convolutional(False), 32, 5, 0.1, False, False, 0),
    "cnn-augmented": (convolutional(False), 128, 10, 0.0, True, True, 0),
    "cnn-dropout": (convolutional(True), 128, 10, 0.1, True, False, 0),
}


class Clock(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.began)


def main():
    recipe, seed, folder, target = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
    stack, batch, epochs, share, one_hot, augmented, rate = RECIPES[recipe]
    epochs = int(os.environ.get("EPOCHS", epochs))
    keras.utils.set_random_seed(seed)
    images = idx(folder, "train-images-idx3-ubyte")[..., None].astype("float32") / 255
    labels = idx(folder, "train-labels-idx1-ubyte").astype("int64")
    tests = idx(folder, "t10k-images-idx3-ubyte")[..., None].astype("float32") / 255
    answers = idx(folder, "t10k-labels-idx1-ubyte").astype("int64")
    if one_hot:
        labels, answers = keras.utils.to_categorical(labels, 10), keras.utils.to_categorical(answers, 10)
    loss = "categorical_crossentropy" if one_hot else "sparse_categorical_crossentropy"
    model = keras.Sequential([keras.Input((28, 28, 1)), *stack])
    optimizer = "adam"
    if rate and os.environ.get("CONSTANT") != "1":
        steps = epochs * -(-int(len(images) * (1 - share)) // batch)
        optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, steps))
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    clock = Clock()
    if augmented:
        import tensorflow
        change = keras.Sequential([layers.RandomRotation(10 / 360, fill_mode="constant"),
                                   layers.RandomTranslation(0.1, 0.1, fill_mode="constant"),
                                   layers.RandomZoom(0.1, fill_mode="constant")])
        source = tensorflow.data.Dataset.from_tensor_slices((images, labels)).shuffle(60000).batch(batch)
        source = source.map(lambda x, y: (change(x, training=True), y), num_parallel_calls=2).prefetch(2)
        model.fit(source, epochs=epochs, verbose=0, callbacks=[clock])
    else:
        model.fit(images, labels, batch_size=batch, epochs=epochs, validation_split=share, verbose=0, callbacks=[clock])
    _, accuracy = model.evaluate(tests, answers, verbose=0)
    seconds = statistics.median(clock.seconds[1:] or clock.seconds)
    part = target.with_name(target.name + ".part")
    part.write_text(json.dumps({"recipe": recipe, "seed": seed, "accuracy": float(accuracy), "epochs": epochs,
                                "secondsPerEpoch": seconds, "keras": keras.__version__}))
    part.rename(target)


main()
