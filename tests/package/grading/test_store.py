"""Results on disk: a draft, then final; what a new result replaces stays until it has been reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from litu.grading.results.models import ExerciseResult, Result, WrittenResult
from litu.grading.results.store import Store


def result(student: str = "a", digest: str = "1", points: float = 2.0) -> Result:
    """Return a result with something in every field."""
    exercise = ExerciseResult("urban-share", 2.0, points, "right", "Right — 離土", None, ["part"], 0.1)
    return Result(
        student, "01-tiny", "graded", digest, "s" + digest, "", ["note"], [exercise], [WrittenResult("critique", 3.0, False)],
        ["imports os"], ["a doubt"], [{"id": "a", "status": "ok", "cpu": 0.1, "wall": 0.2}], 0.1, 0.2, "{}",
    )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return an empty store."""
    return Store(tmp_path / "results")


def test_draft_becomes_final(store: Store) -> None:
    """A result is a draft until its marks are entered, and comes back as it was."""
    store.save_draft(result())
    assert (store.draft("a"), store.final("a")) == (result(), None)

    store.finish("a")
    assert (store.draft("a"), store.final("a")) == (None, result())


def test_replaced_result_stays_until_reported(store: Store) -> None:
    """However often a result is replaced before the report, the one of the last report is kept."""
    for digest in ("1", "2", "3"):
        store.save_draft(result(digest=digest))
        store.finish("a")

    assert store.replaced("a") == result(digest="1")
    store.reported()
    assert store.replaced("a") is None
    assert store.final("a") == result(digest="3")


def test_killed_between_the_two_renames(store: Store) -> None:
    """Killed while a draft replaces a final result, the next run finds both and finishes."""
    store.save_draft(result(digest="1"))
    store.finish("a")
    store.save_draft(result(digest="2"))
    (store.folder / "replaced").mkdir()
    (store.folder / "final/a.json").rename(store.folder / "replaced/a.json")

    assert store.draft("a") == result(digest="2")
    store.finish("a")
    assert (store.final("a"), store.replaced("a")) == (result(digest="2"), result(digest="1"))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"student": "a"}', '{"exercises": 3}', "\xff"])
def test_unreadable_result_is_none(store: Store, text: str) -> None:
    """A file that is not a result, for example of another version, counts as none: the work is graded again."""
    (store.folder / "final").mkdir(parents=True)
    (store.folder / "final/a.json").write_bytes(text.encode("latin-1"))

    assert store.final("a") is None


def test_half_written_file_is_not_seen(store: Store) -> None:
    """A file that was being written when the run was killed is not taken for a result."""
    store.save_draft(result())
    (store.folder / "draft/b.json.part").write_text("{")

    assert store.draft("b") is None
    store.save_draft(result("b"))
    assert store.draft("b") == result("b")


@pytest.mark.parametrize("name", ["a.draft", "a.json", "李 明", "o'neil", 'say "x"', "a[1]*", "line\nbreak", "~", "%2F", "x" * 128])
def test_odd_student_names_do_not_collide(store: Store, name: str) -> None:
    """Any name that a folder can have is a name of its own."""
    for student in (name, "a"):
        store.save_draft(result(student))
        store.finish(student)

    assert store.final(name) == result(name)
    assert store.final("a") == result("a")


def test_forgotten_student_is_graded_anew(store: Store) -> None:
    """Forgetting a student leaves nothing of them, and the others alone."""
    for student in ("a", "b"):
        store.save_draft(result(student))
        store.finish(student)
        store.page_made(student, "digest")

    store.forget("a")

    assert (store.final("a"), store.page_shows("a")) == (None, "")
    assert (store.final("b"), store.page_shows("b")) == (result("b"), "digest")
