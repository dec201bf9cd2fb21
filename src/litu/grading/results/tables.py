"""CSV files for spreadsheets: UTF-8 with its mark, so that Excel reads Chinese names, and no text that begins a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from litu.grading.results.plain_text import spreadsheet_cell
from litu.grading.results.store import write_whole


def write_table(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write a table; what a row has no value for stays empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: spreadsheet_cell(value) for name, value in row.items()})
    write_whole(path, "\ufeff" + text.getvalue())


def read_table(path: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    """Return the rows of a table that was written before; none when there is none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error):
        return []
    return [{name: row.get(name) or "" for name in columns} for row in found]
