"""Arrows between nodes, as in an argument map: a list or set of pairs (from, to)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import comb

from litu.answers.messages import count, listed
from litu.answers.plain import Options, Plain, Scalar, squeezed
from litu.kinds.base import MOST_NEIGHBOURS, SAME, Difference, Form, Kind, can_be_told
from litu.kinds.forms.labels import MOST_LABELS, foreign, labels_of, no_choice, spelled
from litu.kinds.registry import kind_of
from litu.kinds.series import as_dict

Edge = tuple[str, str]


class Edges(Kind):
    """Read from a list, set or dict of pairs: ``{"kind": "edges", "edges": [["A", "B"]]}``, without repeats and open pairs."""

    name = "edges"
    words = "a list of pairs (from, to)"
    is_form = True

    def expected(self, options: Options) -> str:
        return self.words

    def read(self, answer: Plain, options: Options) -> Plain | None:
        if answer["kind"] == self.name:
            return answer
        pairs = _pairs(answer)
        if pairs is None or len(pairs) > MOST_LABELS or any(len(pair) != 2 for pair in pairs):
            return None
        edges = []
        for pair in pairs:
            labels = labels_of(pair)
            if labels is None:
                return None
            if None not in labels:
                edges.append([spelled(str(label), options["choices"]) for label in labels])
        return {"kind": "edges", "edges": [list(edge) for edge in dict.fromkeys(map(tuple, edges))]}

    def unfinished(self, answer: Plain) -> bool:
        return not answer["edges"]

    def misfit(self, answer: Plain, options: Options, points: float) -> str | None:
        return self.told(answer, {}, options)

    def told(self, answer: Plain, form: Form, options: Options) -> str | None:
        """Return what gives nothing away: labels of no node, loops, how many arrows there are."""
        strange = foreign([label for edge in answer["edges"] for label in edge], options["choices"])
        if strange:
            return no_choice(strange, options["choices"])
        loops = [label for label, end in answer["edges"] if label == end]
        if loops:
            return f"An arrow leads from {listed(loops[:1])} to itself."
        arrows = form.get("arrows", len(answer["edges"]))
        if arrows != len(answer["edges"]):
            return f"Yours has {count(len(answer['edges']), 'arrow')}; the solution has {arrows}."
        return None

    def form(self, answer: Plain, options: Options) -> Form:
        return {"arrows": len(answer["edges"])}

    def partly(self, rights: Sequence[Plain], options: Options) -> Iterator[tuple[Plain, Difference]]:
        """Yield each right answer with one arrow missing, turned or too many, where that does not make guessing easy."""
        several = [edges for right in rights for edges in _fewer(right["edges"])]
        extra = [edges for right in rights for edges in _more(right["edges"], options)]
        several += extra if len(several) + len(extra) <= MOST_NEIGHBOURS else []
        if can_be_told(len(several), min(self.room(right, options) for right in rights)):
            for edges in several:
                answer = {**rights[0], "edges": edges}
                yield answer, self.compare(answer, rights, options)

    def compare(self, answer: Plain, rights: Sequence[Plain], options: Options) -> Difference:
        return max((self._compare(answer, right, options) for right in rights), key=lambda found: found.share)

    def _compare(self, answer: Plain, right: Plain, options: Options) -> Difference:
        """Count hits, less what is extra or reversed; what arrows to or from one node alone would earn is taken off."""
        own, wanted = _set(answer), _set(right)
        if own == wanted:
            return SAME
        share, best = _share(own, wanted), max(_share(star, wanted) for star in _constants(options))
        reversed_ = sorted((start, end) for start, end in own - wanted if (end, start) in wanted - own)
        extra = sorted(own - wanted - set(reversed_))
        missing = sorted((start, end) for start, end in wanted - own if (end, start) not in own)
        advice = self.told(answer, {}, options) or " ".join(_advice(reversed_, extra, missing, options))
        parts = tuple(f"{start} → {end}" for start, end in [*reversed_, *extra])
        return Difference(max(0.0, (share - best) / (1 - best)) if best < 1 else 0.0, advice, parts)

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        yield from (label for edge in sorted(_set(plain)) for label in edge)

    def room(self, right: Plain, options: Options) -> float:
        nodes = len(options["choices"])
        return float(comb(nodes * (nodes - 1), len(right["edges"])))

    def only_wholes(self, form: Form) -> bool:
        return True

    def equivalents(self, answer: Plain, options: Options) -> Iterator[Plain]:
        pairs = [
            {"kind": "list", "items": [{"kind": "text", "value": f" {label.upper()}"} for label in edge]} for edge in answer["edges"][::-1]
        ]
        yield {"kind": "list", "items": pairs}
        yield {"kind": "set", "items": pairs + pairs[:1]}

    def constants(self, answer: Plain, options: Options) -> Iterator[Plain]:
        for star in _constants(options):
            yield {**answer, "edges": [list(edge) for edge in sorted(star)]}


def _pairs(answer: Plain) -> list[list[Plain]] | None:
    if answer["kind"] == "series" and not answer["index"]["default"]:
        answer = as_dict(answer)
    if answer["kind"] == "dict":
        return [[key, end] for key, value in zip(answer["keys"], answer["values"], strict=True) for end in _ends(value)]
    answer = kind_of(answer).as_list(answer) or answer
    if answer["kind"] not in ("list", "set"):
        return None
    return [item["items"] if item["kind"] == "list" else [] for item in answer["items"] if item["kind"] != "nothing"]


def _ends(value: Plain) -> list[Plain]:
    return list(value["items"]) if value["kind"] in ("list", "set") else [value]


def _fewer(edges: list[list[str]]) -> Iterator[list[list[str]]]:
    """Yield the arrows with one of them missing, or turned."""
    for place, (start, end) in enumerate(edges):
        rest = [*edges[:place], *edges[place + 1 :]]
        yield rest
        if [end, start] not in edges:
            yield [*rest, [end, start]]


def _more(edges: list[list[str]], options: Options) -> Iterator[list[list[str]]]:
    """Yield the arrows with one too many."""
    nodes = [str(choice) for choice in options["choices"]]
    yield from ([*edges, [start, end]] for start in nodes for end in nodes if start != end and [start, end] not in edges)


def _set(answer: Plain) -> set[Edge]:
    return {(squeezed(start), squeezed(end)) for start, end in answer["edges"]}


def _share(own: set[Edge], wanted: set[Edge]) -> float:
    return max(0.0, (len(own & wanted) - len(own - wanted)) / len(wanted))


def _constants(options: Options) -> Iterator[set[Edge]]:
    """Yield what can be drawn without reading: all arrows there are, all to one node, all from one node."""
    nodes = [squeezed(str(choice)) for choice in options["choices"]]
    every = {(start, end) for start in nodes for end in nodes if start != end}
    yield every
    for node in nodes:
        yield {edge for edge in every if edge[0] == node}
        yield {edge for edge in every if edge[1] == node}


def _advice(reversed_: list[Edge], extra: list[Edge], missing: list[Edge], options: Options) -> Iterator[str]:
    names = {squeezed(str(choice)): str(choice) for choice in options["choices"]}

    def named(edges: list[Edge]) -> str:
        return listed(f"{names.get(start, start)} → {names.get(end, end)}" for start, end in edges)

    if reversed_:
        yield f"{named(reversed_)} {'points' if len(reversed_) == 1 else 'point'} the wrong way."
    if extra:
        yield f"{named(extra)} {'does' if len(extra) == 1 else 'do'} not belong."
    if missing:
        starts = list(dict.fromkeys(names[start] for start, _ in missing))
        yield f"{count(len(missing), 'arrow')} {'is' if len(missing) == 1 else 'are'} missing; look at what leaves {listed(starts[:1])}."


KINDS = (Edges(),)
