"""Changes to the notebook file itself, one for each trick that needs one."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from collections.abc import Iterator

import nbformat
from nbformat.v4 import new_code_cell, new_raw_cell
from nbgrader.utils import compute_checksum

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


def points_raised(notebook: Notebook) -> bytes:
    """Give every cell a hundred points, and each answer a grade of its own."""
    for cell in notebook.cells:
        marks = cell.metadata.setdefault("nbgrader", {"grade_id": f"extra-{cell.id}", "schema_version": 3})
        marks.update(points=100, grade=True, score=100, extra_credit=100, locked=False, solution=True, task=False)
    return json.dumps(notebook).encode()


def checksums_made_anew(notebook: Notebook) -> bytes:
    """Change the locked cells and compute their checksums as nbgrader does."""
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("locked"):
            cell.source = cell.source.replace("number", "first") + "\n# checked"
            cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    return json.dumps(notebook).encode()


def checks_twice(notebook: Notebook) -> bytes:
    """Repeat each check cell at the beginning and at the end, where it returns points."""
    checks = [cell for cell in notebook.cells if cell.id.startswith("check-")]
    for cell in checks:
        for place in (0, len(notebook.cells)):
            copied = copy.deepcopy(cell)
            copied.source = "5.0"
            notebook.cells.insert(place, copied)
    return json.dumps(notebook).encode()


def checks_retyped(notebook: Notebook) -> bytes:
    """Make check cells Markdown and raw cells with other texts."""
    for number, cell in enumerate(cell for cell in notebook.cells if cell.id.startswith("check-")):
        cell.cell_type = ("markdown", "raw", "markdown\0", "heading")[number % 4]
        if cell.id == "check-number":
            cell.source = "2.0"
    return json.dumps(notebook).encode()


def ids_collide(notebook: Notebook) -> bytes:
    """Add cells with the ids of graded cells, some of them in front."""
    for name in ("check-number", "number", "table", "essay", "notes", "own-4"):
        for place in (0, len(notebook.cells)):
            notebook.cells.insert(place, new_code_cell("number = table = 2.0\n2.0", id=name))
    return json.dumps(notebook).encode()


def names_exchanged(notebook: Notebook) -> bytes:
    """Let the cell of the first exercise go by the names of all the others, and back."""
    for name in ("number", "table", "entries"):
        for cell in notebook.cells:
            if cell.id == f"check-{name}":
                cell.metadata.nbgrader["grade_id"], cell.id = "check-first", "check-first"
                cell.source = 'check("first", first, unit="times", places=6)'
            elif cell.id == "first":
                cell.metadata.nbgrader["grade_id"] = name
    return json.dumps(notebook).encode()


def numbers_after_checks(notebook: Notebook) -> bytes:
    """Put a cell with the metadata of a graded one behind each check."""
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        if cell.id.startswith("check-"):
            marks = {**cell.metadata.nbgrader, "grade_id": f"{cell.id}-again"}
            output = {"output_type": "execute_result", "data": {"text/plain": "4.0"}, "metadata": {}, "execution_count": 1}
            cells.append(new_code_cell("4.0", metadata={"nbgrader": marks}, outputs=[output]))
    notebook.cells = cells
    return json.dumps(notebook).encode()


def kernel_exchanged(notebook: Notebook) -> bytes:
    """Name another kernel, whose name is a page, and other formats."""
    page = "<script>alert('hostile')</script>"
    notebook.metadata = {
        "kernelspec": {"name": "../../own", "language": "<script src=//x.y>", "display_name": page, "argv": ["touch", "/tmp/litu-was-here"]},
        "language_info": {"name": page, "pygments_lexer": "own", "codemirror_mode": page}, "title": page, "authors": [{"name": page}],
        "nbgrader": {"points": 100}, "litu-refused": "", "widgets": {"application/vnd.jupyter.widget-state+json": {"state": page}},
    }  # fmt: skip
    notebook.nbformat, notebook.nbformat_minor = 4, 99
    return json.dumps(notebook).encode()


def outputs_forged(notebook: Notebook) -> bytes:
    """Give every code cell outputs that claim points, and every text cell an attachment."""
    data = {"text/plain": "2.0", "text/html": "<script>alert('hostile')</script>", "application/javascript": "alert('hostile')"}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [{"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 7}]
        else:
            cell["attachments"] = {"x.svg": {"image/svg+xml": "<svg onload=\"alert('hostile')\"/>"}}
    return json.dumps(notebook).encode()


def raw_page(notebook: Notebook) -> bytes:
    """Add raw cells that ask to be taken over as they are."""
    for kind in ("text/html", "", "text/markdown", None):
        metadata = {} if kind is None else {"raw_mimetype": kind, "format": kind}
        notebook.cells.insert(3, new_raw_cell("<script>alert('hostile')</script><img src=x onerror=alert('hostile')>", metadata=metadata))
    return json.dumps(notebook).encode()


def parts_missing(notebook: Notebook) -> bytes:
    """Take types, texts and metadata away from some cells, and add things that are no cells."""
    for number, cell in enumerate(notebook.cells):
        if number % 2:
            del cell[("cell_type", "source", "metadata")[number % 3]]
    strange = [None, 5, "cell", [], {"cell_type": ["code"]}, {"cell_type": "code", "source": {"text": "2.0"}, "metadata": 7, "id": {}}]
    return json.dumps({**notebook, "cells": notebook.cells + strange}).encode()


def archive(notebook: Notebook) -> bytes:
    """Return a compressed archive of zeros that unpacks to a hundred megabytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("01-target.ipynb", bytes(10**8))
    return packed.getvalue()


def nested(notebook: Notebook) -> bytes:
    """Return lists in lists, two hundred thousand deep."""
    return b'{"cells": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"


def repeated_keys(notebook: Notebook) -> bytes:
    """Write the points, the sources and the cells twice, the second time as they were."""
    text = json.dumps(notebook)
    text = text.replace('"points": 2', '"points": 100, "points": 2').replace('"grade_id": ', '"grade_id": "check-first", "grade_id": ')
    return f'{{"cells": [], "metadata": {{"points": 100}}, {text[1:]}'.encode()


def old_format(notebook: Notebook) -> bytes:
    """Write the notebook as format 3, with parts that are not of that format."""
    cells = [
        {"cell_type": cell.cell_type, "input": cell.source, "language": "python", "outputs": [], "collapsed": "<script>"}
        for cell in notebook.cells
    ]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": "<script>"}, "worksheets": [{"cells": cells}, {"cells": None}, None]}
    return json.dumps(old).encode()


def exercise_twice(notebook: Notebook) -> bytes:
    """Put copies of an exercise and its check elsewhere, with other answers."""
    for place, answer in ((0, "number = 'shown'"), (len(notebook.cells), "number = 17.9")):
        for name in ("check-number", "number"):
            copied = copy.deepcopy(next(cell for cell in notebook.cells if cell.id == name))
            copied.source = answer if name == "number" else "2.0"
            notebook.cells.insert(place, copied)
    return json.dumps(notebook).encode()
