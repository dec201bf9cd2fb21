"""Figures in a lesson's code must stand in data/."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pandas as pd

COUNTING = {*range(13), 24, 60, 100, 365, 1000, *(10**k for k in range(4, 10)), 0.5, 0.01, 0.1, 0.001}
"""Numbers that are no figures: small counts, clock and calendar, powers of ten."""
LOOKS = {
    "width",
    "height",
    "size",
    "opacity",
    "strokeWidth",
    "strokeDash",
    "fontSize",
    "labelAngle",
    "labelLimit",
    "labelFontSize",
    "dx",
    "dy",
    "padding",
}
"""Keywords that say how a chart looks: their numbers are no figures."""


@cache
def known_figures(data: Path) -> frozenset[float]:
    """Return every number that stands in a cell of data/, whatever its column."""
    found: set[float] = set()
    for path in sorted(data.glob("*.csv")):
        table = pd.read_csv(path, dtype=str)
        for column in table:
            numbers = pd.to_numeric(table[column], errors="coerce").dropna()
            found.update(abs(number) for number in numbers.tolist())
    return frozenset(found)


@cache
def known_claims(data: Path) -> frozenset[str]:
    """Return the ids of all claims."""
    return frozenset(pd.read_csv(data / "claims.csv", dtype=str)["claim"])


def unknown_figure(source: str, data: Path) -> str | None:
    """Return the first number in ``source`` that stands neither in data/ nor among the counting numbers."""
    figures = known_figures(data)
    tree = ast.parse(source)
    looks = {part for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg in LOOKS for part in ast.walk(node.value)}
    for node in ast.walk(tree):
        if (
            node not in looks
            and isinstance(node, ast.Constant)
            and isinstance(node.value, (int, float))
            and not isinstance(node.value, bool)
        ):
            if abs(node.value) not in COUNTING and abs(float(node.value)) not in figures:
                return ast.get_source_segment(source, node)
    return None


def unknown_claim(text: str, pattern: str, data: Path) -> str | None:
    """Return the first claim id in ``text``, by the course's pattern, that is not a row of data/claims.csv; none without a pattern."""
    if not pattern:
        return None
    return next((found[0] for found in re.finditer(pattern, text) if found[0] not in known_claims(data)), None)
