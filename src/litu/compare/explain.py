"""Why an answer is not right: sentences that are true of it, the slip first.

A slip is named only when it explains a part as a whole; values that are
missing or zero are looked at like all others.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from litu.answers.messages import MAX_WORDS, count, listed
from litu.answers.plain import Plain, Scalar, is_number, places_of
from litu.answers.slips import Slip, decimals, is_near, is_rounding, repaired, slips, telling
from litu.compare.book import Book
from litu.compare.question import Question
from litu.kinds.base import ROWS, Parts, Scalars, Standing, agree

NEAR = "It is near, but not near enough: is it rounded, or is one figure a neighbouring one?"
ROUNDED = "It is the right number, rounded too soon. Keep all decimals until the last step."
FEW = "It has {has} where {places} count: if it was rounded, keep all decimals until the last step."
WHOLE = "It is a whole number where {places}: if it was rounded, keep all decimals until the last step."
ROUND = "It ends in {zeros}: if it was rounded, keep all digits until the last step."
LEAST_ZEROS = 3
"""So many zeros at the end of a whole number look like rounding."""
PROBE = 7.3
"""A number by which one slip is told from another: each makes another number of it."""
SWAPPED = "{one} and {other} have changed places."
NOT_ALL = "Not all of it is right yet."
MOST = 40
"""Longer parts are not searched for slips: a look at them would take long, and a slip shows in a few values."""

Explained = dict[str, tuple[str, str | None]]
"""By part: a sentence, and the name of the slip if it is one."""


def explain(read: Plain, standing: Standing, question: Question, book: Book) -> tuple[str, str | None]:
    """Return what is said of the wrong parts of an answer, and the slip that explains all of them, if one does."""
    kind, form = question.kind, question.form
    whole = next(
        ((says, slip) for slip, says, answer in kind.variants(read) if _is_right(kind.parts(answer, question.options, form), book)), None
    )
    if whole:
        return whole
    told: Explained = {name: (says, None) for name, says in kind.faults(standing, read, form).items()}
    if ROWS in told or ROWS in standing.wrong:
        return told.get(ROWS, (kind.lost, None))[0], None
    rest = [name for name in standing.wrong if name not in told]
    told |= _swapped(rest, standing, read, question, book)
    rest = [name for name in rest if name not in told]
    told |= _slips(rest, standing, question, book)
    for name in rest:
        told.setdefault(name, _by_values(name, standing, read, question))
    if not told:
        return NOT_ALL, None
    names = {slip for _, slip in told.values()}
    slip = names.pop() if len(names) == 1 else None
    says = {says for says, _ in told.values()}
    if slip and len(says) == 1 and len(told) == len(standing.parts):  # all of it shows the one slip
        return says.pop(), slip
    return _sentences(told, standing, read, question), slip


def _is_right(parts: Parts, book: Book) -> bool:
    told = book.told(parts)
    return told is not None and told.share == 1


def decided(read: Plain, standing: Standing, question: Question, book: Book) -> Standing:
    """Return how an answer stands after a slip has shown which parts that could not be told are wrong.

    Parts that are easy to guess open only together with others. Where all of
    an answer shows one slip, the answer without it opens them; parts that the
    slip leaves as they are were right before.
    """
    if not standing.unknown:
        return standing
    for mended in _without_slip(read, standing, question, book):
        if mended != standing.parts and _is_right(mended, book):
            right: dict[str, bool | None] = {name: mended[name] == values for name, values in standing.parts.items()}
            return Standing(standing.parts, right, {name: values for name, values in mended.items() if values is not None})
    return standing


def _without_slip(read: Plain, standing: Standing, question: Question, book: Book) -> Iterator[Parts]:
    """Yield what an answer would be without one slip: the one that a wrong part shows, or any where no part can be told."""
    for _, _, answer in question.kind.variants(read):
        yield question.kind.parts(answer, question.options, question.form)
    first = _first_slip(standing, question, book)
    for slip in [first] if first else [] if standing.wrong else slips(_unit(question)):
        mended = {name: values if standing.right[name] is True else _mended(values, slip) for name, values in standing.parts.items()}
        if any(telling(values or ()) for values in mended.values()):
            yield mended


def _mended(values: Scalars | None, slip: Slip) -> Scalars | None:
    return values and (repaired(values, slip) or values)


def _swapped(rest: list[str], standing: Standing, read: Plain, question: Question, book: Book) -> Explained:
    """Notice two parts that have changed places."""
    if len(rest) != 2:
        return {}
    one, other = rest
    mine, yours = standing.parts[one], standing.parts[other]
    if mine is None or yours is None or not all(book.agreeing([(one, yours), (other, mine)])):
        return {}
    names = (question.kind.named(name, read, question.form) for name in rest)
    says = SWAPPED.format(one=next(names), other=_inside(next(names)))
    return {one: (says, "swapped"), other: (says, "swapped")}


def _slips(rest: list[str], standing: Standing, question: Question, book: Book) -> Explained:
    """Find the slip of the first part with numbers, then see which other parts show it too."""
    numeric = [name for name in rest if _has_numbers(standing.parts[name])]
    units = _units(question, list(standing.parts))
    slip = _slip_of(numeric[0], units[numeric[0]], standing, book) if numeric else None
    if slip is None:
        return {}
    tries = [(name, values) for name in numeric if (values := repaired(standing.parts[name] or [], slip)) is not None]
    found: Explained = {}
    for (name, values), right in zip(tries, book.agreeing(tries), strict=True):
        if right is not None or standing.wanted.get(name) == values:
            found[name] = (_same_slip(slip, units[name]).says, slip.name)
    return found


def _first_slip(standing: Standing, question: Question, book: Book) -> Slip | None:
    first = next((name for name in standing.wrong if _has_numbers(standing.parts[name])), None)
    return _slip_of(first, _units(question, list(standing.parts))[first], standing, book) if first is not None else None


def _slip_of(name: str, unit: str, standing: Standing, book: Book) -> Slip | None:
    """Return the slip without which a part is right."""
    candidates = [(slip, values) for slip in slips(unit) if (values := repaired(standing.parts[name] or [], slip)) is not None]
    agreed = book.agreeing([(name, values) for _, values in candidates])
    found = [slip for (slip, values), right in zip(candidates, agreed, strict=True) if right is not None and telling(right)]
    if not found and name in standing.wanted:
        found = [slip for slip, values in candidates if values == standing.wanted[name] and telling(values)]
    return found[0] if found else None


def _same_slip(slip: Slip, unit: str) -> Slip:
    """Return a slip as it is told of a part in ``unit``: the one that is mended in the same way."""
    return next((other for other in slips(unit) if math.isclose(other.repair(PROBE), slip.repair(PROBE))), slip)


def _has_numbers(values: Scalars | None) -> bool:
    return values is not None and 0 < len(values) <= MOST and any(is_number(value) for value in values)


def _unit(question: Question) -> str:
    return str(question.options.get("unit", ""))


def _units(question: Question, names: list[str]) -> dict[str, str]:
    """Return the unit of each part: the author's text may name one for each, in order."""
    unit = _unit(question)
    each = [part.strip() for part in unit.replace(";", ",").split(",")]
    return dict(zip(names, each, strict=True)) if len(each) == len(names) else dict.fromkeys(names, unit)


def _by_values(name: str, standing: Standing, read: Plain, question: Question) -> tuple[str, str | None]:
    """Say what the values of a wrong part show, and more where the right ones are known."""
    values, wanted = standing.parts[name], standing.wanted.get(name)
    places = places_of(question.options, name)
    if values is None:
        return question.kind.lost, None
    empty = _empty(name, values, wanted, question)
    if empty:
        where = question.kind.place(name, empty[0], standing.parts, read)
        return f"It is empty{where}: is a value missing there, or one that it is worked out from?", None
    if wanted is not None and len(wanted) == len(values):
        return _against(name, values, wanted, places, standing, read, question)
    return f"{_by_decimals(values, places, 'places' in question.options) or ''} {question.kind.lost}".strip(), None


def _empty(name: str, values: Scalars, wanted: Scalars | None, question: Question) -> list[int]:
    """Return the places where a value is missing that should be there, as far as that can be told."""
    empty = [place for place, value in enumerate(values) if value is None]
    if wanted is not None and len(wanted) == len(values):
        return [place for place in empty if wanted[place] is not None]
    return [] if name in question.form.get("empty", ()) else empty


def _against(
    name: str, values: Scalars, wanted: Scalars, places: int, standing: Standing, read: Plain, question: Question
) -> tuple[str, str | None]:
    differ = [place for place, (value, right) in enumerate(zip(values, wanted, strict=True)) if not agree(value, right, places)]
    pairs = [(values[place], wanted[place]) for place in differ]
    if _all_numbers(pairs):
        if all(is_rounding(value, right, places) for value, right in pairs):  # type: ignore[arg-type]
            return ROUNDED, "rounding"
        if all(is_near(value, right, places) for value, right in pairs):  # type: ignore[arg-type]
            return NEAR, None
    where = question.kind.place(name, differ[0], standing.parts, read)
    if where and len(differ) < len(values):
        return (
            f"{count(len(differ), 'value')} of {len(values)} {'is' if len(differ) == 1 else 'are'} not right, the first{where}. {question.kind.lost}",
            None,
        )
    return question.kind.lost, None


def _all_numbers(pairs: list[tuple[Scalar, Scalar]]) -> bool:
    return all(is_number(value) and is_number(right) for value, right in pairs)


def _by_decimals(values: Scalars, places: int, asked: bool) -> str | None:
    """Say that numbers are written with fewer decimals than count, as rounding makes them; of whole ones only where places are ``asked``."""
    numbers = [value for value in values if isinstance(value, (int, float)) and is_number(value)]
    found = [digits for number in numbers if (digits := decimals(number, places)) is not None]
    if not any(numbers) or len(found) < len(numbers) or max(found) >= max(places, 1):
        return None
    if max(found):
        return FEW.format(has=count(max(found), "decimal"), places=places)
    if not asked:
        return None
    if places > 0:
        return WHOLE.format(places=f"{count(places, 'decimal')} {'counts' if places == 1 else 'count'}")
    zeros = min(len(digits) - len(digits.rstrip("0")) for digits in (f"{abs(number):.0f}" for number in numbers if number))
    return ROUND.format(zeros=count(zeros, "zero")) if zeros >= LEAST_ZEROS else None


def _sentences(told: Explained, standing: Standing, read: Plain, question: Question) -> str:
    """Return the sentences one after the other, each once, parts of the same sentence together, as far as the words go."""
    groups: dict[str, list[str]] = {}
    for name, (says, _) in told.items():
        groups.setdefault(says, []).append(name)
    kind = question.kind
    right = [name for name, stands in standing.right.items() if stands and name != ROWS]
    sentences = [_of_parts(says, names, kind.named(names[0], read, question.form)) for says, names in groups.items()]
    if right and len(standing.right) > 1:
        of = len([name for name in standing.right if name != ROWS])
        sentences.append(f"Right so far: {listed(right)}." if kind.speaking and len(right) < 4 else f"Right so far: {len(right)} of {of}.")
    kept: list[str] = []
    for sentence in sentences:
        if len(" ".join([*kept, sentence]).split()) <= MAX_WORDS:
            kept.append(sentence)
    return " ".join(kept)


def _of_parts(says: str, names: list[str], first: str) -> str:
    """Return a sentence that names the parts it is about, unless it does so itself or there is only one."""
    if not first or any(_names(says, name) for name in names) or says.startswith(("For ", "The index", "The values", "The rows")):
        return says
    if len(names) == 1:
        return f"{first}: {_inside(says)}"
    return f"{listed(names)}: {_inside(says)}"


def _names(says: str, name: str) -> bool:
    """Return whether a sentence names a part: in quotation marks, or as "Item 2"."""
    return f'"{name}"' in says or name[-1:].isdigit() and re.search(rf"\b{re.escape(name.capitalize())}\b", says) is not None


def _inside(sentence: str) -> str:
    """Return a sentence so that it can follow a colon."""
    return sentence[:1].lower() + sentence[1:]
