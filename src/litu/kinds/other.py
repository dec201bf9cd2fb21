"""What is no answer: a placeholder, and values that no check can compare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litu.answers.messages import short
from litu.answers.plain import Plain
from litu.kinds.base import Kind, Reader, Writer


class Nothing(Kind):
    """``...`` or None: ``{"kind": "nothing"}``."""

    name = "nothing"
    words = "nothing yet"
    rank = 0

    def serialize(self, value: Any, depth: int, writer: Writer) -> Plain | None:
        return {"kind": "nothing"} if value is None or value is Ellipsis else None

    def validate(self, given: Mapping[str, Any], depth: int, reader: Reader) -> Plain:
        return {"kind": "nothing"}


class Other(Kind):
    """A value of no known kind, described: ``{"kind": "other", "type": "builtins.module"}``."""

    name = "other"
    words = "something else"
    rank = 1000

    def validate(self, given: Mapping[str, Any], depth: int, reader: Reader) -> Plain:
        return {"kind": "other", "type": reader.get(given, "type", str)[:300]}

    def found(self, plain: Plain) -> str:
        return short(plain["type"].removeprefix("builtins."), 80)


KINDS = (Nothing(), Other())
