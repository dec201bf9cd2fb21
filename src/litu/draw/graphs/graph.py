"""Boxes and arrows as tables tell them: edges from one node to another, and the labels of the nodes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from litu.draw.tables import DrawingError, rows_of

MOST_NODES = 40


@dataclass(frozen=True)
class Edge:
    """An arrow, what it says and how it is drawn."""

    source: str
    target: str
    relation: str = ""
    status: str = ""


@dataclass(frozen=True)
class Graph:
    """Nodes in the order of their first mention, each with its label, and the edges without repetitions."""

    labels: dict[str, str]
    edges: tuple[Edge, ...]
    status: dict[str, str]


def read_graph(edges: pd.DataFrame, nodes: pd.DataFrame | None = None) -> Graph:
    """Return the graph of a table of edges (`from`, `to`, perhaps `relation`, `status`) and of nodes (`node`, `label`).

    A node of the edges that `nodes` does not list is labelled by its own name; a node that no edge names is not
    drawn. Raises `DrawingError` for an edge without an end or from a node to itself, and for more than 40 nodes.
    """
    found: dict[tuple[str, str], Edge] = {}
    for place, row in enumerate(rows_of(edges, ["from", "to"], ["relation", "status"]), 1):
        if row["from"] is None or row["to"] is None:
            raise DrawingError(f"Row {place} of the edges lacks its {'from' if row['from'] is None else 'to'}.")
        source, target = str(row["from"]), str(row["to"])
        if source == target:
            raise DrawingError(f"Row {place} of the edges goes from {source!r} to itself.")
        found.setdefault((source, target), Edge(source, target, _text(row.get("relation")), _text(row.get("status"))))
    names = list(dict.fromkeys(name for pair in found for name in pair))
    if len(names) > MOST_NODES:
        raise DrawingError(f"A drawing holds at most {MOST_NODES} boxes; these edges name {len(names)}.")
    given = {} if nodes is None else {str(row["node"]): row for row in rows_of(nodes, ["node", "label"], ["status"])}
    labels = {name: _text(given[name]["label"]) or name if name in given else name for name in names}
    return Graph(labels, tuple(found.values()), {name: _text(given[name].get("status")) for name in names if name in given})


def sentences(graph: Graph) -> list[str]:
    """Return each arrow in words."""
    told = []
    for edge in graph.edges:
        said = [part for part in (edge.relation, edge.status) if part]
        told.append(f"{graph.labels[edge.source]} → {graph.labels[edge.target]}" + (f" ({', '.join(said)})" if said else ""))
    return told


def _text(value: Any) -> str:
    text = "" if value is None else str(value)
    return "−" if text == "-" else text


def first_met(items: Iterable[str]) -> list[str]:
    """Return the texts in the order in which they come first, without the empty one."""
    return [item for item in dict.fromkeys(items) if item]
