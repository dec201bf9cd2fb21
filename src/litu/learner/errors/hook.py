"""Shows the explanation below the error: two callbacks of IPython's, the traceback left as it is.

A callback after the cell, and no exception handler, so that other handlers
work as ever. Whatever goes wrong in it is swallowed: an explanation is an
extra. Where nbgrader runs the notebook nothing is explained, because nothing
but the answers may count there.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterator
from typing import Any

from litu.answers.notes import Note, show
from litu.learner.errors.case import Case, kind_of

HEADING, COLOUR = "In plain words", "#0b62b0"
WARNINGS = ("pandas.errors.ChainedAssignmentError", "builtins.UserWarning")
"""Warnings that stand for a beginner's error, as pandas gives them."""
MOST_CELLS = 300
"""Cells run before that are looked into."""
_seen: list[object] = [None]
"""The error last shown before the cell that now runs."""


def explain_errors(on: bool = True) -> None:
    """Say in plain words what an error means, below its traceback; ``explain_errors(False)`` turns this off."""
    shell = _shell()
    if shell is None:
        return show(Note("Errors", "They are explained in a notebook only."))
    _register(shell) if on else _unregister(shell)
    show(
        Note("Errors", "They are explained from now on." if on else "They are no longer explained. `explain_errors()` turns this on again.")
    )


def install() -> None:
    """Explain errors where a notebook is running and nobody is grading it."""
    shell = _shell()
    if shell is not None and not os.environ.get("NBGRADER_EXECUTION"):
        _register(shell)


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def _register(shell: Any) -> None:
    _before()
    shell.events.register("pre_run_cell", _before)
    shell.events.register("post_run_cell", _after)


def _unregister(shell: Any) -> None:
    for event, callback in (("pre_run_cell", _before), ("post_run_cell", _after)):
        try:
            shell.events.unregister(event, callback)
        except ValueError:
            continue  # was off


def _before(info: object = None) -> None:
    _undrawn().clear()
    _seen[0] = getattr(sys, "last_value", None)


def _after(result: Any) -> None:
    try:
        shell = _shell()
        for error in _errors(result, shell.user_ns):
            if said := explanation(error, result, shell):
                return show(Note(HEADING, said, COLOUR))
    except BaseException:  # an explanation is an extra: without it the error stands as it is
        return
    finally:
        _before()


def explanation(error: BaseException, result: Any, shell: Any) -> str | None:
    """Return what to say about an error of the cell just run."""
    from litu.learner.errors.registry import explain  # loaded at the first error, not before

    cell, history = str(result.info.raw_cell), list(shell.history_manager.input_hist_raw)
    if history and history[-1].strip() == cell.strip():
        history.pop()
    return explain(
        Case(
            error,
            shell.user_ns,
            history[-MOST_CELLS:],
            cell,
            str(getattr(result.info, "cell_id", None) or ""),
            before_run=error is result.error_before_exec,
        )
    )


def _errors(result: Any, names: dict[str, Any]) -> Iterator[BaseException]:
    """Yield what went wrong in a cell: its error, one shown on the way to a value's display, a chart not drawn, a warning."""
    shown = getattr(sys, "last_value", None)
    for error in (result.error_before_exec, result.error_in_exec, None if shown is _seen[0] else shown, *_undrawn()):
        if isinstance(error, BaseException):
            yield error
    warned = names.get("__warningregistry__")
    for key in list(warned) if type(warned) is dict else ():
        if type(key) is tuple and len(key) == 3 and kind_of(key[1]) in WARNINGS:
            yield key[1](key[0])


def _undrawn() -> deque[Exception]:
    from litu.display.renderer import UNDRAWN  # loads what only a notebook needs

    return UNDRAWN
