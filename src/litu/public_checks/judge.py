"""Judges an answer with the public checks of a student's copy (see :mod:`litu.public_checks.seal`)."""

from __future__ import annotations

from typing import Any

from litu.answers.messages import KINDS, count, listed, short
from litu.answers.slips import SLIPS, repairs
from litu.answers.verdict import Outcome, Verdict
from litu.charts import ChartMeaning, meaning
from litu.compare.charts import difference, fault_texts
from litu.compare.difference import Plain, tidy
from litu.compare.values import TYPE_WORDS
from litu.compare.verdicts import COMPARE, compose, not_started, returns_nothing, right_message, wrong_kind
from litu.public_checks.fingerprint import form_of, parts_of
from litu.public_checks.hashing import cipher, hash_all, hashed
from litu.public_checks.seal import Entry, part_text, whole_text


def judge_sealed(answer: Plain, entry: Entry) -> Verdict:
    """Return the verdict on ``answer`` by the public entry alone."""
    key = {"variable": entry["variable"], "options": entry["options"], "answer": {"kind": entry["kind"]}}
    if answer["kind"] == "nothing" or (entry["kind"] == answer["kind"] == "function" and returns_nothing(answer)):
        return not_started(key)
    if answer["kind"] != entry["kind"]:
        return wrong_kind(answer, key)
    problem = _form_problem(answer, entry)
    if problem:
        return Verdict(Outcome.WRONG, 0.0, compose(answer, key, problem))
    if entry["feedback"] == "graded":
        return Verdict(Outcome.RECORDED, 0.0, f"`{entry['variable']}` is noted: it is of the right kind. It is marked when your work is graded.")
    if entry["kind"] == "chart":
        return _judge_chart(answer, entry, key)
    text = whole_text(answer, entry)
    tag, secret = hashed(text, entry["salt"])
    if tag in entry["right"]:
        return Verdict(Outcome.RIGHT, 1.0, right_message(key))
    says = _opened(tag, secret, entry)
    if says:
        return Verdict(Outcome.WRONG, 0.0, compose(answer, key, says), "listed")
    return _by_parts(answer, entry, key) or _by_slip(answer, entry, key) or _plainly_wrong(answer, entry, key)


def _opened(tag: str, secret: bytes, entry: Entry) -> str | None:
    """Return the message of the known mistake that this hash stands for."""
    sealed = next((mistake["sealed"] for mistake in entry["mistakes"] if mistake["tag"] == tag), None)
    return sealed and cipher(secret, bytes.fromhex(sealed)).decode()


def _judge_chart(answer: Plain, entry: Entry, key: dict[str, Any]) -> Verdict:
    wanted = ChartMeaning.from_plain(entry["meaning"])
    found = difference(meaning(answer["spec"]), wanted, entry["options"])
    if not found.none:
        outcome = Outcome.PARTLY if found.share else Outcome.WRONG
        hashes = (hashed(text, entry["salt"]) for text in fault_texts(answer, wanted, entry["options"]))
        says = next((says for tag, secret in hashes if (says := _opened(tag, secret, entry))), found.advice)
        return Verdict(outcome, found.share, compose(answer, key, says), found.slip, found.parts)
    if any(view.points is None for view in wanted.views):
        return Verdict(Outcome.RECORDED, 0.0, f"`{entry['variable']}` has the right form. What it draws is marked when your work is graded.")
    return Verdict(Outcome.RIGHT, 1.0, right_message(key))


def _form_problem(answer: Plain, entry: Entry) -> str | None:
    form, kind = entry["form"], entry["kind"]
    if kind == "text" and entry["options"].get("choices"):
        difference = COMPARE["text"](answer, {"kind": "text", "value": ""}, entry["options"])
        return difference.advice if "not one of" in difference.advice else None
    if kind == "number" and answer["value"] is None:
        return "Something divided by zero or a missing value came in. Look at each figure you use."
    if kind == "dict":
        held = {tidy(key) for key in form_of(answer, {})["keys"]}
        missing = [key for key in form["keys"] if tidy(key) not in held]
        return f"No entry for {listed(missing)}. Use the keys as the task spells them." if missing else None
    if kind == "list" and len(answer["items"]) != form["length"]:
        return f"{count(form['length'], 'item')} {'is' if form['length'] == 1 else 'are'} expected. Check what should be left out or added."
    if kind == "function":
        failed = next((call for call in answer["calls"] if "error" in call), None)
        return failed and f"It raises {short(failed['error'], 80)}. Try it on one pair of figures in a new cell."
    if kind in ("series", "table"):
        return _table_problem(answer, entry)
    return None


def _table_problem(answer: Plain, entry: Entry) -> str | None:
    form = entry["form"]
    mine = form_of(answer, {})
    if entry["kind"] == "table":
        held = set(mine["columns"]) | {name for name in answer["index"]["names"] if name is not None}
        missing = [name for name in form["columns"] if name not in held]
        if missing:
            return f"There is no column {listed(missing, 'or')}. Add it, spelled as in the task."
        for name, kind in form["columns"].items():
            if kind in TYPE_WORDS and mine["columns"].get(name, kind) not in (kind, "other"):
                return f'The column "{name}" should hold {TYPE_WORDS[kind]}. Convert it first.'
    if mine["rows"] != form["rows"]:
        noun = "row" if entry["kind"] == "table" else "value"
        return f"{count(form['rows'], noun)} {'is' if form['rows'] == 1 else 'are'} expected. Check what is filtered out, repeated or grouped."
    return None


def _by_parts(answer: Plain, entry: Entry, key: dict[str, Any]) -> Verdict | None:
    parts = [part for part in parts_of(answer, entry["options"], entry["form"]) if part[0] in entry["parts"]]
    if not parts:
        return None
    tags = hash_all([part_text(name, scalars, entry) for name, scalars in parts], entry["salt"])
    right = [name for (name, _), tag in zip(parts, tags, strict=True) if tag == entry["parts"][name]]
    if "rows" in entry["parts"] and "rows" not in right:
        return Verdict(Outcome.WRONG, 0.0, compose(answer, key, "The rows are not those expected. Check their names or which are kept."))
    scored = [name for name in right if name != "rows"]
    if not scored:
        return None
    wrong = [name for name, _ in parts if name not in right]
    advice = f"Right so far: {listed(scored)}. " + (f"Look again at {listed(wrong)}." if wrong else "Look again at the rest.")
    share = len(scored) / (len([name for name in entry["grid"] if name != "rows"]) or 1)
    return Verdict(Outcome.PARTLY, min(round(share, 4), 0.99), compose(answer, key, advice), None, tuple(wrong))


def _by_slip(answer: Plain, entry: Entry, key: dict[str, Any]) -> Verdict | None:
    if entry["kind"] not in ("number", "function"):
        return None
    parts = parts_of(answer, entry["options"], entry["form"])
    scalars = parts[0][1]
    if any(isinstance(s, bool) or not isinstance(s, (int, float)) for s in scalars):
        return None
    repaired = [repairs(number) for number in scalars]
    tries = [(options[0][:2], [option[2] for option in options]) for options in zip(*repaired, strict=True)]
    texts = [part_text(parts[0][0], numbers, entry) if _finite(numbers) else "" for _, numbers in tries]
    slips = [slip for slip, _ in tries]
    for nudge in (-2, -1, 1, 2):
        texts.append(part_text(parts[0][0], scalars, entry, nudge))
        slips.append(("rounding", SLIPS["rounding"]))
    for tag, (slip, advice) in zip(hash_all(texts, entry["salt"]), slips, strict=True):
        if tag in entry["right"]:
            return Verdict(Outcome.WRONG, 0.0, compose(answer, key, advice), slip)
    return None


def _finite(numbers: list[float]) -> bool:
    return all(abs(number) < 1e300 for number in numbers)


def _plainly_wrong(answer: Plain, entry: Entry, key: dict[str, Any]) -> Verdict:
    advice = {
        "number": "Look at which figures you use and what is divided by what; print each on its own.",
        "function": "Its results differ from those expected. Work one case out by hand and compare step by step.",
        "text": "Read the passage or the figures again and choose anew.",
    }.get(entry["kind"], f"{KINDS[entry['kind']].capitalize()} is right; its values are not. Work one of them out by hand.")
    return Verdict(Outcome.WRONG, 0.0, compose(answer, key, advice))
