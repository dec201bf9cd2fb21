"""The scorecard of claims: which the course tests, and what the learner's own right answers have settled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from litu.answers.contract import read_checks
from litu.answers.notes import Note, show
from litu.answers.verdict import Outcome
from litu.dataset.tables import load
from litu.errors import LituError
from litu.learner.progress import Entry, Progress

COLUMNS = ["claim", "document", "unit", "exercise", "verdict"]
OPEN = "not yet tested"
LATER = "after grading"
"""For an answer whose verdict a student's copy cannot give."""


def scorecard() -> pd.DataFrame:
    """Return the claims that the units beside this one test, one row each, with the verdict that your right answer supports.

    Columns: `claim`, `document`, `unit` (its folder), `exercise` and `verdict`, which is "not yet tested" until the exercise is right.
    A claim that two exercises test has two rows. Verdicts come from this computer's record of your checks (see
    :class:`litu.learner.progress.Progress`): no file of the course tells them without the right answer.
    """
    documents = load("claims").set_index("claim")["document"]
    rows = [
        (line["claim"], documents.get(line["claim"], ""), unit, line["exercise"], _verdict(own.of(line["exercise"]), line["claim"]))
        for unit, course, lines in _units(Path.cwd().parent)
        for own in [Progress(unit, course)]
        for line in lines
    ]
    if not rows:
        show(
            Note("! scorecard", "No unit of the course was found beside this one. Keep the folders of the units together, as you got them.")
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def _verdict(entry: Entry, claim: str) -> str:
    if claim in entry.settled:
        return entry.settled[claim]
    return LATER if entry.outcome in (Outcome.RIGHT.value, Outcome.RECORDED.value) else OPEN


def _units(folder: Path) -> Iterator[tuple[str, str, list[dict[str, str]]]]:
    """Yield the units in ``folder`` with the public lines of their scorecards; what cannot be read is told and left out."""
    for path in sorted(folder.glob("*/checks.json")):
        try:
            checks = read_checks(path)
            yield checks.unit, checks.course, list(checks.scorecard)
        except LituError as error:
            show(Note("! scorecard", str(error)))
