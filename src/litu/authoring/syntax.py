"""Code as a syntax tree, within a bound: students write anything."""

from __future__ import annotations

import ast

MOST_SOURCE = 100_000
"""Characters of code that are looked through, in all cells together."""


def parsed(source: str) -> ast.Module | None:
    """Return the syntax tree of a cell; None when it has none."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
