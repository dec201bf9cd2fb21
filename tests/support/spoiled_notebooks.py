"""What editors and students do to the cells of a notebook, each keeping its right answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
from grading_tools import ESSAY, FULL, filled_in

Notebook = nbformat.NotebookNode


def at(notebook: Notebook, name: str) -> int:
    """Return where a graded cell stands."""
    return next(i for i, cell in enumerate(notebook.cells) if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def texts(notebook: Notebook) -> dict[str, str]:
    """Return the text of each graded cell."""
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in notebook.cells if "nbgrader" in cell.metadata}


def delete_check(notebook: Notebook) -> None:
    del notebook.cells[at(notebook, "check-urban-share")]


def delete_task(notebook: Notebook) -> None:
    del notebook.cells[at(notebook, "task-critique")]


def duplicate_exercise(notebook: Notebook) -> None:
    place = at(notebook, "urban-share")
    again = notebook.cells[place].copy()
    notebook.cells.insert(place, nbformat.from_dict({**again, "id": "again", "source": "urban_share = 7"}))


def duplicate_check(notebook: Notebook) -> None:
    place = at(notebook, "check-sort")
    notebook.cells.insert(0, nbformat.from_dict({**notebook.cells[place], "id": "again"}))


def split_exercise(notebook: Notebook) -> None:
    place = at(notebook, "urban-share")
    cell = notebook.cells[place]
    first, second = cell.source.split(" / ")
    cell.source = f"above = {first.partition(' = ')[2]}"
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(f"urban_share = above / {second}"))


def split_essay(notebook: Notebook) -> None:
    place = at(notebook, "critique")
    cell = notebook.cells[place]
    notebook.cells.insert(place + 1, nbformat.from_dict({**cell, "id": "rest", "source": ESSAY[19:]}))
    cell.source = ESSAY[:19]


def merge_into_one_cell(notebook: Notebook) -> None:
    cell = notebook.cells[at(notebook, "urban-share")]
    cell.source += "\n" + notebook.cells.pop(at(notebook, "sort")).source


def turn_into_markdown(notebook: Notebook) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code" and "nbgrader" in cell.metadata:
            cell.cell_type = "markdown"
            del cell["outputs"], cell["execution_count"]


def turn_into_raw(notebook: Notebook) -> None:
    turn_into_markdown(notebook)
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.cell_type = "raw"


def raise_own_points(notebook: Notebook) -> None:
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.update(points=100, locked=False, solution=True, grade=True, schema_version=1, cell_type="raw")


def strip_metadata(notebook: Notebook) -> None:
    notebook.metadata.clear()
    for cell in notebook.cells:
        cell.metadata.clear()


def strip_metadata_and_ids(notebook: Notebook) -> None:
    strip_metadata(notebook)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"c{number}"


def edit_check(notebook: Notebook) -> None:
    cell = notebook.cells[at(notebook, "check-urban-share")]
    cell.source = "2.0"


def check_before_exercise(notebook: Notebook) -> None:
    notebook.cells.insert(0, notebook.cells.pop(at(notebook, "check-urban-share")))


def reverse_graded(notebook: Notebook) -> None:
    graded = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    notebook.cells = [cell for cell in notebook.cells if "nbgrader" not in cell.metadata] + graded[::-1]


SPOILED: dict[str, tuple[Callable[[Notebook], None], str]] = {
    "deleted-check": (delete_check, "'check-urban-share' was missing"),
    "deleted-task": (delete_task, "'task-critique' was missing"),
    "duplicated-exercise": (duplicate_exercise, "'urban-share' is there twice"),
    "duplicated-check": (duplicate_check, "second copy of the locked cell 'check-sort'"),
    "split-exercise": (split_exercise, ""),
    "split-essay": (split_essay, "two parts of the answer 'critique' were joined"),
    "merged": (merge_into_one_cell, "the answer was taken from another cell"),
    "markdown": (turn_into_markdown, "'urban-share' was turned back into a code cell"),
    "raw": (turn_into_raw, "'critique' was turned back into a markdown cell"),
    "own-points": (raise_own_points, ""),
    "no-metadata": (strip_metadata, ""),
    "no-metadata-nor-ids": (strip_metadata_and_ids, ""),
    "edited-check": (edit_check, "'check-urban-share' had been changed"),
    "check-first": (check_before_exercise, "'urban-share' stood before its exercise"),
    "reversed": (reverse_graded, "stood before its exercise"),
}  # fmt: skip
"""What can happen to a notebook, and what its student is told."""


def spoiled(root: Path, name: str) -> Notebook:
    """Return a full solution with something done to its cells."""
    notebook = filled_in(root, FULL)
    SPOILED[name][0](notebook)
    return notebook
