"""What a cell says, whatever it looks like: code by its syntax tree, text by its words.

Editors reformat, swap quotes and translate line ends. None of that changes a cell, and none of it is suspicious.
"""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
from collections.abc import Iterable
from functools import lru_cache

LONGEST = 20_000
"""Characters of a cell whose meaning is looked at; the course's own cells are shorter."""

MOST_SOURCE = 100_000
"""Characters of a student's code that are looked through, in all cells together."""


def parsed(source: str) -> ast.Module | None:
    """Return the syntax tree of a cell; None when it has none."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return the modules that a statement imports, or imports from."""
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]


@lru_cache(maxsize=4000)
def meaning(cell_type: str, source: str) -> str:
    """Return a text that is the same for two cells that say the same."""
    if cell_type == "code" and (said := statements(source)):
        return "\n".join(said)
    return " ".join(source.split())


def digest(cell_type: str, source: str) -> str:
    """Return a short digest of what a cell says, by which a released cell is known again."""
    return hashlib.sha256(f"{cell_type}:{meaning(cell_type, source)}".encode()).hexdigest()[:16]


@lru_cache(maxsize=4000)
def statements(source: str) -> tuple[str, ...]:
    """Return the statements of a cell in one plain form; none when it is no Python."""
    tree = parsed(source) if len(source) <= LONGEST else None
    try:
        return tuple(ast.unparse(node) for node in tree.body) if tree else ()
    except (RecursionError, ValueError):
        return ()


@lru_cache(maxsize=4000)
def comments(source: str) -> tuple[str, ...]:
    """Return the comments of a cell of code, as far as it can be read."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source[:LONGEST]).readline):
            if token.type == tokenize.COMMENT:
                found.append(token.string.lstrip("# ").strip())
    except (tokenize.TokenError, SyntaxError, ValueError):
        pass
    return tuple(comment for comment in found if comment)


def adds_nothing(source: str, released: str) -> bool:
    """Return whether a cell of code holds nothing, not even a comment, that is not in the released one."""
    return meaning("code", source) == meaning("code", released) and set(comments(source)) <= set(comments(released))


def own_lines(source: str, official: Iterable[str]) -> str:
    """Return the lines of a text that are not among those of the course."""
    known = {" ".join(line.split()) for line in official}
    return "\n".join(line for line in source.splitlines() if " ".join(line.split()) not in known).strip()


@lru_cache(maxsize=4000)
def bindings(source: str) -> frozenset[str]:
    """Return the names to which a cell of code gives a value."""
    names: set[str] = set()
    tree = parsed(source) if len(source) <= LONGEST else None
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
    return frozenset(names)
