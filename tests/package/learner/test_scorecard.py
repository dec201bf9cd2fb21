"""The scorecard of claims: what the learner's own right answers have settled, over all units at hand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from litu import check, scorecard
from litu.authoring.front_matter import VERDICTS
from litu.learner.progress import Progress

SHARE = 172.45 / 962.59 * 100


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


@pytest.fixture
def self_study(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open a unit of a whole course, as on Binder: the key is at hand."""
    monkeypatch.chdir(built / "release" / "01-tiny")


def settle(exercise: str, outcome: str, **settled: str) -> None:
    """Write down an outcome, as a check does."""
    with Progress("01-tiny", "leaving-the-soil").change(exercise) as entry:
        entry.outcome, entry.settled = outcome, settled


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


@pytest.mark.parametrize("place", ["self_study", "units"])
def test_a_right_answer_settles_its_claims_and_no_other_does(request: pytest.FixtureRequest, place: str) -> None:
    """The verdict is told by the right answer alone, with the key as well as with the public checks, and it stays."""
    request.getfixturevalue(place)

    check("urban-share", SHARE / 2)
    assert scorecard().set_index("exercise").loc["urban-share", "verdict"] == "not yet tested"

    check("urban-share", SHARE)
    check("urban-share", SHARE / 2)
    assert scorecard().set_index("exercise").loc["urban-share", "verdict"] == "reconciles"


def test_no_file_of_a_student_tells_a_verdict(units: Path) -> None:
    """What students receive names claim and exercise; the verdict is sealed with the right answer."""
    checks = json.loads((units / "01-tiny" / "checks.json").read_text(encoding="utf-8"))

    assert checks["scorecard"] == [{"claim": "000-01", "exercise": "urban-share"}, {"claim": "001-02", "exercise": "sort"}]
    assert not any(verdict in path.read_text(encoding="utf-8") for verdict in VERDICTS for path in (units / "01-tiny").iterdir())


def test_a_unit_that_cannot_be_read_is_told_and_left_out(units: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A spoilt neighbour costs its own lines only; without any unit the table is empty and says why."""
    (units / "02-kinds" / "checks.json").write_text("{")

    assert set(scorecard()["unit"]) == {"01-tiny"}
    assert f"{units}/02-kinds/checks.json cannot be read" in capsys.readouterr().out

    shutil.rmtree(units / "02-kinds")
    (units / "01-tiny" / "checks.json").unlink()

    assert scorecard().empty
    assert "Keep the folders of the units together" in capsys.readouterr().out
