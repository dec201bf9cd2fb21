"""A class is graded whatever was handed in, again only where something changed, and nothing is lost."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from grading_tools import (
    ESSAY,
    FACT,
    FULL,
    SHARE,
    SHORT,
    SLIP,
    TIME,
    UNIT,
    VALUE,
    Grades,
    as_text,
    by_student,
    executed,
    filled_in,
    hand_in,
    mark_by_hand,
    marks,
    needs_box,
    open_book,
    parsed,
    points,
    shown,
)  # fmt: skip
from hostile_folders import HOSTILE, hand_in_hostile
from nbgrader.plugins import LateSubmissionPlugin

from litu.authoring.build import build_unit
from litu.course import Course
from litu.errors import LituError
from litu.grading.assignment import Assignment
from litu.grading.execution.executor import ForkServer
from litu.grading.results.models import Result, UnitReport
from litu.grading.results.regrades import save_changes
from litu.grading.results.store import store_of
from litu.grading.runner.pipeline import LocalGrader, grade_unit
from litu.grading.submissions.collect import Submission, handed_in, not_read

pytest_plugins = ["grading_fixtures"]


def slow(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test that runs submissions in boxes."""
    return needs_box(pytest.mark.slow(test))


class Refuse:
    """A grader that must not be asked to run anything."""

    def results(self, assignment: Assignment, work: list) -> None:  # type: ignore[type-arg]
        """Fail."""
        raise AssertionError("something was run")


def grade_nothing(root: Path) -> UnitReport:
    """Grade the tiny unit, failing if anything has to be run."""
    with open_book(root) as book:
        return grade_unit(Course.find(root), UNIT, Refuse(), book, tell=lambda *_: None)  # type: ignore[arg-type]


def small_class(root: Path) -> None:
    """Hand in four notebooks: right, with a slip, untouched, unreadable."""
    hand_in(root, "ann", filled_in(root, FULL))
    hand_in(root, "bo", filled_in(root, {"urban-share": SLIP, "sort": VALUE, "critique": ESSAY}))
    hand_in(root, "cy", filled_in(root, {}))
    hand_in(root, "di", "no notebook")


# Hostile and broken submissions


@slow
def test_hostile_class_is_graded_to_the_end(classroom: Path, grade: Grades) -> None:
    """Every submission, however broken, becomes a recorded result with a plain note, and a readable page for its student."""
    hand_in_hostile(classroom, list(HOSTILE))

    results = by_student(grade(classroom))

    assert {name: result.points for name, result in results.items()} == {name: HOSTILE[name][1] for name in HOSTILE}
    in_book = points(classroom)
    for name, (_, earned, note) in HOSTILE.items():
        notes = " ".join(results[name].notes)
        assert note in notes and "Traceback" not in notes and "Errno" not in notes
        assert sum(mark or 0 for mark in in_book[name].values()) == earned
        notebook = executed(classroom, name)
        nbformat.validate(notebook)
        assert not notes or all(each in notebook.cells[0].source for each in results[name].notes)
    assert "BEGIN SOLUTION" not in (classroom / "grading/autograded/link/01-tiny/01-tiny.ipynb").read_text()
    again = ("parts", "note-for-a-link", "long-names")
    for name in again:
        hand_in(classroom, name, filled_in(classroom, {"urban-share": SHARE}))
    results = by_student(grade(classroom))
    assert {2.0} == {results[name].points for name in again}


@pytest.mark.parametrize("name", ["o'neil", 'say "x"', "李明", "a[1]*", "a b ", "line\nbreak", "a.draft", "-v", "%", "\udcff"], ids=ascii)
def test_odd_student_names_are_found(classroom: Path, name: str) -> None:
    """A student's folder may have any name; one that is no text is written with its bytes spelled out."""
    hand_in(classroom, name, filled_in(classroom, FULL))

    (work,) = handed_in(Course.find(classroom), UNIT)

    assert work.student == ("\\udcff" if name == "\udcff" else name)


@slow
def test_odd_student_names_are_graded(classroom: Path, grade: Grades) -> None:
    """Students whose names are patterns, hold quotes or blanks, have their own marks and their own graded notebook."""
    names = ["o'neil", 'say "x"', "李明", "a[1]*", "*", " a ", "line\nbreak", "\udcff", "学" * 83]
    for number, name in enumerate(names):
        hand_in(classroom, name, filled_in(classroom, {"urban-share": SHARE} if number % 2 else {"sort": FACT}))

    results = by_student(grade(classroom))

    for number, name in enumerate(names):
        known = name.replace("\udcff", "\\udcff")
        assert results[known].points == (2.0 if number % 2 else 1.0)
        assert "right" in shown(executed(classroom, known), "check-urban-share" if number % 2 else "check-sort")
    assert grade(classroom).graded == []


def test_name_too_long_for_the_gradebook_is_told(classroom: Path) -> None:
    """A folder name that a gradebook cannot hold is told in one sentence, and stops nobody else's work."""
    long = ("x" * 129, "学" * 84, "\udcff" * 40)
    for name in (*long, "ann"):
        hand_in(classroom, name, filled_in(classroom, {}))

    assert [work.student for work in handed_in(Course.find(classroom), UNIT)] == ["ann"]
    told = not_read(Course.find(classroom))
    assert len(told) == len(long) and all("longer name than the gradebook can hold" in line for line in told)


def test_two_folders_that_are_written_alike_are_one_student(classroom: Path) -> None:
    """A name that is no text, and one that spells its bytes out, are told as folders of one name; neither takes the other's marks."""
    for name in ("\udcff", "\\udcff"):
        hand_in(classroom, name, filled_in(classroom, FULL))

    (work,) = handed_in(Course.find(classroom), UNIT)

    assert work.student == "\\udcff" and "several folders of one name" in work.notes[0]


# Again, and after a change


@slow
def test_unchanged_class_is_not_run_again(classroom: Path, grade: Grades) -> None:
    """The second run of an unchanged class runs nothing and changes nothing: marks, manual marks, flags, files."""
    small_class(classroom)
    first = grade(classroom)
    mark_by_hand(classroom, "ann", "critique", 2.5)
    before = marks(classroom)
    files = {
        path: (path.stat().st_mtime_ns, path.read_bytes())
        for path in (classroom / "grading").rglob("*")
        if path.suffix in (".ipynb", ".json")
    }

    second = grade_nothing(classroom)

    assert sorted(first.graded) == ["ann", "bo", "cy", "di"]
    assert second.graded == [] and second.changes == []
    assert [result.points for result in second.results] == [3.0, 0.0, 0.0, 0.0]
    assert marks(classroom) == before
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files} == files


@slow
def test_what_was_lost_is_written_again_without_running(classroom: Path, grade: Grades, empty_gradebook: Path) -> None:
    """A new gradebook, or a graded notebook that was removed, is filled from the stored results; nothing is run."""
    small_class(classroom)
    grade(classroom)
    before = marks(classroom)
    shutil.copy(empty_gradebook, classroom / "grading/gradebook.db")
    shutil.rmtree(classroom / "grading/autograded")

    assert grade_nothing(classroom).graded == []

    assert marks(classroom) == before
    assert "urban-share: right" in shown(executed(classroom, "ann"), "check-urban-share")


@slow
def test_mark_that_another_program_changed_is_put_right(classroom: Path, grade: Grades) -> None:
    """An automatic mark in the gradebook that is not that of the stored result is entered again."""
    small_class(classroom)
    grade(classroom)
    with open_book(classroom) as book:
        book._book.find_grade("check-sort", UNIT, UNIT, "ann").auto_score = 0.0
        book._book.db.commit()

    grade_nothing(classroom)

    assert points(classroom)["ann"]["check-sort"] == 1.0


@slow
def test_only_what_changed_is_run(classroom: Path, grade: Grades) -> None:
    """A notebook handed in anew is run, the others are not; a manual mark under it stays and is flagged for review."""
    small_class(classroom)
    grade(classroom)
    for student in ("ann", "bo"):
        mark_by_hand(classroom, student, "critique", 2.0)
    hand_in(classroom, "bo", filled_in(classroom, {**FULL, "critique": "Now much longer."}))

    report = grade(classroom)

    assert report.graded == ["bo"]
    assert [(change.student, change.exercise, change.points_before, change.points_now) for change in report.changes] == [
        ("bo", "urban-share", 0.0, 2.0),
        ("bo", "sort", 0.0, 1.0),
    ]
    assert marks(classroom)["bo", "critique"][:4] == (None, 2.0, None, True)
    assert marks(classroom)["ann", "critique"][:4] == (None, 2.0, None, False)
    assert "Now much longer." in as_text(executed(classroom, "bo"))


@slow
def test_lesson_fix_moves_marks_and_says_whose(classroom: Path, grade: Grades) -> None:
    """After a fix of the lesson, the report says whose marks moved, from what to what, by which exercise; manual marks stay."""
    small_class(classroom)
    grade(classroom)
    mark_by_hand(classroom, "ann", "critique", 2.5)
    mark_by_hand(classroom, "bo", "check-sort", 0.5)
    lesson = classroom / "course/01-tiny.md"
    lesson.write_text(lesson.read_text().replace('sort = "fact"', 'sort = "value"'))
    build_unit(Course.find(classroom), UNIT)

    report = grade(classroom)

    moved = [(change.student, change.exercise, change.points_before, change.points_now) for change in report.changes]
    assert moved == [("ann", "sort", 1.0, 0.0), ("bo", "sort", 0.0, 1.0)]
    assert sorted(report.graded) == ["ann", "bo", "cy", "di"]
    found = {key: mark[:4] for key, mark in marks(classroom).items()}
    assert found["ann", "critique"] == (None, 2.5, None, False)
    assert found["bo", "check-sort"] == (1.0, 0.5, None, True)

    save_changes(classroom / "changes.csv", report.changes)
    rows = list(csv.DictReader((classroom / "changes.csv").open(encoding="utf-8-sig")))
    assert [(row["student"], row["unit"], row["exercise"], row["points_before"], row["points_now"]) for row in rows] == [
        ("ann", UNIT, "sort", "1.0", "0.0"),
        ("bo", UNIT, "sort", "0.0", "1.0"),
    ]
    assert grade_nothing(classroom).changes == []


@slow
def test_moved_marks_are_told_also_when_a_run_was_cut_short(classroom: Path, grade: Grades) -> None:
    """Marks that moved in a run that ended before its report are told by the next."""
    small_class(classroom)
    grade(classroom)
    hand_in(classroom, "bo", filled_in(classroom, FULL))
    with open_book(classroom) as book:
        grade_unit(Course.find(classroom), UNIT, _local(grade), book, tell=lambda *_: None)

    report = grade_nothing(classroom)

    assert [change.exercise for change in report.changes] == ["urban-share", "sort"]
    store_of(Course.find(classroom), UNIT).reported()
    assert grade_nothing(classroom).changes == []


@slow
def test_run_that_fails_keeps_what_it_has(classroom: Path, grade: Grades) -> None:
    """When running breaks off, what was graded until then is in the gradebook; the next run does the rest."""
    small_class(classroom)

    class Breaks:
        def results(self, assignment: Assignment, work: list):  # type: ignore[type-arg] # noqa: ANN202
            for done, result in enumerate(_local(grade).results(assignment, work)):
                if done == 2:
                    raise LituError("The connection was lost.")
                yield result

    with pytest.raises(LituError, match="connection"), open_book(classroom) as book:
        grade_unit(Course.find(classroom), UNIT, Breaks(), book, tell=lambda *_: None)

    assert len(points(classroom)) == 2
    assert len(grade(classroom).graded) == 2
    assert len(points(classroom)) == 4


@slow
def test_work_handed_in_meanwhile_waits_for_the_next_run(classroom: Path, pool: ForkServer) -> None:
    """A notebook that is replaced or taken away while the class is graded is left out and named, and graded by the next run."""
    for name in ("ann", "bo", "cy"):
        hand_in(classroom, name, filled_in(classroom, FULL))

    class Slow(LocalGrader):
        def results(self, assignment: Assignment, work: list[Submission]) -> Iterator[Result]:
            hand_in(classroom, "bo", filled_in(classroom, {**FULL, "sort": VALUE}))
            shutil.rmtree(classroom / "grading/submitted/cy")
            yield from super().results(assignment, work)

    with open_book(classroom) as book:
        first = grade_unit(Course.find(classroom), UNIT, Slow(pool, 1, SHORT), book, tell=lambda *_: None)
        second = grade_unit(Course.find(classroom), UNIT, LocalGrader(pool, 1, SHORT), book, tell=lambda *_: None)

    assert (first.graded, first.left_out) == (["ann"], ["bo", "cy"])
    assert (second.graded, second.left_out) == (["bo"], [])
    assert points(classroom)["bo"]["check-sort"] == 0.0 and "cy" not in points(classroom)


@slow
def test_only_named_students_are_graded(classroom: Path, grade: Grades) -> None:
    """With students named, only their work is graded; the others' marks stay as they are."""
    small_class(classroom)

    assert grade(classroom, only=["bo"]).graded == ["bo"]
    assert list(points(classroom)) == ["bo"]


@slow
def test_postgresql_gives_the_same_marks(classroom: Path, grade: Grades, postgresql: Callable[[], str]) -> None:
    """A class graded into PostgreSQL has the marks that it has in SQLite, graded anew or filled from the store."""
    small_class(classroom)
    url, late = postgresql(), "2026-03-01 12:30:00 UTC"
    hand_in(classroom, "bo", filled_in(classroom, FULL), time=late)
    for address in (None, url):
        with open_book(classroom, address) as book:
            book.set_due(UNIT, parsed(TIME))
        grade(classroom, address, plugin_class=Late)
    filled = marks(classroom, url)
    shutil.rmtree(classroom / "grading/reports")
    again = postgresql()
    with open_book(classroom, again) as book:
        book.set_due(UNIT, parsed(TIME))

    assert sorted(grade(classroom, again, plugin_class=Late).graded) == ["ann", "bo", "cy", "di"]

    assert marks(classroom, again) == filled == marks(classroom)
    assert filled["bo", "check-sort"][4] == 1.25


class Late(LateSubmissionPlugin):
    """Takes half a point for each hour."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """Return the penalty."""
        return 0.5 * total_seconds_late / 3600


def _local(grade: Grades) -> LocalGrader:
    return LocalGrader(grade.pool, 2, SHORT)


# Errors of the one who grades


def test_nothing_handed_in_is_told(classroom: Path) -> None:
    """A unit that nobody handed in is told, without a trace in the gradebook."""
    with pytest.raises(LituError, match="Nothing was handed in for 01-tiny"):
        grade_nothing(classroom)
    assert points_or_none(classroom) == {}


def test_unknown_student_is_told(classroom: Path) -> None:
    """A student of whom there is no folder is named."""
    small_class(classroom)

    with pytest.raises(LituError, match="no student 'zoe'"):
        list(handed_in(Course.find(classroom), UNIT, ["ann", "zoe"]))


def test_unit_that_is_not_built_is_told(classroom: Path) -> None:
    """A unit of which a built file is missing is told with the command that makes it."""
    (classroom / "grading/keys/01-tiny.json").unlink()

    with pytest.raises(LituError, match="grading/keys/01-tiny.json is missing; run `litu build 01-tiny`"):
        grade_nothing(classroom)


@slow
def test_linked_folder_for_graded_notebooks_is_refused(classroom: Path, grade: Grades, tmp_path: Path) -> None:
    """Graded notebooks are not written through a link."""
    small_class(classroom)
    (tmp_path / "elsewhere").mkdir()
    (classroom / "grading/autograded").mkdir()
    (classroom / "grading/autograded/ann").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(LituError, match="is a link"):
        grade(classroom)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def points_or_none(root: Path) -> dict[str, dict[str, float | None]]:
    """Return the marks of the unit, nothing when the gradebook does not know it."""
    with open_book(root) as book:
        return {row["student"]: {} for row in book.rows(UNIT)}


def test_result_survives_the_journey(classroom: Path) -> None:
    """A result written as plain data comes back equal."""
    result = Result("a", UNIT, "refused", reason="x")

    assert Result.from_dict(json.loads(json.dumps(result.to_dict()))) == result
