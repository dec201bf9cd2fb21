"""Plain data from a process that may lie is taken over only when it is what it says."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import altair as alt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litu.answers.contract import ExerciseKey
from litu.answers.plain import MAX_INTEGER, MAX_VALUES, NotPlain
from litu.compare.verdicts import judge
from litu.kinds.table import MAX_COLUMNS
from litu.kinds.wire import accept, to_plain

TABLE = pd.DataFrame({"province": ["Hebei", "Fujian"], "villages": [25.5, 28.0]})
HONEST: dict[str, Any] = {
    "nothing": to_plain(...),
    "boolean": to_plain(True),
    "number": to_plain(7.5),
    "special": to_plain(math.nan),
    "text": to_plain("a"),
    "list": to_plain([1, [2, "b"]]),
    "set": to_plain({1}),
    "dict": to_plain({"a": 1.5}),
    "series": to_plain(TABLE["villages"]),
    "table": to_plain(TABLE.set_index("province")),
    "function": to_plain(lambda x: 12 / x, [[24], [0]]),
    "chart": to_plain(alt.Chart(TABLE).mark_bar().encode(x="villages:Q")),
    "other": to_plain(json),
}


@pytest.mark.parametrize("kind", HONEST)
def test_honest_answers_pass_unchanged(kind):
    """Everything that to_plain makes is accepted as it is."""
    plain = json.loads(json.dumps(HONEST[kind]))

    assert accept(plain, plain) == plain


def table(**changes: Any) -> dict[str, Any]:
    """Return a plain table with something changed."""
    return {**copy.deepcopy(HONEST["table"]), **changes}


LIES = {
    "no dict": [],
    "no kind": {},
    "an unknown kind": {"kind": "pickle", "value": "x"},
    "a kind that is no text": {"kind": ["number"]},
    "a boolean of another type": {"kind": "boolean", "value": 1},
    "a number that is a boolean": {"kind": "number", "value": True},
    "a number that is a text": {"kind": "number", "value": "1"},
    "a number without value": {"kind": "number", "value": None},
    "an unknown special": {"kind": "number", "value": None, "special": "840000"},
    "a float that is none": {"kind": "number", "value": math.inf},
    "a number that is too long": {"kind": "number", "value": MAX_INTEGER},
    "a text that is none": {"kind": "text", "value": {}},
    "a list that is a text": {"kind": "list", "items": "abc"},
    "a dict of uneven length": {"kind": "dict", "keys": [HONEST["text"]], "values": []},
    "a series of no known type": {**HONEST["series"], "type": "right"},
    "a series of uneven length": {**HONEST["series"], "values": [1.0]},
    "a series without index": {key: value for key, value in HONEST["series"].items() if key != "index"},
    "a table of uneven columns": table(columns=[{"name": "x", "type": "number", "values": [1]}]),
    "a table of too many columns": table(columns=[{"name": "x", "type": "number", "values": [1, 2]}] * (MAX_COLUMNS + 1)),
    "a column that is no dict": table(columns=[7]),
    "an uneven index": table(index={"names": ["a", "b"], "values": [[1], [2]], "default": False}),
    "a cell that is a list": table(columns=[{"name": "x", "type": "number", "values": [[1], 2]}]),
    "a call without arguments": {"kind": "function", "calls": [{"result": HONEST["number"]}, {"args": [], "result": HONEST["number"]}]},
    "a function called once more": {"kind": "function", "calls": HONEST["function"]["calls"] * 2},
    "a chart that is a text": {"kind": "chart", "spec": "right"},
    "too many values": {"kind": "list", "items": [HONEST["number"]] * (MAX_VALUES + 1)},
}


@pytest.mark.parametrize("lie", LIES)
def test_what_is_not_plain_is_refused(lie):
    """A lie about form ends in one exception and never in a verdict."""
    with pytest.raises(NotPlain):
        accept(LIES[lie], HONEST["function"])


def test_depth_is_bounded():
    """A list in a list in a list … is refused before it exhausts the stack."""
    deep: dict[str, Any] = {"kind": "nothing"}
    for _ in range(5000):
        deep = {"kind": "list", "items": [deep]}

    with pytest.raises(NotPlain):
        accept(deep, deep)


def test_further_fields_are_left_behind():
    """Nothing that a verdict does not read is taken over."""
    assert accept({"kind": "number", "value": 1, "outcome": "right"}, HONEST["number"]) == {"kind": "number", "value": 1}


JUNK = [None, True, -1, 0.5, "x", [], {}, [1], {"kind": "nothing"}, {"kind": "number", "value": 5}]
JUDGED = [right for kind, right in HONEST.items() if kind not in ("nothing", "other", "chart", "special")]


@st.composite
def damaged(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw a right answer as plain data, and a copy of it, or of another kind, with one part replaced."""
    right = draw(st.sampled_from(JUDGED))
    answer = copy.deepcopy(draw(st.sampled_from([right, right, right, *HONEST.values()])))
    place: Any = answer
    while isinstance(place, (dict, list)) and place:
        step = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not place[step] or not isinstance(place[step], (dict, list)) or draw(st.booleans()):
            place[step] = copy.deepcopy(draw(st.sampled_from(JUNK)))
            break
        place = place[step]
    return right, answer


@settings(max_examples=500, deadline=None)
@given(damaged())
def test_whatever_is_accepted_can_be_judged(drawn: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """Damaged plain data is refused or judged; no damage makes the comparison raise or give more than the exercise is worth."""
    right, answer = drawn
    try:
        taken = accept(answer, right)
    except NotPlain:
        return
    assert 0 <= judge(taken, ExerciseKey("answer", right, public_calls=1)).share <= 1
