"""An answer that is not there yet: its variable is still ``...``."""

from __future__ import annotations

import ast
import re

from litu.learner.errors.case import Case
from litu.learner.errors.notebook import exercise_of
from litu.learner.errors.registry import code, explains

_TOLD = re.compile(r"\bellipsis\b|\bEllipsis\b")


@explains("TypeError", "AttributeError")
def still_open(case: Case) -> str | None:
    """Name the variable that holds ``...`` and, if it is one, its exercise."""
    if not _TOLD.search(case.text) or isinstance(case.statement, ast.Raise):
        return None
    for node in case.nodes:
        if isinstance(node, ast.Constant) and node.value is ...:
            return "This line still has `...` where a value belongs. Put your own value in its place."
    for node in ast.walk(case.statement) if case.statement else ():
        if isinstance(node, ast.Name) and case.value(node) is ...:
            if exercise := exercise_of(node.id):
                return f'{code(node.id)} is still `...`: exercise "{exercise}" has no answer yet. Answer it, run its cell, then run this one again.'
            return f"{code(node.id)} is still `...`, so it has no value yet. Give it one, run its cell, then run this one again."
    return None
