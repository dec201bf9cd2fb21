"""A student who left the course is taken out of it with every trace, and nobody else is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from grading_tools import FULL, SLIP, TIME, UNIT, filled_in, hand_in, mark_by_hand, needs_box, open_book, parsed, points
from nbgrader.utils import notebook_hash
from ran import Ran

from litu.grading.results.models import Change
from litu.grading.results.regrades import save_changes, save_removed
from litu.grading.upkeep.traces import is_row_of, names_one

pytest_plugins = ["grading_fixtures"]
WHO = "zhao-vergissmeinnicht"
NAME = "Vergissmeinnicht"


@pytest.fixture
def with_exchange(classroom: Path) -> Path:
    """Return a class in which somebody handed in through an exchange, of which the course's own settings tell."""
    exchange = classroom / "exchange"
    (classroom / "own_settings.py").write_text(f'c = get_config()\nc.Exchange.root = "{exchange}"\n', encoding="utf-8")
    for student, secret in ((WHO, "abc"), ("ann", "def")):
        folder = hand_in(classroom, student, filled_in(classroom, FULL if student == "ann" else {"urban-share": SLIP}))
        (folder / "submission_secret.txt").write_text(secret, encoding="utf-8")
        (exchange / f"leaving-the-soil/inbound/{student}+{UNIT}+2026-03-01 10:00:00 UTC+x").mkdir(parents=True)
        page = exchange / "leaving-the-soil/feedback" / f"{notebook_hash(secret=secret, notebook_id=UNIT)}.html"
        page.parent.mkdir(exist_ok=True)
        page.write_text("a page", encoding="utf-8")
    hand_in(classroom, WHO.title(), filled_in(classroom, {}), unit="02-kinds")
    return classroom


def files_with(root: Path, text: str) -> set[str]:
    """Return the files and folders in whose names or bytes a text stands, whatever its case."""
    found = set()
    for path in root.rglob("*"):
        if text.lower() in str(path.relative_to(root)).lower() or (path.is_file() and text.lower().encode() in path.read_bytes().lower()):
            found.add(str(path.relative_to(root)))
    return found


@needs_box
@pytest.mark.slow
def test_no_trace_is_left(with_exchange: Path, litu: Callable[..., Ran]) -> None:
    """Shown first, asked for, then gone from folders, pages, results, reports, tables, log, exchange and every byte of the gradebook."""
    root, reports = with_exchange, with_exchange / "grading/reports"
    assert litu(root, "grade", "01").code == 0
    mark_by_hand(root, WHO, "critique", 2.5)
    with open_book(root) as book:
        book.set_due(UNIT, parsed(TIME))
        book.extend(UNIT, WHO, parsed(TIME) + timedelta(days=1))
        book._book.update_or_create_student(WHO, last_name=NAME, email=f"{NAME}@example.org")
    save_changes(reports / "changes.csv", [Change(name, UNIT, "sort", 0.0, 1.0, "", "") for name in (WHO, "ann")])
    save_removed(reports, [{"student": WHO, "unit": UNIT, "cell": "old", "auto_score": 1.0}])
    (root / ".nbgrader.log").write_text(f"graded {WHO}\ngraded ann\n", encoding="utf-8")
    assert litu(root, "report", "01").code == 0
    before, others = files_with(root, NAME), points(root)["ann"]

    shown = litu(root, "forget", WHO, "--dry-run")
    unasked = litu(root, "forget", WHO)

    assert shown.code == 0 and f"gradebook: {WHO}, 1 submissions, 1 marks by hand, 0 comments, 1 extensions" in shown.out
    assert "grading/reports/changes.csv: 1 rows" in shown.out and f"grading/submitted/{WHO.title()}/" in shown.out
    assert unasked.code == 1 and "say --yes" in unasked.err and files_with(root, NAME) == before

    (root / "mail.txt").write_text(f"{WHO} left", encoding="utf-8")
    done = litu(root, "forget", WHO.upper(), "--yes")

    assert done.code == 0 and "mail.txt" in done.out
    assert files_with(root, NAME) == {"mail.txt"}
    assert points(root) == {"ann": others} and len(list((root / "exchange").rglob("*.html"))) == 1
    assert (root / ".nbgrader.log").read_text(encoding="utf-8") == "graded ann\n"
    assert litu(root, "grade", "01").code == 0 and files_with(root, NAME) == {"mail.txt"}
    gone = litu(root, "forget", WHO, "--yes")
    assert gone.code == 1 and "There is no student" in gone.err


def test_names_that_hold_another_are_left_alone() -> None:
    """Rows and lines of students whose name is like the one that is taken out stay."""
    rows = [{"student": name} for name in ("bob", "'bob", "'=bob", "bob-2", "\\u200dbob")]

    assert [is_row_of(row, {"bob"}) for row in rows] == [True, False, False, False, False]
    assert [is_row_of(row, {"=bob", "\u200dbob"}) for row in rows] == [False, False, True, False, True]
    assert names_one("graded /submitted/bob/01-tiny", {"bob"}) and names_one("for bob.", {"bob"})
    assert not names_one("graded bob-2, bobby, jim-bob", {"bob"})


def test_gradebook_keeps_no_row(classroom: Path, url: str) -> None:
    """A student with work in two units leaves no row behind, in a gradebook of either kind."""
    with open_book(classroom, url) as book:
        for unit in (UNIT, "02-kinds"):
            book.set_due(unit, parsed(TIME))
            for student in (WHO, "ann"):
                book.extend(unit, student, parsed(TIME) + timedelta(days=1))
        assert book.holds(WHO) == "2 submissions, 0 marks by hand, 0 comments, 2 extensions"
        book.forget(WHO)
        assert set(book.roster()) == {"ann"} and book.holds(WHO).startswith("0 submissions")
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
            assert WHO not in "".join(database.iterdump())
