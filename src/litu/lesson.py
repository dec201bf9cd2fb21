"""A lesson as its author wrote it: MyST text read into cells and exercises.

The format is explained, with examples, in course/README.md.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jupytext.myst
import yaml

from litu.errors import LituError

TAGS = {"exercise", "check", "mistake", "accept", "written"}
FIELDS = {
    "exercise": {"name", "points", "claims", "hints", "hidden", "feedback"},
    "check": set(),
    "mistake": {"name", "says"},
    "accept": {"name"},
    "written": {"name", "points", "prompt", "rubric", "claims"},
}
BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")


class LessonError(LituError):
    """A mistake in a lesson's text, with its file, line and exercise."""

    def __init__(self, path: Path, line: int, what: str, exercise: str | None = None) -> None:
        where = f"{path.parent.name}/{path.name}:{line}: "
        super().__init__(where + (f"exercise {exercise}: " if exercise else "") + what)


@dataclass
class Cell:
    """One cell of a lesson. ``kind`` is "prose", "code" or one of TAGS."""

    kind: str
    source: str
    line: int
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The exercise the cell belongs to."""
        return self.meta.get("name", "")

    def starter(self) -> str:
        """Return the cell as a student gets it: without the solution region."""
        kept, inside = [], False
        for text in self.source.splitlines():
            if BEGIN in text:
                inside = True
            elif END in text:
                inside = False
            elif not inside:
                kept.append(text)
        return "\n".join(kept).rstrip()

    def solution(self) -> str:
        """Return the lines between the solution marks."""
        found = re.search(rf"^[^\n]*{BEGIN}[^\n]*\n(.*?)^[^\n]*{END}", self.source, re.DOTALL | re.MULTILINE)
        return found.group(1).rstrip() if found else ""


@dataclass
class Call:
    """What a check cell asks for: ``check(name, expression, **options)``."""

    name: str
    expression: str
    options: dict[str, str]
    """Source text of each option; evaluated when the lesson is run."""


@dataclass
class Exercise:
    """An exercise with all that the author wrote for it."""

    cell: Cell
    check: Cell
    call: Call
    mistakes: list[Cell] = field(default_factory=list)
    accepts: list[Cell] = field(default_factory=list)


@dataclass
class Lesson:
    """One unit of the course."""

    path: Path
    title: str
    minutes: int
    cells: list[Cell]
    exercises: dict[str, Exercise]

    @property
    def unit(self) -> str:
        """The unit's name: that of its file, its folders and its nbgrader assignment."""
        return self.path.stem

    def error(self, cell: Cell, what: str) -> LessonError:
        """Return an error that names the cell's place."""
        return LessonError(self.path, cell.line, what, cell.name or None)


def read_lesson(path: Path) -> Lesson:
    """Read and check the text of a lesson. Raises LessonError with file, line and exercise."""
    try:
        notebook = jupytext.myst.myst_to_notebook(path.read_text(encoding="utf-8"), add_source_map=True)
    except UnicodeDecodeError:
        raise LessonError(path, 1, "the file is not UTF-8 text") from None
    except (jupytext.myst.MystMetadataParsingError, yaml.YAMLError) as error:
        line = re.search(r"line (\d+)", str(error))
        raise LessonError(path, int(line.group(1)) if line else 1, f"the cell's header is not valid: {_flat(error)}") from None
    header = notebook.metadata.get("litu", {})
    for wanted in ("title", "minutes"):
        if wanted not in header:
            raise LessonError(path, 1, f'the front matter needs "litu: {wanted}:"')
    cells = [
        _read_cell(path, cell, line + 1) for cell, line in zip(notebook.cells, notebook.metadata["source_map"], strict=True)
    ]
    return Lesson(path, header["title"], header["minutes"], cells, _exercises(path, cells))


def _read_cell(path: Path, cell: Any, line: int) -> Cell:
    if cell.cell_type != "code":
        return Cell("prose", cell.source, line)
    tags = cell.metadata.get("tags", [])
    meta = {key: value for key, value in cell.metadata.items() if key != "tags"}
    unknown = [tag for tag in tags if tag not in TAGS]
    if unknown or len(tags) > 1:
        known = ", ".join(sorted(TAGS))
        raise LessonError(path, line, f"unknown tag {unknown[0]!r}; a cell has one of {known}" if unknown else "a cell has one tag at most")
    kind = tags[0] if tags else "code"
    strange = set(meta) - FIELDS.get(kind, set())
    if strange:
        raise LessonError(path, line, f"a cell tagged {kind!r} has no field {sorted(strange)[0]!r}", meta.get("name"))
    found = Cell(kind, cell.source, line, meta)
    _require_fields(path, found)
    if kind not in ("written", "prose"):
        _parse(path, found)
    return found


def _require_fields(path: Path, cell: Cell) -> None:
    wanted = {"exercise": ("name", "points"), "mistake": ("name", "says"), "accept": ("name",)}
    wanted["written"] = ("name", "points", "prompt", "rubric")
    for key in wanted.get(cell.kind, ()):
        if key not in cell.meta:
            raise LessonError(path, cell.line, f"{key} missing; write `{key}:` in the cell's header", cell.name or None)
    if cell.kind in ("exercise", "written"):
        if not NAME.match(str(cell.name)):
            raise LessonError(path, cell.line, f"the name {cell.name!r} must be lower case words joined by hyphens")
        if not isinstance(cell.meta["points"], (int, float)) or cell.meta["points"] < 0:
            raise LessonError(path, cell.line, "points must be a number, 0 or more", cell.name)
    if cell.kind == "written" and sum(item["points"] for item in cell.meta["rubric"]) != cell.meta["points"]:
        raise LessonError(path, cell.line, "the points of the rubric do not add up to the points of the cell", cell.name)
    if cell.kind == "exercise":
        marks = [mark for mark in re.findall(rf"{BEGIN}|{END}", cell.source)]
        if marks != [BEGIN, END]:
            raise LessonError(path, cell.line, f"one region from '### {BEGIN}' to '### {END}' is needed", cell.name)


def _parse(path: Path, cell: Cell) -> ast.Module:
    try:
        return ast.parse(cell.source)
    except SyntaxError as error:
        at = cell.line + (error.lineno or 1)
        raise LessonError(path, at, f"the code is not valid Python: {error.msg}", cell.name or None) from None


def _exercises(path: Path, cells: list[Cell]) -> dict[str, Exercise]:
    found: dict[str, Exercise] = {}
    names: set[str] = set()
    open_cell: Cell | None = None
    for cell in cells:
        if cell.kind in ("exercise", "written"):
            if cell.name in names:
                raise LessonError(path, cell.line, "two exercises have this name", cell.name)
            names.add(cell.name)
        if cell.kind in ("exercise", "check", "written") and open_cell and cell.kind != "check":
            raise LessonError(path, open_cell.line, "it has no check cell", open_cell.name)
        if cell.kind == "exercise":
            open_cell = cell
        elif cell.kind == "check":
            call = _call(path, cell)
            if open_cell is None or call.name != open_cell.name:
                raise LessonError(path, cell.line, "this check has no exercise of its name before it", call.name)
            cell.meta["name"] = call.name
            found[call.name] = Exercise(open_cell, cell, call)
            open_cell = None
        elif cell.kind in ("mistake", "accept"):
            if cell.name not in found:
                raise LessonError(path, cell.line, f"this {cell.kind} cell has no exercise and check of its name before it", cell.name)
            group = found[cell.name].mistakes if cell.kind == "mistake" else found[cell.name].accepts
            group.append(cell)
    if open_cell:
        raise LessonError(path, open_cell.line, "it has no check cell", open_cell.name)
    return found


def _call(path: Path, cell: Cell) -> Call:
    body = ast.parse(cell.source).body
    call = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    if (
        not isinstance(call, ast.Call)
        or ast.unparse(call.func) != "check"
        or len(call.args) != 2
        or not isinstance(call.args[0], ast.Constant)
        or not isinstance(call.args[1], ast.Name)
        or any(keyword.arg is None for keyword in call.keywords)
    ):
        raise LessonError(path, cell.line, 'a check cell is one call: check("name", variable, option=...)')
    options = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg}
    return Call(str(call.args[0].value), call.args[1].id, options)


def _flat(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error))[:300]
