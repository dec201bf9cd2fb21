"""Slips that any number can show: recognised without being listed by an author."""

from __future__ import annotations

import math
from collections.abc import Sequence

NEARLY = 0.005
"""A known slip is recognised when it leads to within half a percent of the right number."""
EARLY_ROUNDING = 0.02
"""A number this near, relatively, but not near enough, was probably rounded on the way."""

SLIPS = {
    "percent": "It is a hundred times too large: percent and fraction seem to be mixed up. Check which one is asked for.",
    "fraction": "It is a hundred times too small: percent and fraction seem to be mixed up. Check which one is asked for.",
    "sign": "The size is right but the sign is not. Check which value is taken away from which.",
    "inverse": "It is one over the number asked for. Check what is divided by what.",
    "power of ten": "The digits are right but it is {factor} times too {way}. Check the units: thousands, 10,000s, millions.",
    "rounding": "It is very near, but not near enough. Keep all decimals until the last step and round only there.",
}
"""What a student reads about each slip that every number can show."""

POWERS = (1, 3, 4, 5, 6, -1, -3, -4, -5, -6)
"""Powers of ten that units are mistaken by; a factor of 100 counts as percent."""


def repairs(value: float) -> list[tuple[str, str, float]]:
    """Return what ``value`` would be without each known slip.

    Each entry is the slip's name, the sentence for the student and the
    repaired number. Rounding has no repair: it loses digits.
    """
    found = [
        ("percent", SLIPS["percent"], value / 100),
        ("fraction", SLIPS["fraction"], value * 100),
        ("sign", SLIPS["sign"], -value),
        ("inverse", SLIPS["inverse"], 1 / value if value else math.nan),
    ]
    for exponent in POWERS:
        sentence = SLIPS["power of ten"].format(
            factor=f"{10 ** abs(exponent):,}", way="large" if exponent > 0 else "small"
        )
        found.append(("power of ten", sentence, value / 10.0**exponent))
    return found


def slip_between(values: Sequence[float | None], rights: Sequence[float | None]) -> tuple[str, str] | None:
    """Return the one slip that turns every right number into the value given, with its sentence."""
    pairs = [(v, r) for v, r in zip(values, rights, strict=True) if isinstance(v, (int, float)) and r]
    if not pairs or len(pairs) < len(values) / 2:
        return None
    if len(pairs) == 1 and not _telling(pairs[0][1]):
        return None
    candidates = [repairs(value) for value, _ in pairs]
    for position in range(len(candidates[0])):
        if all(_nearly(options[position][2], right) for options, (_, right) in zip(candidates, pairs, strict=True)):
            return candidates[0][position][:2]
    years = all(float(number).is_integer() and 1000 < abs(number) < 3000 for pair in pairs for number in pair)
    if not years and all(abs(value - right) <= EARLY_ROUNDING * abs(right) for value, right in pairs):
        return "rounding", SLIPS["rounding"]
    return None


def _telling(right: float) -> bool:
    """A right answer of 1 or a power of ten tells no slip from another."""
    return not math.isclose(math.log10(abs(right)) % 1, 0, abs_tol=1e-12)


def _nearly(value: float, right: float) -> bool:
    return abs(value - right) <= NEARLY * abs(right)
