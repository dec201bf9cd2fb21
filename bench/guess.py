"""How many numeric answers a guessing loop recovers from the student copy.

The checks of release/ hold right answers as slow salted hashes. A plain loop
tries numbers in order; an informed loop tries numbers made from those that the
student notebook shows. Both use the position in its grid that the checks tell
of each number to skip what cannot be right. Row labels, words and truth
values are given to the guesser: only numbers count.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from candidates import Lazy, informed, plain, seen_numbers, tuples
from classroom import load_now, show, trial_course

from litu.answers.plain import places_of
from litu.course import Course
from litu.kinds.function import public_calls
from litu.kinds.registry import kinds
from litu.public_checks.fingerprint import fingerprint, shifts
from litu.public_checks.hashing import hashed

KINDS = ("number with a hash of its own", "table column, hashed as one", "function, dict or table, hashed as one")


@dataclass(frozen=True)
class Target:
    """One hash to be met. ``template`` has a ``None`` for each unknown number: (part, its marks)."""

    unit: str
    exercise: str
    name: str
    kind: str
    tags: frozenset[str]
    salt: str
    template: tuple[tuple[str, tuple[str | None, ...]], ...]
    slots: tuple[tuple[int, str], ...]
    """Decimal places and position in the grid of each unknown number."""
    after: tuple[str, ...] = ()
    """Parts with hashes of their own: once they are all known, only the other numbers are left."""

    def text(self, marks: tuple[str, ...]) -> str:
        """Return the fingerprint of a guess."""
        left = iter(marks)
        return "&".join(f"{part}={'|'.join(next(left) if mark is None else mark for mark in known)}" for part, known in self.template)


def targets(course: Course, unit: str) -> list[Target]:
    """Return everything numeric that checks.json of ``unit`` holds hashes of."""
    entries = json.loads((course.folder("release", unit) / "checks.json").read_text(encoding="utf-8"))["exercises"]
    key = json.loads(course.key_path(unit).read_text(encoding="utf-8"))["exercises"]
    found = []
    for name, entry in entries.items():
        if not entry.get("right"):
            continue
        kind = kinds()[entry["kind"]]
        answer = kind.read(public_calls(key[name]["answer"], len(entry.get("inputs", ()))), entry["options"])
        parts = dict(kind.parts(answer, entry["options"], entry["form"]))
        # Row labels are no secret: they stand in the data.
        own = [part for part in entry["parts"] if part != "rows" and entry["grid"][part]]
        for part in own:
            kind = KINDS[0] if len(parts[part]) == 1 else KINDS[1]
            found.append(_target(unit, name, part, kind, {entry["parts"][part]}, {part: parts[part]}, entry))
        rest = [part for part in parts if part not in own and part != "rows" and entry["grid"][part]]
        if rest:
            alone = len(parts) == 1 and answer["kind"] == "number"
            label = "" if not own else ", ".join(rest)
            found.append(
                _target(
                    unit, name, label, KINDS[0] if alone else KINDS[2], {right["tag"] for right in entry["right"]}, parts, entry, tuple(own)
                )
            )
    return found


def _target(
    unit: str,
    exercise: str,
    name: str,
    kind: str,
    tags: set[str],
    parts: dict[str, list[Any]],
    entry: dict[str, Any],
    after: tuple[str, ...] = (),
) -> Target:
    template, slots = [], []
    for part, scalars in parts.items():
        places, digits = places_of(entry["options"], part), iter(entry["grid"][part])
        marks: list[str | None] = []
        for scalar in scalars:
            digit = next(digits) if isinstance(scalar, (int, float)) and not isinstance(scalar, bool) else None
            given = digit is None or part == "rows" or part in after
            marks.append(fingerprint([scalar], places, digit or "") if given else None)
            if not given:
                slots.append((places, str(digit)))
        template.append((part, tuple(marks)))
    return Target(unit, exercise, name, kind, frozenset(tags), entry["salt"], tuple(template), tuple(slots), after)


def guesses(target: Target, numbers: Callable[[], Iterator[float]]) -> Iterator[str]:
    """Yield the fingerprints worth hashing for ``target``."""

    def marks(places: int, digit: str) -> Iterator[str]:
        return (fingerprint([number], places, digit) for number in numbers() if shifts([number], places) == digit)

    return (target.text(combination) for combination in tuples([Lazy(marks(*slot)) for slot in target.slots]))


def loop(mine: list[Target], seen: dict[str, dict[str, list[float]]], seconds: float) -> tuple[dict[str, int], dict[str, int]]:
    """Guess in turn at every target; ``seen`` is empty for the plain loop. Return hashes tried, and at which one targets fell."""
    ends = time.monotonic() + seconds
    tried: dict[str, int] = defaultdict(int)
    fell: dict[str, int] = {}
    running: dict[Target, Iterator[str]] = {}
    for target in mine:
        numbers = seen[target.unit][target.exercise] if seen else []
        running[target] = guesses(target, partial(informed, numbers) if seen else plain)
    while running and time.monotonic() < ends:
        ready = [t for t in running if all(label(t, part) in fell for part in t.after)]
        if not ready:
            break
        for target in ready:
            text = next(running[target], None)
            if text is None:
                del running[target]
                continue
            tried[label(target)] += 1
            if hashed(text, target.salt)[0] in target.tags:
                fell[label(target)] = tried[label(target)]
                del running[target]
    return dict(tried), fell


def label(target: Target, part: str | None = None) -> str:
    """Name a target for people: unit, exercise, part."""
    part = target.name if part is None else part
    return f"{target.unit[:2]} {target.exercise}" + (f" · {part}" if part else "")


def attack(found: list[Target], seen: dict[str, dict[str, list[float]]], minutes: float) -> tuple[dict[str, int], dict[str, int], float]:
    """Guess with two processes; return hashes tried, those that fell, and the seconds spent."""
    halves: tuple[list[Target], list[Target]] = ([], [])
    for exercise in dict.fromkeys((target.unit, target.exercise) for target in found):
        min(halves, key=len).extend(target for target in found if (target.unit, target.exercise) == exercise)
    began = time.monotonic()
    with ProcessPoolExecutor(2) as pool:
        done = list(pool.map(loop, halves, [seen] * 2, [minutes * 60] * 2))
    return {**done[0][0], **done[1][0]}, {**done[0][1], **done[1][1]}, time.monotonic() - began


def main() -> None:
    """Run both loops and print what they recovered."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10, help="of each of the two loops")
    parser.add_argument("--own", action="store_true", help="spend all the time on numbers with a hash of their own")
    parser.add_argument("--quick", action="store_true", help="6 seconds for each loop")
    options = parser.parse_args()
    minutes = 0.1 if options.quick else options.minutes
    with trial_course() as course:
        units = [unit for unit in course.units() if (course.folder("release", unit) / "checks.json").is_file()]
        found = [target for unit in units for target in targets(course, unit) if not options.own or target.kind == KINDS[0]]
        seen = {unit: seen_numbers(course.folder("release", unit) / f"{unit}.ipynb") for unit in units}
    fallen = []
    for title, numbers in (("plain", {}), ("informed", seen)):
        tried, fell, seconds = attack(found, numbers, minutes)
        fallen.append(fell)
        print(f"{title} loop: {sum(tried.values())} hashes in {seconds:.0f} s, {sum(tried.values()) / seconds:.1f} a second; {load_now()}")
        for name, number in fell.items():
            print(f"  recovered by hash {number} at it: {name}")
    rows = []
    for kind in KINDS:
        these = [target for target in found if target.kind == kind]
        counts = [sum(label(target) in fell for target in these) for fell in fallen]
        rows.append((kind, len(these), sum(len(target.slots) for target in these), *counts))
    rows.append(("together", *(sum(column) for column in list(zip(*rows, strict=True))[1:])))
    head = ("what is guessed", "hashes", "numbers behind them", "plain loop recovers", "informed loop recovers")
    show(f"Guessing for {minutes:g} minutes each, two processes", head, rows)


if __name__ == "__main__":
    main()
