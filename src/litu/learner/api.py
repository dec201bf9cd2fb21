"""What a learner calls in a notebook: check, hint, solution, progress."""

from __future__ import annotations

import difflib
import json
import os
import textwrap
from functools import cache
from pathlib import Path
from typing import Any

from litu.answers.notes import Note, show, verdict_note
from litu.answers.verdict import Outcome, Verdict
from litu.compare.verdicts import judge
from litu.errors import LituError
from litu.kinds.registry import kinds
from litu.kinds.wire import arguments, inputs_of, to_plain
from litu.learner.progress import Progress
from litu.public_checks.judge import judge_sealed

TRIES_BEFORE_SOLUTION = 3
NEEDED = {"variable", "points", "hints", "options", "kind", "form", "feedback"}
"""What every entry of checks.json holds."""


class NotRightYet(Exception):
    """Raised only while nbgrader validates a notebook, so that it lists the cell with our message."""

    def _render_traceback_(self) -> list[str]:
        # `nbgrader validate` cuts a line at about 90 characters.
        return [line for part in str(self).splitlines() for line in textwrap.wrap(part, 80, break_on_hyphens=False)]


class Unit:
    """The checks of the unit whose notebook runs in this folder."""

    def __init__(self, folder: Path) -> None:
        path = folder / "checks.json"
        try:
            checks = json.loads(path.read_text(encoding="utf-8"))
            self.name, self.entries = str(checks["unit"]), dict(checks["exercises"])
            if not all(NEEDED <= set(entry) for entry in self.entries.values()):
                raise ValueError
        except FileNotFoundError:
            raise LituError(f"There is no checks.json in {folder}; open the notebook in its own folder of the course.") from None
        except (OSError, ValueError, KeyError, TypeError):
            raise LituError(f"{path} cannot be read; copy it again from the course's release folder.") from None
        self.key = self._find_key(folder)

    def _find_key(self, folder: Path) -> dict[str, Any] | None:
        """Return the answer key where the whole course is at hand, as in self-study and in grading."""
        for place in (folder, *folder.parents):
            path = place / "grading" / "keys" / f"{self.name}.json"
            if path.is_file():
                try:
                    return json.loads(path.read_text(encoding="utf-8"))
                except (OSError, ValueError):
                    raise LituError(f"{path} cannot be read; run `litu build {self.name}`.") from None
        return None

    def entry(self, name: str) -> dict[str, Any]:
        """Return the public entry of an exercise."""
        if not isinstance(name, str) or name not in self.entries:
            close = difflib.get_close_matches(str(name), self.entries, n=3, cutoff=0.4) or list(self.entries)
            raise LituError(f"This unit has no exercise {name!r}; did you mean {', '.join(close)}?")
        return self.entries[name]

    def judge(self, name: str, value: object) -> Verdict:
        """Judge an answer with the key if it is at hand, else with the public checks."""
        entry = self.entry(name)
        if self.key is None:
            return judge_sealed(to_plain(value, inputs_of(entry.get("inputs"))), entry)
        key = self.key["exercises"][name]
        return judge(to_plain(value, inputs_of(arguments(key["answer"]))), key)


def _unit() -> Unit:
    try:
        return _unit_in(Path.cwd())
    except FileNotFoundError:
        raise LituError("The folder this notebook ran in is gone; open the notebook again.") from None


@cache
def _unit_in(folder: Path) -> Unit:
    return Unit(folder)


def check(name: str, value: object, **options: Any) -> float | None:
    """Say whether ``value`` answers exercise ``name``.

    Shows one of: not started, right, partly right, wrong, recorded; it never
    raises in a learner's notebook. The options are the contract of the
    exercise as its author wrote it; they are read from the unit's checks.
    Under nbgrader it returns the points earned.
    """
    mode = os.environ.get("NBGRADER_EXECUTION", "")
    try:
        unit = _unit()
        if mode == "autograde" and unit.key is None:
            raise LituError(f"The answer key of {unit.name} is not at hand; run `litu build` before grading.")
        entry = unit.entry(name)
        verdict = unit.judge(name, value)
    except LituError as error:
        return _failed(name, str(error), mode)
    except (Exception, SystemExit) as error:
        return _failed(name, f"The check could not read your answer ({type(error).__name__}). Restart the kernel and run all cells.", mode)
    note = verdict_note(name, verdict, entry["points"])
    if mode == "validate" and verdict.outcome not in (Outcome.RIGHT, Outcome.RECORDED):
        raise NotRightYet(repr(note))
    show(note)
    if mode:
        return float(entry["points"] if verdict.outcome is Outcome.RECORDED else verdict.points(entry["points"]))
    _write_down(unit.name, name, verdict)
    return None


def _failed(name: str, what: str, mode: str) -> None:
    note = Note(f"! {name}: not checked", what, "#b42318")
    if mode:
        raise NotRightYet(repr(note))
    show(note)


def _write_down(unit: str, name: str, verdict: Verdict) -> None:
    if verdict.outcome is Outcome.NOT_STARTED:
        return
    progress_file = Progress(unit)
    entry = progress_file.of(name)
    entry.attempts += 1
    if entry.outcome != Outcome.RIGHT.value:
        entry.outcome = verdict.outcome.value
    progress_file.save()


def hint(name: str) -> None:
    """Show the next hint for exercise ``name``, one rung at a time."""
    try:
        unit = _unit()
        hints = unit.entry(name)["hints"]
    except LituError as error:
        return show(Note(f"! {name}", str(error)))
    if not hints:
        return show(Note(name, "There is no hint for this one. Read the task once more, aloud."))
    progress_file = Progress(unit.name)
    entry = progress_file.of(name)
    rung = min(entry.hints, len(hints) - 1)
    entry.hints = rung + 1
    progress_file.save()
    more = "" if rung + 1 == len(hints) else f' Run hint("{name}") again for the next.'
    show(Note(f"Hint {rung + 1} of {len(hints)} for {name}", hints[rung] + more, "#0b62b0"))


def solution(name: str) -> None:
    """Show the worked solution of exercise ``name``, once it is right or has been tried three times."""
    try:
        unit = _unit()
        unit.entry(name)
    except LituError as error:
        return show(Note(f"! {name}", str(error)))
    if unit.key is None:
        return show(Note(name, "Worked solutions of a graded class come after grading. Until then, hint() helps."))
    entry = Progress(unit.name).of(name)
    if entry.outcome != Outcome.RIGHT.value and entry.attempts < TRIES_BEFORE_SOLUTION:
        left = TRIES_BEFORE_SOLUTION - entry.attempts
        again = "once" if left == 1 else f"{left} times"
        return show(Note(name, f"Try it first: check an answer {again} more, or use hint(), then ask again."))
    show(Note(f"Worked solution of {name}", "Compare it line by line with yours.", "#1a7f37", code=unit.key["exercises"][name]["solution"]))


def progress() -> None:
    """Show how far you are in this unit."""
    try:
        unit = _unit()
    except LituError as error:
        return show(Note("! progress", str(error)))
    progress_file = Progress(unit.name)
    rows = [("exercise", "outcome", "attempts", "hints read", "points")]
    for name, entry in unit.entries.items():
        mine = progress_file.of(name)
        rows.append((name, mine.outcome, str(mine.attempts), f"{mine.hints} of {len(entry['hints'])}", f"{entry['points']:g}"))
    done = sum(row[1] == Outcome.RIGHT.value for row in rows)
    marked = sum(not kinds()[entry["kind"]].ungraded for entry in unit.entries.values())
    show(Note("Progress", f"{done} of {marked} exercises right.", "#0b62b0", tuple(rows)))
