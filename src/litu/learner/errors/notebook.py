"""The notebook's cells, run or not: which of them makes a name."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass

from litu.errors import LituError
from litu.learner.errors.case import Case, parsed
from litu.learner.errors.registry import code
from litu.learner.notebook_file import notebook_places
from litu.learner.unit import current_unit

MOST_BYTES = 5_000_000
_EXERCISE = re.compile(r"# Exercise ([\w-]{1,40}) \(")


@dataclass(frozen=True)
class Maker:
    """A cell that makes a name."""

    source: str
    above: bool
    """Whether it stands above the cell that failed."""
    ran: bool

    @property
    def label(self) -> str:
        """What to call the cell."""
        exercise = _EXERCISE.match(self.source.lstrip())
        if exercise:
            return f'the cell of exercise "{exercise[1]}"'
        lines = [line for line in self.source.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        return f"the cell that begins {code(lines[0] if lines else self.source)}"


def maker_of(name: str, case: Case) -> Maker | None:
    """Return the cell that makes ``name``: the last above the failing one, else the first below it."""
    cells = _cells(case)
    here = next(
        (number for number, (own, cell) in enumerate(cells) if (case.cell_id and own == case.cell_id) or cell.strip() == case.cell.strip()),
        None,
    )
    ran = {cell.strip() for cell in case.history}
    makers = [(number, cell) for number, (_, cell) in enumerate(cells) if number != here and name in made_by(cell)]
    above = [cell for number, cell in makers if here is None or number < here]
    found = above[-1] if above else makers[0][1] if makers else None
    if found is None or (here is None and found.strip() in ran):
        return None
    return Maker(found, bool(above), found.strip() in ran)


def made_by(source: str) -> set[str]:
    """Return the names that a cell assigns, defines or imports for the whole notebook."""
    tree = parsed(source)
    return set(_bound(tree)) if tree else set()


def _bound(tree: ast.AST) -> list[str]:
    """Return the names bound in a scope, those of inner functions left out."""
    found: list[str] = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.append(node.name)
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.append(node.id)
        elif isinstance(node, ast.alias):
            found.append((node.asname or node.name).partition(".")[0])
        if not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            found += _bound(node)
    return found


def function_that_makes(name: str, case: Case) -> str | None:
    """Return the function, run so far, inside which alone ``name`` gets a value."""
    for source in (case.cell, *reversed(case.history)):
        for node in ast.walk(parsed(source) or ast.Module([], [])):
            if isinstance(node, ast.FunctionDef) and name in _bound(node):
                return node.name
    return None


def exercise_of(variable: str) -> str | None:
    """Return the exercise of this unit whose answer goes into ``variable``."""
    try:
        entries = current_unit().entries
    except LituError:
        return None
    return next((exercise for exercise, entry in entries.items() if entry.variable == variable), None)


def _cells(case: Case) -> list[tuple[str, str]]:
    """Return the ids and texts of the code cells of the saved notebook; empty where it cannot be found."""
    for path in notebook_places(case.names):
        try:
            if path.stat().st_size > MOST_BYTES:
                continue
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            return [(str(cell.get("id", "")), "".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
    return []
