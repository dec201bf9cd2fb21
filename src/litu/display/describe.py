"""A table or a chart told in words: what it holds, as facts that follow from its data, and its data as a table."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import pandas as pd

from litu.dataset import tables as dataset
from litu.display import facts
from litu.display.tables import framed
from litu.errors import LituError


@dataclass(frozen=True)
class ChartDescription:
    """A chart told: shown as a list with its data to unfold in a notebook, as lines of text elsewhere."""

    title: str
    sentences: tuple[str, ...]
    data: pd.DataFrame | None

    def __repr__(self) -> str:
        lines = [self.title, *(f"- {sentence}" for sentence in self.sentences)]
        return "\n".join(lines if self.data is None else [*lines, "", self.data.to_string(index=False)])

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in self.sentences)
        told = f"<p><strong>{html.escape(self.title)}</strong></p><ul>{items}</ul>"
        if self.data is None:
            return told
        return f"{told}<details><summary>The data of this chart as a table, {len(self.data)} rows</summary>{framed(self.data)}</details>"


def describe(what: Any) -> dataset.Description | ChartDescription:
    """Return what a table of the course or a chart holds, in words.

    `what` is the name of a table, in quotes, or a chart. A chart is told by its kind, its axes with their range,
    extremes and turning points, and its data. Raises `LituError` for anything else and for an unknown table.
    """
    if isinstance(what, str):
        return dataset.describe(what)
    if isinstance(what, pd.DataFrame):
        raise LituError(
            '`describe` takes a chart, or the name of a table in quotes, as in describe("claims"). '
            "For your own table use its `.describe()`."
        )
    try:
        spec = what.to_dict()
    except AttributeError:
        raise LituError(f"`describe` takes a chart, or the name of a table in quotes; this is {type(what).__name__}.") from None
    except Exception as error:  # whatever Altair finds wrong with a learner's chart
        raise LituError(f"This chart cannot be described yet: {str(error).splitlines()[0]}") from None
    return ChartDescription(*facts.told(spec))
