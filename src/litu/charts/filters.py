"""A filter written as a formula, such as "datum.year > 2010", as field predicates.

Only comparisons of a column with a constant are read, joined by &&, || and !.
The formula is taken apart here and never run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

LONGEST = 500
DEEPEST = 20
TOKEN = re.compile(
    r"""\s*(?:(?P<field>datum\.(?P<plain>\w+)|datum\[(?P<mark>["'])(?P<quoted>.*?)(?P=mark)\])
    |(?P<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|(?P<quote>["'])(?P<text>.*?)(?P=quote)
    |(?P<word>true|false)|(?P<op>\(|\)|&&|\|\||[=!]==?|<=?|>=?|!))""",
    re.VERBOSE,
)
Tokens = list[tuple[str, Any]]
Parsed = tuple[dict[str, Any], Tokens]
LIMITS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


def predicate_of(formula: str) -> dict[str, Any] | None:
    """Return the field predicate that a formula stands for; None when it says more than this."""
    tokens: Tokens = []
    place, formula = 0, formula.strip()
    if len(formula) > LONGEST:
        return None
    while place < len(formula):
        found = TOKEN.match(formula, place)
        if not found:
            return None
        tokens.append(_token(found))
        place = found.end()
    if sum(token in (("op", "("), ("op", "!")) for token in tokens) > DEEPEST:
        return None
    try:
        result, rest = _either(tokens)
    except (IndexError, ValueError):
        return None
    return result if not rest else None


def _token(found: re.Match[str]) -> tuple[str, Any]:
    if found["field"]:
        name = found["plain"] or found["quoted"]
        return "field", re.sub(r"([.\[\]\\])", r"\\\1", name)
    if found["number"]:
        return "value", float(found["number"])
    if found["quote"]:
        return "value", found["text"]
    return ("value", found["word"] == "true") if found["word"] else ("op", found["op"])


def _either(tokens: Tokens) -> Parsed:
    return _joined(tokens, "||", "or", lambda rest: _joined(rest, "&&", "and", _single))


def _joined(tokens: Tokens, op: str, name: str, part: Callable[[Tokens], Parsed]) -> Parsed:
    first, rest = part(tokens)
    parts = [first]
    while rest and rest[0] == ("op", op):
        following, rest = part(rest[1:])
        parts.append(following)
    return (first if len(parts) == 1 else {name: parts}), rest


def _single(tokens: Tokens) -> Parsed:
    if tokens[0] == ("op", "!"):
        inner, rest = _single(tokens[1:])
        return {"not": inner}, rest
    if tokens[0] == ("op", "("):
        inner, rest = _either(tokens[1:])
        if rest[0] != ("op", ")"):
            raise ValueError("no closing bracket")
        return inner, rest[1:]
    (kind, field), (_, op), (right, value) = tokens[:3]
    if kind != "field" or right != "value":
        raise ValueError("no comparison of a column with a constant")
    if op in LIMITS:
        return {"field": field, LIMITS[op]: value}, tokens[3:]
    if op not in ("==", "===", "!=", "!=="):
        raise ValueError("no comparison")
    equal = {"field": field, "equal": value}
    return ({"not": equal} if op[0] == "!" else equal), tokens[3:]
