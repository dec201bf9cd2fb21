"""Writes the public checks: what a student's copy may hold of an exercise.

What is known of right and wrong answers goes in under lock: the key to it is
a slow salted hash of the answer itself, so that instant feedback does not
become an oracle for a guessing loop. Parts that are hard to guess have locks
of their own; a part that is easy to guess opens only together with a hard
one, or with the whole. The names of rows have a lock too, but they are no
secret, so they open nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any

from litu.answers.contract import ExerciseKey, Mistake, PublicEntry
from litu.answers.plain import Options, is_number, places_of
from litu.charts import ChartMeaning
from litu.compare.book import KeyBook, Told, students_key
from litu.kinds.base import ROWS, Parts, Scalars
from litu.kinds.chart import fault_texts, public_meaning
from litu.kinds.wire import arguments
from litu.public_checks.cells import shift_for, strength, text
from litu.public_checks.hashing import joined, lock, secrets, tag

MIN_ROOM = 4000
"""With fewer conceivable answers a student's copy only notes an answer, since a loop would find the right one."""
LEAST = 2.2
"""Numbers of which fewer than 10 to this power are conceivable are only noted too."""
STRONG = 5.5
"""A part has a lock of its own only when at least 10 to this power values are conceivable."""
MOST_ROUNDINGS = 4
MOST_GROUPS = 15
"""An answer whose parts would have to be told by more groups than these is told as a whole only."""
SEPARATOR = " & "


def seal(name: str, key: ExerciseKey, known: Container[float], *, solved: bool = False) -> PublicEntry:
    """Return the public entry of exercise ``name`` from its answer key.

    ``known`` are the figures of data/, which are no secret: the points of a
    chart go into the student's copy only when they are all among them. For
    whoever has ``solved`` the exercise even an answer that is easy to guess
    is no secret any more, and the check tells it at once.
    """
    seen = students_key(key)
    book = KeyBook.of(seen)
    kind, form, options = book.kind, book.question.form, key.options
    entry = PublicEntry(
        variable=key.variable,
        kind=kind.name,
        points=key.points,
        form=form,
        options=options,
        hints=key.hints,
        feedback="instant" if solved else "graded" if _is_easy(book) else key.feedback,
        inputs=tuple(calls) if (calls := arguments(seen.answer)) is not None else None,
        hidden=len(key.answer.get("calls", ())) > key.public_calls,
    )
    if entry.feedback == "graded" or kind.ungraded:
        return entry
    entry = replace(entry, salt=hashlib.sha256(f"litu:{name}".encode()).hexdigest()[:32])
    if kind.name == "chart":
        wanted = public_meaning(book.rights[0], known)
        secret = secrets([chart_text(wanted)], entry.salt)[0]
        right = {tag(secret): lock({"says": key.found, "settled": key.settled}, secret)}
        return replace(entry, meaning=wanted.to_plain(), known=right | _chart_mistakes(key.mistakes, wanted, entry))
    return _locked(entry, book, known)


def _is_easy(book: KeyBook) -> bool:
    """Return whether a loop would find the right answer."""
    return book.kind.room(book.rights[0], book.question.options) < MIN_ROOM or _is_guessed_at_once(book)


def _is_guessed_at_once(book: KeyBook) -> bool:
    """Return whether all of an answer is a few small numbers; what earns nothing may be guessed, and a function has hidden inputs."""
    parts = book.right_parts[0] if book.kind.name != "chart" and not book.kind.only_wholes(book.question.form) else {}
    values = [value for name, part in parts.items() if name != ROWS for value in part or ()]
    if book.kind.name == "function" or not book.key.points or not values or not all(map(is_number, values)):
        return False
    return sum(strength(part or (), places_of(book.question.options, name)) for name, part in parts.items() if name != ROWS) < LEAST


@dataclass(frozen=True)
class _Strength:
    """How hard some parts together are to guess; beside numbers the words of other parts count for nothing."""

    options: Options
    familiar: Container[float]

    def __call__(self, parts: Parts) -> float:
        numeric = {name: values for name, values in parts.items() if any(map(is_number, values or ()))}
        return sum(strength(values or (), places_of(self.options, name), self.familiar) for name, values in (numeric or parts).items())


def _locked(entry: PublicEntry, book: KeyBook, familiar: Container[float]) -> PublicEntry:
    rights = book.right_parts
    strength_of = _Strength(entry.options, familiar)
    strong = [name for name in rights[0] if _is_strong(name, rights, strength_of)]
    weak = [name for name in rights[0] if name not in strong]
    hard = hard_ones(strong)
    entry = replace(entry, shifts=_shifts(book, entry), strong={name: {} for name in strong})
    catalogue = _worth_locking(book, strength_of)
    secret_of = _Secrets(entry, [*rights, *(parts for parts, _ in catalogue)])
    by_part: dict[str, dict[bytes, list[Any]]] = {name: {} for name in strong}
    together: dict[bytes, list[Any]] = {}
    for place, right in enumerate(rights):
        for name in strong:
            _add(by_part[name], secret_of(name, right), {"right": place, "is": right.get(name)})
    for one, right in enumerate(rights):
        for two, other in enumerate(rights):
            if one == two or book.kind.merges:
                for name, part in product(hard, weak):
                    secret = joined([secret_of(name, right), secret_of(part, other)])
                    _add(together, secret, {"right": two, "part": part, "is": other.get(part)})
    known = {secret_of.whole(parts): {"is": list(parts.values()), **_said(told)} for parts, told in reversed(catalogue)}
    locks = {name: _locks(found) for name, found in by_part.items()}
    return replace(
        entry,
        strong=locks,
        weak=_locks(together),
        groups={} if hard else _groups(rights, entry, book.kind.merges, strength_of),
        known=_locks(known),
    )


def _groups(rights: list[Parts], entry: PublicEntry, merges: bool, strength_of: _Strength) -> dict[str, dict[str, str]]:
    """Return the locks of the smallest groups of parts that are all hard to guess."""
    names = hard_ones(rights[0])
    if any(part is None for right in rights for part in right.values()):
        return {}
    for size in range(2, len(names)):
        groups = list(combinations(names, size))
        if len(groups) > MOST_GROUPS:
            return {}
        if all(strength_of({name: right[name] for name in group}) >= STRONG for right in rights for group in groups):
            return {SEPARATOR.join(group): _group(group, rights, entry, merges) for group in groups}
    return {}


def _group(group: tuple[str, ...], rights: list[Parts], entry: PublicEntry, merges: bool) -> dict[str, str]:
    found: dict[str, list[dict[str, Any]]] = {}
    mixtures = product(range(len(rights)), repeat=len(group)) if merges else ((place,) * len(group) for place in range(len(rights)))
    for mixture in mixtures:
        values = [rights[place][name] for place, name in zip(mixture, group, strict=True)]
        whole = "&".join(
            text(name, part, entry.options, entry.salt, entry.shifts.get(name, 0)) for name, part in zip(group, values, strict=True)
        )
        told = {"right": mixture[0], "is": values}
        if told not in found.setdefault(whole, []):
            found[whole].append(told)
    hashed = zip(secrets(list(found), entry.salt), found.values(), strict=True)
    return _locks(dict(hashed))


def _add(found: dict[bytes, list[Any]], secret: bytes, told: dict[str, Any]) -> None:
    kept = found.setdefault(secret, [])
    if told not in kept:
        kept.append(told)


def _locks(found: Mapping[bytes, Any]) -> dict[str, str]:
    """Return what is told under lock, by tag, in an order that tells nothing."""
    return dict(sorted((tag(secret), lock(told, secret)) for secret, told in found.items()))


def hard_ones(names: Iterable[str]) -> list[str]:
    """Return the parts but for the names of rows, which anybody can know."""
    return [name for name in names if name != ROWS]


def _is_strong(name: str, rights: list[Parts], strength_of: _Strength) -> bool:
    """Return whether a part has a lock of its own: the whole, the names of rows, and what is hard to guess."""
    return len(rights[0]) == 1 or name == ROWS or all(strength_of({name: right.get(name)}) >= STRONG for right in rights)


def _worth_locking(book: KeyBook, strength_of: _Strength) -> list[tuple[Parts, Told]]:
    """Return what is told of whole answers; roundings of an answer that is easy to guess would make it easier."""
    hard = strength_of(book.right_parts[0]) >= STRONG
    kept, roundings = [], 0
    for parts, told in book.catalogue:
        rounding = told.slip == "rounding"
        roundings += rounding
        if not rounding or hard and roundings <= MOST_ROUNDINGS:
            kept.append((parts, told))
    return kept


def _shifts(book: KeyBook, entry: PublicEntry) -> dict[str, int]:
    """Return the shift of each part's grid that suits its right values and, if possible, all that something is told of."""
    shifts = {}
    for name in book.right_parts[0]:
        rights = [values for parts in book.right_parts if (values := parts.get(name)) is not None]
        others = [values for parts, _ in book.catalogue if (values := parts.get(name)) is not None and values not in rights]
        shifts[name] = shift_for(name, rights, _distinct(others), entry.options, entry.salt)
    return {name: shift for name, shift in shifts.items() if shift}


def _distinct(several: list[Scalars]) -> list[Scalars]:
    kept: list[Scalars] = []
    for values in several:
        if values not in kept:
            kept.append(values)
    return kept


class _Secrets:
    """The secrets of parts, each hashed once."""

    def __init__(self, entry: PublicEntry, several: list[Parts]) -> None:
        self._entry = entry
        wholes = [one for parts in several for one in texts_of(parts, entry)]
        texts = list(dict.fromkeys([*wholes, *(self._text(name, parts) for parts in several for name in entry.strong)]))
        self._known = dict(zip(texts, secrets(texts, entry.salt), strict=True))

    def __call__(self, name: str, parts: Parts) -> bytes:
        return self._known[self._text(name, parts)]

    def whole(self, parts: Parts) -> bytes:
        """Return the secret of a whole answer."""
        return joined([self._known[one] for one in texts_of(parts, self._entry)])

    def _text(self, name: str, parts: Parts) -> str:
        return text(name, parts.get(name), self._entry.options, self._entry.salt, self._entry.shifts.get(name, 0))


def texts_of(parts: Parts, entry: PublicEntry) -> list[str]:
    """Return the texts of an answer that are hashed: one for each part, or one for all where no part is hard to guess."""
    texts = [text(name, values, entry.options, entry.salt, entry.shifts.get(name, 0)) for name, values in parts.items()]
    return texts if hard_ones(entry.strong) else ["&".join(texts)]


def _said(told: Told) -> dict[str, Any]:
    said = {"share": told.share, "says": told.says, "slip": told.slip, "parts": list(told.parts), "settled": told.settled}
    return {name: value for name, value in said.items() if value}


def chart_text(wanted: ChartMeaning) -> str:
    """Return the text of a wanted chart that is hashed: it locks what a right chart found out, which is no secret but no reading before either."""
    return json.dumps(wanted.to_plain(), sort_keys=True)


def _chart_mistakes(mistakes: tuple[Mistake, ...], wanted: ChartMeaning, entry: PublicEntry) -> dict[str, str]:
    sealed: dict[str, str] = {}
    for rank in (0, 1):
        for mistake in mistakes:
            if mistake.answer["kind"] == "chart":
                secret = secrets([fault_texts(mistake.answer, wanted, entry.options)[rank]], entry.salt)[0]
                sealed.setdefault(tag(secret), lock({"says": mistake.says, "slip": mistake.slip}, secret))
    return sealed
