"""Public checks: right answers as slow salted hashes.

``seal`` writes what a student's copy may hold of an exercise; ``judge_sealed``
judges an answer with it. A hash is scrypt (RFC 7914) over the answer's
fingerprint, slow on purpose: instant feedback must not become an oracle for
a guessing loop. The message about a known mistake is encrypted with a key
that only the mistake itself gives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from litu.charts import ChartMeaning, meaning
from litu.compare import COMPARE, compose, not_started, returns_nothing, right_message, wrong_kind
from litu.compare.difference import Plain, places_of
from litu.compare.numbers import SLIPS, repairs
from litu.compare.pictures import difference, fault_texts, wanted_meaning
from litu.compare.values import TYPE_WORDS
from litu.compare.words import tidy
from litu.fingerprint import fingerprint, form_of, parts_of, shifts
from litu.messages import KINDS, count, listed, short
from litu.verdict import Outcome, Verdict

Entry = dict[str, Any]
"""What checks.json holds of one exercise."""

SCRYPT = {"n": 2**15, "r": 8, "p": 1}
"""About 0.1 s and 32 MiB a guess on a laptop core of 2025."""
FREEDOM = 100_000
"""A dict entry has a hash of its own only when at least so many answers are conceivable."""
GIVEN = "given"
"""Stands for a title or description: students' checks ask only that there is one."""
MIN_ROWS = 3
"""A column has a hash of its own only from so many rows on."""


def hashed(text: str, salt: str) -> tuple[str, bytes]:
    """Return the tag of a fingerprint and the key that opens what is sealed with it."""
    raw = hashlib.scrypt(text.encode(), salt=bytes.fromhex(salt), maxmem=2**27, dklen=48, **SCRYPT)
    return raw[:16].hex(), raw[16:]


def _cipher(key: bytes, data: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(data, hashlib.shake_256(key).digest(len(data)), strict=True))


def seal(name: str, key: dict[str, Any], known: Container[float]) -> Entry:
    """Return the public entry of exercise ``name`` from its answer key.

    ``known`` are the figures of data/, which are no secret: the points of a
    chart go into the student's copy only when they are all among them.
    """
    inputs = key["public_calls"]
    answer, options = _public_calls(key["answer"], inputs), key["options"]
    entry: Entry = {field: key[field] for field in ("variable", "points", "claims", "options", "hints", "feedback")}
    entry |= {"kind": answer["kind"], "form": form_of(answer, options)}
    if answer["kind"] == "function":
        entry["inputs"] = [call["args"] for call in answer["calls"]]
    entry["salt"] = hashlib.sha256(f"litu:{name}".encode()).hexdigest()[:32]
    if answer["kind"] == "chart":
        wanted = _public_meaning(answer, known)
        return entry | {"meaning": wanted.to_plain(), "mistakes": _seal_chart_mistakes(key["mistakes"], wanted, entry)}
    if key["feedback"] == "graded":
        return entry
    parts = parts_of(answer, options, entry["form"])
    entry["grid"] = {part: shifts(scalars, places_of(options, part)) for part, scalars in parts}
    rights = [answer, *(_public_calls(accept, inputs) for accept in key["accepts"])]
    entry["right"] = sorted({hashed(_whole(right, entry), entry["salt"])[0] for right in rights})
    entry["parts"] = {
        part: hashed(_part(part, scalars, entry), entry["salt"])[0]
        for part, scalars in parts
        if len(parts) > 1 and _own_hash(answer["kind"], scalars, places_of(options, part))
    }
    entry["mistakes"] = [
        sealed for mistake in key["mistakes"] if (sealed := _seal_mistake(mistake, entry, inputs)) is not None
    ]
    return entry


def _public_meaning(answer: Plain, known: Container[float]) -> ChartMeaning:
    """Return what a student's copy may say of the wanted chart: its form, without the author's words."""
    wanted = wanted_meaning(answer)
    views = tuple(
        replace(
            view,
            points=view.points if _all_known(view.points, known) else None,
            title=view.title and GIVEN,
            encodings={channel: replace(encoding, title=encoding.title and GIVEN) for channel, encoding in view.encodings.items()},
        )
        for view in wanted.views
    )
    return replace(
        wanted, views=views, title=wanted.title and GIVEN, subtitle=wanted.subtitle and GIVEN, description=wanted.description and GIVEN
    )


def _all_known(points: Any, known: Container[float]) -> bool:
    """Return whether every number drawn is a figure of data/, perhaps as a percentage of one."""
    values = [value for point in points or () for value in point.values()]
    numbers = [value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]
    return all(any(round(abs(number) * scale, 9) in known for scale in (1, 0.01, 100)) for number in numbers)


def _public_calls(answer: Plain, inputs: int) -> Plain:
    return {**answer, "calls": answer["calls"][:inputs]} if answer["kind"] == "function" else answer


def _own_hash(kind: str, scalars: list[Any], places: int) -> bool:
    if kind == "dict":
        numbers = [s for s in scalars if isinstance(s, (int, float)) and not isinstance(s, bool)]
        return bool(numbers) and abs(numbers[0]) * 10.0**places >= FREEDOM
    return len(scalars) >= MIN_ROWS


def _seal_mistake(mistake: dict[str, Any], entry: Entry, inputs: int) -> dict[str, str] | None:
    answer = _public_calls(mistake["answer"], inputs)
    if answer["kind"] != entry["kind"]:
        return None
    try:
        return _sealed_message(_whole(answer, entry), mistake["says"], entry)
    except (KeyError, ValueError):
        return None


def _sealed_message(text: str, says: str, entry: Entry) -> dict[str, str]:
    tag, key = hashed(text, entry["salt"])
    return {"tag": tag, "sealed": _cipher(key, says.encode()).hex()}


def _seal_chart_mistakes(mistakes: list[dict[str, Any]], wanted: ChartMeaning, entry: Entry) -> list[dict[str, str]]:
    sealed: dict[str, dict[str, str]] = {}
    for rank in (0, 1):
        for mistake in mistakes:
            if mistake["answer"]["kind"] == "chart":
                text = fault_texts(mistake["answer"], wanted, entry["options"])[rank]
                sealed.setdefault(text, _sealed_message(text, mistake["says"], entry))
    return list(sealed.values())


def _opened(texts: list[str], entry: Entry) -> str | None:
    """Return the message of the known mistake that one of the texts stands for."""
    for text in texts:
        tag, key = hashed(text, entry["salt"])
        for mistake in entry["mistakes"]:
            if mistake["tag"] == tag:
                return _cipher(key, bytes.fromhex(mistake["sealed"])).decode()
    return None


def _part(name: str, scalars: list[Any], entry: Entry, nudge: int = 0) -> str:
    grid = entry["grid"].get(name, "")
    return f"{name}={fingerprint(scalars, places_of(entry['options'], name), grid, nudge)}"


def _whole(answer: Plain, entry: Entry, nudge: int = 0) -> str:
    return "&".join(
        _part(name, scalars, entry, nudge) for name, scalars in parts_of(answer, entry["options"], entry["form"])
    )


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
    if entry["kind"] == "chart":
        return _judge_chart(answer, entry, key)
    if entry["feedback"] == "graded":
        return Verdict(Outcome.RECORDED, 0.0, f"`{entry['variable']}` is noted: it is of the right kind. It is marked when your work is graded.")
    text = _whole(answer, entry)
    if hashed(text, entry["salt"])[0] in entry["right"]:
        return Verdict(Outcome.RIGHT, 1.0, right_message(key))
    says = _opened([text], entry)
    if says:
        return Verdict(Outcome.WRONG, 0.0, compose(answer, key, says), "listed")
    return _by_parts(answer, entry, key) or _by_slip(answer, entry, key) or _plainly_wrong(answer, entry, key)


def _judge_chart(answer: Plain, entry: Entry, key: dict[str, Any]) -> Verdict:
    wanted = ChartMeaning.from_plain(entry["meaning"])
    found = difference(meaning(answer["spec"]), wanted, entry["options"])
    if not found.none:
        outcome = Outcome.PARTLY if found.share else Outcome.WRONG
        says = _opened(fault_texts(answer, wanted, entry["options"]), entry) or found.advice
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
    tags = _hash_all([_part(name, scalars, entry) for name, scalars in parts], entry["salt"])
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
    texts = [_part(parts[0][0], numbers, entry) if _finite(numbers) else "" for _, numbers in tries]
    slips = [slip for slip, _ in tries]
    for nudge in (-2, -1, 1, 2):
        texts.append(_part(parts[0][0], scalars, entry, nudge))
        slips.append(("rounding", SLIPS["rounding"]))
    for tag, (slip, advice) in zip(_hash_all(texts, entry["salt"]), slips, strict=True):
        if tag in entry["right"]:
            return Verdict(Outcome.WRONG, 0.0, compose(answer, key, advice), slip)
    return None


def _finite(numbers: list[float]) -> bool:
    return all(abs(number) < 1e300 for number in numbers)


def _hash_all(texts: list[str], salt: str) -> list[str]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda text: hashed(text, salt)[0], texts))


def _plainly_wrong(answer: Plain, entry: Entry, key: dict[str, Any]) -> Verdict:
    advice = {
        "number": "Look at which figures you use and what is divided by what; print each on its own.",
        "function": "Its results differ from those expected. Work one case out by hand and compare step by step.",
        "text": "Read the passage or the figures again and choose anew.",
    }.get(entry["kind"], f"{KINDS[entry['kind']].capitalize()} is right; its values are not. Work one of them out by hand.")
    return Verdict(Outcome.WRONG, 0.0, compose(answer, key, advice))
