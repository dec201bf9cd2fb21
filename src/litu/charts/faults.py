"""A fault of a chart, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ORDER = (
    "spec", "mark", "axes swapped", "unread", "channel-missing", "field", "data", "type", "aggregate", "layer",
    "repeat-missing", "scale", "sort", "colour", "title", "axis-title", "description",
)  # fmt: skip
"""The kinds of faults, the most important first."""

SUBSTANCE = {"mark": 0.10, "fields": 0.15, "data": 0.25, "aggregate": 0.10}
READING = {"scale": 0.10, "sort": 0.08, "title": 0.06, "axis titles": 0.10, "description": 0.06}
"""What each part of a chart is worth: 0.60 for what it shows, 0.40 for how well it reads."""

LOSES = {
    "mark": {"mark"},
    "axes swapped": {"fields"},
    "unread": {"fields", "data", "aggregate"},
    "channel-missing": {"fields", "data"},
    "field": {"fields", "data"},
    "data": {"data"},
    "type": {"fields"},
    "aggregate": {"data", "aggregate"},
    "layer": {"mark", "aggregate"},
    "scale": {"scale"},
    "sort": {"sort"},
    "colour": {"scale"},
    "repeat-missing": {"scale"},
    "title": {"title"},
    "axis-title": {"axis titles"},
    "description": {"description"},
}
"""The parts that a fault of each kind takes away."""

WORDS = {
    "x": "x axis", "y": "y axis", "color": "colour", "fill": "fill colour", "stroke": "stroke colour", "size": "size",
    "shape": "shape", "strokeDash": "dash pattern", "theta": "angle", "row": "rows of panels",
    "column": "columns of panels", "facet": "panels", "xOffset": "x offset", "yOffset": "y offset", "text": "text",
    "opacity": "opacity", "x2": "far end on x", "y2": "far end on y",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One thing that is not as wanted, in a sentence or two for the student."""

    kind: str
    channel: str
    message: str


def word(channel: str) -> str:
    """Return a channel in words."""
    return WORDS.get(channel, channel)


def ordered(faults: Iterable[Fault]) -> list[Fault]:
    """Return the faults without repeats, the most important first."""
    return sorted(dict.fromkeys(faults), key=lambda fault: ORDER.index(fault.kind))


def share(faults: Iterable[Fault]) -> float:
    """Return the part of the points a chart with these faults earns, 0 to 1.

    A chart that shows nothing of what was asked earns nothing for its titles.
    """
    kinds = {fault.kind for fault in faults}
    if "spec" in kinds:
        return 0.0
    lost = set().union(*(LOSES[kind] for kind in kinds))
    if lost.issuperset(SUBSTANCE):
        return 0.0
    return round(1 - sum(worth for part, worth in (SUBSTANCE | READING).items() if part in lost), 2)
