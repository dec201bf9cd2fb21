"""Small faults planted in a solution, to see whether its check notices."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.Lt: ast.Gt,
    ast.Gt: ast.Lt,
    ast.LtE: ast.Gt,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
CALLS = {
    "sum": "mean",
    "mean": "sum",
    "max": "min",
    "min": "max",
    "head": "tail",
    "idxmax": "idxmin",
    "idxmin": "idxmax",
    "first": "last",
    "last": "first",
    "count": "sum",
    "cumsum": "sum",
    "mark_bar": "mark_line",
    "mark_line": "mark_bar",
}
MOST = 15
"""At most so many faults are planted in one solution."""


def mutants(source: str) -> Iterator[str]:
    """Yield variants of ``source``, each with one operator, number, flag or method changed."""
    tree = ast.parse(source)
    sites = [(index, change) for index, node in enumerate(ast.walk(tree)) for change in _changes(node)]
    step = max(1, len(sites) // MOST)
    for index, change in sites[::step][:MOST]:
        mutant = copy.deepcopy(tree)
        node = list(ast.walk(mutant))[index]
        for field, value in change.items():
            setattr(node, field, value)
        yield ast.unparse(ast.fix_missing_locations(mutant))


def _changes(node: ast.AST) -> Iterator[dict[str, object]]:
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in OPERATORS:
        yield {"op": OPERATORS[type(node.op)]()}
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in OPERATORS:
        yield {"ops": [OPERATORS[type(node.ops[0])](), *node.ops[1:]]}
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield {"value": not node.value}
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        yield {"value": node.value + 1}
    elif isinstance(node, ast.Attribute) and node.attr in CALLS:
        yield {"attr": CALLS[node.attr]}
