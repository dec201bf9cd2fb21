"""Collects what one cell shows, as notebook outputs, up to a size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from litu.grading.execution.protocol import BadMessage
from litu.grading.sandbox.limits import Limits
from litu.grading.sanitize import harmless_chart

CHART = re.compile(r"application/vnd\.vegalite\.v\d+[.+]json")
"""The one rich output that is kept. HTML of a student's does not reach the instructor's browser."""

_MOST_OUTPUTS = 500
_FLOOD = 100
"""A cell that writes this many times what it may show is stopped."""


_OF_AN_ITEM = 200
"""Bytes of text for which one output counts besides what is in it."""


@dataclass
class Room:
    """What the cells of a notebook may still show, all together, in bytes."""

    text: int
    charts: int

    @classmethod
    def of(cls, limits: Limits) -> Room:
        """Return the room of a whole notebook."""
        return cls(limits.output_bytes_total, limits.chart_bytes_total)


class Outputs:
    """The outputs of one run of one cell; everything handed in is untrusted. What is kept is taken from the notebook's ``room``."""

    def __init__(self, limits: Limits, execution_count: int, room: Room | None = None) -> None:
        self._limits = limits
        self._count = execution_count
        self._room = room or Room.of(limits)
        self._items: list[dict[str, Any]] = []
        self._text_left = limits.output_bytes
        self._charts_left = limits.answer_bytes
        self._seen = 0
        self.cut = False

    @property
    def flooded(self) -> bool:
        """Whether the cell goes on writing far beyond what is kept."""
        return self._seen > _FLOOD * self._limits.output_bytes

    def write(self, name: str, data: bytes) -> None:
        """Take text written to ``stdout`` or ``stderr``."""
        self._seen += len(data)
        data = self._kept(data)
        if not data:
            return
        last = self._items[-1] if self._items else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += data
        else:
            self._add({"output_type": "stream", "name": name, "text": bytearray(data)})

    def display(self, output: Any, size: int) -> None:
        """Take a displayed value whose message had ``size`` bytes; BadMessage when it is not one."""
        kind, data = (output.get("output_type"), output.get("data")) if isinstance(output, dict) else (None, None)
        if kind not in ("execute_result", "display_data") or not isinstance(data, dict):
            raise BadMessage("an output of no known form")
        text = data.get("text/plain")
        if not isinstance(text, str):
            raise BadMessage("an output without text")
        self._seen += size
        kept: dict[str, Any] = {}
        given = {name: spec for name, spec in data.items() if CHART.fullmatch(name) and isinstance(spec, dict)}
        charts = {name: harmless for name, spec in given.items() if (harmless := harmless_chart(spec)) is not None}
        if len(charts) < len(given):
            text += "\n[Not drawn here: the chart loads something from elsewhere.]"
        if charts and size <= min(self._charts_left, self._room.charts):
            self._charts_left -= size
            self._room.charts -= size
            kept.update(charts)
        elif charts:
            self.cut = True
        kept["text/plain"] = self._kept(text.encode()).decode(errors="ignore")
        item = {"output_type": kind, "data": kept, "metadata": {}}
        self._add({**item, "execution_count": self._count} if kind == "execute_result" else item)

    def error(self, error: Any) -> str:
        """Take the error that ended the cell; return its name."""
        if not isinstance(error, dict) or not all(isinstance(error.get(key), str) for key in _ERROR):
            raise BadMessage("an error of no known form")
        name, value, traceback = (str(error[key]) for key in _ERROR)
        lines = self._kept(traceback.encode()).decode(errors="ignore").splitlines()
        self._items.append({"output_type": "error", "ename": name[:200], "evalue": value[:2000], "traceback": lines})
        return name

    def grader_says(self, name: str, sentence: str) -> None:
        """Add a sentence of the grader's own, in the form of an error."""
        line = f"{name}: {sentence}"
        self._items.append({"output_type": "error", "ename": name, "evalue": sentence, "traceback": [line]})

    def notebook_form(self) -> list[dict[str, Any]]:
        """Return the outputs as nbformat has them, with a line at the end when some were cut."""
        items = [
            {**item, "text": item["text"].decode(errors="replace").replace("\0", "\ufffd")} if item["output_type"] == "stream" else item
            for item in self._items
        ]
        if self.cut:
            cell, notebook = self._limits.output_bytes // 1000, self._limits.output_bytes_total // 1000
            note = f"\n[Cut here: a cell may show {cell} kB, and a notebook {notebook} kB.]\n"
            items.append({"output_type": "stream", "name": "stderr", "text": note})
        return items

    def _kept(self, data: bytes) -> bytes:
        left = max(min(self._text_left, self._room.text), 0)
        if len(data) > left:
            self.cut = True
        data = data[:left]
        self._text_left -= len(data)
        self._room.text -= len(data)
        return data

    def _add(self, item: dict[str, Any]) -> None:
        if len(self._items) < _MOST_OUTPUTS and self._room.text >= 0:
            self._items.append(item)
            self._room.text -= _OF_AN_ITEM
        else:
            self.cut = True


_ERROR = ("ename", "evalue", "traceback")
