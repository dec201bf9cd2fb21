"""Changes to the notebook file itself, one for each trick that needs one."""

from __future__ import annotations

import json
from collections.abc import Iterator

import nbformat
from nbformat.v4 import new_code_cell

Notebook = nbformat.NotebookNode


def hard_sources(notebook: Notebook) -> bytes:
    """Add cells whose text is long, deep, or made of empty lines."""
    for source in _hard_sources():
        notebook.cells.insert(3, new_code_cell(source))
    return json.dumps(notebook).encode()


def _hard_sources() -> Iterator[str]:
    many = 30_000
    yield "\n" * 300_000 + "x"
    yield " \n" * 300_000 + "!x"
    yield "x = 1;" * 500_000
    yield "(" * many + ")" * many
    yield "-" * many + "1"
    yield "not " * many + "1"
    yield "x" + ".x" * many
    yield "x" + "[0]" * many
    yield "+".join("1" * many)
    yield "lambda: " * many + "1"
    yield "if 1: pass\n" + "elif 1: pass\n" * many
    yield "".join(" " * depth + "if 1:\n" for depth in range(90)) + " " * 90 + "pass"
    yield "f'{" * 100 + "1" + "}'" * 100
    yield "x = '" + "\\N{BULLET}" * many + "'"
    yield "#" + "é" * 10**6
    yield "/" * 10**6


def many_cells(notebook: Notebook) -> bytes:
    """Fill the notebook up to the number of cells that is read."""
    notebook.cells[3:3] = [new_code_cell("print('x' * 10**5)") for _ in range(1900)]
    return json.dumps(notebook).encode()
