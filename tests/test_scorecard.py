"""The scorecard of claims: what the learner's own right answers have settled, over all units at hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from litu import scorecard
from litu.learner.progress import Progress


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the learner's record in a folder of the test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)


@pytest.fixture
def units(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the units as a class gets them, with a notebook of the first one open."""
    folder = Path(shutil.copytree(built / "release", tmp_path / "units"))
    monkeypatch.chdir(folder / "01-tiny")
    return folder


def settle(exercise: str, outcome: str, **settled: str) -> None:
    """Write down an outcome, as a check does."""
    record = Progress("01-tiny", "leaving-the-soil")
    record.of(exercise).outcome, record.of(exercise).settled = outcome, settled
    record.save()


def test_open_claims_stand_there_with_the_exercise_that_tests_them(units: Path) -> None:
    """Before anything is solved every claim of the course is listed as not yet tested, and where to test it."""
    card = scorecard()

    assert list(card.columns) == ["claim", "document", "unit", "exercise", "verdict"]
    assert card.to_dict("records")[0] == {
        "claim": "000-01", "document": "000", "unit": "01-tiny", "exercise": "urban-share", "verdict": "not yet tested",
    }  # fmt: skip
    assert set(card["verdict"]) == {"not yet tested"}


def test_a_verdict_comes_from_the_record_of_the_learner(units: Path) -> None:
    """A settled claim shows its verdict; an answer that is only noted says when its verdict comes."""
    settle("urban-share", "right", **{"000-01": "reconciles"})
    settle("sort", "recorded")

    verdicts = scorecard().set_index("exercise")["verdict"]

    assert (verdicts["urban-share"], verdicts["sort"]) == ("reconciles", "after grading")


def test_a_unit_that_cannot_be_read_is_told_and_left_out(units: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A spoilt neighbour costs its own lines only; without any unit the table is empty and says why."""
    (units / "02-kinds" / "checks.json").write_text("{")

    assert set(scorecard()["unit"]) == {"01-tiny"}
    assert f"{units}/02-kinds/checks.json cannot be read" in capsys.readouterr().out

    shutil.rmtree(units / "02-kinds")
    (units / "01-tiny" / "checks.json").unlink()

    assert scorecard().empty
    assert "Keep the folders of the units together" in capsys.readouterr().out
