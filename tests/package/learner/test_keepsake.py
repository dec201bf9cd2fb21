"""The keepsake: a learner's own work as notebook and page, which gives the same marks wherever it is run again."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from places import TINY

from litu import keepsake
from litu.learner.keepsake import Mark, marks_of
from litu.learner.unit import Unit

UNIT = "01-tiny"
ANSWERS = {
    "urban-share": 'urban_share = people.loc[1978, "urban_million"] / people.loc[1978, "total_million"] * 100',
    "sort": 'sort = "fact"',
}
CHART = """import altair as alt

alt.Chart(people.reset_index(), title="More and more").mark_line().encode(x="year:Q", y="total_million:Q")"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the learner's record in a folder of the test; no notebook is open."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("NBGRADER_EXECUTION", "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)


def work(folder: Path, answers: dict[str, str]) -> Any:
    """Return the notebook of a unit with somebody's answers, a chart and a note."""
    notebook = nbformat.read(folder / f"{UNIT}.ipynb", as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = f"{cell.source.splitlines()[0]}\n{answers[name]}"
        if name == "critique":
            cell.source = "It leaves out <who> moved & stayed."
    notebook.cells += [new_markdown_cell("A note of *mine*."), new_code_cell(CHART), new_code_cell("keepsake()")]
    return notebook


def run(notebook: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, state: str) -> Any:
    """Run a notebook in a new kernel, on a computer that knows nothing of the learner."""
    nbclient = pytest.importorskip("nbclient")
    monkeypatch.setenv("XDG_STATE_HOME", state)
    monkeypatch.setenv("LITU_DATA", str(TINY))  # what an installed package brings along
    nbclient.NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook


@pytest.mark.slow  # two kernels start
def test_it_runs_again_elsewhere_with_the_same_marks(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the course's keys and in a new kernel each exercise has the mark that it had, one that only a key could tell too."""
    folder = course / "release" / UNIT
    notebook = work(folder, ANSWERS)
    notebook.cells[-1].source = "from litu import keepsake"
    nbformat.write(run(notebook, folder, monkeypatch, str(tmp_path / "one")), folder / f"{UNIT}.ipynb")
    monkeypatch.chdir(folder)
    keepsake()

    taken = Path(shutil.copytree(course / "release" / "keepsake" / UNIT, tmp_path / "elsewhere" / UNIT))
    kept = nbformat.read(taken / f"{UNIT}.ipynb", as_version=4)
    entries = Unit(folder).entries
    before = marks_of(kept, entries)
    after = run(nbformat.from_dict(json.loads(json.dumps(kept))), taken, monkeypatch, str(tmp_path / "two"))

    assert before == marks_of(after, entries) == {"urban-share": Mark("right", 2), "sort": Mark("right", 1)}
    assert not any(output.output_type == "error" for cell in after.cells for output in cell.get("outputs", ()))
    ending = str([output.data for output in after.cells[-1].outputs])
    assert "2 of 2 exercises right" in ending and "reconciles" in ending and "defended" in ending
    page = (taken / f"{UNIT}.html").read_text(encoding="utf-8")
    for part in ('total_million"] * 100', "moved &amp; stayed", "A note of <em>mine</em>", "<figure", "More and more", "3 of 3 points"):
        assert part in page, part
    assert "reconciles" in page and "http" not in page.split("<main")[0]


def saved(folder: Path, *checks: tuple[str, str], **changed: Any) -> Path:
    """Save a notebook whose checks have said something, without running it."""
    notebook = work(folder, ANSWERS)
    for name, text in checks:
        cell = next(cell for cell in notebook.cells if cell.source.startswith(f'check("{name}"'))
        cell.outputs = [new_output("display_data", {"text/plain": text, "text/html": "<p></p>"})]
    notebook.update(changed)
    nbformat.write(notebook, folder / f"{UNIT}.ipynb")
    return folder / f"{UNIT}.ipynb"


@pytest.fixture
def folder(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a unit of a class, opened; there is no key."""
    place = Path(shutil.copytree(built / "release" / UNIT, tmp_path / "units" / UNIT))
    monkeypatch.chdir(place)
    return place


def test_marks_are_those_of_the_saved_file(folder: Path) -> None:
    """What the checks said last is counted, partly right with its points, and what was never checked is named."""
    path = saved(folder, ("urban-share", "◐ urban-share: partly right, 1.5 of 2 points. Go on."))
    entries = Unit(folder).entries

    marks = marks_of(nbformat.read(path, as_version=4), entries)

    assert marks == {"urban-share": Mark("partly right", 1.5), "sort": Mark("not checked", 0)}


def test_it_is_written_beside_the_units(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The note says where it is and of which saved state; calls that would write it anew are out of force."""
    saved(folder, ("urban-share", "✓ urban-share: right. Good."))

    keepsake()

    target = folder.parent / "keepsake" / UNIT
    assert {path.name for path in target.iterdir()} == {f"{UNIT}.ipynb", f"{UNIT}.html", "checks.json"}
    told = capsys.readouterr().out
    assert "If something is missing, save with Ctrl S" in told and str(target / f"{UNIT}.html") in told
    kept = nbformat.read(target / f"{UNIT}.ipynb", as_version=4)
    nbformat.validate(kept)
    assert "# keepsake()" in [cell.source for cell in kept.cells] and "| urban-share | right | 2 of 2 |" in kept.cells[-2].source


def test_without_a_key_its_checks_are_those_of_the_class(folder: Path) -> None:
    """A keepsake opens nothing that the class's copy keeps shut."""
    saved(folder, ("sort", "▤ sort: recorded. Noted."))

    keepsake()

    kept = json.loads((folder.parent / "keepsake" / UNIT / "checks.json").read_text(encoding="utf-8"))
    assert kept == json.loads((folder / "checks.json").read_text(encoding="utf-8"))


def test_with_a_key_only_what_is_solved_is_opened(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an exercise that is not right the keepsake holds no more than a student's copy."""
    folder = course / "release" / UNIT
    monkeypatch.chdir(folder)
    saved(folder, ("sort", "✗ sort: wrong. No."))
    keepsake()
    target = course / "release" / "keepsake" / UNIT / "checks.json"
    assert json.loads(target.read_text(encoding="utf-8"))["exercises"]["sort"]["known"] == {}
    assert "the check of sort only notes an answer that is not right yet" in target.with_name(f"{UNIT}.ipynb").read_text(encoding="utf-8")

    saved(folder, ("sort", "✓ sort: right. Yes."))
    keepsake()

    assert json.loads(target.read_text(encoding="utf-8"))["exercises"]["sort"]["known"] != {}


@pytest.mark.parametrize(
    ("arrange", "says"),
    [
        (lambda path: path.unlink(), "The notebook 01-tiny.ipynb is not here. Name the file"),
        (lambda path: path.write_text("{"), "cannot be read as a notebook"),
        (lambda path: path.write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}'), "holds no check of 01-tiny"),
        (lambda path: (path.parent.parent / "keepsake").write_text(""), "cannot be written"),
    ],
)
def test_what_stands_in_the_way_is_told(folder: Path, capsys: pytest.CaptureFixture[str], arrange: Any, says: str) -> None:
    """Nothing raises; the sentence names the file."""
    arrange(saved(folder))

    keepsake()

    assert says in capsys.readouterr().out


def test_the_open_notebook_is_taken(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A copy under another name is found as JupyterLab tells it; a named file goes before."""
    os.rename(saved(folder), folder / "mine.ipynb")
    monkeypatch.setenv("JPY_SESSION_NAME", "units/01-tiny/mine.ipynb")
    keepsake()
    keepsake("other.ipynb")

    told = capsys.readouterr().out
    assert "It holds mine.ipynb as you saved it" in told and "other.ipynb is not here" in told


def test_it_does_not_go_over_the_unit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A keepsake into the unit's own folder would replace what it was made from."""
    before = saved(folder).read_bytes()

    keepsake(folder=folder)

    assert "another one" in capsys.readouterr().out and (folder / f"{UNIT}.ipynb").read_bytes() == before
