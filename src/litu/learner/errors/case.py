"""An error as the explanations see it: its kind, its message, and the learner's line it came from.

Nothing here runs the learner's code. Values are looked up by name and told by
their exact type; none is printed, compared or called.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import FrameType, TracebackType
from typing import Any

MISSING = object()
"""Stands for a value that is not known."""
MOST_LINES = 5_000
LONGEST_CELL = 100_000
"""Characters of a cell that is looked into."""


@dataclass(frozen=True)
class Case:
    """One error, with the notebook in which it happened."""

    error: BaseException
    names: dict[str, Any]
    """The notebook's variables."""
    history: Sequence[str] = ()
    """The cells run before this one, oldest first."""
    cell: str = ""
    cell_id: str = ""
    """The failing cell's id in the notebook, where the front end tells it."""
    before_run: bool = False
    """Whether the cell could not be read, so that none of it ran."""

    @cached_property
    def kind(self) -> str:
        """The full name of the error's class; empty for a class that is not what its name says."""
        return kind_of(type(self.error))

    @cached_property
    def text(self) -> str:
        """The message, where it is a plain text."""
        for said in self.error.args[:1]:
            return said if type(said) is str else ""
        return ""

    @cached_property
    def steps(self) -> list[TracebackType]:
        """The steps of the traceback, from the learner's cell inwards."""
        steps: list[TracebackType] = []
        step = self.error.__traceback__
        while step is not None and len(steps) < MOST_LINES:
            steps.append(step)
            step = step.tb_next
        mine = [number for number, one in enumerate(steps) if one.tb_frame.f_globals is self.names]
        return steps[mine[0] :] if mine else steps

    @cached_property
    def _step(self) -> TracebackType | None:
        """The innermost step in the learner's own code."""
        return next((step for step in reversed(self.steps) if step.tb_frame.f_globals is self.names), None)

    @property
    def own(self) -> bool:
        """Whether the error came from a line of the learner's, and was not raised there on purpose."""
        return (
            bool(self.steps) and self.steps[-1] is self._step and self.statement is not None and not isinstance(self.statement, ast.Raise)
        )

    @cached_property
    def inner(self) -> list[FrameType]:
        """The frames below the learner's line."""
        return [step.tb_frame for step in self.steps if step.tb_frame.f_globals is not self.names]

    def through(self, package: str) -> bool:
        """Whether the error came out of ``package``, called by the learner's innermost line or by the display of its value."""
        if self.steps and self.steps[-1] is self._step:
            return False
        return any(str(frame.f_globals.get("__name__", "")).partition(".")[0] == package for frame in self.inner)

    # The learner's line

    @cached_property
    def tree(self) -> ast.Module | None:
        """The code that the failing line belongs to."""
        if self._step is None:
            return None
        lines = linecache.getlines(self._step.tb_frame.f_code.co_filename)
        return parsed("".join(lines[:MOST_LINES]))

    @cached_property
    def _parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)} if self.tree else {}

    @cached_property
    def node(self) -> ast.AST | None:
        """The expression that failed, where Python tells it."""
        if self._step is None or self.tree is None or self._step.tb_lasti < 0:
            return None
        positions = list(self._step.tb_frame.f_code.co_positions())
        index = self._step.tb_lasti // 2
        wanted = positions[index] if index < len(positions) else None
        found = [node for node in ast.walk(self.tree) if isinstance(node, ast.expr | ast.stmt) and place(node) == wanted]
        return next((node for node in found if isinstance(node, ast.expr)), found[0] if found else None)

    @cached_property
    def statement(self) -> ast.stmt | None:
        """The smallest statement that holds the failing line."""
        if self._step is None or self.tree is None:
            return None
        line = self._step.tb_lineno
        found = [
            node for node in ast.walk(self.tree) if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
        ]
        return min(found, key=lambda node: (node.end_lineno or 0) - node.lineno, default=None)

    @property
    def nodes(self) -> list[ast.AST]:
        """The failing expression and what is in it; the whole statement where Python does not tell the expression."""
        top = self.node or self.statement
        if top is None:
            return []
        if isinstance(top, ast.If | ast.While):
            top = top.test
        return list(ast.walk(top))

    def above(self, node: ast.AST | None) -> Iterator[ast.AST]:
        """Yield what a node stands in, from inside outwards."""
        while node is not None and (node := self._parents.get(node)) is not None:
            yield node

    # Values

    def value(self, node: ast.AST | None) -> Any:
        """Return the value of a name as it was when the error came; MISSING for anything else."""
        if not isinstance(node, ast.Name) or self._step is None:
            return MISSING
        for known in self._scopes():
            if node.id in known:
                return known[node.id]
        return MISSING

    def _scopes(self) -> Iterator[Mapping[str, Any]]:
        frame = self._step.tb_frame if self._step else None
        if frame is not None and frame.f_code.co_flags & inspect.CO_OPTIMIZED:
            yield frame.f_locals
        yield self.names


def kind_of(cls: type) -> str:
    """Return the module and name of a class if they lead back to it, else an empty text."""
    module, name = type.__getattribute__(cls, "__module__"), type.__getattribute__(cls, "__qualname__")
    if type(module) is not str or module == "__main__":
        return ""
    home = sys.modules.get(module)
    return f"{module}.{name}" if home is not None and vars(home).get(name, MISSING) is cls else ""


def place(node: ast.expr | ast.stmt) -> tuple[int, int | None, int, int | None]:
    """Return where a node stands, in the order of ``co_positions``."""
    return node.lineno, node.end_lineno, node.col_offset, node.end_col_offset


def parsed(source: str) -> ast.Module | None:
    """Return the syntax tree of a cell, its magics left out, or None where it has none."""
    if len(source) > LONGEST_CELL:
        return None
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()]
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
