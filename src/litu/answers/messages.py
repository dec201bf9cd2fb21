"""The one voice of the checks.

A message names the variable, says what kind of thing was expected and what
was found, then the likeliest slip and one next step, in under 60 words. What
each kind is called stands with the kind (:mod:`litu.kinds`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_WORDS = 60


def written_number(value: float) -> str:
    """Return a number as people write it: thousands separated, six digits."""
    if isinstance(value, int) or (abs(value) < 1e15 and value == int(value)):
        return f"{int(value):,}"
    return f"{value:,.6g}" if 1e-4 <= abs(value) < 1e6 else f"{value:,.4f}" if abs(value) >= 1e6 else f"{value:.4g}"


def count(number: int, noun: str) -> str:
    """Return ``1 row`` or ``3 rows``, ``1 entry`` or ``3 entries``."""
    if number != 1:
        noun = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{number:,} {noun}"


def are(number: int) -> str:
    """Return ``is`` or ``are``."""
    return "is" if number == 1 else "are"


def listed(names: Iterable[str], last: str = "and", most: int = 4) -> str:
    """Return names in quotation marks, the last joined by "and" or another word, not more than ``most``."""
    quoted = [f'"{short(str(name), 40)}"' for name in names]
    if len(quoted) > most:
        quoted = [*quoted[: most - 1], f"{len(quoted) - most + 1} more"]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + f" {last} " + quoted[-1]


def short(text: str, length: int) -> str:
    """Return ``text`` on one line, cut to ``length`` characters."""
    flat = re.sub(r"\s+", " ", text)
    return flat if len(flat) <= length else flat[: length - 1] + "…"
