"""What helps a learner on: the next hint, the worked solution beside one's own, skipping, starting again."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from litu.answers.contract import WrittenKey
from litu.answers.notes import Note, show
from litu.answers.verdict import Outcome
from litu.errors import LituError
from litu.learner.copies import put_back
from litu.learner.unit import Unit, current_unit

TRIES_BEFORE_SOLUTION = 3
HELP, DONE = "#0b62b0", "#1a7f37"


def _known(name: object, call: str) -> Unit | None:
    """Return the unit if it has the exercise ``name``; else say what to write and return None."""
    try:
        unit = current_unit()
        if name is None:
            raise LituError(f'Say which exercise, for example {call}("{next(iter(unit.entries))}").')
        unit.entry(name)
    except LituError as error:
        show(Note(f"! {call}", str(error)))
        return None
    return unit


def hint(name: str | None = None) -> None:
    """Show the next hint for exercise ``name``, one rung at a time."""
    unit = _known(name, "hint")
    if unit is None or name is None:
        return
    hints = unit.entry(name).hints
    if not hints:
        return show(Note(name, "There is no hint for this one. Read the task once more, aloud."))
    with unit.progress().change(name) as entry:
        rung = min(entry.hints, len(hints) - 1)
        entry.hints = rung + 1
    more = "" if rung + 1 == len(hints) else f' Run hint("{name}") again for the next.'
    show(Note(f"Hint {rung + 1} of {len(hints)} for {name}", hints[rung] + more, HELP))


def solution(name: str | None = None, *, now: bool = False) -> None:
    """Show the worked solution of exercise ``name`` beside your own: once it is right, after three tries, or with ``now=True``."""
    if isinstance(name, str) and (written := _written(name)):
        return _show_written(name, written)
    unit = _known(name, "solution")
    if unit is None or name is None:
        return
    if unit.key is None:
        return show(Note(name, "Worked solutions of a graded class come after grading. Until then, hint() helps."))
    entry = unit.progress().of(name)
    if entry.outcome != Outcome.RIGHT.value:
        left = TRIES_BEFORE_SOLUTION - entry.attempts
        if left > 0 and not now:
            again = "once" if left == 1 else f"{left} times"
            wait = f'Try it first: check an answer {again} more, or use hint(). Or ask now with solution("{name}", now=True); it is then marked as seen.'
            return show(Note(name, wait))
        with unit.progress().change(name) as changed:
            changed.helped = changed.helped or "seen"
    text = "One route among others. Compare it line by line with yours."
    show(Note(f"Worked solution of {name}", text, DONE, codes=_beside_own(name, unit.key.exercises[name].solution)))


def _beside_own(name: str, worked: str) -> tuple[tuple[str, str], ...]:
    own = _own_code(name)
    return (("Yours", own), ("Worked", worked)) if own else (("Worked", worked),)


def _shell() -> Any:
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return get_ipython()


def _own_code(name: str) -> str:
    """Return the code that the learner last ran in the cell of exercise ``name``, if any of it is left."""
    shell = _shell()
    ran = list(shell.user_ns.get("In", [])) if shell is not None else []
    title = re.compile(rf"# Exercise {re.escape(name)} \(")
    found = next((str(cell) for cell in reversed(ran) if title.match(str(cell))), "")
    return "\n".join(found.splitlines()[1:]).strip()


def _written(name: str) -> WrittenKey | None:
    try:
        unit = current_unit()
    except LituError:
        return None
    return unit.key.written.get(name) if unit.key else None


def _show_written(name: str, written: WrittenKey) -> None:
    """Show what a good answer to a written task can look like, for whoever has written one."""
    parts = [("A good answer", written.model)]
    if written.sample:
        parts.append(("A middling answer", written.sample))
    if written.comments:
        parts.append(("What a marker listens for", "\n".join(f"- {comment}" for comment in written.comments)))
    show(Note(f"Written task {name}", "Write your own answer first; then mark it as a teacher would.", DONE, codes=tuple(parts)))


def skip(name: str | None = None) -> None:
    """Give the answer of exercise ``name`` to the cells below, so that you can go on; it earns no points and is marked as skipped."""
    unit = _known(name, "skip")
    if unit is None or name is None:
        return
    if unit.key is None:
        return show(
            Note(
                name,
                "In a graded class an exercise can be skipped after grading. Until then go on with the next part: each part starts afresh.",
            )
        )
    shell = _shell()
    if shell is None:
        return show(Note(name, "An exercise can be skipped in a notebook only."))
    key = unit.key.exercises[name]
    shell.ex(key.solution)
    with unit.progress().change(name) as entry:
        if entry.outcome != Outcome.RIGHT.value:
            entry.helped = "skipped"
    text = f"`{key.variable}` now holds the worked answer, so later cells run. It earns no points; come back when you like."
    show(Note(f"→ {name}: skipped", text, HELP))


def reset(name: str | None = None) -> None:
    """Start again: put the starting lines of exercise ``name`` into a new cell below, or a whole unit, by its name, back as it was handed out.

    What you wrote stays: in its cell, or in a notebook under another name.
    """
    if (whole := _named_unit(name)) is not None:
        return _reset_unit(whole)
    unit = _known(name, "reset")
    if unit is None or name is None:
        return
    starter, shell = unit.entry(name).starter, _shell()
    if not starter or shell is None:
        return show(Note(name, "Its starting lines are not at hand here; open the released notebook again."))
    kept = datetime.now().strftime("%Y-%m-%d %H:%M")
    shell.set_next_input(f"# Exercise {name}, as it was at the start ({kept})\n{starter}", replace=False)
    text = "A new cell below has the starting lines. Your own lines stay in their cell; take out what you do not want to keep."
    show(Note(name, text, HELP))


def _named_unit(name: object) -> Unit | None:
    """Return the unit if ``name`` is its own: the whole or the number before its first dash."""
    try:
        unit = current_unit()
    except LituError:
        return None
    return unit if name in (unit.name, unit.name.split("-")[0]) and name not in unit.entries else None


def _reset_unit(unit: Unit) -> None:
    try:
        kept = put_back(unit)
    except LituError as error:
        return show(Note("! reset", str(error)))
    text = f"Close this tab without saving, then open {unit.name}.ipynb again: it is as it was handed out."
    if kept is not None:
        text += f" What you had saved is kept beside it as {kept.name}, which opens and runs too."
    show(Note(f"{unit.name}: put back", f"{text} Your progress stays as it is.", HELP))
