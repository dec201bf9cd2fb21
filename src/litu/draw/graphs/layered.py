"""Boxes and arrows in columns from left to right.

The steps are those of Sugiyama, Tagawa and Toda (1981): turn arrows round that close a circle, give each box
the column after its last predecessor, let long arrows pass the columns between as thin items, order each column
by the mean place of its neighbours. An arrow's words are an item of a column of their own, so that nothing is
ever written over anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from litu.draw.graphs.graph import Edge, Graph


@dataclass(eq=False)
class Item:
    """A box, the words of an arrow, or a place where an arrow passes; `x` is its left edge, `y` its middle."""

    kind: str
    name: str
    column: int
    width: float = 0.0
    height: float = 0.0
    x: float = 0.0
    y: float = 0.0
    before: list[Item] = field(default_factory=list)
    after: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Way:
    """An arrow as the items that it visits from left to right; `back` when it points to the left."""

    edge: Edge
    items: tuple[Item, ...]
    back: bool


@dataclass(frozen=True)
class Columns:
    """The items of each column, first column first, and the arrows through them."""

    columns: list[list[Item]]
    ways: list[Way]


def ranks(names: Sequence[str], edges: Sequence[Edge]) -> tuple[dict[str, int], set[Edge]]:
    """Return the column of each node, from 0, and the edges that point back to an earlier one."""
    back = _closing(names, edges)
    pairs = [(e.target, e.source) if e in back else (e.source, e.target) for e in edges]
    rank = dict.fromkeys(names, 0)
    for _ in names:
        for source, target in pairs:
            rank[target] = max(rank[target], rank[source] + 1)
    # A box that nothing leads to stands just before the first that it leads to.
    reached = {target for _, target in pairs}
    for name in names:
        ahead = [rank[target] for source, target in pairs if source == name]
        if name not in reached and ahead:
            rank[name] = min(ahead) - 1
    return rank, back


def _closing(names: Sequence[str], edges: Sequence[Edge]) -> set[Edge]:
    """Return edges without which no circle is left: those met last when walking from the first names on."""
    out: dict[str, list[Edge]] = {name: [] for name in names}
    for one in edges:
        out[one.source].append(one)
    closing: set[Edge] = set()
    state: dict[str, str] = {}
    for start in names:
        stack = [(start, iter(out[start]))] if start not in state else []
        state.setdefault(start, "open")
        while stack:
            name, rest = stack[-1]
            if (edge := next(rest, None)) is None:
                state[name] = "done"
                stack.pop()
            elif state.get(edge.target) == "open":
                closing.add(edge)
            elif edge.target not in state:
                state[edge.target] = "open"
                stack.append((edge.target, iter(out[edge.target])))
    return closing


def columns_of(graph: Graph) -> Columns:
    """Return boxes, words and passing places in columns, each column in its order from top to bottom."""
    rank, back = ranks(list(graph.labels), graph.edges)
    worded = {_gap_of_words(edge, rank, edge in back) for edge in graph.edges if edge.relation}
    place: dict[tuple[str, int], int] = {}
    for r in range(max(rank.values()) + 1):
        place["box", r] = len(place)
        if r in worded:
            place["words", r] = len(place)
    columns: list[list[Item]] = [[] for _ in place]
    boxes = {}
    for name, r in rank.items():
        boxes[name] = Item("box", name, place["box", r])
        columns[place["box", r]].append(boxes[name])
    ways = []
    for edge in graph.edges:
        first, last = (edge.target, edge.source) if edge in back else (edge.source, edge.target)
        own = place.get(("words", _gap_of_words(edge, rank, edge in back))) if edge.relation else None
        items = [boxes[first]]
        for column in range(boxes[first].column + 1, boxes[last].column):
            items.append(Item("words" if column == own else "pass", edge.relation if column == own else "", column))
            columns[column].append(items[-1])
        items.append(boxes[last])
        for one, two in zip(items, items[1:]):
            one.after.append(two)
            two.before.append(one)
        ways.append(Way(edge, tuple(items), edge in back))
    _order(columns)
    return Columns(columns, ways)


def _gap_of_words(edge: Edge, rank: dict[str, int], back: bool) -> int:
    """Return the column of boxes after which the words of an edge stand: near the box that it leaves."""
    return rank[edge.source] - 1 if back else rank[edge.source]


def _order(columns: list[list[Item]]) -> None:
    """Order each column by the mean place of its neighbours, from both sides in turn."""
    place = {id(item): i for column in columns for i, item in enumerate(column)}

    def mean(item: Item, near: list[Item]) -> float:
        return sum(place[id(other)] for other in near) / len(near) if near else place[id(item)]

    for turn in range(8):
        if turn % 2 == 0:
            for column in columns:
                column.sort(key=lambda item: mean(item, item.before))
                place.update({id(item): i for i, item in enumerate(column)})
        else:
            for column in reversed(columns):
                column.sort(key=lambda item: mean(item, item.after))
                place.update({id(item): i for i, item in enumerate(column)})
