"""Prints the table of Tools/training/table: print_table.py FOLDER "RECIPES" "SEEDS". Figures in percent."""

import json
import pathlib
import statistics
import sys


def load(path):
    return json.loads(path.read_text()) if path.exists() and path.stat().st_size else None


def row(folder, recipe, seeds):
    floats, ints, keras, ours_seconds, keras_seconds, size = [], [], [], [], [], 0
    reported = "-"
    for seed in seeds:
        name = folder / f"{recipe}-{seed}"
        trained, quantized = load(name.with_name(name.name + ".json")), load(name.with_name(name.name + ".int8.json"))
        if not trained or not trained["test"]:
            continue
        reported = trained.get("reported") or "-"
        floats.append(100 * trained["test"][0]["accuracy"])
        if trained.get("secondsPerEpoch"):
            ours_seconds.append(trained["secondsPerEpoch"])
        if quantized:
            ints.append(100 * quantized["correct"] / quantized["images"])
            size = name.with_name(name.name + ".quill").stat().st_size
        twin = load(name.with_name(name.name + ".keras.json"))
        if twin:
            keras.append(100 * twin["accuracy"])
            keras_seconds.append(twin["secondsPerEpoch"])

    def both(values, digits=2):
        if not values:
            return "-"
        return f"{statistics.mean(values):.{digits}f} ({statistics.median(values):.{digits}f})"

    ratio = "-"
    if ours_seconds and keras_seconds:
        ratio = f"{statistics.median(ours_seconds) / statistics.median(keras_seconds):.2f}"
    return [recipe, str(len(floats)), both(floats), both(ints), both(keras), reported, str(size),
            both(ours_seconds, 1), both(keras_seconds, 1), ratio]


def main():
    folder, recipes, seeds = pathlib.Path(sys.argv[1]), sys.argv[2].split(), sys.argv[3].split()
    head = ["recipe", "seeds", "float, mean (median)", "int8", "Keras", "reported", "bytes", "s/epoch", "Keras s/epoch", "ratio"]
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for recipe in recipes:
        print("| " + " | ".join(row(folder, recipe, seeds)) + " |")


main()
