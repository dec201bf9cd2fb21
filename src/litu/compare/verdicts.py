"""Verdicts: an answer as plain data held against the answer key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litu.answers import messages
from litu.answers.verdict import Outcome, Verdict
from litu.compare.charts import charts, nearest_mistake
from litu.compare.difference import Difference, Options, Plain
from litu.compare.functions import functions, returns_nothing
from litu.compare.tables import series, tables
from litu.compare.values import booleans, collections, dicts, numbers, texts

Key = dict[str, Any]
"""One exercise of an answer key: variable, options, answer, accepts, mistakes, points."""

COMPARE: dict[str, Callable[[Plain, Plain, Options], Difference]] = {
    "number": numbers,
    "text": texts,
    "boolean": booleans,
    "list": collections,
    "set": collections,
    "series": series,
    "table": tables,
    "function": functions,
    "chart": charts,
}

WRONG_KIND = {
    ("text", "number"): "Take the quotation marks away, or convert it with `float(...)`.",
    ("list", "number"): "Take the one value out of the list.",
    ("series", "number"): "Take the one value out, for example with `.iloc[0]`.",
    ("table", "number"): "Take the one value out: name its row and its column.",
    ("table", "series"): "Choose the one column that is asked for.",
    ("series", "table"): "Keep it a table: `.reset_index()` or double brackets help.",
    ("function", "number"): "Call the function, with its figures in brackets.",
    ("number", "boolean"): "Compare two figures with `<` or `>` to get True or False.",
    ("text", "boolean"): "True and False are written without quotation marks.",
}


def judge(answer: Plain, key: Key) -> Verdict:
    """Return the verdict on ``answer``, which may come from a hostile process.

    Both are plain data (see :mod:`litu.answers.serialize`). The message never quotes
    the right answer.
    """
    if answer["kind"] == "nothing":
        return not_started(key)
    wanted = key["answer"]["kind"]
    if answer["kind"] != wanted:
        return wrong_kind(answer, key)
    if wanted == "function" and returns_nothing(answer):
        return not_started(key)
    difference = _best(answer, key)
    if difference.none:
        return Verdict(Outcome.RIGHT, 1.0, right_message(key))
    share = round(min(difference.share, 0.99), 4)
    outcome = Outcome.PARTLY if share else Outcome.WRONG
    mistake = _listed_mistake(answer, key)
    if mistake:
        return Verdict(outcome, share, compose(answer, key, mistake["says"]), mistake["slip"], difference.parts)
    return Verdict(outcome, share, compose(answer, key, difference.advice), difference.slip, difference.parts)


def _best(answer: Plain, key: Key) -> Difference:
    rights = [key["answer"], *key["accepts"]]
    if answer["kind"] == "dict":
        return dicts(answer, rights, key["options"])
    differences = []
    for right in rights:
        differences.append(COMPARE[right["kind"]](answer, right, key["options"]))
        if differences[-1].none:
            return differences[-1]
    return max(differences, key=lambda difference: difference.share)


def _listed_mistake(answer: Plain, key: Key) -> dict[str, Any] | None:
    """Return the mistake of the author's list that this answer makes."""
    listed = [mistake for mistake in key["mistakes"] if mistake["answer"]["kind"] == answer["kind"]]
    if answer["kind"] == "chart":
        return nearest_mistake(answer, listed, key["answer"], key["options"])
    if answer["kind"] == "dict":
        return next((mistake for mistake in listed if dicts(answer, [mistake["answer"]], key["options"]).none), None)
    compare = COMPARE[answer["kind"]]
    return next((mistake for mistake in listed if compare(answer, mistake["answer"], key["options"]).none), None)


def not_started(key: Key) -> Verdict:
    """Return the verdict on an untouched starter."""
    wanted = messages.expected(key["answer"]["kind"], key["options"])
    return Verdict(Outcome.NOT_STARTED, 0.0, f"`{key['variable']}` is not there yet: {wanted} is expected.")


def wrong_kind(answer: Plain, key: Key) -> Verdict:
    """Return the verdict on an answer of another type than the one asked for."""
    kind = key["answer"]["kind"]
    advice = WRONG_KIND.get((answer["kind"], kind), f"`type({key['variable']})` shows what it is now.")
    return Verdict(Outcome.WRONG, 0.0, compose(answer, key, advice), "type")


def right_message(key: Key) -> str:
    """Return what a student reads after a right answer."""
    return f"`{key['variable']}` is right."


def compose(answer: Plain, key: Key, advice: str) -> str:
    """Return a whole message about ``answer`` with ``advice`` at its end."""
    return messages.sentence(key["variable"], key["answer"]["kind"], key["options"], answer, advice)
