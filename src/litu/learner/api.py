"""What a learner calls in a notebook to know where an answer, or a unit, stands: check and progress."""

from __future__ import annotations

import os
import textwrap
from typing import Any

from litu.answers.messages import short
from litu.answers.notes import Note, show, verdict_note
from litu.answers.verdict import Outcome, Verdict
from litu.errors import LituError
from litu.kinds.registry import kinds
from litu.learner.unit import MISSING, Unit, current_unit


class NotRightYet(Exception):
    """Raised only while nbgrader validates a notebook, so that it lists the cell with our message."""

    def _render_traceback_(self) -> list[str]:
        # `nbgrader validate` cuts a line at about 90 characters.
        return [line for part in str(self).splitlines() for line in textwrap.wrap(part, 80, break_on_hyphens=False)]


def check(name: str = MISSING, value: object = MISSING, **options: Any) -> float | None:
    """Say whether ``value`` answers exercise ``name``.

    Shows one of: not started, right, partly right, wrong, recorded; it never
    raises in a learner's notebook. The options are the contract of the
    exercise as its author wrote it; they are read from the unit's checks.
    Under nbgrader it returns the points earned.
    """
    mode = os.environ.get("NBGRADER_EXECUTION", "")
    try:
        unit = current_unit()
        if mode == "autograde" and unit.key is None:
            raise LituError(f"The answer key of {unit.name} is not at hand; run `litu build` before grading.")
        entry = unit.asked(name, value)
        verdict = unit.judge(name, value)
    except LituError as error:
        _failed(_shown(name), str(error), mode)
        return None
    except (Exception, SystemExit) as error:
        _failed(_shown(name), f"The check could not read your answer ({type(error).__name__}). Restart the kernel and run all cells.", mode)
        return None
    note = verdict_note(name, verdict, entry.points)
    if mode == "validate" and verdict.outcome not in (Outcome.RIGHT, Outcome.RECORDED):
        raise NotRightYet(repr(note))
    show(note)
    if mode:
        return float(entry.points if verdict.outcome is Outcome.RECORDED else verdict.points(entry.points))
    _write_down(unit, name, verdict)
    return None


def _shown(name: object) -> str:
    return short(name, 60) if isinstance(name, str) else "check"


def _failed(name: str, what: str, mode: str) -> None:
    note = Note(f"! {name}: not checked", what, "#b42318")
    if mode:
        raise NotRightYet(repr(note))
    show(note)


def _write_down(unit: Unit, name: str, verdict: Verdict) -> None:
    if verdict.outcome is Outcome.NOT_STARTED:
        return
    with unit.progress().change(name) as entry:
        entry.attempts += 1
        if entry.outcome != Outcome.RIGHT.value:
            entry.outcome = verdict.outcome.value
        entry.settled |= verdict.settled


def progress() -> None:
    """Show how far you are in this unit."""
    try:
        unit = current_unit()
    except LituError as error:
        return show(Note("! progress", str(error)))
    record = unit.progress()
    rows = [("exercise", "outcome", "attempts", "hints read", "worth")]
    for name, entry in unit.entries.items():
        mine = record.of(name)
        outcome = mine.outcome + (f" ({mine.helped})" if mine.helped else "")
        rows.append((name, outcome, str(mine.attempts), f"{mine.hints} of {len(entry.hints)}", _worth(entry.points)))
    done = sum(record.of(name).outcome == Outcome.RIGHT.value for name in unit.entries)
    marked = sum(not kinds()[entry.kind].ungraded for entry in unit.entries.values())
    show(Note("Progress", f"{done} of {marked} exercises right.", "#0b62b0", tuple(rows)))


def _worth(points: float) -> str:
    return f"{points:g} point" + ("" if points == 1 else "s") if points else "practice"
