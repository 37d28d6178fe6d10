"""Prints the tables of Tools/training/table: print_table.py FOLDER "RECIPES" "SEEDS", figures in percent, or
print_table.py --turns FOLDER "RECIPES" COUNT, medians of seconds."""

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


def table(head, rows):
    for cells in [head, ["---"] * len(head), *rows]:
        print("| " + " | ".join(cells) + " |")


def turns_row(folder, recipe, count):
    def median(ending):
        files = [folder / f"{recipe}-{turn}{ending}.json" for turn in range(1, count + 1)]
        return statistics.median(load(file)["secondsPerEpoch"] for file in files)
    ours, keras = median(""), median(".keras")
    return [recipe, f"{ours:.2f}", f"{keras:.2f}", f"{ours / keras:.2f}"]


def main():
    if sys.argv[1] == "--turns":
        folder, recipes, count = pathlib.Path(sys.argv[2]), sys.argv[3].split(), int(sys.argv[4])
        table(["recipe", "s/epoch", "Keras s/epoch", "ratio"], [turns_row(folder, recipe, count) for recipe in recipes])
        return
    folder, recipes, seeds = pathlib.Path(sys.argv[1]), sys.argv[2].split(), sys.argv[3].split()
    table(
        ["recipe", "seeds", "float, mean (median)", "int8", "Keras", "reported", "bytes", "s/epoch", "Keras s/epoch", "ratio"],
        [row(folder, recipe, seeds) for recipe in recipes])


main()
