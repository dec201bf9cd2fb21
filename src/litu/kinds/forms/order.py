"""Steps put in order: a list of labels, first first. Two neighbours that changed places are partly right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from litu.answers.messages import are, count, listed
from litu.answers.plain import Options, Plain, Scalar, squeezed
from litu.kinds.base import Difference, Form, Kind
from litu.kinds.forms.labels import foreign, labels_of, no_choice, spelled
from litu.kinds.registry import kinds

SWAPPED = 0.6
"""What an order earns in which only two neighbours have changed places."""
LEAST_STEPS = 6
OUT_OF_ORDER = "More than two neighbours stand out of order. Ask of each pair of steps: can the second happen before the first?"


class Order(Kind):
    """Read from a list, a tuple or an array: ``{"kind": "order", "steps": ["A", "C", "B"]}``, None for a place left open."""

    name = "order"
    words = "a list of steps, the first one first"
    is_form = True
    lost = OUT_OF_ORDER

    def expected(self, options: Options) -> str:
        return self.words

    def read(self, answer: Plain, options: Options) -> Plain | None:
        if answer["kind"] == self.name:
            return answer
        given = kinds()["list"].read(answer, options)
        labels = labels_of(given["items"]) if given else None
        if labels is None:
            return None
        return {"kind": "order", "steps": [label and spelled(label, options["choices"]) for label in labels]}

    def unfinished(self, answer: Plain) -> bool:
        return not any(answer["steps"])

    def misfit(self, answer: Plain, options: Options, points: float) -> str | None:
        if len(answer["steps"]) < LEAST_STEPS:
            return f"an order needs at least {LEAST_STEPS} steps, or it can be guessed"
        problem = self.problem(answer, self.form(answer, options), options)
        return problem.advice if problem else None

    def problem(self, answer: Plain, form: Form, options: Options) -> Difference | None:
        told = _form_fault(answer, form, options)
        return Difference(0, told, ("steps",)) if told else None

    def partly(self, rights: Sequence[Plain], options: Options) -> Iterator[tuple[Plain, Difference]]:
        """Yield each right order with each two neighbours exchanged."""
        for right in rights:
            for place in range(len(right["steps"]) - 1):
                steps = list(right["steps"])
                steps[place : place + 2] = steps[place + 1], steps[place]
                told = Difference(SWAPPED, _first_wrong_link(steps, place), (f"step {place + 1}", f"step {place + 2}"))
                yield {**right, "steps": steps}, told

    def form(self, answer: Plain, options: Options) -> Form:
        return {"length": len(answer["steps"])}

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        yield from (step if step is None else squeezed(step) for step in plain["steps"])

    def equivalents(self, answer: Plain, options: Options) -> Iterator[Plain]:
        yield {"kind": "list", "items": [{"kind": "text", "value": f" {step.lower()} "} for step in answer["steps"]]}

    def constants(self, answer: Plain, options: Options) -> Iterator[Plain]:
        for choice in options["choices"]:
            yield {**answer, "steps": [str(choice)] * len(answer["steps"])}


def _form_fault(answer: Plain, form: Form, options: Options) -> str | None:
    steps = [step for step in answer["steps"] if step]
    strange = foreign(steps, options["choices"])
    if strange:
        return no_choice(strange, options["choices"])
    if len(steps) > 3 * len(options["choices"]):
        return f"{count(form['length'], 'step')} are expected; there are {len(steps):,}."
    twice = list(dict.fromkeys(step for step in steps if steps.count(step) > 1))
    if twice:
        return f"{listed(twice)} {'stands' if len(twice) == 1 else 'stand'} there more than once."
    if len(answer["steps"]) != form["length"]:
        return f"{count(form['length'], 'step')} are expected; there {are(len(answer['steps']))} {len(answer['steps']):,}."
    missing = len(answer["steps"]) - len(steps)
    return f"{count(missing, 'place')} {are(missing)} still open. Give every step its place." if missing else None


def _first_wrong_link(steps: Sequence[str], place: int) -> str:
    if place == 0:
        return f"All but two neighbours stand right. The chain does not begin with {listed(steps[:1])}."
    return f"All but two neighbours stand right. The first link that does not hold leads from {listed(steps[place - 1 : place])} to {listed(steps[place : place + 1])}."


KINDS = (Order(),)
