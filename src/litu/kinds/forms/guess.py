"""A guess made before the figures are known: written down, never marked."""

from __future__ import annotations

from collections.abc import Iterator

from litu.answers.plain import Options, Plain, Scalar
from litu.kinds.base import Kind


class Guess(Kind):
    """Read from any answer; whatever it is, it is noted and earns nothing."""

    name = "guess"
    words = "your guess"
    is_form = True
    ungraded = True

    def expected(self, options: Options) -> str:
        return f"{self.words} ({options['unit']})" if options.get("unit") else self.words

    def read(self, answer: Plain, options: Options) -> Plain | None:
        return answer

    def misfit(self, answer: Plain, options: Options, points: float) -> str | None:
        return "a guess is never marked; give it `points: 0`" if points else None

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        yield from ()


KINDS = (Guess(),)
