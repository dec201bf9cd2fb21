"""Reads a drawing's shapes back from its Vega-Lite specification."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

import altair as alt

from litu.draw.shapes import LINE_HEIGHT
from litu.draw.text import text_width

Frame = tuple[float, float, float, float]


@dataclass
class Shapes:
    """Rectangles, lines and texts of a drawing, in pixels."""

    width: float
    height: float
    boxes: list[Frame] = field(default_factory=list)
    texts: list[tuple[str, Frame]] = field(default_factory=list)
    lines: list[list[tuple[float, float]]] = field(default_factory=list)
    dashes: list[tuple[float, ...]] = field(default_factory=list)

    def words(self) -> str:
        """Return all texts, one after the other."""
        return " | ".join(" ".join(text.split()) for text, _ in self.texts)


def rows_of(spec: dict[str, Any], layer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the data of one layer."""
    return spec["datasets"][layer["data"]["name"]] if "name" in layer["data"] else layer["data"]["values"]


def shapes_of(chart: alt.LayerChart) -> Shapes:
    """Return the shapes of a drawing that `litu.draw` laid out in pixels."""
    spec = chart.to_dict()
    found = Shapes(spec["width"], spec["height"])
    for layer in spec["layer"]:
        mark = layer["mark"]
        values = rows_of(spec, layer)
        if mark["type"] == "rect":
            found.boxes += [(row["x"], row["y"], row["x2"], row["y2"]) for row in values]
        elif mark["type"] == "line":
            for _, rows in groupby(values, key=lambda row: row["line"]):
                points = list(rows)
                found.lines.append([(row["x"], row["y"]) for row in points])
                found.dashes.append(tuple(points[0]["dash"]))
        elif mark["type"] == "text":
            found.texts += [(row["text"], _text_frame(row, mark)) for row in values]
    return found


def _text_frame(row: dict[str, Any], mark: dict[str, Any]) -> Frame:
    lines = row["text"].split("\n")
    size = mark["fontSize"]
    wide = max(text_width(line, size, bold=mark["fontWeight"] == "bold") for line in lines)
    left = row["x"] - {"left": 0, "center": wide / 2, "right": wide}[mark["align"]]
    top = row["y"] - size * LINE_HEIGHT / 2
    return left, top, left + wide, top + size * LINE_HEIGHT * len(lines)


def overlap(one: Frame, two: Frame, by: float = 0.6) -> bool:
    """Return whether two frames share more than a hair's breadth."""
    return min(one[2], two[2]) - max(one[0], two[0]) > by and min(one[3], two[3]) - max(one[1], two[1]) > by


def inside(one: Frame, two: Frame) -> bool:
    """Return whether the first frame lies in the second."""
    return one[0] >= two[0] - 0.6 and one[1] >= two[1] - 0.6 and one[2] <= two[2] + 0.6 and one[3] <= two[3] + 0.6


def crosses(line: list[tuple[float, float]], box: Frame) -> bool:
    """Return whether a line passes through the inside of a box."""
    low, high = (box[0] + 1, box[1] + 1), (box[2] - 1, box[3] - 1)
    return any(_cuts(start, end, low, high) for start, end in pairwise(line))


def _cuts(start: tuple[float, float], end: tuple[float, float], low: tuple[float, float], high: tuple[float, float]) -> bool:
    """Return whether a straight piece meets an open rectangle (Liang and Barsky's clipping)."""
    first, last = 0.0, 1.0
    for a, b, lower, upper in zip(start, end, low, high, strict=True):
        if a == b:
            if not lower < a < upper:
                return False
            continue
        enter, leave = sorted(((lower - a) / (b - a), (upper - a) / (b - a)))
        first, last = max(first, enter), min(last, leave)
    return first < last


def faults_of(shapes: Shapes) -> list[str]:
    """Return what a reader would stumble over: overlaps, lines through boxes or words, things beyond the edge."""
    page = (-2.0, -2.0, shapes.width + 2, shapes.height + 2)
    found = []
    for number, box in enumerate(shapes.boxes):
        found += [f"boxes {box} and {other} overlap" for other in shapes.boxes[number + 1 :] if overlap(box, other)]
        found += [f"a line crosses the box {box}" for line in shapes.lines if crosses(line, box)]
        found += [] if inside(box, page) else [f"box {box} is cut"]
    for number, (text, frame) in enumerate(shapes.texts):
        found += [f"{text!r} and {other!r} overlap" for other, second in shapes.texts[number + 1 :] if overlap(frame, second)]
        found += [f"{text!r} leaves its box" for box in shapes.boxes if overlap(frame, box) and not inside(frame, box)]
        found += [f"a line crosses {text!r}" for line in shapes.lines if crosses(line, frame)]
        found += [] if inside(frame, page) else [f"{text!r} is cut"]
    return found
