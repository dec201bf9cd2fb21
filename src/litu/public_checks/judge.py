"""Judges an answer with the public checks of a student's copy (see :mod:`litu.public_checks.seal`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litu.answers.contract import PublicEntry
from litu.answers.plain import Plain
from litu.answers.verdict import Outcome, Verdict
from litu.charts import ChartMeaning, meaning
from litu.compare.book import Told, nearest
from litu.compare.explain import NOT_ALL
from litu.compare.question import Question
from litu.compare.verdicts import LATER as WHICH
from litu.compare.verdicts import by_book
from litu.kinds.base import ROWS, Parts, Scalars, Standing, all_agree
from litu.kinds.chart import difference, fault_texts
from litu.public_checks.cells import text
from litu.public_checks.hashing import joined, secrets, tag, unlock
from litu.public_checks.seal import SEPARATOR, chart_text, hard_ones, texts_of

LATER = "It is marked when your work is graded."
FORM_ONLY = "It has the right form. What it draws is marked when your work is graded."
HIDDEN = "That holds for the inputs of this check; grading tries further ones."


def judge_sealed(answer: Plain, entry: PublicEntry) -> Verdict:
    """Return the verdict on ``answer`` by the public entry alone."""
    question = Question.of_entry(entry)
    read = question.read(answer)
    if isinstance(read, Verdict):
        return read
    if entry.feedback == "graded":
        return _noted(read, question)
    if question.kind.name == "chart":
        return _judge_chart(read, entry, question)
    verdict = by_book(read, question, LockedBook(entry, question))
    if verdict is None:
        return question.noted(f"{NOT_ALL} {question.kind.told(read, entry.form, entry.options) or WHICH}")
    if verdict.outcome is Outcome.RIGHT and entry.hidden:
        return question.right(" ".join([HIDDEN, verdict.message.partition(" is right. ")[2]]).strip(), verdict.settled)
    return verdict


def _noted(read: Plain, question: Question) -> Verdict:
    kind, form, options = question.kind, question.form, question.options
    problem = kind.problem(read, form, options)
    if problem:
        return question.wrong(read, 0.0, problem.advice, problem.slip, problem.parts)
    standing = Standing(parts := kind.parts(read, options, form), dict.fromkeys(parts, False))
    told = next(iter(kind.faults(standing, read, form).values()), None) or kind.told(read, form, options)
    return question.noted(f"{told} {LATER}" if told else LATER)


class LockedBook:
    """The book of a student's copy: it tells what an answer opens."""

    def __init__(self, entry: PublicEntry, question: Question) -> None:
        self._entry = entry
        self._question = question
        self._secrets: dict[str, bytes] = {}

    def told(self, parts: Parts) -> Told | None:
        """Return what is said of an answer as a whole."""
        found = self._open(self._entry.known, joined(self._hashed(texts_of(parts, self._entry))))
        if found is None or not self._agrees(parts, dict(zip(parts, found["is"], strict=False))):
            return None
        return Told(
            found.get("share", 0.0), found.get("says", ""), found.get("slip"), tuple(found.get("parts", ())), found.get("settled", {})
        )

    def stand(self, parts: Parts) -> Standing:
        """Return which parts of an answer are right, as far as they can be told."""
        found = self._by_right(parts)
        for place, opened in self._by_groups(parts).items():
            found.setdefault(place, {}).update(opened)
        opened = {name: values for own in found.values() for name, values in own.items() if name != ROWS}
        rights = sorted(found) or [0]
        stands = [_closed({name: self._stands(name, parts, found.get(place, {}), opened) for name in parts}) for place in rights]
        return nearest(parts, stands, [found.get(place, {}) for place in rights], self._question.kind.merges)

    def _stands(self, name: str, parts: Parts, known: Parts, opened: Parts) -> bool | None:
        """Return whether a part is right by one right answer; a weak part cannot be told while no strong one is right."""
        if name in known:
            return all_agree(parts[name], known[name], self._entry.options, name)
        if name in self._entry.strong:
            return False
        return False if any(all_agree(parts[part], values, self._entry.options, part) for part, values in opened.items()) else None

    def _by_right(self, parts: Parts) -> dict[int, Parts]:
        """Return, for each right answer that parts of this one open, the values of those parts."""
        weak = [name for name in parts if name not in self._entry.strong] if hard_ones(self._entry.strong) else []
        names = [*self._entry.strong, *weak]
        hashed = dict(zip(names, self._hashed([self._text(name, parts[name]) for name in names]), strict=True))
        found: dict[int, Parts] = {}
        for name in self._entry.strong:
            for told in self._open(self._entry.strong[name], hashed[name]) or ():
                found.setdefault(told["right"], {})[name] = told["is"]
                for other in weak if name != ROWS else ():
                    for more in self._open(self._entry.weak, joined([hashed[name], hashed[other]])) or ():
                        found.setdefault(more["right"], {})[more["part"]] = more["is"]
        return found

    def _by_groups(self, parts: Parts) -> dict[int, Parts]:
        """Return the same of what groups of parts open together, where no part is hard to guess by itself."""
        names = list(self._entry.groups)
        several = [[part for part in name.split(SEPARATOR) if part in parts] for name in names]
        hashed = self._hashed(["&".join(self._text(part, parts[part]) for part in group) for group in several])
        found: dict[int, Parts] = {}
        for name, secret in zip(names, hashed, strict=True):
            for told in self._open(self._entry.groups[name], secret) or ():
                found.setdefault(told["right"], {}).update(dict(zip(name.split(SEPARATOR), told["is"], strict=True)))
        return found

    def agreeing(self, tries: Sequence[tuple[str, Scalars]]) -> list[Scalars | None]:
        """Return, for each part with scalars that might be right, the right ones that they agree with."""
        if not self._entry.strong:
            return [None] * len(tries)
        hard = [(name, values) for name, values in tries if name in self._entry.strong]
        self._hashed([self._text(name, values) for name, values in hard])
        return [self._agreeing(name, values) if name in self._entry.strong else None for name, values in tries]

    def _agreeing(self, name: str, values: Scalars) -> Scalars | None:
        told = self._open(self._entry.strong[name], self._secrets[self._text(name, values)]) or ()
        return next((found["is"] for found in told if all_agree(values, found["is"], self._entry.options, name)), None)

    def _text(self, name: str, values: Scalars | None) -> str:
        return text(name, values, self._entry.options, self._entry.salt, self._entry.shifts.get(name, 0))

    def _hashed(self, texts: list[str]) -> list[bytes]:
        new = [one for one in dict.fromkeys(texts) if one not in self._secrets]
        if new:
            self._secrets |= dict(zip(new, secrets(new, self._entry.salt), strict=True))
        return [self._secrets[one] for one in texts]

    def _open(self, locks: dict[str, str], secret: bytes) -> Any:
        locked = locks.get(tag(secret))
        return unlock(locked, secret) if locked else None

    def _agrees(self, parts: Parts, known: Parts) -> bool:
        return parts.keys() == known.keys() and all(all_agree(parts[name], known[name], self._entry.options, name) for name in parts)


def _closed(stands: dict[str, bool | None]) -> dict[str, bool | None]:
    """Return how the parts of an answer that is not right stand: where all others are right, the one that cannot be told is not."""
    open_ones = [name for name, right in stands.items() if right is None]
    return stands | {open_ones[0]: False} if len(open_ones) == 1 and False not in stands.values() else stands


def _judge_chart(answer: Plain, entry: PublicEntry, question: Question) -> Verdict:
    wanted = ChartMeaning.from_plain(entry.meaning or {"views": []})
    found = difference(meaning(answer["spec"]), wanted, entry.options)
    if not found.none:
        hashed = secrets(fault_texts(answer, wanted, entry.options), entry.salt)
        told = next((unlock(entry.known[tag(secret)], secret) for secret in hashed if tag(secret) in entry.known), None)
        says, slip = (told["says"], told["slip"]) if told else (found.advice, found.slip)
        return question.wrong(answer, found.share, says, slip, found.parts)
    if any(view.points is None for view in wanted.views):
        return question.noted(FORM_ONLY)
    secret = secrets([chart_text(wanted)], entry.salt)[0]
    told = unlock(entry.known[tag(secret)], secret) if tag(secret) in entry.known else {"says": "", "settled": {}}
    return question.right(told["says"], told["settled"])
