"""Labels that a student chooses from a list, whatever their case, spacing and type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from litu.answers.messages import listed, written_number
from litu.answers.plain import Plain, squeezed

MOST_LABELS = 1000
"""An answer of more labels is no answer of this form."""
MOST_LETTERS = 200
"""Longer texts are no label."""


def text_of(item: Plain) -> str | None:
    """Return a number, a text or True as a label; None for anything else."""
    if item["kind"] == "number" and item["value"] is not None:
        return written_number(item["value"])
    if item["kind"] == "text":
        return str(item["value"][:MOST_LETTERS])
    return str(item["value"]) if item["kind"] == "boolean" else None


def is_open(item: Plain) -> bool:
    """Return whether a place is left open: `...`, or the blanks of a skeleton."""
    return item["kind"] == "nothing" or item["kind"] == "text" and not item["value"][:MOST_LETTERS].strip(" _\t\n.")


def labels_of(items: Iterable[Plain]) -> list[str | None] | None:
    """Return labels, None for each place left open; None for all when one of them can be no label."""
    found: list[str | None] = []
    for item in items:
        if len(found) >= MOST_LABELS:
            return None
        label = None if is_open(item) else text_of(item)
        if label is None and not is_open(item):
            return None
        found.append(label)
    return found


def spelled(label: str, choices: Sequence[Any]) -> str:
    """Return a label as the list of choices spells it; one that is not in the list as it is."""
    return next((str(choice) for choice in choices if squeezed(str(choice)) == squeezed(label)), label)


def foreign(labels: Iterable[str], choices: Sequence[Any]) -> list[str]:
    """Return the labels that the list of choices does not hold."""
    known = {squeezed(str(choice)) for choice in choices}
    return list(dict.fromkeys(label for label in labels if squeezed(label) not in known))


def no_choice(labels: list[str], choices: Sequence[Any]) -> str:
    """Return the sentence about labels that are not to choose from."""
    return f"{listed(labels)} {'is' if len(labels) == 1 else 'are'} not to choose from; there are {listed([str(choice) for choice in choices], most=12)}."
