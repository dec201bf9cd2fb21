"""Values in few classes, each with a colour and words of its own."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from litu.display.palette import CATEGORIES, STEPS
from litu.draw.tables import DrawingError, number, written

MOST = 5
"""Classes of amounts."""


@dataclass(frozen=True)
class Classes:
    """A colour for each value, and the colours with their words, in the order of a key."""

    colour: Callable[[Any], str]
    key: tuple[tuple[str, str], ...]


def classes(values: list[Any], unit: str) -> Classes:
    """Return the classes of some values: of amounts at most five, of words one each. Raises `DrawingError` for too many words."""
    amounts = [amount for value in values if (amount := number(value)) is not None]
    if len(amounts) < len(values):
        words = sorted({str(value) for value in values})
        if len(words) > len(CATEGORIES):
            told = f"A tile map tells at most {len(CATEGORIES)} words apart; the table has {len(words)}: {', '.join(words[:8])} …"
            raise DrawingError(told)
        colours = dict(zip(words, CATEGORIES))
        return Classes(lambda value: colours[str(value)], tuple((colour, word) for word, colour in colours.items()))
    bounds = breaks(amounts)
    fills = STEPS[len(STEPS) - len(bounds) + 1 :] if len(bounds) > 2 else STEPS[2:3]
    whole = all(amount == round(amount) for amount in amounts)
    key = [(fill, _between(low, high, high == bounds[-1], whole, unit)) for fill, (low, high) in zip(fills, pairwise(bounds))]
    return Classes(lambda value: fills[sum(value >= bound for bound in bounds[1:-1])], tuple(key))


def breaks(values: list[float]) -> list[float]:
    """Return round limits of at most five classes: steps of equal size, or of equal ratio where the values span more than 1 to 50."""
    low, high = min(values), max(values)
    if high - low < 1e-9 * max(abs(low), abs(high), 1e-9):
        return [low, high]
    if low > 0 and high / low > 50:
        inner = [step * 10.0**power for power in range(-9, 13) for step in (1, 2, 5)]
        inside = [bound for bound in inner if low < bound < 0.8 * high]
        every = max(1, -(-len(inside) // 4))
        return [low, *inside[every - 1 :: every], high]
    step = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(step))
    whole = all(value == round(value) for value in values)
    sizes = (m * power for m in (1, 2, 2.5, 5, 10, 20))
    size = next(size for size in sizes if size >= step * 0.999 and not (whole and size % 1))
    first = math.floor(low / size) + 1
    inside = [float(f"{(first + i) * size:.10g}") for i in range(5)]
    return [low, *[bound for bound in inside if low < bound < high][:4], high]


def _between(low: float, high: float, last: bool, whole: bool, unit: str) -> str:
    if low == high:
        return written(low, unit)
    if whole:
        top = high if last else high - 1
        return written(low, unit) if top <= low else f"{written(low)} to {written(top)} {unit}".strip()
    return f"{written(low)} to {written(high, unit)}" if last else f"{written(low)} to under {written(high, unit)}"
