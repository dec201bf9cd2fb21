"""Items matched with choices, perhaps with a reason for each: a dict from item to choice, or to a pair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from litu.answers.messages import are, listed
from litu.answers.plain import Options, Plain, squeezed
from litu.kinds.base import SAME, Difference, Form, Kind, Parts, above_chance, can_be_told
from litu.kinds.forms.labels import MOST_LABELS, foreign, labels_of, no_choice, spelled, text_of
from litu.kinds.series import as_dict

Pair = list[str | None]
"""A choice and its reason; None for what is left open or not asked."""
MOST_WHOLES = 80
"""So many combinations of accepted values are hashed at most; an exercise with more of them waits for grading."""
MOST_ALIKE = 8
"""In more ways than these a mistake is known only beside the right answers as they are written: each costs a slow hash."""


class Match(Kind):
    """Read from a dict or a labelled Series: ``{"kind": "match", "items": ["Wenzhou"], "pairs": [["households", None]]}``."""

    name = "match"
    words = "a dict from each item to a choice"
    is_form = True

    def expected(self, options: Options) -> str:
        return f"{self.words} and a reason, in brackets" if options.get("reasons") else self.words

    def read(self, answer: Plain, options: Options) -> Plain | None:
        if answer["kind"] == self.name:
            return answer
        entries = _entries(answer)
        pairs = [_pair(value, options) for _, value in entries or ()]
        if entries is None or None in pairs:
            return None
        return {"kind": "match", "items": [item for item, _ in entries], "pairs": pairs}

    def unfinished(self, answer: Plain) -> bool:
        return not any(choice or reason for choice, reason in answer["pairs"])

    def misfit(self, answer: Plain, options: Options, points: float) -> str | None:
        labels = [label for pair in answer["pairs"] for label in pair if label]
        strange = foreign(labels, [*options["choices"], *options.get("reasons", [])])
        if strange:
            return f"the right answer holds {strange[0]!r}, which is no choice and no reason"
        return "reasons= is given, but the right answer names none" if options.get("reasons") and not _reasoned([answer]) else None

    def compare(self, answer: Plain, rights: Sequence[Plain], options: Options) -> Difference:
        """Hold each item against what any right answer says of it; what one choice for all would earn is taken off."""
        accepted = _accepted(rights)
        own = _by_item(answer)
        scores = _scores(own, accepted)
        if all(score == 1 for score in scores.values()):
            return SAME
        best = max(sum(_scores(dict.fromkeys(accepted, pair), accepted).values()) for pair in _constants(accepted, options))
        total = sum(scores.values())
        share = above_chance(total, len(accepted), best)
        wrong = tuple(item for item, score in scores.items() if score < 1)
        return Difference(share, self._advice(answer, own, scores, options, rights[0]["items"]), wrong)

    def _advice(self, answer: Plain, own: dict[str, Pair], scores: dict[str, float], options: Options, items: list[str]) -> str:
        names = {squeezed(item): item for item in items}
        told = self.told(answer, {"items": items}, options)
        filled = [item for item in scores if any(own.get(item, ()))]
        wrong = [names[item] for item in filled if scores[item] == 0]
        half = [names[item] for item in filled if 0 < scores[item] < 1]
        advice = [told] if told else []
        if wrong:
            advice.append(f"Look again at {listed(wrong)}.")
        if half:
            advice.append(f"Of {listed(half)} the first part is right and the second is not.")
        return " ".join(advice)

    def told(self, answer: Plain, form: Form, options: Options) -> str | None:
        """Return what gives nothing away: labels that are not to choose from, items left open."""
        choices, reasons = options["choices"], options.get("reasons") or []
        for place, allowed in ((0, choices), (1, reasons)):
            strange = foreign([pair[place] for pair in answer["pairs"] if pair[place]], allowed)
            if strange and allowed:
                return no_choice(strange, allowed)
        own = _by_item(answer)
        known = {squeezed(item) for item in form["items"]}
        if spare := [item for item in answer["items"] if squeezed(item) not in known]:
            return f"{listed(spare)} {are(len(spare))} no item of the task; there are {listed(form['items'], most=MOST_LABELS)}."
        if len(own) > 1 and len(set(map(tuple, own.values()))) == 1:
            return "Every item has the same choice."
        left = [item for item in form["items"] if not all(own.get(squeezed(item), [None])[: 1 + bool(reasons)])]
        return f"Still open: {listed(left)}." if left else None

    def form(self, answer: Plain, options: Options) -> Form:
        return {"items": answer["items"]}

    def parts(self, answer: Plain, options: Options, form: Form) -> Parts:
        own = _by_item(answer)
        labels = [label for item in form["items"] for label in own.get(squeezed(item), [None, None])]
        return {"": [label if label is None else squeezed(label) for label in labels]}

    def partly(self, rights: Sequence[Plain], options: Options) -> Iterator[tuple[Plain, Difference]]:
        """Yield each right answer with one choice or one reason changed, where that does not make guessing easy."""
        several = [pairs for right in rights for pairs in _neighbours(right["pairs"], options)]
        if can_be_told(len(several), self.room(rights[0], options)):
            for pairs in several:
                answer = {**rights[0], "items": rights[0]["items"], "pairs": pairs}
                if not (found := self.compare(answer, rights, options)).none:
                    yield answer, found

    def wholes(self, rights: Sequence[Plain], options: Options) -> list[Plain]:
        accepted = _accepted(rights)
        if _count(accepted) > MOST_WHOLES:
            return [right for right in rights]
        return [{**rights[0], "pairs": [list(pair) for pair in pairs]} for pairs in product(*accepted.values())]

    def alike(self, mistake: Plain, rights: Sequence[Plain], options: Options) -> list[Plain]:
        accepted, own = _accepted(rights), _by_item(mistake)
        slips = {item: pair for item in accepted if (pair := own.get(item, [None, None])) not in accepted[item]}
        rest = {item: pairs for item, pairs in accepted.items() if item not in slips}
        ways = (
            product(*rest.values())
            if _count(rest) <= MOST_ALIKE
            else ([_by_item(right).get(item, accepted[item][0]) for item in rest] for right in rights)
        )
        found = [own, *(slips | dict(zip(rest, pairs, strict=True)) for pairs in ways)]
        return [{**rights[0], "pairs": [pairs.get(item, [None, None]) for item in accepted]} for pairs in found]

    def room(self, right: Plain, options: Options) -> float:
        each = len(options["choices"]) * max(1, len(options.get("reasons") or ()))
        return float(each ** len(right["items"]))

    def only_wholes(self, form: Form) -> bool:
        return True

    def equivalents(self, answer: Plain, options: Options) -> Iterator[Plain]:
        yield {**answer, "items": answer["items"][::-1], "pairs": answer["pairs"][::-1]}
        yield {**answer, "pairs": [[label and f" {label.upper()} " for label in pair] for pair in answer["pairs"]]}

    def constants(self, answer: Plain, options: Options) -> Iterator[Plain]:
        for pair in _constants(_accepted([answer]), options):
            yield {**answer, "pairs": [list(pair)] * len(answer["items"])}


def _entries(answer: Plain) -> list[tuple[str, Plain]] | None:
    if answer["kind"] == "dict" and len(answer["keys"]) <= MOST_LABELS:
        keys = [text_of(key) for key in answer["keys"]]
        return None if None in keys else list(zip(map(str, keys), answer["values"], strict=True))
    if answer["kind"] == "series" and not answer["index"]["default"]:
        return _entries(as_dict(answer))
    return None


def _pair(value: Plain, options: Options) -> Pair | None:
    labels = labels_of(value["items"] if value["kind"] == "list" else [value])
    if labels is None or not 1 <= len(labels) <= 2:
        return None
    choice, reason = [*labels, None][:2]
    return [choice and spelled(choice, options["choices"]), reason and spelled(reason, options.get("reasons") or [])]


def _by_item(answer: Plain) -> dict[str, Pair]:
    return {squeezed(item): pair for item, pair in zip(answer["items"], answer["pairs"], strict=True)}


def _accepted(rights: Sequence[Plain]) -> dict[str, list[Pair]]:
    """Return, by item, every pair that some right answer holds there."""
    found: dict[str, list[Pair]] = {squeezed(item): [] for item in rights[0]["items"]}
    for right in rights:
        for item, pair in _by_item(right).items():
            if item in found and pair not in found[item]:
                found[item].append(pair)
    return found


def _neighbours(pairs: list[Pair], options: Options) -> Iterator[list[Pair]]:
    """Yield the pairs with one choice changed, or one reason."""
    for place, (choice, reason) in enumerate(pairs):
        changed: list[Pair] = [[str(other), reason] for other in options["choices"] if str(other) != choice]
        changed += [[choice, str(other)] for other in options.get("reasons") or () if reason is not None and str(other) != reason]
        yield from ([*pairs[:place], pair, *pairs[place + 1 :]] for pair in changed)


def _count(accepted: dict[str, list[Pair]]) -> int:
    total = 1
    for pairs in accepted.values():
        total *= len(pairs)
    return total


def _reasoned(rights: Sequence[Plain]) -> bool:
    return any(reason for right in rights for _, reason in right["pairs"])


def _scores(own: dict[str, Any], accepted: dict[str, list[Pair]]) -> dict[str, float]:
    """Return what each item earns: half for the choice and half for a reason that goes with it, where reasons are asked."""
    return {item: max(_score(own.get(item, [None, None]), pair) for pair in pairs) for item, pairs in accepted.items()}


def _score(own: Pair, right: Pair) -> float:
    if _key(own[0]) != _key(right[0]):
        return 0.0
    return 1.0 if right[1] is None or _key(own[1]) == _key(right[1]) else 0.5


def _key(label: str | None) -> str | None:
    return label and squeezed(label)


def _constants(accepted: dict[str, list[Pair]], options: Options) -> list[Pair]:
    reasons: list[str | None] = [str(reason) for reason in options.get("reasons") or ()] or [None]
    return [[str(choice), reason] for choice in options["choices"] for reason in reasons]


KINDS = (Match(),)
