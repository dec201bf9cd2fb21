"""The student copy's checks: they lead to the same verdicts as the key and hold no answer."""

from __future__ import annotations

import json
import math
import random
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from exercise_keys import both, exercise_key, plain, sealed

from litu.answers.contract import LARGEST, ExerciseKey, read_checks, read_key
from litu.answers.plain import agrees
from litu.answers.records import to_json
from litu.answers.verdict import Outcome, Verdict
from litu.authoring.bank.cases import cases
from litu.authoring.figures import known_figures
from litu.authoring.leaks import right_numbers
from litu.compare.verdicts import judge
from litu.errors import LituError
from litu.kinds.function import public_calls
from litu.kinds.registry import kind_of
from litu.kinds.wire import to_plain
from litu.public_checks.cells import shift_for, strength, text
from litu.public_checks.hashing import SCRYPT, lock, secrets, tag, unlock
from litu.public_checks.judge import judge_sealed
from litu.public_checks.seal import STRONG, seal

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
def keys(built: Path) -> dict[str, ExerciseKey]:
    """Return the answer key of every exercise of the small course, by unit/exercise."""
    found = {}
    for path in sorted((built / "grading" / "keys").glob("*.json")):
        unit = read_key(path.read_text(encoding="utf-8"), path, path.stem)
        found |= {f"{path.stem}/{name}": key for name, key in unit.exercises.items()}
    assert sorted(found) == sorted(EXERCISES)
    return found


@pytest.fixture(scope="module")
def known(built: Path) -> frozenset[float]:
    """Return the figures of the dataset."""
    return known_figures(built / "data")


def number_key(**changes: Any) -> ExerciseKey:
    """Return the answer key of an exercise that asks for a number."""
    return replace(exercise_key(RIGHT, 25.5, mistakes={"You took the countryside.": 21.825}, places=4, unit="percent"), **changes)


def agree(key: Verdict, copy: Verdict) -> bool:
    """Return whether two verdicts are one: the key may know a slip that a copy cannot see."""
    return (key.outcome, key.share, key.parts) == (copy.outcome, copy.share, copy.parts) and copy.slip in (key.slip, None)


# What a copy holds


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_public_entry_holds_no_answer(keys, known, quick, exercise):
    """Neither numbers nor texts of the answer, nor solution, mistakes, claims, hidden inputs or their messages."""
    key = keys[exercise]

    entry = to_json(seal(exercise, key, known))

    told = json.dumps({name: value for name, value in entry.items() if name not in ("options", "hints")})
    assert {"answer", "accepts", "solution", "claims", "grid"}.isdisjoint(entry)
    if key.answer["kind"] != "chart":
        assert not [value for value, _ in right_numbers(key.answer, key.options) if value not in known and f"{value:.6f}"[:8] in told]
    if key.answer["kind"] == "text":
        assert f'"{key.answer["value"]}"' not in told
    assert not [mistake for mistake in key.mistakes if mistake.says in told or mistake.slip in told]
    if key.answer["kind"] == "function":
        assert len(entry["inputs"]) == key.public_calls < len(key.answer["calls"])


def test_the_committed_entry_is_the_one_sealed_with_the_slow_hash(built, keys, known):
    """What the build wrote is what `seal` makes at full cost."""
    checks = read_checks(built / "release" / "01-tiny" / "checks.json")

    assert checks.scrypt == SCRYPT
    written = replace(checks.exercises["urban-share"], starter="")
    assert written == seal("01-tiny/urban-share", keys["01-tiny/urban-share"], known)


def test_a_giant_copy_of_the_checks_is_not_read(tmp_path):
    """A checks.json far beyond any unit's ends in one sentence that names it, before it is taken in."""
    path = tmp_path / "checks.json"
    path.write_bytes(b" " * (LARGEST + 1))

    with pytest.raises(LituError, match=f"{path} is larger than 10 MB; copy it again"):
        read_checks(path)


def test_a_guess_is_slow():
    """A hash costs 16 MiB and enough time that ten minutes try fewer than 40,000 answers on one core."""
    began = time.perf_counter()
    secrets(["a guess"], "00" * 16)
    took = time.perf_counter() - began

    assert 128 * SCRYPT["n"] * SCRYPT["r"] * SCRYPT["p"] >= 2**24
    assert took > 0.015


def test_two_exercises_share_no_hash(known, quick):
    """The salt is the exercise's own, so that one answer looks different in two units."""
    one, two = (seal(name, number_key(), known) for name in ("01-a/x", "02-b/x"))

    assert set(one.known).isdisjoint(two.known)


def test_a_locked_message_opens_only_with_its_answer(known, quick):
    """The right answer and other wrong answers give secrets that do not read it."""
    secret, other = secrets(["one", "two"], "00" * 16)

    locked = lock({"says": "You took the countryside."}, secret)

    assert unlock(locked, secret) == {"says": "You took the countryside."}
    with pytest.raises((ValueError, UnicodeDecodeError)):
        unlock(locked, other)
    assert tag(secret) != tag(other)


def test_what_was_found_opens_only_with_a_right_answer(known, quick):
    """An accepted answer has its own words and the verdicts on claims; nothing of it can be read in the entry."""
    key = number_key(found="Fewer than one in five.", settled={"003-01": "reconciles"})
    key = replace(key, accepts=(replace(key.accepts[0], found="By another definition, one in four."),))
    entry = seal("01-a/x", key, known)

    for answer, found in ((RIGHT, "Fewer than one in five."), (25.5, "By another definition, one in four.")):
        own, copy = judge(to_plain(answer), key), judge_sealed(to_plain(answer), entry)
        assert own == copy and copy.message == f"`answer` is right. {found}" and copy.settled == {"003-01": "reconciles"}
    for answer in (21.825, 3):
        assert "one in" not in judge_sealed(to_plain(answer), entry).message
    assert "one in" not in json.dumps(to_json(entry)) and "reconciles" not in json.dumps(to_json(entry))


# Two modes, one verdict


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_student_copy_judges_as_the_key_does(keys, known, quick, exercise):
    """Starter, right answers, mistakes, other kinds and perturbed answers get the verdict that the key gives."""
    key = keys[exercise]
    entry = seal(exercise, key, known)
    hidden = any(view["points"] is None for view in (entry.meaning or {}).get("views", ()))
    graded = entry.feedback == "graded" or hidden

    tried = list(cases(exercise, key))

    assert len(tried) >= 6
    for case in tried:
        answer, right = (public_calls(given, key.public_calls) for given in (case.answer, key.answer))
        if answer == right and Outcome.RIGHT not in case.outcomes:
            continue  # Wrong for a hidden input only.
        noted = graded or Outcome.RIGHT not in case.outcomes
        assert case.failure(judge_sealed(answer, entry), public=True, graded=noted) is None


def test_a_graded_exercise_only_records(known, quick):
    """Its entry holds nothing to guess at; the kind and the choices are still checked."""
    key = exercise_key("fact", feedback="graded", choices=["fact", "value"])

    entry = sealed(key)

    assert not entry.known and not entry.strong
    fact, value = (judge_sealed(plain(answer), entry) for answer in ("fact", "value"))
    assert fact == value and fact.outcome is Outcome.RECORDED
    assert judge_sealed(plain("opinion"), entry).outcome is Outcome.WRONG
    assert judge_sealed(plain(7), entry).slip == "type"
    assert judge_sealed(plain(...), entry).outcome is Outcome.NOT_STARTED


def test_a_graded_dict_says_which_of_its_values_can_never_be_right(quick):
    """Numbers and placeholders where texts are asked for are told; whether a text is right is not."""
    key = exercise_key({"a": "fact", "b": "value"}, feedback="graded")

    assert "a number" not in both({"a": "x", "b": "y"}, key)[1].message
    assert 'The entry "a" is 7; a text in quotation marks is expected.' in both({"a": 7, "b": "y"}, key)[1].message
    assert 'The entry "b" is still open.' in both({"a": "x", "b": ...}, key)[1].message


@pytest.mark.parametrize(
    ("slip", "change"),
    [
        ("percent", lambda x: x * 100), ("fraction", lambda x: x / 100), ("sign", lambda x: -x), ("inverse", lambda x: 1 / x),
        ("ten thousand", lambda x: x * 10_000), ("power of ten", lambda x: x / 10),
    ],
)  # fmt: skip
def test_a_slip_is_found_through_the_hashes(quick, slip, change):
    """For a number, a dict, a table and the results of a function, by trying what would be right without it."""
    options = {"places": 4, "unit": "percent"}
    rights = [RIGHT, {"a": RIGHT, "b": RIGHT * 2}, pd.DataFrame({"who": ["x", "y", "z"], "share": [RIGHT, RIGHT * 2, 33.218]})]
    wrongs = [change(RIGHT), {"a": change(RIGHT), "b": change(RIGHT * 2)}, rights[2].assign(share=[change(x) for x in rights[2]["share"]])]
    inputs = [[1], [3]]

    pairs = [both(wrong, exercise_key(right, **options)) for right, wrong in zip(rights, wrongs, strict=True)]
    pairs.append(both(lambda x: change(RIGHT * x), exercise_key(lambda x: RIGHT * x, inputs=inputs, **options), inputs))

    for key, copy in pairs:
        assert (copy.outcome, copy.slip) == (Outcome.WRONG, slip)
        assert agree(key, copy)


def test_one_number_off_in_a_table_is_seen_and_the_rest_is_called_right(keys, known, quick):
    """A column has a lock of its own, so that partial marks need no key."""
    key = keys["02-kinds/share-table"]
    entry = seal("02-kinds/share-table", key, known)
    answer = json.loads(json.dumps(key.answer))
    answer["columns"][3]["values"][2] += 1

    found = judge_sealed(answer, entry)

    assert (found.outcome, found.share, found.parts) == (Outcome.PARTLY, 0.5, ("urban_percent",))
    assert 'The column "urban_percent"' in found.message and 'Right so far: "urban_million".' in found.message
    assert agree(judge(answer, key), found)


WEAK = {"a": 269.9, "b": 784.4, "c": 325.1, "d": 371.3}


@pytest.mark.parametrize("wrong", [["a"], ["d"], ["a", "c"], ["b", "d"]])
def test_partial_marks_of_figures_that_are_easy_to_guess_are_told_too(quick, wrong):
    """None of the four opens by itself; two right ones together do, and then show which others are wrong."""
    key = exercise_key(WEAK, places=1)
    entry = sealed(key)
    assert not entry.strong and len(entry.groups) == 6

    own, copy = both({name: 5.5 + len(name) if name in wrong else value for name, value in WEAK.items()}, key)

    assert agree(own, copy) and copy.share == 1 - len(wrong) / 4 and list(copy.parts) == wrong


def test_where_nothing_opens_nothing_is_claimed(quick):
    """With one right figure of four at most, a copy says that not all is right, and grading tells the rest."""
    own, copy = both({"a": 269.9, "b": 1.5, "c": 2.5, "d": 3.5}, exercise_key(WEAK, places=1))

    assert own.share == 0.25
    assert copy.outcome is Outcome.RECORDED and "Not all of it is right yet." in copy.message


def test_a_weak_figure_opens_together_with_a_strong_one(quick):
    """A count of a few dozen has no lock of its own; beside a right figure of many digits it is told."""
    key = exercise_key({"big": 84_211.37, "count": 23}, places=2)
    entry = sealed(key)
    assert list(entry.strong) == ["big"] and entry.weak

    for answer, parts in (({"big": 84_211.37, "count": 24}, ("count",)), ({"big": 84_211.37, "count": 23}, ())):
        own, copy = both(answer, key)
        assert agree(own, copy) and copy.parts == parts
    assert both({"big": 5.5, "count": 23}, key)[1].outcome is Outcome.RECORDED


def test_accepted_values_of_a_dict_may_be_mixed(quick):
    """Each entry may be right by another accepted answer, also where a weak one opens with a strong one."""
    key = exercise_key({"big": 84_211.37, "count": 23}, {"big": 91_000.5, "count": 41}, places=2)

    for answer in ({"big": 84_211.37, "count": 41}, {"big": 91_000.5, "count": 23}):
        assert {verdict.outcome for verdict in both(answer, key)} == {Outcome.RIGHT}


def test_hidden_inputs_are_announced_and_never_shown(quick):
    """A function right for the inputs of the check may be wrong for others: the copy says so, grading names no hidden input."""
    key = exercise_key(lambda a, b: a / b if b else 0, inputs=[[60, 365], [10, 24], [5, 0]], public=2, places=6)

    own, copy = both(lambda a, b: a / b if b else 7, key, [[60, 365], [10, 24], [5, 0]])

    assert copy.outcome is Outcome.RIGHT and "grading tries further ones" in copy.message
    assert own.outcome is Outcome.PARTLY and "for an input that is not shown here" in own.message and "(5, 0)" not in own.message


def test_a_function_that_returns_a_table_is_read_to_its_cells(quick):
    """A Series or a table among the results is hashed with all its values."""
    inputs = [[1], [3]]
    for make in (lambda x: pd.Series([x, 2.5], ["a", "b"]), lambda x: pd.DataFrame({"v": [x, 2.5]})):
        key = exercise_key(make, inputs=inputs)

        assert {verdict.outcome for verdict in both(make, key, inputs)} == {Outcome.RIGHT}
        assert Outcome.RIGHT not in {verdict.outcome for verdict in both(lambda x, make=make: make(x) * 2, key, inputs)}


# The grid


def test_a_value_within_the_tolerance_shares_the_cell_of_the_right_one():
    """Whatever the number, its size and the places that count; so what is locked opens with all that agrees."""
    rolls = random.Random(5)
    for number in range(300):
        places = rolls.randint(-2, 5)
        rights = [rolls.choice([1, -1]) * 10 ** rolls.uniform(-3, 9) for _ in range(rolls.choice([1, 1, 2, 5, 12]))]
        options = {"places": places}
        shift = shift_for("x", [rights], [], options, f"{number:032x}")
        near = [right + rolls.uniform(-0.5, 0.5) * 10.0**-places for right in rights]

        assert text("x", near, options, f"{number:032x}", shift) == text("x", rights, options, f"{number:032x}", shift)


def test_what_opens_is_compared_to_the_last_place(quick):
    """The cell is wider than the tolerance; a value beyond the tolerance in the right cell is called near, not right."""
    rolls = random.Random(7)
    for _ in range(40):
        right = rolls.uniform(100, 9000)
        key = exercise_key(right, places=2)
        for off in (-0.015, -0.0051, -0.0049, 0, 0.0049, 0.0051, 0.015):
            own, copy = both(right + off, key)
            assert (own.outcome is Outcome.RIGHT) == agrees(right + off, right, 2) == (copy.outcome is Outcome.RIGHT)


def test_the_shift_tells_little_of_the_number():
    """Of all conceivable values of a part about half suit the shift that was chosen for the right one."""
    rolls = random.Random(6)
    for numbers in (1, 4, 12):
        suited = 0
        for number in range(300):
            right, other = ([rolls.uniform(0, 1e5) for _ in range(numbers)] for _ in range(2))
            shift = shift_for("x", [right], [], {"places": 3}, f"{number:032x}")
            suited += shift_for("x", [other], [], {"places": 3}, f"{number:032x}") <= shift
        assert 0.35 < suited / 300 < 0.99


def test_strength_counts_conceivable_values():
    """Digits that count make a figure strong, whole numbers and labels do not."""
    assert strength([84_211.37], 2) > STRONG > strength([23], 2)
    assert strength([26.9, 78.4], 1) > strength([26.9], 1)
    assert strength(["yes", "no", "yes"], 2) < 1 and strength([True], 2) < 1


def test_rows_that_share_a_key_may_come_in_any_order():
    """The parts of a table do not depend on how its rows stand."""
    long = pd.DataFrame({"province": ["Hebei", "Hebei", "Fujian"], "year": [2014, 2016, 2014], "villages": [25, 91, 28]})

    one, two = (_parts(to_plain(table)) for table in (long, long.iloc[[1, 2, 0]]))

    assert one == two


def _parts(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of an answer that describes itself."""
    kind = kind_of(answer)
    return kind.parts(answer, {}, kind.form(answer, {}))


# Whatever is given


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
        for verdict in (
            judge(to_plain(odd, [*inputs, [100, 1000]] if "calls" in key.answer else None), key),
            judge_sealed(to_plain(odd, inputs), entry),
        ):
            assert verdict.outcome in (Outcome.WRONG, Outcome.PARTLY, Outcome.NOT_STARTED, Outcome.RECORDED)
            assert len(verdict.message.split()) <= 60


def test_a_right_chart_is_told_what_it_found(keys, known, quick):
    """With the public checks too; the words cannot be read in the entry."""
    key = replace(keys["02-kinds/chart"], found="The line bends in 2016.")
    entry = seal("02-kinds/chart", key, known)

    assert judge_sealed(key.answer, entry).message == judge(key.answer, key).message == f"`{key.variable}` is right. {key.found}"
    assert "bends" not in json.dumps(to_json(entry))


@pytest.mark.parametrize(
    ("fragile", "says"),
    [
        (lambda part, whole: part / whole, "For (5, 0) it raises ZeroDivisionError"),
        (lambda part, whole: part / whole if whole else None, "For (5, 0) it gives nothing back. Does every path end in `return`?"),
    ],
    ids=["raises", "no return"],
)
def test_a_call_that_fails_is_told_though_its_right_result_is_easy_to_guess(fragile, says):
    """That a right function raises nothing is no secret, so a student's copy says of which input it does."""
    inputs = [[60, 365], [13, 37], [5, 0]]
    key = exercise_key(lambda part, whole: part / whole if whole else 0, inputs=inputs)

    for verdict in both(fragile, key, inputs):
        assert says in verdict.message and verdict.outcome is not Outcome.RIGHT
