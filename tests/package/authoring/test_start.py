"""The start page and its map: units with links, what is done, where one stopped."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from litu.learner.progress import Progress
from litu.learner.start import course_map, start


@pytest.fixture
def folder(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the released units of a small course, as a learner has them; nothing tried yet."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    place = Path(shutil.copytree(built / "release", tmp_path / "release"))
    monkeypatch.chdir(place)
    return place


def tried(exercise: str, outcome: str, unit: str = "01-tiny") -> None:
    """Write down a try, as a check does."""
    with Progress(unit, "leaving-the-soil").change(exercise) as entry:
        entry.attempts, entry.outcome = 1, outcome


def test_the_page_leads_to_every_unit(folder: Path) -> None:
    """Each unit has a link that exists, and the page runs no code of its own accord."""
    page = nbformat.read(folder / "START.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in page.cells)

    for unit in ("01-tiny", "02-kinds"):
        assert f"({unit}/{unit}.ipynb)" in text and (folder / unit / f"{unit}.ipynb").is_file()
    assert not any(cell.get("outputs") for cell in page.cells)
    nbformat.validate(page)


def test_whoever_has_tried_nothing_is_led_to_the_first_unit(folder: Path) -> None:
    """The map says that nothing is tried and where to begin."""
    said = start()

    assert repr(said).splitlines()[-1] == "Nothing tried yet. Begin with 01-tiny."
    assert '<a href="01-tiny/01-tiny.ipynb"' in said._repr_html_()


def test_the_map_says_what_is_done_and_where_one_stopped(folder: Path) -> None:
    """Right answers are counted, the last exercise is named, and what was wrong last is listed."""
    tried("urban-share", "right")
    tried("sort", "wrong")

    said = repr(course_map(folder))

    assert "01 A tiny unit: begun, 1 of 2 right" in said
    assert "You stopped in 01-tiny, at the exercise sort." in said
    assert "Not right yet when you last tried: 01 sort." in said


def test_a_unit_that_is_all_right_is_done(folder: Path) -> None:
    """The state is a word, not only a bar."""
    tried("urban-share", "right")
    tried("sort", "right")

    assert "01 A tiny unit: done, 2 of 2 right" in repr(course_map(folder))


def test_the_map_says_which_copy_opens(folder: Path) -> None:
    """An untouched notebook, one's own and those set aside are told apart, with links."""
    path = folder / "01-tiny" / "01-tiny.ipynb"
    assert "the copy that opens: as handed out" in repr(course_map(folder)).splitlines()[0]

    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += "\nMy note."
    nbformat.write(notebook, path)
    assert re.search(r"the copy that opens: yours, saved 20\d\d-\d\d-\d\d \d\d:\d\d$", repr(course_map(folder)).splitlines()[0])

    path.rename(path.with_name("01-tiny-kept-2026-01-01T10-00-00.ipynb"))
    said = course_map(folder)
    assert "the copy that opens: not here, 1 older kept beside it" in repr(said)
    assert '<a href="01-tiny/01-tiny-kept-2026-01-01T10-00-00.ipynb"' in said._repr_html_()


def test_garbled_checks_do_not_hide_the_other_units(folder: Path) -> None:
    """A unit that cannot be read is left out of the map."""
    (folder / "01-tiny" / "checks.json").write_text("{")

    assert [row.unit for row in course_map(folder).rows] == ["02-kinds"]


def test_a_folder_without_units_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever moved START away reads where it belongs."""
    monkeypatch.chdir(tmp_path)

    assert start() is None
    assert "Open START in the folder that holds the units" in capsys.readouterr().out


def test_titles_are_escaped(folder: Path) -> None:
    """What stands in a file is text on the page."""
    path = folder / "01-tiny" / "checks.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "title": "<script>"}), encoding="utf-8")

    assert "<script>" not in course_map(folder)._repr_html_()
