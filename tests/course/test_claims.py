"""Every claim of the documents is tested somewhere, or the course says that it is not."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from places import REPOSITORY

COVERED = {"000": "04-taobao-villages"}
"""Documents that a finished unit walks through from end to end."""


@pytest.fixture(scope="module")
def claims() -> pd.DataFrame:
    """The claims, read as the course's own data."""
    return pd.read_csv(REPOSITORY / "data" / "claims.csv", dtype=str)


def claims_by_exercise(least: float = 0) -> dict[str, set[str]]:
    """Return the claims that each exercise and written task of `least` points or more names."""
    found: dict[str, set[str]] = {}
    for path in sorted((REPOSITORY / "grading" / "keys").glob("*.json")):
        key = json.loads(path.read_text(encoding="utf-8"))
        for name, entry in [*key["exercises"].items(), *key["written"].items()]:
            if entry["points"] >= least:
                found[f"{key['unit']}/{name}"] = set(entry["claims"])
    return found


def test_every_exercise_names_the_claims_it_tests() -> None:
    """No exercise that earns points stands without a claim; guesses and practice may, and the synthesis compares outside series too."""
    assert [name for name, claims in claims_by_exercise(0.5).items() if not claims and not name.startswith("06-")] == []


def test_every_named_claim_exists(claims: pd.DataFrame) -> None:
    """An exercise can only name rows of data/claims.csv."""
    assert set().union(*claims_by_exercise().values()) <= set(claims["claim"])


def test_claims_of_finished_documents_are_all_tested(claims: pd.DataFrame) -> None:
    """A document whose unit is finished has no claim that no exercise uses and that could be tested; the others' are listed."""
    use = pd.read_csv(REPOSITORY / "data" / "claims_use.csv", dtype=str, keep_default_na=False).set_index("claim")
    unused = sorted(set(claims["claim"]) - set().union(*claims_by_exercise().values()))
    print(f"claims that no exercise uses yet ({len(unused)}): {', '.join(unused)}")
    assert [claim for claim in unused if claim[:3] in COVERED and not use["untestable_because"][claim]] == []
