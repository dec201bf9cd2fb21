"""Writes the public checks: what a student's copy may hold of an exercise.

Right answers go in as slow salted hashes of their fingerprints: instant
feedback must not become an oracle for a guessing loop. What is said of a
right answer or of a known mistake is encrypted with a key that only that
answer gives.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container
from typing import Any

from litu.answers.plain import Plain, places_of
from litu.charts import ChartMeaning
from litu.compare.verdicts import Key, Question, found_by, rights_of
from litu.kinds.base import Difference, Kind
from litu.kinds.chart import fault_texts, public_meaning
from litu.kinds.function import public_calls
from litu.public_checks.fingerprint import Entry, chart_text, part_text, shifts, whole_text
from litu.public_checks.hashing import cipher, hashed

MIN_ROOM = 4000
"""With fewer conceivable answers a student's copy only notes an answer, since a loop would find the right one."""


def seal(name: str, key: Key, known: Container[float]) -> Entry:
    """Return the public entry of exercise ``name`` from its answer key.

    ``known`` are the figures of data/, which are no secret: the points of a
    chart go into the student's copy only when they are all among them.
    """
    question = Question.of_key(key)
    kind, options = question.kind, question.options
    key = _as_students_run_it(key)
    rights = rights_of(key)
    entry: Entry = {field: key[field] for field in ("variable", "points", "claims", "options", "hints", "feedback")}
    entry |= {"kind": kind.name, "form": kind.form(rights[0], options)}
    if key["answer"]["kind"] == "function":
        entry["inputs"] = [call["args"] for call in key["answer"]["calls"]]
    if kind.room(rights[0], options) < MIN_ROOM:
        entry["feedback"] = "graded"
    if entry["feedback"] == "graded" or kind.ungraded:
        return entry
    entry["salt"] = hashlib.sha256(f"litu:{name}".encode()).hexdigest()[:32]
    if kind.name == "chart":
        wanted = public_meaning(rights[0], known)
        tag, secret = hashed(chart_text(wanted), entry["salt"])
        entry["right"] = [{"tag": tag, "sealed": _locked({"found": key["found"], "settled": key["settled"]}, secret)}]
        return entry | {"meaning": wanted.to_plain(), "mistakes": _seal_chart_mistakes(key["mistakes"], wanted, entry)}
    parts = kind.parts(rights[0], options, entry["form"])
    entry["grid"] = {part: shifts(scalars, places_of(options, part)) for part, scalars in parts}
    entry["right"] = _unique(
        {"tag": tag, "sealed": _locked({"found": found_by(whole, key), "settled": key["settled"]}, secret)}
        for whole in kind.wholes(rights, options)
        for tag, secret in [hashed(whole_text(whole, entry), entry["salt"])]
    )
    entry["parts"] = {
        part: hashed(part_text(part, scalars, entry), entry["salt"])[0]
        for part, scalars in parts
        if len(parts) > 1 and kind.own_hash(scalars, places_of(options, part))
    }
    entry["only_wholes"] = kind.only_wholes(rights[0])
    entry["mistakes"] = _sealed_wrong(kind, key, rights, entry)
    return entry


def _as_students_run_it(key: Key) -> Key:
    """Return a key whose functions are called with the public inputs only."""

    def cut(answer: Plain) -> Plain:
        return public_calls(answer, key["public_calls"])

    accepts = [{**accept, "answer": cut(accept["answer"])} for accept in key["accepts"]]
    mistakes = [{**mistake, "answer": cut(mistake["answer"])} for mistake in key["mistakes"]]
    return {**key, "answer": cut(key["answer"]), "accepts": accepts, "mistakes": mistakes}


def _sealed_wrong(kind: Kind, key: Key, rights: list[Plain], entry: Entry) -> list[dict[str, str]]:
    """Return the author's mistakes, then answers that are partly right in a known way, each locked with its own hash."""
    options = key["options"]
    wrong: list[tuple[Plain | None, Difference]] = [
        (kind.read(mistake["answer"], options), Difference(0, mistake["says"], slip="listed")) for mistake in key["mistakes"]
    ]
    wrong += [found for right in rights for found in kind.partly(right, options)]
    sealed = []
    for answer, difference in wrong:
        try:
            text = whole_text(answer, entry) if answer is not None else None
        except (KeyError, ValueError):
            continue
        if answer is not None and text is not None:
            share = round(min(kind.closest(answer, rights, options).share, 0.99), 4)
            tag, secret = hashed(text, entry["salt"])
            told = {"says": difference.advice, "share": share, "slip": difference.slip, "parts": list(difference.parts)}
            sealed.append({"tag": tag, "sealed": _locked(told, secret)})
    known = {right["tag"] for right in entry["right"]}
    return [found for found in _unique(sealed) if found["tag"] not in known]


def _unique(sealed: Any) -> list[dict[str, str]]:
    """Return the first of each tag, in an order that tells nothing."""
    first: dict[str, dict[str, str]] = {}
    for found in sealed:
        first.setdefault(found["tag"], found)
    return [first[tag] for tag in sorted(first)]


def _locked(told: dict[str, Any], secret: bytes) -> str:
    return cipher(secret, json.dumps(told, ensure_ascii=False).encode()).hex()


def _seal_chart_mistakes(mistakes: list[dict[str, Any]], wanted: ChartMeaning, entry: Entry) -> list[dict[str, str]]:
    sealed: dict[str, dict[str, str]] = {}
    for rank in (0, 1):
        for mistake in mistakes:
            if mistake["answer"]["kind"] == "chart":
                text = fault_texts(mistake["answer"], wanted, entry["options"])[rank]
                tag, secret = hashed(text, entry["salt"])
                sealed.setdefault(text, {"tag": tag, "sealed": _locked({"says": mistake["says"]}, secret)})
    return list(sealed.values())
