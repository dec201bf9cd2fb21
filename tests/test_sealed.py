"""The student copy's checks: they judge as the key does and hold no answer."""

from __future__ import annotations

import json
import math
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litu.answers.verdict import Outcome
from litu.authoring.figures import known_figures
from litu.authoring.leaks import right_numbers
from litu.authoring.verify_cases import cases
from litu.compare.verdicts import judge
from litu.kinds.registry import kind_of
from litu.kinds.wire import to_plain
from litu.public_checks.fingerprint import fingerprint, shifts, whole_text
from litu.public_checks.hashing import SCRYPT, cipher, hashed
from litu.public_checks.judge import judge_sealed
from litu.public_checks.seal import seal

RIGHT = 17.915207
EXERCISES = [
    "01-tiny/urban-share", "01-tiny/sort", "02-kinds/growth", "02-kinds/larger", "02-kinds/grew", "02-kinds/first-shares",
    "02-kinds/big-years", "02-kinds/shares", "02-kinds/share-series", "02-kinds/share-table", "02-kinds/ratio", "02-kinds/chart",
]  # fmt: skip


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a hash cheap, for tests that need many; all else stays as it is."""
    monkeypatch.setitem(SCRYPT, "n", 16)


@pytest.fixture(scope="module")
def keys(built: Path) -> dict[str, dict[str, Any]]:
    """Return the answer key of every exercise of the small course, by unit/exercise."""
    found = {}
    for path in sorted((built / "grading" / "keys").glob("*.json")):
        for name, entry in json.loads(path.read_text(encoding="utf-8"))["exercises"].items():
            found[f"{path.stem}/{name}"] = entry
    assert sorted(found) == sorted(EXERCISES)
    return found


@pytest.fixture(scope="module")
def known(built: Path) -> frozenset[float]:
    """Return the figures of the dataset."""
    return known_figures(built / "data")


def number_key(**changes: Any) -> dict[str, Any]:
    """Return the answer key of an exercise that asks for a number."""
    made = {
        "variable": "answer", "points": 2, "claims": [], "options": {"places": 4, "unit": "percent"}, "hints": [], "feedback": "instant",
        "public_calls": 0, "answer": to_plain(RIGHT), "found": "Fewer than one in five.", "settled": {}, "accepts": [{"answer": to_plain(25.5), "found": ""}],
        "mistakes": [{"says": "You took the countryside.", "slip": "countryside", "answer": to_plain(21.825)}],
    }  # fmt: skip
    return {**made, **changes}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_public_entry_holds_no_answer(keys, known, quick, exercise):
    """Neither numbers nor texts of the answer, nor solution, mistakes, hidden inputs or their messages."""
    key = keys[exercise]

    entry = seal(exercise, key, known)

    text = json.dumps({name: value for name, value in entry.items() if name not in ("options", "hints", "claims")})
    assert {"answer", "accepts", "solution", "starter"}.isdisjoint(entry)
    if key["answer"]["kind"] != "chart":
        assert not [value for value, _ in right_numbers(key["answer"], key["options"]) if value not in known and f"{value:.6f}"[:8] in text]
    if key["answer"]["kind"] == "text":
        assert f'"{key["answer"]["value"]}"' not in text
    assert not [mistake for mistake in key["mistakes"] if mistake["says"] in text or mistake["slip"] in text]
    if key["answer"]["kind"] == "function":
        assert len(entry["inputs"]) == key["public_calls"] < len(key["answer"]["calls"])


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_student_copy_judges_as_the_key_does(keys, known, quick, exercise):
    """Starter, right answers, mistakes, other kinds and perturbed answers get the verdict that the key gives."""
    key = keys[exercise]
    entry = seal(exercise, key, known)
    hidden = any(view["points"] is None for view in entry.get("meaning", {}).get("views", ()))
    graded = key["feedback"] == "graded" or hidden

    tried = list(cases(exercise, key))

    assert len(tried) >= 6
    for case in tried:
        answer = case.answer
        if answer["kind"] == "function":
            answer, right = ({**given, "calls": given["calls"][: key["public_calls"]]} for given in (answer, key["answer"]))
            if answer == right and Outcome.RIGHT not in case.outcomes:
                continue  # Wrong for a hidden input only.
        assert case.failure(judge_sealed(answer, entry), public=True, graded=graded) is None


def test_the_committed_entry_is_the_one_sealed_with_the_slow_hash(built, keys, known):
    """What the build wrote is what `seal` makes at full cost."""
    checks = json.loads((built / "release" / "01-tiny" / "checks.json").read_text(encoding="utf-8"))

    assert checks["scrypt"] == SCRYPT
    assert checks["exercises"]["urban-share"] == seal("01-tiny/urban-share", keys["01-tiny/urban-share"], known)


def test_a_guess_is_slow():
    """A hash costs 32 MiB and enough time that ten minutes try fewer than 20,000 answers on one core."""
    began = time.perf_counter()
    hashed("a guess", "00" * 16)
    took = time.perf_counter() - began

    assert 128 * SCRYPT["n"] * SCRYPT["r"] * SCRYPT["p"] >= 2**25
    assert took > 0.03


def test_two_exercises_share_no_hash(known, quick):
    """The salt is the exercise's own, so that one answer looks different in two units."""
    one, two = (seal(name, number_key(), known) for name in ("01-a/x", "02-b/x"))

    assert one["right"] != two["right"]
    assert one["mistakes"][0]["tag"] != two["mistakes"][0]["tag"]


def test_a_sealed_message_opens_only_with_its_mistake(known, quick):
    """The right answer and other wrong answers give keys that do not read it."""
    entry = seal("01-a/x", number_key(), known)
    says = number_key()["mistakes"][0]["says"]

    assert judge_sealed(to_plain(21.825), entry).message.endswith(says)
    locked = bytes.fromhex(entry["mistakes"][0]["sealed"])
    for other in (RIGHT, 21.83, 0, "the countryside"):
        _, secret = hashed(whole_text(to_plain(other), entry), entry["salt"])
        assert cipher(secret, locked) != says.encode()
        assert says not in judge_sealed(to_plain(other), entry).message


def test_a_graded_exercise_only_records(known, quick):
    """Its entry holds nothing to guess at; the kind and the choices are still checked."""
    key = number_key(feedback="graded", answer=to_plain("fact"), accepts=[], mistakes=[], options={"choices": ["fact", "value"]})

    entry = seal("01-a/x", key, known)

    assert not {"right", "parts", "grid", "mistakes"} & set(entry)
    fact, value = (judge_sealed(to_plain(answer), entry) for answer in ("fact", "value"))
    assert fact == value and fact.outcome is Outcome.RECORDED
    assert judge_sealed(to_plain("opinion"), entry).outcome is Outcome.WRONG
    assert judge_sealed(to_plain(7), entry).slip == "type"
    assert judge_sealed(to_plain(...), entry).outcome is Outcome.NOT_STARTED


@pytest.mark.parametrize(
    ("slip", "change"),
    [
        ("percent", lambda x: x * 100),
        ("fraction", lambda x: x / 100),
        ("sign", lambda x: -x),
        ("inverse", lambda x: 1 / x),
        ("power of ten", lambda x: x * 10_000),
        ("power of ten", lambda x: x / 10),
        ("rounding", lambda x: round(x, 4) + 0.00012),
    ],
)
def test_a_slip_is_found_through_the_hashes(known, quick, slip, change):
    """For a number and for the results of a function, by trying what would be right without it."""
    entry = seal("01-a/x", number_key(), known)
    inputs = [[1], [3]]
    function = {"answer": to_plain(lambda x: RIGHT * x, inputs), "accepts": [], "mistakes": [], "public_calls": 2}
    calls = seal("01-a/f", number_key(**function), known)

    number = judge_sealed(to_plain(change(RIGHT)), entry)
    results = judge_sealed(to_plain(lambda x: change(RIGHT * x), inputs), calls)

    assert (number.outcome, number.slip) == (Outcome.WRONG, slip)
    assert (results.outcome, results.slip) == (Outcome.WRONG, slip)


def same_cell(value: float, right: float, places: int) -> bool:
    """Return whether a number falls into the cell of the right one."""
    grid = shifts([right], places)
    return fingerprint([value], places, grid) == fingerprint([right], places, grid)


def test_the_grid_is_as_wide_as_the_tolerance():
    """Of 200 random numbers all within half a unit are accepted, and none beyond one and a half."""
    rolls = random.Random(5)
    for _ in range(200):
        places = rolls.randint(-2, 5)
        right = rolls.choice([1, -1]) * 10 ** rolls.uniform(-3, 7)
        unit = 10.0**-places
        within = [right + side * share * unit for side in (1, -1) for share in (0, 0.1, 0.25, 0.4, 0.49)]
        beyond = [right + side * share * unit for side in (1, -1) for share in (0.8, 1.5, 2.2, 7, 40)]

        assert all(same_cell(value, right, places) for value in [*within, round(right, places)])
        assert not any(same_cell(value, right, places) for value in beyond)


def test_the_shift_tells_nothing_of_the_number():
    """Every one of the eight shifts is as frequent as the others over random answers."""
    rolls = random.Random(6)
    found = [shifts([rolls.uniform(0, 1e5)], 3) for _ in range(4000)]

    counts = [found.count(str(digit)) for digit in range(8)]

    assert sum(counts) == 4000
    assert min(counts) > 400


def test_one_number_off_in_a_table_is_seen_and_the_rest_is_called_right(keys, known, quick):
    """A column has a hash of its own, so that partial marks need no key."""
    key = keys["02-kinds/share-table"]
    entry = seal("02-kinds/share-table", key, known)
    answer = json.loads(json.dumps(key["answer"]))
    answer["columns"][3]["values"][2] += 1

    found = judge_sealed(answer, entry)

    assert (found.outcome, found.share, found.parts) == (Outcome.PARTLY, 0.5, ("urban_percent",))
    assert 'Right so far: "urban_million". Look again at "urban_percent".' in found.message
    assert judge(answer, key).share == found.share


def test_a_function_that_returns_a_table_is_read_to_its_cells(known, quick):
    """A Series or a table among the results is hashed with all its values."""
    inputs = [[1], [3]]
    for make in (lambda x: pd.Series([x, 2.5], ["a", "b"]), lambda x: pd.DataFrame({"v": [x, 2.5]})):
        key = number_key(answer=to_plain(make, inputs), accepts=[], mistakes=[], public_calls=2)
        entry = seal("01-a/x", key, known)

        assert judge_sealed(to_plain(make, inputs), entry).outcome is Outcome.RIGHT
        assert judge_sealed(to_plain(lambda x, make=make: make(x) * 2, inputs), entry).outcome is Outcome.WRONG


def _parts(answer: dict[str, Any]) -> list[Any]:
    """Return the parts of an answer that describes itself."""
    kind = kind_of(answer)
    return kind.parts(answer, {}, kind.form(answer, {}))


def test_rows_that_share_a_key_may_come_in_any_order():
    """The fingerprint of a table does not depend on how its rows stand."""
    long = pd.DataFrame({"province": ["Hebei", "Hebei", "Fujian"], "year": [2014, 2016, 2014], "villages": [25, 91, 28]})

    one, two = (_parts(to_plain(table)) for table in (long, long.iloc[[1, 2, 0]]))

    assert one == two


ODD = [
    math.nan, 10**400, "", "x" * 10**5, [], [[]], [..., None], {}, {"a": {}}, {1: 2, "1": 3}, set(), {(1, 2): 3}, len, json,
    pd.Series(dtype=float), pd.Series([None, "x"]), pd.Series([1, 2], pd.MultiIndex.from_tuples([("a", 1), ("b", 2)])),
    pd.DataFrame(), pd.DataFrame([[1, 2]], columns=["x", "x"]), pd.DataFrame({"year": [None] * 4, "urban_million": "x", "urban_percent": math.nan}),
    pd.DataFrame({"year": [1, 2, 3, 4]}), pd.DataFrame(np.zeros((4, 3)), columns=["year", "urban_million", "urban_percent"]),
    lambda *given: None, lambda *given: 1 / 0, lambda *given: {"a": [1]}, lambda *given: pd.DataFrame(), lambda *given: math.inf, lambda: 1,
]  # fmt: skip


@pytest.mark.parametrize("exercise", EXERCISES)
def test_odd_answers_get_a_verdict(keys, known, quick, exercise):
    """Whatever a learner gives, key and student copy both judge it, both not right, in a short message."""
    key = keys[exercise]
    entry = seal(exercise, key, known)
    inputs = [[60, 365], [10, 24]]
    for odd in ODD:
        for verdict in (judge(to_plain(odd, inputs + [[100, 1000]] if "calls" in key["answer"] else None), key), judge_sealed(to_plain(odd, inputs), entry)):
            assert verdict.outcome in (Outcome.WRONG, Outcome.PARTLY, Outcome.NOT_STARTED, Outcome.RECORDED)
            assert len(verdict.message.split()) <= 60


def test_what_was_found_opens_only_with_a_right_answer(known, quick):
    """An accepted answer has its own words; nothing of either can be read in the entry."""
    key = number_key(accepts=[{"answer": to_plain(25.5), "found": "By another definition, one in four."}])
    entry = seal("01-a/x", key, known)

    for answer, found in ((RIGHT, "Fewer than one in five."), (25.5, "By another definition, one in four.")):
        assert judge_sealed(to_plain(answer), entry).message == judge(to_plain(answer), key).message == f"`answer` is right. {found}"
    for answer in (21.825, 3):
        assert "one in" not in judge_sealed(to_plain(answer), entry).message
    assert "one in" not in json.dumps(entry)


def test_a_right_chart_is_told_what_it_found(keys, known, quick):
    """With the public checks too; the words cannot be read in the entry."""
    key = {**keys["02-kinds/chart"], "found": "The line bends in 2016."}
    entry = seal("02-kinds/chart", key, known)

    assert judge_sealed(key["answer"], entry).message == judge(key["answer"], key).message == f"`{key['variable']}` is right. {key['found']}"
    assert "bends" not in json.dumps(entry)
