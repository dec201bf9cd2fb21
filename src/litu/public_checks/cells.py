"""Cells: one text that a right part of an answer shares with all that are right within the tolerance.

Numbers are laid on a grid. The grid of each number is shifted by what the
exercise's salt and a count give; the count is chosen so that every number
that has to be known lies so far from the edges of its cell that the tolerance
cannot carry it over. That rules out about half of all conceivable values of a
part, and tells nothing else; whether a number is right to the last place is
seen when its cell has opened what is locked with it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Container, Iterable, Sequence

from litu.answers.plain import Options, Scalar, is_number, places_of, tidy
from litu.kinds.base import Scalars

MOST_SHIFTS = 5000
"""So many shifts are tried; then those are taken that suit the right answers."""
YEARS, YEAR = range(1800, 2101), 2.0
"""Whole numbers that may be years, and how hard one is to guess: some hundred are conceivable."""
FIGURE = 1.5
"""How hard a figure of the data is to guess: some thirty stand near an exercise."""
DIGITS = 12
"""No more digits of a number than these are looked at."""


def text(name: str, values: Scalars | None, options: Options, salt: str, shift: int) -> str:
    """Return the text of a part that is hashed."""
    return f"{name}={_cells(name, values, options, salt, shift)}"


def shift_for(name: str, rights: Sequence[Scalars], others: Sequence[Scalars], options: Options, salt: str) -> int:
    """Return a shift with which all right values of a part, and if possible all ``others``, lie well inside their cells."""
    for known in ([*rights, *others], rights):
        suiting = (shift for shift in range(MOST_SHIFTS) if all(_inside(name, values, options, salt, shift) for values in known))
        found = next(suiting, None)
        if found is not None:
            return found
    return max(range(MOST_SHIFTS), key=lambda shift: sum(_inside(name, values, options, salt, shift) for values in rights))


def _cells(name: str, values: Scalars | None, options: Options, salt: str, shift: int) -> str:
    if values is None:
        return "nothing"
    numbers = sum(map(is_number, values))
    marks = []
    for place, value in enumerate(values):
        if isinstance(value, bool):
            marks.append("true" if value else "false")
        elif isinstance(value, (int, float)):
            width, start = grid(name, place, value, numbers, options, salt, shift)
            marks.append(str(math.floor(value / width + start)))
        else:
            marks.append("-" if value is None else "'" + tidy(value[:1000]))
    return "|".join(marks)


def grid(name: str, place: int, value: float, numbers: int, options: Options, salt: str, shift: int) -> tuple[float, float]:
    """Return the width of a number's cells and where they begin, from 0 to 1."""
    unit = _unit(value, places_of(options, name))
    start = int.from_bytes(hashlib.blake2b(f"{salt}/{shift}/{name}/{place}".encode(), digest_size=6).digest()) / 2**48
    return unit * 2 * max(1, numbers), start


def _unit(value: float, places: int) -> float:
    """Return one unit of the last place that counts, of a very large number one of its last digits."""
    least = 10.0 ** (math.floor(math.log10(abs(value))) - DIGITS + 1) if value else 0.0
    return max(10.0**-places, least)


def _inside(name: str, values: Scalars, options: Options, salt: str, shift: int) -> bool:
    numbers = sum(map(is_number, values))
    for place, value in enumerate(values):
        if isinstance(value, (int, float)) and is_number(value):
            width, start = grid(name, place, value, numbers, options, salt, shift)
            margin = 0.51 * _unit(value, places_of(options, name)) / width
            if not margin < (value / width + start) % 1 < 1 - margin:
                return False
    return True


def strength(values: Iterable[Scalar], places: int, familiar: Container[float] = ()) -> float:
    """Return how hard a part is to guess, as the decimal logarithm of how many cells are conceivable.

    ``familiar`` numbers stand on the page, and beside numbers words count for nothing: few are thinkable.
    """
    known = list(values)
    sorts = max(2, len(set(map(str, known))))
    numbers = [value for value in known if isinstance(value, (int, float)) and is_number(value)]
    if numbers:
        return sum(_freedom(value, places, len(numbers), familiar) for value in numbers)
    return sum(0.0 if value is None else math.log10(2 if isinstance(value, bool) else sorts) for value in known)


def _freedom(value: float, places: int, numbers: int, familiar: Container[float]) -> float:
    whole = float(value).is_integer()
    below = math.log10(max(1.0, abs(value) * (1.0 if whole else 10.0 ** min(places, 9)) / (2 * numbers)))
    at_most = [_digits(value, places) + 1.0, *([YEAR] if whole and value in YEARS else []), *([FIGURE] if value in familiar else [])]
    return min(below, *at_most)


def _digits(value: float, places: int) -> int:
    """Return how many digits a number has without the noughts at its ends: a round number is soon found, however large."""
    return len(f"{value:.{max(0, min(places, 9))}f}".replace(".", "").strip("-0"))
