"""What a learner takes along at the end of a unit: the notebook with its marks and claims, and the same as a page."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from litu.answers.contract import PublicEntry
from litu.answers.notes import Note, read_outcome, show
from litu.answers.records import to_json
from litu.answers.verdict import Outcome
from litu.display.page import notebook_page
from litu.errors import LituError
from litu.learner.notebook_file import find_notebook, own_names, read_notebook
from litu.learner.scorecard import scorecard
from litu.learner.unit import Unit, current_unit
from litu.public_checks.seal import seal

NOT_RUN = "not checked"
_CALLS = re.compile(r"^(\s*)(?=(?:litu\.)?(?:keepsake|save_progress|restore_progress)\()", re.MULTILINE)
"""Calls that a keepsake does not repeat when it is run again."""


@dataclass(frozen=True)
class Mark:
    """How an exercise stands in a saved notebook."""

    outcome: str = NOT_RUN
    points: float = 0


def keepsake(notebook: str | Path | None = None, folder: str | Path | None = None) -> None:
    """Write your work in this unit as a notebook and as a page that you can keep.

    What stands in the saved file counts: save first (Ctrl S). Both go into the folder `keepsake` beside the units, or
    into ``folder``. The notebook runs again wherever the course's package is installed, with the same marks.
    """
    try:
        unit = current_unit()
        path = find_notebook(notebook, unit.name, own_names())
        target = Path(folder) if folder is not None else unit.folder.parent / "keepsake" / unit.name
        if target.resolve() == unit.folder.resolve():
            raise LituError("A keepsake goes into a folder of its own; name another one.")
        work = read_notebook(path)
        if not any(cell.cell_type == "code" and _exercise_of(cell) in unit.entries for cell in work.cells):
            raise LituError(f"{path.name} holds no check of {unit.name}; open the notebook of this unit, or name its file.")
        written = _write(unit, work, target)
        saved = datetime.fromtimestamp(path.stat().st_mtime)
    except LituError as error:
        return show(Note("! keepsake", str(error)))
    except OSError as error:
        return show(Note("! keepsake", f"{error.filename} cannot be written ({error.strerror})."))
    said = f"It holds {path.name} as you saved it at {saved:%H:%M}. If something is missing, save with Ctrl S and run this again."
    rows = (("what", "where"), *((what, str(file)) for what, file in written))
    show(Note("Your keepsake is written", said, "#1a7f37", rows))


def marks_of(work: Any, entries: dict[str, PublicEntry]) -> dict[str, Mark]:
    """Return how each exercise stands by what the checks in a saved notebook have said last."""
    found = {name: Mark() for name in entries}
    for cell in work.cells:
        for output in cell.get("outputs", ()) if cell.cell_type == "code" else ():
            told = read_outcome(_text(output))
            if told and told[0] in found:
                name, outcome, part = told
                points = entries[name].points if outcome == Outcome.RIGHT.value else part or 0
                found[name] = Mark(outcome, points)
    return found


def _text(output: Any) -> str:
    return str(output.get("text") or output.get("data", {}).get("text/plain", ""))


def _exercise_of(cell: Any) -> str:
    call = re.match(r"\s*check\(\s*[\"']([\w-]+)[\"']", cell.source)
    return call[1] if call else ""


def _write(unit: Unit, work: Any, target: Path) -> list[tuple[str, Path]]:
    """Write the keepsake; return what it is made of and where."""
    target.mkdir(parents=True, exist_ok=True)
    marks = marks_of(work, unit.entries)
    for cell in work.cells:
        if cell.cell_type == "code":
            cell.source = _CALLS.sub(r"\1# ", cell.source)
    _add_around(work, unit, marks)
    solved = {name for name, mark in marks.items() if mark.outcome == Outcome.RIGHT.value}
    files = [("notebook", target / f"{unit.name}.ipynb"), ("page", target / f"{unit.name}.html"), ("its checks", target / "checks.json")]
    import nbformat

    texts = [
        nbformat.writes(work, version=4),
        notebook_page(work, f"{unit.name[:2]} · {unit.checks.title}: keepsake"),
        json.dumps(to_json(replace(unit.checks, exercises=_entries(unit, solved))), ensure_ascii=False, indent=1),
    ]
    for (_, file), text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return files


def _entries(unit: Unit, solved: set[str]) -> dict[str, PublicEntry]:
    """Return the public checks, with what the key tells of exercises that are solved: so they need no key when run again."""
    entries = dict(unit.entries)
    for name in solved if unit.key else ():
        if entries[name].feedback == "graded" and unit.key:
            entries[name] = replace(seal(f"{unit.name}/{name}", unit.key.exercises[name], (), solved=True), starter=entries[name].starter)
    return entries


def _is_told_by_key_only(unit: Unit, name: str, mark: Mark) -> bool:
    """Return whether a mark is one that a student's copy does not tell, so that the keepsake cannot give it elsewhere."""
    told = mark.outcome in (Outcome.PARTLY.value, Outcome.WRONG.value)
    return unit.key is not None and unit.entries[name].feedback == "graded" and told


def _add_around(work: Any, unit: Unit, marks: dict[str, Mark]) -> None:
    """Put what a keepsake is after the title, and marks and claims at the end."""
    from nbformat.v4 import new_code_cell, new_markdown_cell

    rows = "\n".join(f"| {name} | {mark.outcome} | {mark.points:g} of {unit.entries[name].points:g} |" for name, mark in marks.items())
    total, most = sum(mark.points for mark in marks.values()), sum(entry.points for entry in unit.entries.values())
    about = (
        f"**A keepsake** of unit {unit.name}, written on {datetime.now():%Y-%m-%d}. *Run All* gives the same marks wherever "
        f"litu {version('litu')} is installed; keep the file `checks.json` beside it."
    )
    ending = f"## Marks\n\n{total:g} of {most:g} points by the checks.\n\n| exercise | outcome | points |\n|---|---|---|\n{rows}"
    if later := [name for name, mark in marks.items() if _is_told_by_key_only(unit, name, mark)]:
        ending += (
            f"\n\nWhere the course's keys are not at hand, the check of {', '.join(later)} only notes an answer that is not right yet."
        )
    claims = scorecard()
    lines = "\n".join(f"| {row.claim} | {row.exercise} | {row.verdict} |" for row in claims[claims["unit"] == unit.name].itertuples())
    if lines:
        ending += f"\n\n## Claims\n\n| claim | exercise | verdict |\n|---|---|---|\n{lines}"
    work.cells.insert(1, new_markdown_cell(about, id="keepsake-about"))
    work.cells.append(new_markdown_cell(ending, id="keepsake-marks"))
    work.cells.append(new_code_cell("from litu import progress, scorecard\n\nprogress()\nscorecard()", id="keepsake-scorecard"))
    if work.nbformat_minor < 5:
        for cell in work.cells[1], *work.cells[-2:]:
            del cell["id"]
