"""What a line, a group of bars or a cloud of dots does, in words that follow from its values."""

from __future__ import annotations

from typing import Any

import pandas as pd

from litu.display.numbers import short

MOST_TURNS = 3
FEW_DOTS = 5


def text_of(value: Any) -> str:
    """Return a value in a sentence: numbers short, anything else as its text."""
    return short(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def course(pairs: list[tuple[Any, float]], *, ordered: bool) -> str:
    """Return what the values of one line or group do: from first to last if their places are in an order, else the extremes."""
    if not pairs:
        return "no values"
    if len(pairs) == 1:
        return f"{short(pairs[0][1])} at {text_of(pairs[0][0])}"
    if not ordered or len({type(where) for where, _ in pairs} - {int, float}) > 1:
        return _ranked(pairs)
    pairs = sorted(pairs, key=lambda pair: pair[0])
    turns = turns_of([value for _, value in pairs])
    told = f"from {_at(pairs[0])} to {_at(pairs[-1])}"
    if not turns:
        return f"{told}, {_direction(pairs)}"
    if len(turns) <= MOST_TURNS:
        return f"{told}, turning at {' and '.join(_at(pairs[turn]) for turn in turns)}"
    low, high = _extremes(pairs)
    return f"{told}, {len(turns)} turns, lowest {_at(low)}, highest {_at(high)}"


def _at(pair: tuple[Any, float]) -> str:
    return f"{short(pair[1])} at {text_of(pair[0])}"


def _extremes(pairs: list[tuple[Any, float]]) -> tuple[tuple[Any, float], tuple[Any, float]]:
    return min(pairs, key=lambda pair: pair[1]), max(pairs, key=lambda pair: pair[1])


def _ranked(pairs: list[tuple[Any, float]]) -> str:
    low, high = _extremes(pairs)
    if high[1] == low[1]:
        return f"{len(pairs)} values, all {short(high[1])}"
    return f"{len(pairs)} values, largest {text_of(high[0])} with {short(high[1])}, smallest {text_of(low[0])} with {short(low[1])}"


def _direction(pairs: list[tuple[Any, float]]) -> str:
    values = [value for _, value in pairs]
    if min(values) == max(values):
        return "level throughout"
    return "rising throughout" if values[-1] > values[0] else "falling throughout"


def turns_of(values: list[float]) -> list[int]:
    """Return where a series turns from rising to falling or back; level stretches are part of what came before."""
    turns, way, at = [], 0, 0
    for place in range(1, len(values)):
        step = (values[place] > values[place - 1]) - (values[place] < values[place - 1])
        if step and way and step != way:
            turns.append(at)
        if step:
            way, at = step, place
    return turns


def cloud(pairs: list[tuple[float, float]]) -> str:
    """Return how two amounts go together, or nothing where there are too few dots to say."""
    table = pd.DataFrame(pairs)
    if len(table) < FEW_DOTS or table.nunique().min() < 2:
        return ""
    r = table[0].corr(table[1])
    way = "rise together" if r > 0 else "go opposite ways"
    return f"{len(pairs)} dots; the two {way if abs(r) >= 0.3 else 'hardly go together'} (correlation {r:.2f})."
