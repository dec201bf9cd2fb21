"""True or False."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from litu.answers.plain import Plain, Scalar
from litu.kinds.base import Kind, Reader, Writer

INSTEAD = {
    "number": "Compare two figures with `<` or `>` to get True or False.",
    "text": "True and False are written without quotation marks.",
}


class Boolean(Kind):
    """``{"kind": "boolean", "value": True}``."""

    name = "boolean"
    words = "True or False"
    rank = 10
    lost = "Write down the two figures side by side and compare again."

    def serialize(self, value: Any, depth: int, writer: Writer) -> Plain | None:
        return {"kind": "boolean", "value": bool(value)} if isinstance(value, (bool, np.bool_)) else None

    def validate(self, given: Mapping[str, Any], depth: int, reader: Reader) -> Plain:
        return {"kind": "boolean", "value": reader.get(given, "value", bool)}

    def restore(self, plain: Plain) -> Any:
        return plain["value"]

    def found(self, plain: Plain) -> str:
        return str(plain["value"])

    def now(self, plain: Plain) -> str | None:
        return self.found(plain)

    def instead(self, answer: Plain) -> str | None:
        return INSTEAD.get(answer["kind"])

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        yield plain["value"]


KINDS = (Boolean(),)
