"""The cases of the collection of what real classes hand in, as notebooks of the tiny unit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
from grading_tools import FACT, FULL, SHARE, UNIT, as_text, filled_in, hand_in
from nbformat.v4 import new_code_cell, new_markdown_cell

Notebook = nbformat.NotebookNode
WORDS = "Roads come first, and then the migrants who live in town without papers."


def at(notebook: Notebook, name: str) -> int:
    """Return where a cell of the unit stands."""
    return next(place for place, cell in enumerate(notebook.cells) if cell.metadata.get("nbgrader", {}).get("grade_id", cell.id) == name)


def given_code(notebook: Notebook) -> int:
    """Return where the first given cell of code stands."""
    return next(place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code" and "nbgrader" not in cell.metadata)


ELSEWHERE: dict[str, Callable[[Notebook], None]] = {
    "below": lambda notebook: notebook.cells.insert(at(notebook, "critique") + 1, new_markdown_cell(WORDS)),
    "above": lambda notebook: notebook.cells.insert(at(notebook, "task-critique"), new_markdown_cell(WORDS)),
    "end": lambda notebook: notebook.cells.append(new_markdown_cell(WORDS)),
    "raw": lambda notebook: notebook.cells.append(nbformat.v4.new_raw_cell(WORDS)),
    "code": lambda notebook: notebook.cells.append(new_code_cell(WORDS)),
    "comment": lambda notebook: notebook.cells.append(new_code_cell(f"# {WORDS}")),
    "quoted": lambda notebook: notebook.cells.append(new_code_cell(f'"""{WORDS}"""')),
    "task": lambda notebook: notebook.cells[at(notebook, "task-critique")].update(source=notebook.cells[at(notebook, "task-critique")].source + f"\n\n{WORDS}"),
    "chinese": lambda notebook: notebook.cells.append(new_markdown_cell("没有户口的人也住在城里，所以这个比例太低了。")),
}  # fmt: skip


def hand_in_cases(course: Path) -> None:
    """Hand in one notebook for each case that is seen when it is run; its student is called after it."""

    def edited(change: Callable[[Notebook], object], answers: dict[str, str] = FULL) -> Notebook:
        notebook = filled_in(course, answers)
        change(notebook)
        return notebook

    def colab(notebook: Notebook) -> None:
        notebook.cells[given_code(notebook)].source = "from google.colab import files\n" + notebook.cells[given_code(notebook)].source

    hand_in(course, "colab", edited(colab))
    hand_in(course, "no-setup", edited(lambda notebook: notebook.cells.pop(given_code(notebook))))
    hand_in(
        course,
        "formatted",
        edited(lambda notebook: notebook.cells[at(notebook, "check-sort")].update(source="check(\n    'sort',\n    sort,\n)")),
    )
    hand_in(
        course,
        "failing",
        edited(
            lambda notebook: notebook.cells.insert(given_code(notebook) + 1, new_code_cell("raise ValueError('spoiled')\n")),
            {**FULL, "urban-share": "urban_share = absent"},
        ),
    )
    hand_in(
        course,
        "debug",
        edited(lambda notebook: notebook.cells.append(new_code_cell("!git status\n!wget --version\n!curl --version\n%pdb off"))),
    )
    helper = "import helpers\n" + SHARE.replace("* 100", "* helpers.HUNDRED")
    folder = hand_in(course, "helper", filled_in(course, {**FULL, "urban-share": helper}))
    (folder / "helpers.py").write_text("HUNDRED = 100\n")
    module = new_code_cell("%%writefile m.py\nHUNDRED = 100")
    hand_in(
        course,
        "writefile",
        edited(
            lambda notebook: notebook.cells.insert(given_code(notebook) + 1, module),
            {**FULL, "urban-share": "import m\n" + SHARE.replace("* 100", "* m.HUNDRED")},
        ),
    )
    hand_in(course, "below", edited(ELSEWHERE["below"], {"urban-share": SHARE, "sort": FACT}))
    hand_in(course, "wrong", filled_in(course, {}, "02-kinds"))
    hand_in(course, "help", edited(lambda notebook: notebook.cells[at(notebook, "help-urban-share")].update(source='hint("urban-share")')))
    hand_in(course, "bad-time", filled_in(course, FULL), time="昨天")


def hand_in_odd_names(course: Path) -> list[str]:
    """Hand in full answers in every way in which learning platforms and students name notebooks; return the students."""
    names = ("-1.ipynb", " (1).ipynb", "_LATE_123_7.ipynb", ".IPYNB", "-draft/01-tiny.ipynb", ".ipynb.json", ".ipynb.txt")
    for number, name in enumerate(names):
        folder = hand_in(course, f"named-{number}", "")
        (folder / f"{UNIT}.ipynb").unlink()
        (folder / f"{UNIT}{name}").parent.mkdir(exist_ok=True)
        (folder / f"{UNIT}{name}").write_text(as_text(filled_in(course, FULL)), encoding="utf-8")
    hand_in(course, "resubmitted", filled_in(course, {}))
    hand_in(course, "resubmitted", filled_in(course, FULL), name=f"{UNIT}-1.ipynb")
    return [f"named-{number}" for number in range(len(names))] + ["resubmitted"]
