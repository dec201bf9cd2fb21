"""An argument map: grounds at the left, the positions that they bear on in a column, and their quarrels at the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import altair as alt
import pandas as pd

from litu.display.palette import BLUE, INK, ORANGE, PURPLE, TINT
from litu.draw.canvas import canvas
from litu.draw.graphs.graph import Edge, Graph, read_graph, sentences
from litu.draw.shapes import WIDTH, Rect, Shape, Stroke, Words, bend, head, text_height
from litu.draw.text import longest_word, text_width, wrap

SOLID, BROKEN, DOTTED, MIXED = (1, 0), (7, 4), (2, 3), (9, 3, 2, 3)
LOOKS = {
    "supports": (BLUE, SOLID),
    "+": (BLUE, SOLID),
    "attacks": (ORANGE, BROKEN),
    "−": (ORANGE, BROKEN),
    "answers": (PURPLE, DOTTED),
    "qualifies": (PURPLE, DOTTED),
}
"""Colour and line of each relation; the word stands on every arrow too."""
_PLAIN = (INK, MIXED)
_PAD, _APART, _PORT, _CHANNEL, _CURVE = 8, 10, 17, 11, 46
_TRUNK = 128
"""Least width of the column of positions."""


@dataclass(eq=False)
class Box:
    """A ground or a position: `y` is its middle."""

    name: str
    lines: list[str]
    x: float
    width: float
    height: float
    y: float = 0.0
    ports: list[Edge] = field(default_factory=list)

    def port(self, edge: Edge) -> float:
        """Return the height at which an edge meets the right side."""
        return self.y + (self.ports.index(edge) - (len(self.ports) - 1) / 2) * _PORT


@dataclass
class Layout:
    """Where everything lies."""

    boxes: dict[str, Box]
    grounds: list[Edge]
    """Arrows from the left column to the middle one."""
    quarrels: list[tuple[Edge, int]]
    """Arrows between positions, each with its channel at the right, 0 for the innermost."""
    words: float
    height: float
    left_ports: dict[str, list[Edge]]


def argument_map(edges: pd.DataFrame, *, title: str, description: str, nodes: pd.DataFrame | None = None) -> alt.LayerChart:
    """Return an argument map: what nothing bears on stands at the left, everything else in a column beside it.

    `edges` has the columns `from`, `to` and `relation`: supports, attacks, answers, qualifies, + or −, each with a line of its
    own; other words share one more. `nodes` gives labels (`node`, `label`). Raises `DrawingError` for a table that cannot be drawn.
    """
    graph = read_graph(edges, nodes)
    plan = layout(graph)
    shapes: list[Shape] = []
    for box in plan.boxes.values():
        ground = box.x < 1
        frame = (box.x, box.y - box.height / 2, box.x + box.width, box.y + box.height / 2)
        shapes.append(Rect(*frame, "transparent" if ground else TINT, INK, 0.8 if ground else 1.6))
        shapes.append(Words(box.x + box.width / 2, box.y, tuple(box.lines), bold=not ground))
    shapes += _grounds(plan)
    shapes += _quarrels(plan)
    width = max(WIDTH, *(right + 2 for right in _rights(plan)))
    return canvas(shapes, plan.height + 4, title=title, description=description, told=sentences(graph), width=width)


def layout(graph: Graph) -> Layout:
    """Place grounds, positions and the channels of the arrows between positions; nothing overlaps."""
    reached = {edge.target for edge in graph.edges}
    trunk = _order([name for name in graph.labels if name in reached], graph.edges)
    leaves = [name for name in graph.labels if name not in reached]
    quarrels = [edge for edge in graph.edges if edge.source in reached]
    grounds = [edge for edge in graph.edges if edge.source not in reached]
    channels = _channels(quarrels, {name: i for i, name in enumerate(trunk)})
    words = max(text_width(edge.relation) for edge in graph.edges) + 10
    aside = (words + 14 + _CHANNEL * (max(channels.values()) + 1)) if channels else 4
    gap = words + _CURVE if leaves else 0
    room = WIDTH - aside - gap
    wide = max(_TRUNK, room * (0.42 if leaves else 0.8), *(longest_word(graph.labels[name], bold=True) + 2 * _PAD for name in trunk))
    narrow = max(room - wide, 96)
    boxes: dict[str, Box] = {}
    for name in leaves:
        boxes[name] = _box(name, graph.labels[name], 0, narrow, False)
        boxes[name].ports = [edge for edge in grounds if edge.source == name]
    place = {name: i for i, name in enumerate(trunk)}
    for name in trunk:
        boxes[name] = _box(name, graph.labels[name], narrow + gap if leaves else 0, wide, True)
        boxes[name].ports = _sorted_ports(name, quarrels, place)
    entering = {name: [edge for edge in grounds if edge.target == name] for name in trunk}
    for name, box in boxes.items():
        box.height = max(box.height, _PORT * len(box.ports) + 4, 11 * len(entering.get(name, ())) + 6)
    height = _stack(trunk, leaves, boxes, grounds)
    for edges in entering.values():
        edges.sort(key=lambda edge: boxes[edge.source].port(edge))
    return Layout(boxes, grounds, [(edge, channels[edge]) for edge in quarrels], words, height, entering)


def _box(name: str, label: str, x: float, width: float, bold: bool) -> Box:
    lines = wrap(label, width - 2 * _PAD, bold=bold)
    return Box(name, lines, x, width, text_height(len(lines)) + 2 * _PAD)


def _order(trunk: list[str], edges: Sequence[Edge]) -> list[str]:
    """Order positions so that each stands below those that it bears on, as far as circles allow."""
    ahead = {name: {e.target for e in edges if e.source == name and e.target in trunk} for name in trunk}
    placed: list[str] = []
    while len(placed) < len(trunk):
        left = [name for name in trunk if name not in placed]
        placed.append(min(left, key=lambda name: (len(ahead[name] - set(placed)), left.index(name))))
    return placed


def _sorted_ports(name: str, quarrels: Sequence[Edge], place: dict[str, int]) -> list[Edge]:
    """Order the arrows at a position's right side so that they cross little: upward ones first, the far ones in the middle."""

    def key(edge: Edge) -> tuple[int, int]:
        other = place[edge.target if edge.source == name else edge.source]
        up = other < place[name]
        return (0 if up else 1), place[name] - other

    return sorted((edge for edge in quarrels if name in (edge.source, edge.target)), key=key)


def _channels(quarrels: Sequence[Edge], place: dict[str, int]) -> dict[Edge, int]:
    """Give each arrow between positions a channel; short arrows stay inside, and arrows in one channel do not meet."""
    taken: list[list[tuple[int, int]]] = []
    channel: dict[Edge, int] = {}
    for edge in sorted(quarrels, key=lambda edge: abs(place[edge.source] - place[edge.target])):
        low, high = sorted((place[edge.source], place[edge.target]))
        free = next((i for i, spans in enumerate(taken) if all(high < one or other < low for one, other in spans)), len(taken))
        if free == len(taken):
            taken.append([])
        taken[free].append((low, high))
        channel[edge] = free
    return channel


def _stack(trunk: list[str], leaves: list[str], boxes: dict[str, Box], grounds: Sequence[Edge]) -> float:
    """Give each position a band as high as its grounds; return the lower edge of all."""
    home: dict[str, str] = {}
    for edge in grounds:
        home.setdefault(edge.source, edge.target)
    top = 4.0
    for name in trunk:
        own = [leaf for leaf in leaves if home[leaf] == name]
        high = sum(boxes[leaf].height for leaf in own) + _APART * max(0, len(own) - 1)
        band = max(high, boxes[name].height)
        boxes[name].y = top + band / 2
        y = top + (band - high) / 2
        for leaf in own:
            boxes[leaf].y = y + boxes[leaf].height / 2
            y += boxes[leaf].height + _APART
        top += band + 2 * _APART
    return top - 2 * _APART


def _look(edge: Edge) -> tuple[str, tuple[float, ...]]:
    return LOOKS.get(edge.relation, _PLAIN)


def _grounds(plan: Layout) -> Iterator[Shape]:
    for edge in plan.grounds:
        colour, dash = _look(edge)
        source, target = plan.boxes[edge.source], plan.boxes[edge.target]
        entering = plan.left_ports[edge.target]
        y = source.port(edge)
        end = target.y + (entering.index(edge) - (len(entering) - 1) / 2) * 11
        right = source.x + source.width
        yield Words(right + 5, y, (edge.relation,), "left")
        start = right + 5 + text_width(edge.relation) + 4 if edge.relation else right
        level = right + plan.words + 3
        yield Stroke(((start, y), *bend(level, y, target.x - 9, end), (target.x - 5, end)), colour, 1.8, dash)
        yield head(target.x, end, "right", colour)


def _quarrels(plan: Layout) -> Iterator[Shape]:
    for edge, channel in plan.quarrels:
        colour, dash = _look(edge)
        source, target = plan.boxes[edge.source], plan.boxes[edge.target]
        right = source.x + source.width
        y, end = source.port(edge), target.port(edge)
        turn = right + plan.words + 14 + _CHANNEL * channel
        yield Words(right + 5, y, (edge.relation,), "left")
        start = right + 5 + text_width(edge.relation) + 4 if edge.relation else right
        yield Stroke(((start, y), (turn, y), (turn, end), (target.x + target.width + 5, end)), colour, 1.8, dash)
        yield head(target.x + target.width, end, "left", colour)


def _rights(plan: Layout) -> Iterator[float]:
    for box in plan.boxes.values():
        yield box.x + box.width
    for edge, channel in plan.quarrels:
        box = plan.boxes[edge.source]
        yield box.x + box.width + plan.words + 14 + _CHANNEL * channel
