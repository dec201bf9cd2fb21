"""A number: whole or not, finite or not."""

from __future__ import annotations

import decimal
import math
import numbers
from collections.abc import Iterator, Mapping
from typing import Any

from litu.answers.messages import written_number
from litu.answers.plain import MAX_INTEGER, NotPlain, Options, Plain, Scalar
from litu.kinds.base import Difference, Form, Kind, Path, Reader, Writer

NO_NUMBER = "Something divided by zero or a missing value came in. Look at each figure you use."
SPECIAL = ("nan", "inf", "-inf")
INSTEAD = {
    "text": "Take the quotation marks away, or convert it with `float(...)`.",
    "list": "Take the one value out: `[0]` gives the first.",
    "array": "Take the one value out: `[0]` gives the first.",
    "series": "Take the one value out, for example with `.iloc[0]`.",
    "table": "Take the one value out: name its row and its column.",
    "function": "Call the function, with its figures in brackets.",
    "dict": "Take the one entry out: name its key in square brackets.",
}


class Number(Kind):
    """``{"kind": "number", "value": 7}``; without a finite value ``{"value": None, "special": "nan"}``."""

    name = "number"
    words = "a number"
    rank = 20
    guarded = True
    lost = "Look at which figures you use and what is divided by what; print each on its own."

    def serialize(self, value: Any, depth: int, writer: Writer) -> Plain | None:
        if not isinstance(value, (numbers.Real, decimal.Decimal)):
            return None
        if isinstance(value, numbers.Integral):
            whole = int(value)
            return {"kind": "number", "value": whole} if abs(whole) < MAX_INTEGER else _special("inf" if whole > 0 else "-inf")
        as_float = float(value)
        return {"kind": "number", "value": as_float} if math.isfinite(as_float) else _special(str(as_float))

    def validate(self, given: Mapping[str, Any], depth: int, reader: Reader) -> Plain:
        value = given.get("value")
        if value is not None:
            return {"kind": "number", "value": reader.finite(value)}
        if reader.get(given, "special", str) not in SPECIAL:
            raise NotPlain("a number of no value")
        return _special(given["special"])

    def restore(self, plain: Plain) -> Any:
        return plain["value"] if plain["value"] is not None else float(plain["special"])

    def found(self, plain: Plain) -> str:
        return str(plain["special"]) if plain["value"] is None else written_number(plain["value"])

    def now(self, plain: Plain) -> str | None:
        return self.found(plain)

    def instead(self, answer: Plain) -> str | None:
        return INSTEAD.get(answer["kind"])

    def problem(self, answer: Plain, form: Form, options: Options) -> Difference | None:
        return Difference(0, NO_NUMBER) if answer["value"] is None else None

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        yield plain["value"] if plain["value"] is not None else plain.get("special")

    def numbers(self, answer: Plain, options: Options) -> Iterator[Path]:
        if answer["value"] is not None:
            yield ["value"], None

    def equivalents(self, answer: Plain, options: Options) -> Iterator[Plain]:
        if isinstance(answer["value"], int):
            yield {**answer, "value": float(answer["value"])}


def _special(name: str) -> Plain:
    return {"kind": "number", "value": None, "special": name}


KINDS = (Number(),)
