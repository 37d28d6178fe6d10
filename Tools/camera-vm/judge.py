"""What Tools/test-camera expects of a machine's console, and says of it."""
import json
import re

import scenes

FRAME_MICROSECONDS = 33_333
PAGE_KIBIBYTES = 4
# Of so many scenes at least this part is named rightly; a few may be the hard ones.
RIGHT_OF_ALL, RIGHT_OF_FEW = 0.97, 0.90


class Judge:
    """Reads the console's @ lines and says what does not hold."""

    def __init__(self, console, out):
        self.faults = []
        self.out = out
        # The machine's firmware may leave bytes of its own before a line.
        found = [re.search(r"@([A-Z]+)(?: (.*))?$", line) for line in console.split("\n")]
        self.lines = [(line[1], line[2] or "") for line in found if line]

    def of(self, kind):
        return [text for name, text in self.lines if name == kind]

    def say(self, sentence):
        self.out.append(f"       {sentence}")

    def expect(self, holds, sentence):
        self.out.append(f"  {'ok  ' if holds else 'FAIL'} {sentence}")
        if not holds:
            self.faults.append(sentence)

    def says(self, when, sentence):
        found = [line.split(" ", 1)[1] for line in self.of("SAID") if line.startswith(when)]
        self.expect(any(sentence in line for line in found), f"{when}: says \"{sentence}\"")

    def captures(self, names, frames):
        seen = {}
        for line in self.of("CAPTURE"):
            name, exact, count = re.fullmatch(r"(\S+) exact=(\d+) of=(\d+)", line).groups()
            seen[name] = (int(exact), int(count))
        for name in names:
            exact, count = seen.get(name, (0, 0))
            self.expect(count == frames and exact == frames,
                        f"{name}: {exact} of {count} frames equal to what was shown ({frames})")

    def played(self, codes, squares, scales):
        """Scenes come one a frame, so the driver's counter says which scene an answer is of. `scales`: formats
        whose pictures have so many times smaller sides."""
        answers = {code: [] for code in codes}
        for line in self.of("PLAYED"):
            code, text = line.split(" ", 1)
            answer = json.loads(text)
            scale = scales.get(code, 1)
            if answer["box"]:
                answer["box"] = {side: scale * value for side, value in answer["box"].items()}
            answers[code].append(answer)
        for code in codes:
            matched = match(answers[code], squares)
            right = sum(answer["class"] == square[0] for answer, square in matched)
            inside = sum(holds(square, answer["box"]) for answer, square in matched if answer["box"])
            boxes = sum(answer["box"] is not None for answer, _ in matched)
            unsure = sum(answer["unsure"] for answer, _ in matched)
            lost = sum(answer["lost"] for answer in answers[code])
            drained = sum(answer["dropped"] for answer in answers[code]) - lost
            floor = RIGHT_OF_ALL if len(squares) > scenes.MOST_SCENES else RIGHT_OF_FEW
            self.expect(len(matched) + drained >= len(squares) - 1 and right >= floor * len(matched)
                        and inside >= 0.97 * boxes and lost == 0,
                        f"{code}: {right} of {len(matched)} scenes right, {100 * right / max(1, len(matched)):.1f} % "
                        f"({100 * floor:.0f}), "
                        f"of {len(squares) - 1} shown; {len(matched) - boxes} without a digit, {unsure} unsure; {drained} "
                        f"gave way to a newer one, {lost} lost (0)")
            if drained:
                self.say(f"{follow_long_work(answers[code])} of those that gave way came within four frames of one that took "
                         f"more than {FRAME_MICROSECONDS // 1000} ms")
            if boxes:
                self.say("thousand emulated instructions a frame, median and most: " + ", ".join(
                    f"{name} {spread(answer[key] for answer, _ in matched if answer['box'])}" for name, key in
                    [("finding", "preprocessMicroseconds"), ("network", "inferenceMicroseconds")]))

    def faults_survived(self, kinds, times):
        recovered = [line.strip().split(" ", 1) for line in self.of("RECOVERED")]
        for count, name in recovered:
            self.expect(int(count) == times, f"recovered {count} of {times}: {name}")
        self.expect(len(recovered) == kinds, f"{len(recovered)} kinds of faults injected ({kinds})")
        held = dict(line.split(" ", 1) for line in self.of("HOLDS"))
        before, after = (held.get(when, "0 0").split() for when in ("before", "after"))
        # Three standard streams, the two ends of the pipe of the stop signal, the camera.
        self.expect(before[1] == after[1] == "6", f"{before[1]} open descriptors after one round of faults, {after[1]} "
                    f"after {times} (6)")
        # The allocator may need one page more for what faults say; what leaks takes more, the more rounds there are.
        grown = int(after[0]) - int(before[0])
        self.expect(after[0] != "0" and grown <= PAGE_KIBIBYTES, f"{before[0]} KiB of memory of its own after one round, "
                    f"{after[0]} KiB after {times}, {' '.join(self.of('ANSWERED'))} frames answered in all (a page more at most)")
        age = int((self.of("AGE") or ["999999999"])[0])
        self.expect(age < 50_000, f"the oldest frame was {age / 1000:.1f} ms old when the program got it (50)")
        self.expect(self.of("STOPPED") == ["0"], f"ended by SIGTERM with status {' '.join(self.of('STOPPED'))} (0)")

    def status(self):
        for line in self.of("STATE"):
            self.say(line)
        for line in self.of("FAILED"):
            self.expect(False, line)
        self.expect(self.of("STATUS") == ["0"], f"the machine's status is {' '.join(self.of('STATUS')) or 'missing'} (0)")


def holds(square, box):
    """Whether the middle of a box lies in a scene's square."""
    _, left, top, side = square
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    return left <= x < left + side and top <= y < top + side


def match(answers, squares):
    """Answers with the scenes they are of. Nobody knows which frame had the first scene: it is the one from which on most
    boxes lie in their squares. What is right is not asked."""
    def with_scene(first):
        return [(answer, squares[answer["sequence"] - first]) for answer in answers
                if 0 < answer["sequence"] - first < len(squares)]

    firsts = range(max((answer["sequence"] for answer in answers), default=0) + 1)
    best = max(firsts, key=lambda first: sum(
        holds(square, answer["box"]) for answer, square in with_scene(first) if answer["box"]))
    return with_scene(best)


def follow_long_work(answers):
    """How many frames gave way soon after the program was busy for longer than a frame: by so much it was behind."""
    busy = [answer["preprocessMicroseconds"] + answer["inferenceMicroseconds"] > FRAME_MICROSECONDS for answer in answers]
    return sum(answer["dropped"] - answer["lost"] for index, answer in enumerate(answers)
               if any(busy[max(0, index - 4):index]))


def spread(values):
    values = sorted(values)
    return f"{values[len(values) // 2]:,} and {values[-1]:,}"
