"""The gradebook: marks as nbgrader's own autograder writes them, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from grading_tools import TIME, UNIT, marks, open_book, parsed
from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin

from litu.course import Course
from litu.errors import LituError
from litu.grading.assignment import Assignment
from litu.grading.gradebook import schema
from litu.grading.gradebook.gradebook import GradebookWriter
from litu.grading.gradebook.records import Entry
from litu.grading.results.models import ExerciseResult, Result, WrittenResult

pytest_plugins = ["grading_fixtures"]


class TenthOff(LateSubmissionPlugin):
    """Takes a tenth of the score for each hour begun."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """Return the penalty."""
        return round(score * 0.1 * -(-total_seconds_late // 3600), 6)


def entry(student: str, points: float = 2.0, *, untouched: bool = False, time: str | None = TIME, resubmitted: bool = False) -> Entry:
    """Return what the gradebook gets of one submission of the tiny unit."""
    exercises = [ExerciseResult("urban-share", 2.0, points, "wrong", ""), ExerciseResult("sort", 1.0, 1.0, "right", "")]
    result = Result(student, UNIT, "graded", exercises=exercises, written=[WrittenResult("critique", 3.0, untouched)])
    return Entry(result, time and parsed(time), resubmitted)  # type: ignore[arg-type]


@pytest.fixture
def assignment(classroom: Path) -> Assignment:
    """Return the tiny unit."""
    return Assignment.load(Course.find(classroom), UNIT)


def grade_of(book: GradebookWriter, student: str, cell: str) -> Any:
    """Return nbgrader's record of one mark."""
    return book._book.find_grade(cell, UNIT, UNIT, student)


def test_marks_are_those_of_the_results(classroom: Path, assignment: Assignment, url: str) -> None:
    """Each checked exercise has its points; prose waits for its marker, unless it was left untouched."""
    with open_book(classroom, url) as book:
        book.prepare(assignment)
        book.write(UNIT, [entry("a", 0.5), entry("b", 2.0, untouched=True)])

    assert marks(classroom, url) == {
        ("a", "check-urban-share"): (0.5, None, None, False, None),
        ("a", "check-sort"): (1.0, None, None, False, None),
        ("a", "critique"): (None, None, None, True, None),
        ("b", "check-urban-share"): (2.0, None, None, False, None),
        ("b", "check-sort"): (1.0, None, None, False, None),
        ("b", "critique"): (0.0, None, None, False, None),
    }


def test_rows_are_nbgraders_own_sums(classroom: Path, assignment: Assignment, url: str) -> None:
    """The row of each student holds what nbgrader itself computes, manual marks and extra credit included."""
    with open_book(classroom, url, plugin_class=TenthOff) as book:
        book.set_due(UNIT, parsed(TIME) - timedelta(minutes=90))
        book.prepare(assignment)
        book.write(UNIT, [entry("b"), entry("a", untouched=True, time=None), entry("c", 0.0)])
        grade_of(book, "b", "critique").manual_score = 2.5
        grade_of(book, "c", "check-sort").extra_credit = 0.5
        book._book.db.commit()
        book.settle(UNIT, {"a": None, "b": parsed(TIME), "c": parsed(TIME)})

        rows = {row["student"]: row for row in book.rows(UNIT)}
        for student in "abc":
            own = book._book.find_submission(UNIT, student)
            assert rows[student]["score"] == pytest.approx(own.score - own.late_submission_penalty)
            assert (rows[student]["out_of"], rows[student]["written_score"]) == (own.max_score, own.written_score)
            assert rows[student]["to_be_marked_by_hand"] == own.needs_manual_grade
            assert rows[student]["late_penalty"] == pytest.approx(own.late_submission_penalty)
            assert rows[student]["late_hours"] == own.total_seconds_late / 3600
        assert book.rows("02-kinds") == []
    assert list(rows) == ["a", "b", "c"]
    assert rows["b"]["late_penalty"] == pytest.approx(1.1)


def test_writing_twice_changes_nothing(classroom: Path, assignment: Assignment, url: str) -> None:
    """Preparing and writing again leaves every mark and every flag as it is."""
    with open_book(classroom, url) as book:
        book.prepare(assignment)
        book.write(UNIT, [entry("a"), entry("b")])
        grade = grade_of(book, "a", "critique")
        grade.manual_score, grade.needs_manual_grade = 3.0, False
        book._book.db.commit()
        before = book.marks(UNIT)

        book.prepare(assignment)
        book.write(UNIT, [entry("b"), entry("a")])
        book.settle(UNIT, {"a": parsed(TIME), "b": parsed(TIME)})

        assert book.marks(UNIT) == before


def test_manual_marks_stay(classroom: Path, assignment: Assignment, url: str) -> None:
    """A manual mark stays whatever comes after; it is flagged for review when its mark moved or its notebook was handed in anew."""
    with open_book(classroom, url) as book:
        book.prepare(assignment)
        book.write(UNIT, [entry("a", 0.0), entry("b", 0.0)])
        for student, cell in (("a", "check-urban-share"), ("a", "critique"), ("b", "critique")):
            grade = grade_of(book, student, cell)
            grade.manual_score, grade.needs_manual_grade = 1.5, False
        book._book.db.commit()

        book.write(UNIT, [entry("a", 2.0), entry("b", 2.0, resubmitted=True)])

        found = {key: mark[:4] for key, mark in book.marks(UNIT).items()}
    assert found["a", "check-urban-share"] == (2.0, 1.5, None, True)
    assert found["a", "critique"] == (None, 1.5, None, False)
    assert found["b", "check-urban-share"] == (2.0, None, None, False)
    assert found["b", "critique"] == (None, 1.5, None, True)


def test_late_penalty_follows_due_date_and_extension(classroom: Path, assignment: Assignment, url: str) -> None:
    """The plugin's penalty is given for hours late, an extension takes it away, never more than the score is taken."""
    with open_book(classroom, url, plugin_class=TenthOff) as book:
        book.prepare(assignment)
        book.set_due(UNIT, parsed(TIME))
        late, hopeless = "2026-03-01 13:30:00 UTC", "2026-03-09 10:00:00 UTC"
        times = {"early": parsed(TIME), "late": parsed(late), "hopeless": parsed(hopeless), "untimed": None}
        book.write(UNIT, [entry("early"), entry("late", time=late), entry("hopeless", time=hopeless), entry("untimed", time=None)])
        first = {row["student"]: row["late_penalty"] for row in book.rows(UNIT)}

        book._book.grant_extension(UNIT, "late", hours=1)
        book._book.grant_extension(UNIT, "hopeless", weeks=2)
        book.settle(UNIT, times)
        second = {row["student"]: row["late_penalty"] for row in book.rows(UNIT)}

    assert first == {"early": 0.0, "late": pytest.approx(1.2), "hopeless": pytest.approx(3.0), "untimed": 0.0}
    assert second == {"early": 0.0, "late": pytest.approx(0.9), "hopeless": 0.0, "untimed": 0.0}


def test_time_of_handing_in_is_brought_up_to_date(classroom: Path, assignment: Assignment, url: str) -> None:
    """The same file handed in again later gets the later time; a time that is not known leaves the known one."""
    with open_book(classroom, url) as book:
        book.prepare(assignment)
        book.write(UNIT, [entry("a"), entry("b")])
        book.settle(UNIT, {"a": parsed("2026-03-02 10:00:00 UTC"), "b": None})

        times = [book._book.find_submission(UNIT, student).timestamp for student in "ab"]
    assert times == [parsed("2026-03-02 10:00:00 UTC"), parsed(TIME)]


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # of nbgrader's add_submission
def test_extension_given_before_the_unit_is_known(classroom: Path, assignment: Assignment, url: str) -> None:
    """An extension that was given before anything was graded counts, and the submission it made is completed."""
    with open_book(classroom, url, plugin_class=TenthOff) as book:
        book.set_due(UNIT, parsed(TIME))
        book._book.add_student("a")
        book._book.add_submission(UNIT, "a")
        book._book.grant_extension(UNIT, "a", hours=1)
        book.prepare(assignment)
        late = "2026-03-01 12:00:00 UTC"
        book.write(UNIT, [entry("a", time=late), entry("b", time=late)])
        book.settle(UNIT, {"a": parsed(late), "b": parsed(late)})

        assert [row["late_penalty"] for row in book.rows(UNIT)] == [pytest.approx(0.3), pytest.approx(0.6)]
        assert book.entered(UNIT)["a"] == book.entered(UNIT)["b"]


def test_extension_of_a_unit_never_due_is_no_error(classroom: Path, assignment: Assignment) -> None:
    """An extension for a unit without a due date stops nothing."""
    with open_book(classroom) as book:
        book.prepare(assignment)
        book.write(UNIT, [entry("a")])
        book._book.grant_extension(UNIT, "a", hours=1)
        book.settle(UNIT, {"a": parsed(TIME)})

        assert book.rows(UNIT)[0]["late_hours"] == 0


def test_no_response_is_said_where_nothing_was_written(classroom: Path, assignment: Assignment) -> None:
    """Cells left untouched carry nbgrader's comment "No response."."""
    started = replace(
        entry("a").result,
        exercises=[ExerciseResult("urban-share", 2.0, 0.0, "not started", ""), ExerciseResult("sort", 1.0, 1.0, "right", "")],
    )
    with open_book(classroom) as book:
        book.prepare(assignment)
        book.write(UNIT, [Entry(started, None, False)])

        said = {name: book._book.find_comment(name, UNIT, UNIT, "a").comment for name in ("urban-share", "sort", "critique")}
    assert said == {"urban-share": "No response.", "sort": None, "critique": None}


def test_batch_is_entered_whole_or_not_at_all(classroom: Path, assignment: Assignment) -> None:
    """When a batch cannot be written, nothing of it is in the gradebook."""
    broken = replace(entry("b").result, written=[None])
    with open_book(classroom) as book:
        book.prepare(assignment)
        with pytest.raises(AttributeError):
            book.write(UNIT, [entry("a"), Entry(broken, None, False)])

        assert book.entered(UNIT) == {}


def test_cells_that_come_and_go_under_graded_work(classroom: Path, assignment: Assignment, url: str) -> None:
    """New points are taken over; a removed exercise's marks, comments too, are handed over and taken out; an added one marks nobody."""
    removed: list[dict[str, Any]] = []
    with open_book(classroom, url) as book:
        book.prepare(assignment)
        book.write(UNIT, [entry("a"), entry("b")])
        grade_of(book, "a", "check-sort").manual_score = 0.5
        book._book.find_comment("sort", UNIT, UNIT, "b").manual_comment = "Nearly."
        grade_of(book, "a", "critique").manual_score = 2.5
        book._book.db.commit()
        more = assignment.source_text.replace('"points": 2', '"points": 4')
        assert book.prepare(replace(assignment, source_text=more), removed.extend) == [] and book.rows(UNIT)[0]["out_of"] == 8.0

        for name in ('"check-sort"', '"sort"'):
            more = more.replace(name, name.replace("sort", "kind"))
        told = book.prepare(replace(assignment, source_text=more), removed.extend)
        again = book.prepare(replace(assignment, source_text=more), removed.extend)

        assert ["no longer has sort: the marks of 2 students" in told[0], "now has kind" in told[1], again] == [True, True, []]
        assert [(row["student"], row.get("auto_score"), row.get("manual_score"), row.get("comment")) for row in removed] == [
            ("a", 1.0, 0.5, None), ("b", 1.0, None, None), ("b", None, None, "Nearly.")
        ]  # fmt: skip
        assert [(row["score"], row["out_of"]) for row in book.rows(UNIT)] == [(4.5, 7.0), (2.0, 7.0)]
        assert book.entered(UNIT)["b"] == {"check-urban-share": 2.0, "critique": None}


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://teacher:secret@127.0.0.1:1/grades", "postgresql://…@127.0.0.1:1/grades"),
        ("sqlite:////no/such/folder/grades.db", "sqlite:////no/such/folder/grades.db"),
        ("nosuchkind://x/y", "nosuchkind://x/y"),
        ("postgresql://x:port/y", "postgresql://x:port/y"),
        ("grades.db", "grades.db"),
    ],
)
def test_unreachable_gradebook_is_one_sentence(classroom: Path, address: str, shown: str) -> None:
    """A gradebook that cannot be opened is named, without its password, with the reason."""
    with pytest.raises(LituError) as found, open_book(classroom, address):
        pass
    said = str(found.value)
    assert f"The gradebook {shown} cannot be opened: " in said and "secret" not in said and "\n" not in said


def test_file_that_is_no_gradebook_is_one_sentence(classroom: Path) -> None:
    """A file that is not a database is told as such."""
    (classroom / "grading/gradebook.db").write_text("no database " * 100)

    with pytest.raises(LituError, match="cannot be opened: .*not a database"), open_book(classroom):
        pass


def test_gradebook_that_is_locked_is_one_sentence(classroom: Path, assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """When another program holds the gradebook for too long, the run ends with a sentence and can be repeated."""
    with open_book(classroom) as book:
        book.prepare(assignment)
    other = sqlite3.connect(classroom / "grading/gradebook.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with (
            pytest.raises(LituError, match="locked"),
            open_book(classroom, f"sqlite:///{classroom}/grading/gradebook.db?timeout=0.1") as book,
        ):
            book.write(UNIT, [entry("a")])
    finally:
        other.close()


@pytest.mark.slow
def test_new_gradebook_is_what_nbgrader_makes(tmp_path: Path) -> None:
    """A new gradebook has the tables, the columns and the schema version of one that nbgrader made."""
    found = []
    for name, make in {"ours": schema.complete, "nbgraders": Gradebook}.items():
        make(f"sqlite:///{tmp_path}/{name}.db")
        with sqlite3.connect(tmp_path / f"{name}.db") as database:
            tables = sorted(database.execute("SELECT name, sql FROM sqlite_master WHERE name != 'alembic_version'"), key=str)
            found.append((tables, database.execute("SELECT version_num FROM alembic_version").fetchall()))

    assert found[0] == found[1] and len(found[0][0]) > 10


def test_gradebook_without_a_schema_version_gets_it(classroom: Path) -> None:
    """A gradebook whose first run was killed before nbgrader's schema version was written gets it in the next."""
    database = sqlite3.connect(classroom / "grading/gradebook.db")
    (version,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
    database.execute("DROP TABLE alembic_version")
    database.commit()

    with open_book(classroom):
        pass

    assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [(version,)]
