"""What grading writes and prints: whole, for Excel, and with no text that does something."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from grading_tools import UNIT
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from litu.course import Course
from litu.grading.results.models import Change, ExerciseResult, Result, UnitReport
from litu.grading.results.plain_text import first_of, plain, spreadsheet_cell
from litu.grading.results.regrades import COLUMNS, save_changes
from litu.grading.results.report import save, show, whole_class
from litu.grading.results.store import store_of
from litu.grading.results.tables import read_table


@given(st.text())
def test_text_from_elsewhere_neither_moves_the_cursor_nor_begins_a_formula(text: str) -> None:
    """Whatever a text holds, it comes out on one line, writable, and as text for a spreadsheet; doing so twice changes nothing."""
    cell = str(spreadsheet_cell(text))

    assert not {unicodedata.category(char) for char in cell} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠")) and "\n" not in cell and "\x1b" not in cell
    assert spreadsheet_cell(cell) == cell and plain(plain(text)) == plain(text)
    cell.encode()


def result(student: str, unit: str, suspicions: list[str]) -> Result:
    """Return a graded result with one exercise."""
    return Result(student, unit, "graded", exercises=[ExerciseResult("e", 1, 1, "right", "")], suspicions=suspicions)


def test_grades_describe_the_whole_class_after_a_run_for_one(course: Path) -> None:
    """After a run for one student the others keep status and suspicions from disk; who handed in nothing has a row too."""
    there = Course.find(course)
    store = store_of(there, UNIT)
    for name in ("ann", "王芳"):
        store.save_draft(result(name, UNIT, [f"imports ctypes {name}"]))
        store.finish(name)
    report = UnitReport(UNIT, [result("ann", UNIT, ["=HYPERLINK(1)"])])
    roster = {"ann": ("Lee", "=Ann"), "王芳": ("王", "芳"), "zoe": ("", "")}

    save(there, [report], whole_class(there, {UNIT: [{"student": "ann", "score": 1.0}]}, roster, [report]))

    data = (course / "grading/reports/grades.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig")))}
    assert (rows["ann"]["score"], rows["ann"]["suspicions"], rows["ann"]["first_name"]) == ("1.0", "'=HYPERLINK(1)", "'=Ann")
    assert (rows["王芳"]["status"], rows["王芳"]["suspicions"]) == ("graded", "imports ctypes 王芳")
    assert (rows["zoe"]["status"], rows["zoe"]["score"]) == ("nothing handed in", "")


def test_moved_marks_keep_their_history(tmp_path: Path) -> None:
    """The moves of every day stay; those of a run that is done again are there once; a move back is one of its own."""
    path = tmp_path / "changes.csv"
    up, down = Change("ann", UNIT, "e", 0.0, 1.0, "", "=1"), Change("ann", UNIT, "e", 1.0, 0.0, "=1", "")
    for day, change in ((1, up), (1, up), (2, down), (3, up)):
        save_changes(path, [change], date(2026, 3, day))

    rows = read_table(path, COLUMNS)
    assert [(row["date"], row["points_now"], row["says_now"]) for row in rows] == [
        ("2026-03-01", "1.0", "'=1"), ("2026-03-02", "0.0", ""), ("2026-03-03", "1.0", "'=1")
    ]  # fmt: skip


def test_no_list_on_the_screen_is_cut_in_silence(course: Path) -> None:
    """Long lists end in how many more there are, and nothing that a student chose moves the cursor."""
    results = [result(f"s{number}\x1b[2J", UNIT, [f"[red]odd {one}" for one in range(40)]) for number in range(30)]
    changes = [Change(f"s{number}", UNIT, "e", 0.0, 1.0, "", "") for number in range(25)]
    printed = io.StringIO()

    show(
        Console(file=printed, width=200),
        Course.find(course),
        [UnitReport(UNIT, results, changes=changes)],
        0,
        ["bad\x1b name"],
        with_timings=False,
    )

    said = printed.getvalue()
    assert "\x1b" not in said and "bad\\x1b name" in said and "[red]odd 0" in said
    assert "  and 15 more\n" in said and "  and 18 more\n" in said and "; and 34 more\n" in said


@pytest.mark.parametrize(("number", "shown"), [(2, ["0", "1"]), (3, ["0", "1", "2"]), (4, ["0", "1", "2", "and 1 more"])])
def test_first_of_counts_the_rest(number: int, shown: list[str]) -> None:
    """Only what is really left out is counted."""
    assert first_of([str(one) for one in range(number)], 3) == shown
