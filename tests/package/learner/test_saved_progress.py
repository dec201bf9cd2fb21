"""Progress in one file: what is saved comes back, the better outcome stays, and what is no such file changes nothing."""

from __future__ import annotations

import base64
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litu import check, restore_progress, save_progress, start
from litu.learner import saved_progress
from litu.learner.progress import Entry, Progress
from litu.learner.saved_progress import RANK, merged

SHARE = 172.45 / 962.59 * 100
NAME = "progress-leaving-the-soil.json"


@pytest.fixture(autouse=True)
def units(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the units as a learner has them, START being open."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    move_to(tmp_path / "state", monkeypatch)
    folder = Path(shutil.copytree(built / "release", tmp_path / "release"))
    monkeypatch.chdir(folder)
    return folder


def move_to(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sit down at another computer."""
    monkeypatch.setenv("XDG_STATE_HOME", str(state))


def record(unit: str = "01-tiny") -> Progress:
    """Return the record of a unit."""
    return Progress(unit, "leaving-the-soil")


def tried(exercise: str, outcome: str, attempts: int = 1, unit: str = "01-tiny") -> None:
    """Write down a try, as a check does."""
    with record(unit).change(exercise) as entry:
        entry.attempts, entry.outcome = attempts, outcome


def test_all_units_come_back_on_another_computer(
    units: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One file, written beside the units, brings back what was tried in each of them."""
    monkeypatch.chdir(units / "01-tiny")
    check("urban-share", SHARE)
    tried("growth", "wrong", 4, "02-kinds")
    save_progress()
    before = record().entries, record("02-kinds").entries

    move_to(tmp_path / "elsewhere", monkeypatch)
    assert record().entries == {}
    restore_progress()

    assert (record().entries, record("02-kinds").entries) == before
    told = capsys.readouterr().out
    assert f"It is in {units / NAME}." in told and "2 exercises were in the file; 2 stand better than they did here." in told


def test_the_better_outcome_stays(units: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Restoring takes nothing away, and twice is as good as once."""
    tried("urban-share", "right", 2)
    tried("sort", "wrong", 5)
    save_progress("mine.json")

    move_to(tmp_path / "elsewhere", monkeypatch)
    tried("urban-share", "wrong", 3)
    tried("sort", "partly right", 1)
    for _ in range(2):
        restore_progress("mine.json")

    found = record()
    assert (found.of("urban-share").outcome, found.of("urban-share").attempts) == ("right", 3)
    assert (found.of("sort").outcome, found.of("sort").attempts) == ("partly right", 5)


entries = st.builds(
    Entry,
    attempts=st.integers(0, 9),
    outcome=st.sampled_from([outcome.value for outcome in RANK]),
    hints=st.integers(0, 4),
    settled=st.dictionaries(st.sampled_from("ab"), st.sampled_from(["fails", "reconciles"])),
    helped=st.sampled_from(["", "seen", "skipped"]),
    touched=st.sampled_from(["", "2026-01-01", "2026-02-01"]),
)


@settings(deadline=None, max_examples=300)
@given(entries, entries)
def test_merging_loses_nothing(one: Entry, other: Entry) -> None:
    """It does not matter which came first, nothing stands worse, and merging again changes nothing."""
    both = merged(one, other)

    assert both == merged(other, one) == merged(both, one)
    assert both.attempts >= max(one.attempts, other.attempts) and both.hints >= max(one.hints, other.hints)
    ranks = [outcome.value for outcome in RANK]
    assert ranks.index(both.outcome) == max(ranks.index(one.outcome), ranks.index(other.outcome))
    assert both.settled.keys() == one.settled.keys() | other.settled.keys()


def saved(**changed: Any) -> str:
    """Return the text of a saved file with some of its parts changed."""
    whole = {"kind": saved_progress.KIND, "format": 1, "course": "leaving-the-soil", "units": {"01-tiny": {"sort": {"outcome": "right"}}}}
    return json.dumps({**whole, **changed})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is damaged or no file of save_progress()"),
        ("[" * 100_000, "is damaged or no file of save_progress()"),
        (saved() + " " * 2_000_000, "is damaged or no file of save_progress()"),
        ("[1]", "was not written by save_progress()"),
        ('{"cells": []}', "was not written by save_progress()"),
        (saved(format=2), "was written by another version"),
        (saved(course="another"), "holds the progress of another course"),
        (saved(units=3), "its units cannot be read"),
        (saved(units={"01-tiny": 3}), "its units cannot be read"),
        (saved(units={"../../01-tiny": {}}), "its units cannot be read"),
        (saved(units={"01-tiny-kept-x": {}}), "its units cannot be read"),
        (saved(units={str(unit): {} for unit in range(101)}), "its units cannot be read"),
        (saved(units={"01-tiny": {str(name): {} for name in range(201)}}), "its units cannot be read"),
        (saved(units={"01-tiny": {"x" * 101: {}}}), "its units cannot be read"),
    ],
)
def test_what_is_no_such_file_changes_nothing(
    units: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, says: str
) -> None:
    """Damaged, foreign, newer and hostile files are refused with a sentence."""
    tried("urban-share", "right")
    (units / "file.json").write_text(content)

    restore_progress("file.json")

    told = capsys.readouterr().out
    assert told.startswith("! restore_progress. file.json ") and says in told and "nothing was changed" in told
    assert list(record().entries) == ["urban-share"]
    assert not list(tmp_path.rglob("*.json-*")) and {path.name for path in (tmp_path / "state" / "litu").iterdir()} == {"leaving-the-soil"}


def test_broken_values_in_a_file_cost_themselves_only(units: Path) -> None:
    """What is readable of an exercise is taken over."""
    (units / "file.json").write_text(
        saved(units={"01-tiny": {"sort": {"outcome": "right", "attempts": 10**30, "helped": "x" * 300}, "growth": 3}})
    )

    restore_progress("file.json")

    assert (record().of("sort").outcome, record().of("sort").attempts, record().of("sort").helped) == ("right", 0, "")


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The sentence says what to do."""
    restore_progress("mine.json")

    assert "There is no file mine.json here. Upload it beside START" in capsys.readouterr().out


def test_a_place_that_cannot_be_written_still_gives_the_link(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file can be taken from the page."""
    save_progress(tmp_path / "nowhere" / "mine.json")

    assert "cannot be written (No such file or directory); take the file from this link" in capsys.readouterr().out


def test_start_offers_the_file_as_a_link() -> None:
    """Once something was tried, one click on START saves the same file that the call writes."""
    assert "download=" not in start()._repr_html_()  # type: ignore[union-attr]

    tried("sort", "right")
    page = start()._repr_html_()  # type: ignore[union-attr]

    link = re.search(rf'<a [^>]*download="{NAME}" href="data:application/octet-stream;base64,([\w+/=]+)">', page)
    assert link and json.loads(base64.b64decode(link[1]))["units"]["01-tiny"]["sort"]["outcome"] == "right"


def test_outside_a_course_both_say_where_to_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither raises."""
    monkeypatch.chdir(tmp_path)
    save_progress()
    restore_progress()

    assert capsys.readouterr().out.count("Call this from START or from a unit") == 2


def test_start_and_every_unit_say_that_binder_forgets(units: Path) -> None:
    """The one line stands at the beginning and at the end of the way."""
    for page in ("START.ipynb", "01-tiny/01-tiny.ipynb", "02-kinds/02-kinds.ipynb"):
        assert "On Binder nothing is kept when you close the page" in (units / page).read_text(encoding="utf-8")
