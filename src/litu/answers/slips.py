"""Slips that any number can show: recognised without being listed by an author."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from litu.answers.plain import Scalar, is_number

NEAR = 0.02
"""A number this near, relatively, is called near."""
COARSEST = 0.1
"""No rounding moves a number farther than this, relatively, or it is another number."""
PERCENT = re.compile(r"%|\bper ?cent", re.IGNORECASE)
FRACTION = re.compile(r"\b(fractions?|shares?|parts?) of\b|\bfractions?\b|\bshares?\b|\bof 1\b", re.IGNORECASE)


@dataclass(frozen=True)
class Slip:
    """A slip's name, the sentence about it, and what a number would be without it."""

    name: str
    says: str
    repair: Callable[[float], float]


def slips(unit: str) -> list[Slip]:
    """Return the slips that an answer in ``unit`` can show, the likeliest first."""
    found = [*_hundreds(unit)]
    found.append(Slip("sign", "The size is right but the sign is not. Check which value is taken away from which.", lambda x: -x))
    found.append(Slip("inverse", "It is one over the number asked for. Check what is divided by what.", lambda x: 1 / x if x else 0.0))
    for exponent in (4, -4, 3, -3, 6, -6, 1, -1):
        found.append(_power(exponent))
    return found


def _hundreds(unit: str) -> list[Slip]:
    large, small = "It is a hundred times too large", "It is a hundred times too small"
    if PERCENT.search(unit):
        names = ("percent", "fraction")
        advice = (". Was it multiplied by 100 twice?", ": a fraction where a percentage is asked for. Multiply by 100.")
    elif FRACTION.search(unit):
        names = ("percent", "fraction")
        advice = (": a percentage where a fraction is asked for. Divide by 100.", ". Was it divided by 100 twice?")
    else:
        names = ("hundred", "hundred")
        advice = (". Check the units of the figures you use.",) * 2
    return [Slip(names[1], small + advice[1], lambda x: x * 100), Slip(names[0], large + advice[0], lambda x: x / 100)]


def _power(exponent: int) -> Slip:
    way = "large" if exponent > 0 else "small"
    if abs(exponent) == 4:
        says = f"The digits are right but it is ten thousand times too {way}. Is a figure given in 万 (wàn), ten thousands?"
        return Slip("ten thousand", says, lambda x: x / 10.0**exponent)
    says = f"The digits are right but it is {10 ** abs(exponent):,} times too {way}. Check the units: tens, thousands, millions."
    return Slip("power of ten", says, lambda x: x / 10.0**exponent)


def repaired(values: Sequence[Scalar], slip: Slip) -> list[Scalar] | None:
    """Return all values without a slip; None where it cannot be made or leaves them as they are. What is no number stays."""
    found: list[Scalar] = []
    for value in values:
        if isinstance(value, (int, float)) and is_number(value):
            number = slip.repair(value) if abs(value) < 1e300 else math.inf
            if not math.isfinite(number) or abs(number) >= 1e300:
                return None
            found.append(number)
        else:
            found.append(value)
    return found if any(value != number for value, number in zip(values, found, strict=True)) else None


def telling(rights: Sequence[Scalar]) -> bool:
    """Return whether right numbers tell one slip from another: of 1, 0 or 1,000 nobody can say which slip led away from it."""
    numbers = [abs(value) for value in rights if isinstance(value, (int, float)) and is_number(value) and value]
    return any(not math.isclose(math.log10(number) % 1, 0, abs_tol=1e-12) for number in numbers)


def decimals(value: float, most: int) -> int | None:
    """Return to how few decimals a number is written, up to ``most``; None when it has more."""
    return next((places for places in range(most + 1) if math.isclose(value, round(value, places), rel_tol=1e-12, abs_tol=0)), None)


def is_rounding(value: float, right: float, places: int) -> bool:
    """Return whether ``value`` is ``right`` rounded to fewer than ``places`` decimals, with at least one digit of it left."""
    most = max(-places, 0) + 6
    if not value or abs(value - right) > COARSEST * abs(right):
        return False
    return any(
        math.isclose(value, round(value, digits), rel_tol=1e-12, abs_tol=1e-15) and abs(value - right) <= 0.5 * 10.0**-digits * (1 + 1e-9)
        for digits in range(-most, places)
    )


def is_near(value: float, right: float, places: int) -> bool:
    """Return whether a number is nearly the right one, and no other year than it."""
    years = all(float(number).is_integer() and 1000 < abs(number) < 3000 for number in (value, right))
    return not years and abs(value - right) <= max(2 * 10.0**-places, NEAR * abs(right))
