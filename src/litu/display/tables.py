"""Tables as a reader wants them: no text cut, whole numbers without a decimal point, words at the left.

Only what is shown changes; the values stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_float_dtype, is_integer_dtype, is_numeric_dtype

from litu.answers.messages import count
from litu.answers.notes import frame
from litu.display.numbers import DECIMALS, HUGE, MANY, TINY, full

_LOOKED_AT = 60
"""Rows whose texts say how wide a column is."""
HALIGN = ' halign="left"'
"""An attribute of pandas that HTML does not have."""
_LONG_TEXT = 40
"""Characters from which on a column keeps a readable width."""


def set_options() -> None:
    """Set pandas' display options for tables and series that are printed as text."""
    pd.set_option("display.max_colwidth", None, "display.max_columns", None, "display.float_format", full)


def column_format(column: pd.Series) -> Callable[[Any], str] | None:
    """Return how the numbers of a column are written, with as many decimals as they need, at most four; None for others.

    A format that the learner has set goes before.
    """
    if is_bool_dtype(column) or not (is_float_dtype(column) or is_integer_dtype(column)):
        return None
    chosen = pd.get_option("display.float_format")
    if is_float_dtype(column) and chosen not in (None, full):
        return chosen
    values = column.dropna().to_numpy(dtype="float64")
    values = values[np.isfinite(values)]
    comma = "," if len(values) and np.abs(values).max() >= MANY else ""
    if len(values) and (np.abs(values).max() >= HUGE or (0 < np.abs(values[values != 0]).min(initial=1) < TINY)):
        return full
    near = 1e-9 * np.maximum(1, np.abs(values))
    decimals = next((d for d in range(DECIMALS) if (np.abs(values - np.round(values, d)) <= near).all()), DECIMALS)
    return f"{{:{comma}.{decimals}f}}".format


def shown(table: pd.DataFrame) -> Any:
    """Return a table as HTML for IPython; one of a make that we do not know is left to pandas."""
    try:
        return framed(table)
    except Exception:  # whatever stands in a learner's cells
        return table._repr_html_()


def framed(table: pd.DataFrame) -> str:
    """Return a table as HTML in a frame that says how large it is."""
    return frame(table_html(table), f"Table: {count(len(table), 'row')}, {count(table.shape[1], 'column')}")


def table_html(table: pd.DataFrame) -> str:
    """Return a table as HTML: heads say which cells they belong to, texts start at the left and keep a readable width."""
    columns = [table.iloc[:, place] for place in range(table.shape[1])]
    most = pd.get_option("display.max_rows")
    cut = most is not None and len(table) > most
    found = table.to_html(
        max_rows=min(most, pd.get_option("display.min_rows") or most) if cut else None,
        max_cols=None,
        show_dimensions=cut,
        formatters=[column_format(column) for column in columns],
        border=0,
    )
    styles = [_style(column) for column in columns]
    head, body = found.split("<tbody>", 1)
    # Heads of several levels span columns, so only a plain head is aligned with what stands below it.
    plain = table.columns.nlevels == 1
    head = "<tr".join(_head(row, table.index.nlevels, styles if plain else []) for row in head.split("<tr"))
    body = "<tr".join(_row(row, styles) for row in body.split("<tr"))
    return f"{head}<tbody>{body}"


def _style(column: pd.Series) -> str:
    if is_numeric_dtype(column) and not is_bool_dtype(column):
        return "text-align:right"
    longest = max((len(text) for text in column.head(_LOOKED_AT) if isinstance(text, str)), default=0)
    return "text-align:left" + (";min-width:16em" if longest > _LONG_TEXT else "")


def _head(row: str, skipped: int, styles: list[str]) -> str:
    cells = iter([""] * skipped + styles)

    def head(cell: re.Match[str]) -> str:
        style = next(cells, "")
        if not cell[2]:
            return "<td></td>"
        return f'<th scope="col"{cell[1].replace(HALIGN, "")}' + (f' style="{style}">' if style else ">") + f"{cell[2]}</th>"

    return re.sub(r"<th([^>]*)>(.*?)</th>", head, row, flags=re.DOTALL)


def _row(row: str, styles: list[str]) -> str:
    cells = iter(styles)
    row = re.sub(r"<td>", lambda cell: f'<td style="{next(cells, "")}">', row)
    return re.sub(r"<th([^>]*)>", r'<th scope="row"\1>', row.replace("<th></th>", "<td></td>"))
