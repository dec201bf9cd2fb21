"""How many numeric answers a guesser recovers from the student copy in ten minutes.

The checks of release/ hold what is known of answers under lock; the key to a
lock is a slow hash of the cells that the numbers lie in (see
:mod:`litu.public_checks`). A target is what one lock or chain of locks hides:
a part that opens by itself, the easiest group of parts that open together, or
the whole of an answer. Row labels, words and truth values are given to the
guesser: only numbers count. Exercises without points are left out, and so is
a single number that the page itself prints, such as a printed figure that is to
be rebuilt.

Three guessers try numbers in a fixed order: plain ones; arithmetic on all
pairs of numbers that the page shows; and one step more, with a third number.
None of them hashes the numbers that come to nothing: the order is fixed and
the right cells are known here, so the place of the right guess in the order,
times what one hash costs, is the time that the guesser would take. Where
several numbers open together, combinations come in the order of the sum of
their places, and only those with a lesser sum are counted: the guesser is
taken to be lucky. It is taken to give all of its ten minutes, on two cores,
to that one target. That the right guess opens the lock is tried for each.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from candidates import Numbers, further, pairs, plain, seen_numbers
from classroom import show, trial_course

from litu.answers.contract import PublicEntry, read_checks, read_key
from litu.answers.plain import is_number
from litu.compare.book import KeyBook, students_key
from litu.course import Course
from litu.kinds.base import ROWS, Parts
from litu.public_checks import cells
from litu.public_checks.hashing import joined, secrets, tag
from litu.public_checks.seal import SEPARATOR, texts_of

KINDS = ("part with a lock of its own", "group of parts", "whole answer")
CORES = 2
FAR = 500_000
"""More hashes than anybody can afford here."""


@dataclass(frozen=True)
class Slot:
    """One unknown number: the grid it lies on and its right cell."""

    width: float
    start: float
    cell: int

    def place(self, numbers: Numbers) -> tuple[float, int]:
        """Return how many other cells a guesser tries before the right one, and how many in all."""
        tried = pd.unique(np.floor(numbers / self.width + self.start))
        hits = np.flatnonzero(tried == self.cell)
        return (float(hits[0]) if len(hits) else math.inf), len(tried)


@dataclass(frozen=True)
class Target:
    """Numbers that the locks of an exercise hide: ``ways`` of opening them, each some locks after one another."""

    unit: str
    exercise: str
    kind: str
    name: str
    ways: tuple[tuple[tuple[Slot, ...], ...], ...]

    def hashes(self, numbers: Numbers) -> float:
        """Return how many hashes a guesser needs, the easiest way."""
        return min(sum(_before([slot.place(numbers) for slot in lock]) + 1 for lock in way) for way in self.ways)

    def is_printed(self, seen: Sequence[float]) -> bool:
        """Return whether the page prints the one number that is hidden: who rebuilds a printed figure has nothing to guess."""
        alone = all(len(way) == 1 == len(way[0]) for way in self.ways)
        return alone and any(way[0][0].place(np.array(seen))[0] < math.inf for way in self.ways)


def _before(places: Sequence[tuple[float, int]]) -> float:
    """Return how many combinations come before the right one, by the sum of their places."""
    total = sum(place for place, _ in places)
    if total > FAR:  # at least so many come before it
        return math.inf
    counts = np.zeros(int(total) + 1)
    counts[0] = 1
    for _, length in places:
        sums = np.cumsum(counts)
        sums[length:] -= sums[: max(0, len(sums) - length)].copy()
        counts = sums
    return float(counts[: int(total)].sum())


def targets(course: Course, unit: str) -> list[Target]:
    """Return everything numeric that the locks of ``unit`` hide."""
    entries = read_checks(course.folder("release", unit) / "checks.json").exercises
    path = course.key_path(unit)
    keys = read_key(path.read_text(encoding="utf-8"), path.name, unit).exercises
    found: list[Target] = []
    for name, entry in entries.items():
        if entry.points and entry.known and entry.kind != "chart":
            rights = KeyBook.of(students_key(keys[name])).right_parts
            _try_locks(name, entry, rights[0])
            found += _of_exercise(unit, name, entry, rights)
    return found


def _of_exercise(unit: str, name: str, entry: PublicEntry, rights: list[Parts]) -> list[Target]:
    slots = [{part: _slots(part, right, entry) for part in right} for right in rights]
    numeric = [part for part in rights[0] if part != ROWS and any(own[part] for own in slots)]
    if not numeric:
        return []
    alone = [part for part in numeric if part in entry.strong]
    found = [Target(unit, name, KINDS[0], part, tuple((own[part],) for own in slots)) for part in alone]
    groups = [group.split(SEPARATOR) for group in entry.groups]
    openings = [tuple(slot for part in group for slot in own[part]) for group in groups for own in slots]
    if openings:
        found.append(Target(unit, name, KINDS[1], "", tuple((opening,) for opening in openings)))
    if alone and len(numeric) == 1 == len(found):
        return found
    if alone:
        ways = [tuple(own[part] for part in numeric) for own in slots]
    elif groups:  # once a group is open, each other part stands alone
        ways = [
            (tuple(slot for part in group for slot in own[part]), *(own[part] for part in numeric if part not in group))
            for group in groups
            for own in slots
        ]
    else:
        ways = [(tuple(slot for part in numeric for slot in own[part]),) for own in slots]
    return [*found, Target(unit, name, KINDS[2], "", tuple(ways))]


def _slots(part: str, right: Parts, entry: PublicEntry) -> tuple[Slot, ...]:
    values = right.get(part) or []
    numbers = sum(map(is_number, values))
    found = []
    for place, value in enumerate(values):
        if isinstance(value, (int, float)) and is_number(value):
            width, start = cells.grid(part, place, value, numbers, entry.options, entry.salt, entry.shifts.get(part, 0))
            found.append(Slot(width, start, math.floor(value / width + start)))
    return tuple(found)


def _try_locks(name: str, entry: PublicEntry, right: Parts) -> None:
    """Open the lock of the whole right answer, so that what is counted is true of these checks."""
    secret = joined(secrets(texts_of(right, entry), entry.salt))
    if tag(secret) not in entry.known:
        raise SystemExit(f"{name}: the right answer of the key does not open the check; run `litu build`.")


def seconds_of_a_hash(number: int) -> float:
    """Return the CPU seconds that one hash takes; other work on the machine does not count."""
    began = time.process_time()
    for place in range(number):
        secrets([str(place)], "00" * 16)
    return (time.process_time() - began) / number


def main() -> None:
    """Print what the three guessers recover."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10, help="for each guesser at each target")
    parser.add_argument("--quick", action="store_true", help="one unit only")
    options = parser.parse_args()
    with trial_course() as course:
        units = [unit for unit in course.units() if (course.folder("release", unit) / "checks.json").is_file()]
        units = units[1:2] if options.quick else units
        found = [target for unit in units for target in targets(course, unit)]
        seen = {unit: seen_numbers(course.folder("release", unit) / f"{unit}.ipynb") for unit in units}
        inputs = {unit: _inputs(course, unit) for unit in units}
    each = seconds_of_a_hash(5 if options.quick else 50)
    affordable = options.minutes * 60 * CORES / each
    print(f"One hash takes {each * 1000:.0f} ms of a core: {affordable:,.0f} hashes in {options.minutes:g} minutes on {CORES} cores.")
    guessers: dict[str, Callable[[Sequence[float]], Numbers]] = {"plain": lambda _: plain(), "pairs": pairs, "further": further}
    fell: dict[str, set[Target]] = {guesser: set() for guesser in guessers}
    for target in list(found):
        if target.is_printed(seen[target.unit][target.exercise]):
            found.remove(target)
            print(f"  printed on the page, so no secret: {target.unit[:2]} {target.exercise} {target.name}")
    for guesser, make in guessers.items():
        for name in dict.fromkeys((target.unit, target.exercise) for target in found):
            numbers = make([*inputs[name[0]].get(name[1], []), *seen[name[0]][name[1]]])
            for target in (target for target in found if (target.unit, target.exercise) == name):
                if (needed := target.hashes(numbers)) <= affordable:
                    fell[guesser].add(target)
                    print(f"  {guesser}: {target.unit[:2]} {target.exercise} {target.name}: {target.kind}, {needed:,.0f} hashes")
    rows = []
    for kind in (*KINDS, None):
        these = [target for target in found if kind in (target.kind, None)]
        rows.append((kind or "together", len(these), *(_share(fallen, these) for fallen in fell.values())))
    head = ("what is guessed", "targets", "plain loop recovers", "all pairs recover", "one further step recovers")
    show(f"Guessing for {options.minutes:g} minutes each", head, rows)


def _share(fallen: set[Target], these: list[Target]) -> str:
    number = sum(target in fallen for target in these)
    return f"{number} ({100 * number / len(these):.0f} %)" if these else "0"


def _inputs(course: Course, unit: str) -> dict[str, list[float]]:
    """Return the numbers among the inputs of function exercises, which the checks show."""
    entries = json.loads((course.folder("release", unit) / "checks.json").read_text(encoding="utf-8"))["exercises"]
    return {
        name: [float(arg["value"]) for call in entry["inputs"] or () for arg in call if arg.get("kind") == "number" and arg["value"]]
        for name, entry in entries.items()
    }


if __name__ == "__main__":
    main()
