"""The table or column in which pandas looked, found in the frames of its own code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

import pandas as pd

from litu.learner.errors.case import Case, kind_of
from litu.learner.errors.registry import clean, code

_HOLDERS = ("self", "frame", "left", "data", "obj")
"""What pandas calls the table in its functions."""
MOST = 2_000


@dataclass(frozen=True)
class Looked:
    """A table or column, and the function of pandas that looked in it."""

    table: Any
    """A DataFrame or a Series, of exactly that class."""
    function: str

    @property
    def is_table(self) -> bool:
        """Whether it is a table, not a single column or row."""
        return type(self.table) is pd.DataFrame

    @property
    def columns(self) -> list[Any]:
        """The labels of the columns that are texts or numbers; none for a Series."""
        return _plain(self.table.columns) if self.is_table else []

    @property
    def rows(self) -> list[Any]:
        """The labels of the rows that are texts or numbers."""
        return _plain(self.table.index)

    @property
    def row_names(self) -> list[str]:
        """The names of the index."""
        return [name for name in self.table.index.names if type(name) is str]

    def name(self, case: Case) -> str:
        """Return what the learner calls it, as code; "the table" where it has no name."""
        for node in case.nodes:
            if isinstance(node, ast.Name) and case.value(node) is self.table:
                return code(node.id)
        return "the table" if self.is_table else "the Series"

    def plain_name(self, case: Case) -> str:
        """Return what to write for it in a line of code."""
        name = self.name(case)
        return name.strip("`") if name.startswith("`") else "table"


def _plain(index: pd.Index[Any]) -> list[Any]:
    return [label for label in index[:MOST].tolist() if type(label) in (str, int, float)]


def looked_in(case: Case) -> Looked | None:
    """Return where pandas looked for a key, or None where that cannot be told."""
    merges = any(frame.f_code.co_name == "merge" for frame in case.inner)
    # A merge looks in two tables: the innermost is the one that lacks the column.
    for frame in reversed(case.inner) if merges else case.inner:
        function = frame.f_code.co_name
        for held in _held(frame):
            if type(held) in (pd.DataFrame, pd.Series):
                return Looked(held, function)
    return None


def _held(frame: FrameType) -> Iterator[Any]:
    if not str(frame.f_globals.get("__name__", "")).startswith("pandas."):
        return
    for name in _HOLDERS:
        held = frame.f_locals.get(name)
        yield held
        if kind_of(type(held)).startswith("pandas.") and type(held) not in (pd.DataFrame, pd.Series):
            yield getattr(held, "obj", None)


def label(key: object) -> str:
    """Return a label as the learner writes it: a text in quotation marks, a number bare."""
    return f'"{clean(key)}"' if type(key) is str else clean(str(key))


def listed(keys: list[Any], most: int = 6) -> str:
    """Return labels side by side, the first few of many."""
    shown = [label(key) for key in keys[:most]]
    return ", ".join(shown) + (" …" if len(keys) > most else "")
