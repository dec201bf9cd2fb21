"""A text, free or one of the author's choices; a date is its ISO text."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from litu.answers.messages import short
from litu.answers.plain import Options, Plain, Scalar, tidy
from litu.kinds.base import Difference, Form, Kind, Reader, Writer

NO_CHOICE = "That is not one of the choices. Copy one of them exactly."


class Text(Kind):
    """``{"kind": "text", "value": "Jiangsu"}``."""

    name = "text"
    words = "a text in quotation marks"
    rank = 30
    lost = "Read the passage or the figures again and choose anew."

    def serialize(self, value: Any, depth: int, writer: Writer) -> Plain | None:
        if isinstance(value, str):
            return {"kind": "text", "value": str(value)}
        if isinstance(value, datetime.date) and value is not pd.NaT:
            return {"kind": "text", "value": value.isoformat().removesuffix("T00:00:00")}
        return None

    def validate(self, given: Mapping[str, Any], depth: int, reader: Reader) -> Plain:
        return {"kind": "text", "value": reader.get(given, "value", str)}

    def restore(self, plain: Plain) -> Any:
        return plain["value"]

    def found(self, plain: Plain) -> str:
        return f'the text "{short(plain["value"], 40)}"'

    def now(self, plain: Plain) -> str | None:
        return f'"{short(plain["value"], 40)}"'

    def problem(self, answer: Plain, form: Form, options: Options) -> Difference | None:
        choices = options.get("choices")
        return Difference(0, NO_CHOICE) if choices and tidy(answer["value"]) not in map(tidy, choices) else None

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        yield plain["value"]

    def secrets(self, answer: Plain) -> list[str]:
        return [answer["value"]]

    def equivalents(self, answer: Plain, options: Options) -> Iterator[Plain]:
        yield {**answer, "value": f" {answer['value'].upper()} "}


KINDS = (Text(),)
