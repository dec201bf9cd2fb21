"""Writes the public checks: what a student's copy may hold of an exercise.

Right answers go in as slow salted hashes of their fingerprints: instant
feedback must not become an oracle for a guessing loop. The message about a
known mistake is encrypted with a key that only the mistake itself gives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import replace
from typing import Any

from litu.charts import ChartMeaning
from litu.compare.charts import fault_texts, wanted_meaning
from litu.compare.difference import Plain, places_of
from litu.public_checks.fingerprint import fingerprint, form_of, parts_of, shifts
from litu.public_checks.hashing import cipher, hashed

Entry = dict[str, Any]
"""What checks.json holds of one exercise."""

FREEDOM = 100_000
"""A dict entry has a hash of its own only when at least so many answers are conceivable."""
GIVEN = "given"
"""Stands for a title or description: students' checks ask only that there is one."""
MIN_ROWS = 3
"""A column has a hash of its own only from so many rows on."""


def seal(name: str, key: dict[str, Any], known: Container[float]) -> Entry:
    """Return the public entry of exercise ``name`` from its answer key.

    ``known`` are the figures of data/, which are no secret: the points of a
    chart go into the student's copy only when they are all among them.
    """
    inputs = key["public_calls"]
    answer, options = _public_calls(key["answer"], inputs), key["options"]
    entry: Entry = {field: key[field] for field in ("variable", "points", "claims", "options", "hints", "feedback")}
    entry |= {"kind": answer["kind"], "form": form_of(answer, options)}
    if answer["kind"] == "function":
        entry["inputs"] = [call["args"] for call in answer["calls"]]
    if key["feedback"] == "graded":
        return entry
    entry["salt"] = hashlib.sha256(f"litu:{name}".encode()).hexdigest()[:32]
    if answer["kind"] == "chart":
        wanted = _public_meaning(answer, known)
        return entry | {"meaning": wanted.to_plain(), "mistakes": _seal_chart_mistakes(key["mistakes"], wanted, entry)}
    parts = parts_of(answer, options, entry["form"])
    entry["grid"] = {part: shifts(scalars, places_of(options, part)) for part, scalars in parts}
    rights = [answer, *(_public_calls(accept, inputs) for accept in key["accepts"])]
    entry["right"] = sorted({hashed(whole_text(right, entry), entry["salt"])[0] for right in rights})
    entry["parts"] = {
        part: hashed(part_text(part, scalars, entry), entry["salt"])[0]
        for part, scalars in parts
        if len(parts) > 1 and _own_hash(answer["kind"], scalars, places_of(options, part))
    }
    entry["mistakes"] = [
        sealed for mistake in key["mistakes"] if (sealed := _seal_mistake(mistake, entry, inputs)) is not None
    ]
    return entry


def _public_meaning(answer: Plain, known: Container[float]) -> ChartMeaning:
    """Return what a student's copy may say of the wanted chart: its form, without the author's words."""
    wanted = wanted_meaning(answer)
    views = tuple(
        replace(
            view,
            points=view.points if _all_known(view.points, known) else None,
            title=view.title and GIVEN,
            encodings={channel: replace(encoding, title=encoding.title and GIVEN) for channel, encoding in view.encodings.items()},
        )
        for view in wanted.views
    )
    return replace(
        wanted, views=views, title=wanted.title and GIVEN, subtitle=wanted.subtitle and GIVEN, description=wanted.description and GIVEN
    )


def _all_known(points: Any, known: Container[float]) -> bool:
    """Return whether every number drawn is a figure of data/, perhaps as a percentage of one."""
    values = [value for point in points or () for value in point.values()]
    numbers = [value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]
    return all(any(round(abs(number) * scale, 9) in known for scale in (1, 0.01, 100)) for number in numbers)


def _public_calls(answer: Plain, inputs: int) -> Plain:
    return {**answer, "calls": answer["calls"][:inputs]} if answer["kind"] == "function" else answer


def _own_hash(kind: str, scalars: list[Any], places: int) -> bool:
    if kind == "dict":
        numbers = [s for s in scalars if isinstance(s, (int, float)) and not isinstance(s, bool)]
        return bool(numbers) and abs(numbers[0]) * 10.0**places >= FREEDOM
    return len(scalars) >= MIN_ROWS


def _seal_mistake(mistake: dict[str, Any], entry: Entry, inputs: int) -> dict[str, str] | None:
    answer = _public_calls(mistake["answer"], inputs)
    if answer["kind"] != entry["kind"]:
        return None
    try:
        return _sealed_message(whole_text(answer, entry), mistake["says"], entry)
    except (KeyError, ValueError):
        return None


def _sealed_message(text: str, says: str, entry: Entry) -> dict[str, str]:
    tag, key = hashed(text, entry["salt"])
    return {"tag": tag, "sealed": cipher(key, says.encode()).hex()}


def _seal_chart_mistakes(mistakes: list[dict[str, Any]], wanted: ChartMeaning, entry: Entry) -> list[dict[str, str]]:
    sealed: dict[str, dict[str, str]] = {}
    for rank in (0, 1):
        for mistake in mistakes:
            if mistake["answer"]["kind"] == "chart":
                text = fault_texts(mistake["answer"], wanted, entry["options"])[rank]
                sealed.setdefault(text, _sealed_message(text, mistake["says"], entry))
    return list(sealed.values())


def part_text(name: str, scalars: list[Any], entry: Entry, nudge: int = 0) -> str:
    """Return the text of one part of an answer that is hashed; ``nudge`` moves its numbers by whole cells."""
    grid = entry["grid"].get(name, "")
    return f"{name}={fingerprint(scalars, places_of(entry['options'], name), grid, nudge)}"


def whole_text(answer: Plain, entry: Entry, nudge: int = 0) -> str:
    """Return the text of a whole answer that is hashed."""
    return "&".join(
        part_text(name, scalars, entry, nudge) for name, scalars in parts_of(answer, entry["options"], entry["form"])
    )
