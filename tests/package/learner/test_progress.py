"""The learner's record: nothing that was tried is lost, whoever writes at the same time and whatever stands in the file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from litu.learner import record_file
from litu.learner.api import check, progress
from litu.learner.help import hint, solution
from litu.learner.progress import Entry, Progress

SHARE = 172.45 / 962.59 * 100


@pytest.fixture(autouse=True)
def state(tmp_path: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the record in a folder of the test, and open a unit of a whole course."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.chdir(built / "release" / "01-tiny")
    return tmp_path / "state" / "litu" / "leaving-the-soil"


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list to which all that is said about the record goes."""
    told: list[str] = []
    monkeypatch.setattr(record_file, "show", lambda note: told.append(repr(note)))
    return told


def record() -> Progress:
    """Return the record of the small unit."""
    return Progress("01-tiny", "leaving-the-soil")


def stored(**values: object) -> str:
    """Return the text of a record of one exercise."""
    return json.dumps({"format": record_file.FORMAT, "exercises": {"urban-share": values}})


# Several at once


def try_out(names: list[str]) -> int:
    """Count a try of each exercise in another process, as another kernel does; return its id."""
    child = os.fork()
    if child == 0:
        try:
            for name in names:
                with record().change(name) as entry:
                    entry.attempts += 1
        finally:
            os._exit(0)
    return child


exercises = st.lists(st.sampled_from(["urban-share", "sort", "growth"]), min_size=1, max_size=30)


@settings(max_examples=15, deadline=None)
@given(one=exercises, other=exercises)
def test_two_kernels_lose_no_try(tmp_path_factory: pytest.TempPathFactory, one: list[str], other: list[str]) -> None:
    """Two processes that change the same record at once leave all that both have done."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setattr(record_file, "PATIENCE", 60)
        for child in [try_out(one), try_out(other)]:
            os.waitpid(child, 0)

        assert {name: entry.attempts for name, entry in record().entries.items()} == {
            name: (one + other).count(name) for name in one + other
        }


def test_two_tabs_lose_no_try() -> None:
    """Each writes on top of what the other has written."""
    one, other = record(), record()
    for tab in (one, other, one):
        with tab.change("urban-share") as entry:
            entry.attempts += 1

    assert record().of("urban-share").attempts == 3


def test_a_held_record_is_not_waited_for(state: Path, said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """While another program holds the lock, checks work and forget, which is told once."""
    monkeypatch.setattr(record_file, "PATIENCE", 0.1)
    check("urban-share", 1.5)
    before = (state / "01-tiny.json").read_bytes()

    with FileLock(state / "01-tiny.json.lock"):
        check("urban-share", SHARE)
        check("urban-share", SHARE)

    assert (state / "01-tiny.json").read_bytes() == before
    assert said == [f"! progress. {state / '01-tiny.json'} cannot be written: what you do now works, but is not remembered."]


def test_a_change_that_fails_leaves_the_record(state: Path) -> None:
    """An error on the way writes nothing and gives the lock back."""
    check("urban-share", SHARE)

    with pytest.raises(ZeroDivisionError), record().change("urban-share") as entry:
        entry.attempts = 99
        raise ZeroDivisionError

    assert record().of("urban-share").attempts == 1
    with FileLock(state / "01-tiny.json.lock", timeout=0):
        pass


# Whatever stands in the file


@pytest.mark.parametrize(
    "content", ["", "{", "[1]", "{}", '{"format": 1, "exercises": [1]}', "[" * 100_000, "\x00", stored(attempts="x") + "}"]
)
def test_a_damaged_record_is_kept_and_told(state: Path, said: list[str], content: str) -> None:
    """It gets another name, the next try is counted in a new one, and one sentence says so."""
    state.mkdir(parents=True)
    (state / "01-tiny.json").write_text(content)

    check("urban-share", SHARE)
    progress()

    kept = [path for path in state.iterdir() if "-kept-" in path.name]
    assert [path.read_text() for path in kept] == [content]
    assert said == [f"! progress. The record of this unit is damaged; it is kept as {kept[0]}, and a new one begins."]
    assert record().of("urban-share").attempts == 1


def test_a_newer_record_is_kept_and_told(state: Path, said: list[str]) -> None:
    """What a later version of the course wrote is not replaced."""
    state.mkdir(parents=True)
    (state / "01-tiny.json").write_text(json.dumps({"format": 99, "exercises": {"urban-share": {"attempts": 7}}}))

    assert record().entries == {}

    assert len(said) == 1 and "was written by another version of the course; it is kept as" in said[0]
    assert [json.loads(path.read_text())["format"] for path in state.glob("*-kept-*.json")] == [99]


def test_a_record_that_cannot_be_opened_is_not_replaced(state: Path, said: list[str]) -> None:
    """A folder in its place, or a file without rights, is set aside as it is."""
    (state / "01-tiny.json" / "inside").mkdir(parents=True)

    check("urban-share", SHARE)

    assert record().of("urban-share").attempts == 1
    assert len(list(state.glob("*-kept-*/inside"))) == 1 and len(said) == 1


@pytest.mark.parametrize(
    "spoilt",
    [{"attempts": "many"}, {"tries": 3}, {"hints": None}, {"settled": 7}, {"outcome": []}, {"attempts": -1}, {"attempts": True}, 3, None],
)
def test_a_broken_value_costs_itself_only(state: Path, said: list[str], spoilt: object) -> None:
    """The other values of the entry and the other exercises stay, and nothing needs to be set aside."""
    good = {"attempts": 2, "outcome": "right", "hints": 1, "settled": {"a": "fails"}, "helped": "seen", "touched": "2026-01-01"}
    state.mkdir(parents=True)
    entry = {**good, **spoilt} if isinstance(spoilt, dict) else spoilt
    (state / "01-tiny.json").write_text(json.dumps({"format": 1, "exercises": {"urban-share": entry, "sort": good}}))

    found = record()

    assert found.of("sort") == Entry(**good)  # type: ignore[arg-type]
    kept = {name: getattr(found.of("urban-share"), name) for name in good if isinstance(spoilt, dict) and name not in spoilt}
    assert kept == {name: good[name] for name in kept} and said == []


def test_a_record_that_cannot_be_written_is_forgotten(state: Path, said: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Where the state folder is none everything works, nothing is remembered, and that is told once."""
    state.parent.mkdir(parents=True)
    state.write_text("a file where the folder should be")

    check("urban-share", SHARE)
    hint("urban-share")
    solution("urban-share")
    progress()

    told = capsys.readouterr().out
    assert "urban-share: right." in told and "0 of 2 exercises right" in told
    assert len(said) == 1 and "is not remembered" in said[0]
