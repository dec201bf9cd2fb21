"""A model of what students and their editors do to a notebook, for property tests."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import nbformat
from hypothesis import strategies as st

Notebook = nbformat.NotebookNode
Draw = Callable[[st.SearchStrategy[Any]], Any]
TOKEN = re.compile(r"tok\d{4}")


def place(draw: Draw, notebook: Notebook) -> int:
    """Choose a cell."""
    return int(draw(st.integers(0, len(notebook.cells) - 1)))


def split(draw: Draw, notebook: Notebook) -> None:
    """Split a cell between two lines, as JupyterLab does: the first half keeps id and metadata."""
    at = place(draw, notebook)
    lines = notebook.cells[at].source.split("\n")
    cut = draw(st.integers(0, len(lines)))
    second = {
        **copy.deepcopy(notebook.cells[at]),
        "id": f"split{draw(st.integers(0, 10**6))}",
        "metadata": {},
        "source": "\n".join(lines[cut:]),
    }
    notebook.cells[at].source = "\n".join(lines[:cut])
    notebook.cells.insert(at + 1, nbformat.from_dict(second))


def join(draw: Draw, notebook: Notebook) -> None:
    """Join a cell with the next one: the first one's id and metadata stay."""
    at = place(draw, notebook)
    if at + 1 < len(notebook.cells):
        notebook.cells[at].source += "\n\n" + notebook.cells.pop(at + 1).source


def move(draw: Draw, notebook: Notebook) -> None:
    """Move a cell elsewhere."""
    cell = notebook.cells.pop(place(draw, notebook))
    notebook.cells.insert(draw(st.integers(0, len(notebook.cells))), cell)


def delete(draw: Draw, notebook: Notebook) -> None:
    """Delete a cell."""
    if len(notebook.cells) > 1:
        notebook.cells.pop(place(draw, notebook))


def duplicate(draw: Draw, notebook: Notebook) -> None:
    """Copy a cell and paste it elsewhere, with its metadata."""
    cell = copy.deepcopy(notebook.cells[place(draw, notebook)])
    notebook.cells.insert(draw(st.integers(0, len(notebook.cells))), cell)


def retype(draw: Draw, notebook: Notebook) -> None:
    """Give a cell another type."""
    cell = notebook.cells[place(draw, notebook)]
    kind = draw(st.sampled_from(["code", "markdown", "raw"]))
    cell.cell_type = kind
    for part in ("outputs", "execution_count"):
        cell.pop(part, None)
    if kind == "code":
        cell.outputs, cell.execution_count = [], None


def retag(draw: Draw, notebook: Notebook) -> None:
    """Lose the metadata of a cell, or of all."""
    for cell in notebook.cells if draw(st.booleans()) else [notebook.cells[place(draw, notebook)]]:
        cell.metadata.clear()


def rename(draw: Draw, notebook: Notebook) -> None:
    """Give every cell a new id, as some editors do when they save."""
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell{number}"


def reformat(draw: Draw, notebook: Notebook) -> None:
    """Swap quotes and wrap the check calls, as a formatter does."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.startswith("check("):
            cell.source = cell.source.replace('"', "'").replace(", ", ",\n    ", 1)


def translate_line_ends(draw: Draw, notebook: Notebook) -> None:
    """Save with the line ends of Windows."""
    for cell in notebook.cells:
        cell.source = cell.source.replace("\r\n", "\n").replace("\n", "\r\n")


def _fresh(notebook: Notebook) -> str:
    used = {int(token[3:]) for cell in notebook.cells for token in TOKEN.findall(cell.source)}
    return f"tok{max(used, default=0) + 1:04}"


def type_into(draw: Draw, notebook: Notebook) -> None:
    """Type a line of one's own into any cell: code, a comment, words."""
    cell, token = notebook.cells[place(draw, notebook)], _fresh(notebook)
    typed = draw(
        st.sampled_from(
            [
                f"{token} = 1",
                f"# {token} is what I mean",
                f"My own words, {token}, stand here.",
                f'print("{token}")',
                f"`{token}` | *{token}*",
            ]
        )
    )
    lines = cell.source.split("\n")
    at = draw(st.integers(0, len(lines)))
    cell.source = "\n".join([*lines[:at], typed, *lines[at:]])


def add_cell(draw: Draw, notebook: Notebook) -> None:
    """Add a cell of one's own."""
    token = _fresh(notebook)
    made = draw(
        st.sampled_from([nbformat.v4.new_code_cell(f"{token} = 1"), nbformat.v4.new_markdown_cell(f"Roads come first, says {token}.")])
    )
    notebook.cells.insert(draw(st.integers(0, len(notebook.cells))), made)


KEEP_MEANING = [retag, rename, reformat, translate_line_ends, add_cell]
"""Edits after which every answer is as right as before."""
EDITS = [split, join, move, delete, duplicate, retype, type_into, *KEEP_MEANING]


def tokens(notebook: Notebook) -> set[str]:
    """Return what was typed and is still there."""
    return {token for cell in notebook.cells for token in TOKEN.findall(cell.source)}
