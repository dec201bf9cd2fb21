"""What nbgrader prints, fit for a terminal: names that students chose are in it, and may hold what moves the cursor or hides text."""

from __future__ import annotations

import logging
from pathlib import Path

from litu.grading.results.plain_text import plain

_LONGEST = 2_000
_UNMATCHED = "No notebooks were matched by"


class PlainLog(logging.Filter):
    """Spells out control characters, and says more where nbgrader says too little."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record for every handler that comes after; none is left out."""
        said = record.getMessage()
        if said.startswith(_UNMATCHED) and record.levelno == logging.WARNING:
            said += _what_to_do(Path(said.removeprefix(_UNMATCHED).strip(" '")).parent)
        record.msg, record.args = _lines(said), None
        if record.exc_info:
            record.exc_text = _lines(record.exc_text or logging.Formatter().formatException(record.exc_info))
        return True


def _lines(text: str) -> str:
    return "\n".join(plain(line, _LONGEST) for line in text.split("\n"))


def _what_to_do(folder: Path) -> str:
    student, unit = folder.parent.name, folder.name
    return (
        f"\n{folder} holds no file that ends in .ipynb. Beside other students' notebooks its work is graded all the same; "
        f"on its own nbgrader cannot: run `litu grade {unit} --student {student!r}`, or rename the notebook to {unit}.ipynb."
    )
