"""Judges an answer with the public checks of a student's copy (see :mod:`litu.public_checks.seal`)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from litu.answers.messages import listed
from litu.answers.plain import Plain, is_number
from litu.answers.slips import SLIPS
from litu.answers.verdict import Outcome, Verdict
from litu.charts import ChartMeaning, meaning
from litu.compare.verdicts import Question
from litu.kinds.chart import difference, fault_texts
from litu.public_checks.fingerprint import Entry, chart_text, part_text, whole_text
from litu.public_checks.hashing import cipher, hash_all, hashed


def judge_sealed(answer: Plain, entry: Entry) -> Verdict:
    """Return the verdict on ``answer`` by the public entry alone."""
    question = Question.of_entry(entry)
    read = question.read(answer)
    if isinstance(read, Verdict):
        return read
    problem = question.kind.problem(read, entry["form"], entry["options"])
    if entry["feedback"] == "graded":
        if problem:
            return Verdict(Outcome.WRONG, 0.0, question.compose(answer, problem))
        return Verdict(Outcome.RECORDED, 0.0, f"`{entry['variable']}` is noted: it is of the right kind. It is marked when your work is graded.")
    if question.kind.name == "chart":
        return _judge_chart(answer, entry, question)
    verdict = _by_whole(answer, read, entry, question)
    if verdict:
        return verdict
    if entry["only_wholes"]:
        told = problem or "Not all of it is right yet; which part counts is told when your work is graded."
        return Verdict(Outcome.RECORDED, 0.0, f"`{entry['variable']}` is noted. {told}")
    if problem:
        return Verdict(Outcome.WRONG, 0.0, question.compose(answer, problem))
    return _by_parts(answer, read, entry, question) or _by_slip(answer, read, entry, question) or _plainly_wrong(answer, question)


def _by_whole(answer: Plain, read: Plain, entry: Entry, question: Question) -> Verdict | None:
    """Return the verdict where the whole answer is right or one that the author foresaw."""
    try:
        tag, secret = hashed(whole_text(read, entry), entry["salt"])
    except (KeyError, ValueError):
        return None
    right = _opened(tag, secret, entry["right"])
    if right:
        return question.right(right["found"], right["settled"])
    wrong = _opened(tag, secret, entry["mistakes"])
    if not wrong:
        return None
    outcome = Outcome.PARTLY if wrong["share"] else Outcome.WRONG
    return Verdict(outcome, wrong["share"], question.compose(answer, wrong["says"]), wrong["slip"], tuple(wrong["parts"]))


def _opened(tag: str, secret: bytes, sealed: Iterable[dict[str, str]]) -> dict[str, Any] | None:
    """Return what is sealed with this hash, if anything is."""
    found = next((locked["sealed"] for locked in sealed if locked["tag"] == tag), None)
    return json.loads(cipher(secret, bytes.fromhex(found))) if found else None


def _judge_chart(answer: Plain, entry: Entry, question: Question) -> Verdict:
    wanted = ChartMeaning.from_plain(entry["meaning"])
    found = difference(meaning(answer["spec"]), wanted, entry["options"])
    if not found.none:
        outcome = Outcome.PARTLY if found.share else Outcome.WRONG
        hashes = (hashed(text, entry["salt"]) for text in fault_texts(answer, wanted, entry["options"]))
        told = next((told for tag, secret in hashes if (told := _opened(tag, secret, entry["mistakes"]))), None)
        return Verdict(outcome, found.share, question.compose(answer, told["says"] if told else found.advice), found.slip, found.parts)
    if any(view.points is None for view in wanted.views):
        return Verdict(Outcome.RECORDED, 0.0, f"`{entry['variable']}` has the right form. What it draws is marked when your work is graded.")
    told = _opened(*hashed(chart_text(wanted), entry["salt"]), entry.get("right", ()))
    return question.right(told["found"], told["settled"]) if told else question.right("")


def _by_parts(answer: Plain, read: Plain, entry: Entry, question: Question) -> Verdict | None:
    parts = [part for part in question.kind.parts(read, entry["options"], entry["form"]) if part[0] in entry["parts"]]
    if not parts:
        return None
    tags = hash_all([part_text(name, scalars, entry) for name, scalars in parts], entry["salt"])
    right = [name for (name, _), tag in zip(parts, tags, strict=True) if tag == entry["parts"][name]]
    if "rows" in entry["parts"] and "rows" not in right:
        return Verdict(Outcome.WRONG, 0.0, question.compose(answer, "The rows are not those expected. Check their names or which are kept."))
    scored = [name for name in right if name != "rows"]
    if not scored:
        return None
    wrong = [name for name, _ in parts if name not in right]
    advice = f"Right so far: {listed(scored)}. " + (f"Look again at {listed(wrong)}." if wrong else "Look again at the rest.")
    share = len(scored) / (len([name for name in entry["grid"] if name != "rows"]) or 1)
    return Verdict(Outcome.PARTLY, min(round(share, 4), 0.99), question.compose(answer, advice), None, tuple(wrong))


def _by_slip(answer: Plain, read: Plain, entry: Entry, question: Question) -> Verdict | None:
    tries = [(slip, advice, whole_text(repaired, entry)) for slip, advice, repaired in question.kind.repairs(read)]
    if not tries:
        return None
    if all(is_number(scalar) for _, scalars in question.kind.parts(read, entry["options"], entry["form"]) for scalar in scalars):
        tries += [("rounding", SLIPS["rounding"], whole_text(read, entry, nudge)) for nudge in (-2, -1, 1, 2)]
    right = {found["tag"] for found in entry["right"]}
    for tag, (slip, advice, _) in zip(hash_all([text for _, _, text in tries], entry["salt"]), tries, strict=True):
        if tag in right:
            return Verdict(Outcome.WRONG, 0.0, question.compose(answer, advice), slip)
    return None


def _plainly_wrong(answer: Plain, question: Question) -> Verdict:
    kind = question.kind
    advice = kind.lost or f"{kind.words.capitalize()} is right; its values are not. Work one of them out by hand."
    return Verdict(Outcome.WRONG, 0.0, question.compose(answer, advice))
