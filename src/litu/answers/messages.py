"""The one voice of the checks.

A message names the variable, says what kind of thing was expected and what
was found, then the likeliest slip and one next step, in under 60 words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

KINDS = {
    "number": "a number",
    "boolean": "True or False",
    "text": "a text in quotation marks",
    "list": "a list",
    "set": "a set",
    "dict": "a dict",
    "series": "a Series",
    "table": "a table (DataFrame)",
    "chart": "an Altair chart",
    "function": "a function",
    "nothing": "nothing yet",
    "other": "something else",
}

MAX_WORDS = 60


def expected(kind: str, options: dict[str, Any]) -> str:
    """Return what kind of thing a check wants, with its unit or choices."""
    words = KINDS[kind]
    if options.get("choices"):
        return "one of " + ", ".join(f'"{choice}"' for choice in options["choices"])
    return f"{words} ({options['unit']})" if options.get("unit") else words


def found(plain: dict[str, Any]) -> str:
    """Return what the student gave, in a few words."""
    kind = plain["kind"]
    if kind == "number":
        return plain.get("special") or written_number(plain["value"])
    if kind == "boolean":
        return str(plain["value"])
    if kind == "text":
        return f'the text "{short(plain["value"], 40)}"'
    if kind in ("list", "set"):
        return f"{KINDS[kind]} of {count(len(plain['items']), 'item')}"
    if kind == "dict":
        return f"a dict of {count(len(plain['keys']), 'key')}"
    if kind == "series":
        return f"a Series of {count(len(plain['values']), 'value')}"
    if kind == "table":
        rows = len(plain["columns"][0]["values"]) if plain["columns"] else 0
        return f"a table of {count(rows, 'row')} and {count(len(plain['columns']), 'column')}"
    if kind == "other":
        return short(plain["type"].removeprefix("builtins."), 80)
    return KINDS[kind]


def sentence(variable: str, kind: str, options: dict[str, Any], plain: dict[str, Any], advice: str) -> str:
    """Return a whole message: variable, wanted, found, then the advice."""
    if plain["kind"] == kind and kind in ("chart", "function"):
        return f"`{variable}` is {KINDS[kind]}, but not yet the one asked for. {advice}"
    return f"`{variable}` should be {expected(kind, options)}; found {found(plain)}. {advice}"


def written_number(value: float) -> str:
    """Return a number as people write it: thousands separated, six digits."""
    if isinstance(value, int) or (abs(value) < 1e15 and value == int(value)):
        return f"{int(value):,}"
    return f"{value:,.6g}" if 1e-4 <= abs(value) < 1e6 else f"{value:,.4f}" if abs(value) >= 1e6 else f"{value:.4g}"


def count(number: int, noun: str) -> str:
    """Return ``1 row`` or ``3 rows``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def listed(names: Iterable[str], last: str = "and") -> str:
    """Return names in quotation marks, the last joined by "and" or another word."""
    quoted = [f'"{short(str(name), 40)}"' for name in names]
    if len(quoted) > 4:
        quoted = [*quoted[:3], f"{len(quoted) - 3} more"]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + f" {last} " + quoted[-1]


def short(text: str, length: int) -> str:
    """Return ``text`` on one line, cut to ``length`` characters."""
    flat = re.sub(r"\s+", " ", text)
    return flat if len(flat) <= length else flat[: length - 1] + "…"
