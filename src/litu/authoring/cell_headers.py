"""The headers of a lesson's cells: which fields there are and what they hold."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

FIELDS = {
    "code": set(),
    "exercise": {"name", "points", "claims", "hints", "hidden", "feedback", "found"},
    "check": set(),
    "mistake": {"name", "says"},
    "accept": {"name", "found"},
    "written": {"name", "points", "prompt", "rubric", "claims", "sample", "comments"},
}
REQUIRED = {
    "exercise": ("name", "points"),
    "mistake": ("name", "says"),
    "accept": ("name",),
    "written": ("name", "points", "prompt", "rubric"),
}
NAME = re.compile(r"(?!check-|task-)(?=.{1,50}\Z)[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and NAME.match(value) is not None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < math.inf


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_lists(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, list) for item in value)


def _is_speed(value: Any) -> bool:
    return value in ("instant", "graded")


def _is_rubric(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, dict) and set(item) == {"points", "text"} and _is_number(item["points"]) and _is_text(item["text"])
        for item in value
    )


SHAPES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "name": (_is_name, "lower case words joined by hyphens, 50 letters at most"),
    "points": (_is_number, "a number, 0 or more"),
    "claims": (_are_texts, "a list of claim ids"),
    "hints": (_are_texts, "a list of sentences; one that holds a colon needs quotation marks"),
    "hidden": (_are_lists, "a list of argument lists"),
    "feedback": (_is_speed, "instant or graded"),
    "says": (_is_text, "a sentence or two"),
    "found": (_is_text, "a sentence or two that a right answer earns"),
    "sample": (_is_text, "a paragraph"),
    "comments": (_are_texts, "a list of sentences; one that holds a colon needs quotation marks"),
    "prompt": (_is_text, "a text"),
    "rubric": (_is_rubric, "a list of {points: ..., text: ...}"),
}


def fault(kind: str, meta: dict[str, Any]) -> str | None:
    """Return what is wrong with the header of a cell of ``kind``, or None."""
    strange = sorted(set(map(str, meta)) - FIELDS[kind])
    if strange:
        return (
            f"a cell tagged {kind!r} has no field {strange[0]!r}" if kind != "code" else f"a cell without a tag has no field {strange[0]!r}"
        )
    for key in REQUIRED.get(kind, ()):
        if key not in meta:
            return f"{key} missing; write `{key}:` in the cell's header"
    for key, value in meta.items():
        fits, what = SHAPES[key]
        if not fits(value):
            return f"{key} must be {what}"
    if kind == "written" and not math.isclose(sum(item["points"] for item in meta["rubric"]), meta["points"]):
        return "the points of the rubric do not add up to the points of the cell"
    return None
