"""Prints what `quill classify` made of the scenes, a line a condition; see Tools/scenes/scenes.

Usage: table.py FOLDER GOAL WAY...

A line counts pictures: read right; right and sure; wrong and sure; unsure; no digit found. Of pictures without a digit
only a sure answer is wrong. With several ways to spread grey levels, the first one's table and what each gains.
"""
import json
import os
import sys


class Tally:
    """Answers to the scenes of one condition."""

    def __init__(self):
        self.count = self.right = self.sure_right = self.sure_wrong = self.unsure = self.silent = 0

    def add(self, report):
        wanted = os.path.splitext(os.path.basename(report["image"]))[0].split("-")[-1]
        answer = report["number"].replace(" ", "") if "number" in report else report["label"]
        unsure = bool(report["unsure"])
        silent = not answer
        right = (silent or unsure) if wanted == "none" else answer == wanted
        self.count += 1
        self.silent += silent
        self.unsure += unsure and not silent
        self.right += right
        self.sure_right += right and not unsure and not silent
        self.sure_wrong += not right and not unsure and not silent

    def join(self, other):
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def line(self, name):
        share = lambda n: "%8.1f" % (100 * n / self.count)
        columns = [self.right, self.sure_right, self.sure_wrong, self.unsure, self.silent]
        return "%-22s %6d" % (name, self.count) + "".join(share(n) for n in columns)


def tallies(folder, way):
    """Tallies by (source of digits, condition)."""
    result = {}
    for source in ("drawn", "mnist"):
        place = os.path.join(folder, source)
        for name in sorted(os.listdir(place)) if os.path.isdir(place) else []:
            if not name.endswith("." + way + ".json"):
                continue
            tally = result[source, name.split(".")[0]] = Tally()
            with open(os.path.join(place, name)) as file:
                for report in json.load(file):
                    tally.add(report)
    return result


def is_empty(folder, source, condition):
    return any("-none." in name for name in os.listdir(os.path.join(folder, source, condition)))


def total(parts):
    whole = Tally()
    for part in parts:
        whole.join(part)
    return whole


def print_table(folder, found):
    print("%-22s %6s%8s%8s%8s%8s%8s" % ("per cent of scenes", "scenes", "right", "sure", "wrong", "unsure", "none"))
    for (source, condition), tally in found.items():
        print(tally.line(source + "/" + condition))
    for title, parts in groups(folder, found).items():
        if parts:
            print(total(parts).line(title))


def groups(folder, found):
    result = {"all drawn digits": [], "all of MNIST's digits": [], "all without a digit": []}
    for (source, condition), tally in found.items():
        if is_empty(folder, source, condition):
            result["all without a digit"].append(tally)
        else:
            result["all drawn digits" if source == "drawn" else "all of MNIST's digits"].append(tally)
    return result


def print_gains(folder, ways, by_way):
    print("\nper cent read right, by what was done to grey levels beforehand")
    print("%-22s" % "" + "".join("%9s" % way for way in ways))
    for source, condition in by_way[0]:
        shares = [100 * found[source, condition].right / found[source, condition].count for found in by_way]
        if len({round(share, 1) for share in shares}) > 1:
            print("%-22s" % (source + "/" + condition) + "".join("%9.1f" % share for share in shares))
    print("(conditions that are equal for all are left out)")
    for title in groups(folder, by_way[0]):
        parts = [total(groups(folder, found)[title]) for found in by_way]
        if parts[0].count:
            print("%-22s" % title + "".join("%9.1f" % (100 * part.right / part.count) for part in parts))


def main():
    folder, goal, ways = sys.argv[1], sys.argv[2], sys.argv[3:]
    by_way = [tallies(folder, way) for way in ways]
    print_table(folder, by_way[0])
    if len(ways) > 1:
        print_gains(folder, ways, by_way)
    if goal != "yes":
        return
    drawn = total(groups(folder, by_way[0])["all drawn digits"])
    plain = by_way[0].get(("mnist", "plain"), Tally())
    for what, tally, least in (("drawn digits", drawn, 90), ("MNIST's digits on plain paper", plain, 97)):
        if tally.right * 100 < least * tally.count:
            sys.exit("scenes: %d of %d %s were read right; expected %d %%" % (tally.right, tally.count, what, least))


if __name__ == "__main__":
    main()
