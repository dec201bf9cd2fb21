"""Reads a lesson's MyST text into cells and exercises, and says where it is wrong.

The format is explained, with examples, in course/README.md.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import jupytext.myst
import yaml
from nbformat import ValidationError

from litu.authoring.cell_headers import fault
from litu.authoring.front_matter import exercises_named, read_front_matter
from litu.authoring.lesson import BEGIN, END, TAGS, Call, Cell, Exercise, Lesson, LessonError

OPTIONS = {
    "unit", "units", "places", "order", "columns", "by", "choices", "inputs",
    "form", "reasons", "domain", "points", "layers", "marks", "joined", "orientation", "types", "not_colour_alone",
}  # fmt: skip
"""What a check can be told; the last line is for charts."""
FENCE = re.compile(r"^(?=(?:```+|~~~+)\{code-cell\})", re.MULTILINE)
UNREADABLE = (jupytext.myst.MystMetadataParsingError, yaml.YAMLError, ValidationError, AttributeError, TypeError, ValueError)
PLACEHOLDER = re.compile(r"^\s*(\w+\s*=\s*)?\.\.\.\s*$")
SKELETON = re.compile(r"^\s*#.*(_{3,}|\w\s*=\s*\S)")
"""A comment with blanks to fill in, or with an assignment."""
STRANGE_FENCE = re.compile(r"^ *(?:```+|~~~+) *\{.*", re.MULTILINE)


def read_lesson(path: Path) -> Lesson:
    """Read and check the text of a lesson. Raises LessonError with file, line and exercise."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise LessonError(path, 1, "the file is not UTF-8 text") from None
    try:
        notebook = jupytext.myst.myst_to_notebook(text, add_source_map=True)
    except UNREADABLE:
        raise _bad_header(path, text) from None
    try:
        header = read_front_matter(notebook.metadata.get("litu"))
    except ValueError as error:
        raise LessonError(path, 1, str(error)) from None
    lines = text.split("\n")
    cells = [_read_cell(path, cell, lines, at + 1) for cell, at in zip(notebook.cells, notebook.metadata["source_map"], strict=True)]
    exercises = _exercises(path, cells)
    names = {*exercises, *(cell.name for cell in cells if cell.kind == "written")}
    for where, name in exercises_named(header):
        if name not in names:
            raise LessonError(path, 1, f"{where} in the front matter names the exercise {name!r}, which is not in the lesson")
    return Lesson(path, header, cells, exercises)


def _bad_header(path: Path, text: str) -> LessonError:
    """Return an error with the line of the first header that cannot be read."""
    line = 1
    for chunk in FENCE.split(text):
        try:
            jupytext.myst.myst_to_notebook(chunk)
        except UNREADABLE as error:
            cause = error if isinstance(error, yaml.MarkedYAMLError) else error.__context__
            mark, problem = getattr(cause, "problem_mark", None), getattr(cause, "problem", None)
            if mark is None:
                return LessonError(path, line + 1, "the header must be `name: value` lines, with a text as name")
            below = 1 + (line > 1 and chunk.split("\n")[1].startswith("---"))
            return LessonError(path, line + below + mark.line, f"the header is not valid YAML: {_flat(problem)}")
        line += chunk.count("\n")
    return LessonError(path, 1, "the front matter and the cells cannot be read")


def _first_line(lines: list[str], line: int) -> int:
    """Return the line on which a code cell's source begins, given the one below its fence."""
    at = line - 1
    if lines[at].startswith("---"):
        at = next((number for number in range(at + 1, len(lines)) if lines[number].startswith("---")), at) + 1
    else:
        while lines[at].lstrip().startswith(":"):
            at += 1
    return at + 1 + (not lines[at].strip())


def _read_prose(path: Path, source: str, lines: list[str], line: int) -> Cell:
    while not lines[line - 1].strip():
        line += 1
    strange = STRANGE_FENCE.search(source)
    if strange:
        at = line + source.count("\n", 0, strange.start())
        raise LessonError(path, at, f"{strange.group().strip()!r} begins no cell; a code cell begins with ```{{code-cell}}, unindented")
    return Cell("prose", source, line, first=line)


def _read_cell(path: Path, cell: Any, lines: list[str], line: int) -> Cell:
    if cell.cell_type != "code":
        return _read_prose(path, cell.source, lines, line)
    tags = cell.metadata.get("tags", [])
    tags = tags if isinstance(tags, list) else [tags]
    meta = {key: value for key, value in cell.metadata.items() if key != "tags"}
    unknown = [tag for tag in tags if tag not in TAGS]
    if unknown or len(tags) > 1:
        known = ", ".join(sorted(TAGS))
        raise LessonError(path, line, f"unknown tag {unknown[0]!r}; a cell has one of {known}" if unknown else "a cell has one tag at most")
    kind = tags[0] if tags else "code"
    wrong = fault(kind, meta)
    if wrong:
        name = meta.get("name")
        raise LessonError(path, line, wrong, name if isinstance(name, str) else None)
    found = Cell(kind, cell.source, line, meta, _first_line(lines, line))
    if kind == "exercise" and re.findall(rf"{BEGIN}|{END}", found.source) != [BEGIN, END]:
        raise LessonError(path, line, f"one region from '### {BEGIN}' to '### {END}' is needed", found.name)
    if kind != "written":
        _parse(path, found)
    if kind == "exercise":
        _refuse_overwriting(path, found)
    return found


def _parse(path: Path, cell: Cell) -> ast.Module:
    try:
        return ast.parse(cell.source)
    except SyntaxError as error:
        at = cell.first + (error.lineno or 1) - 1
        raise LessonError(path, at, f"the code is not valid Python: {error.msg}", cell.name or None) from None


def _refuse_overwriting(path: Path, cell: Cell) -> None:
    """A placeholder below its skeleton would set the answer back once the skeleton is filled in."""
    starter = cell.starter().splitlines()
    placeholders = [at for at, line in enumerate(starter) if PLACEHOLDER.search(line)]
    skeletons = [at for at, line in enumerate(starter) if SKELETON.match(line)]
    if placeholders and skeletons and placeholders[-1] > skeletons[0]:
        raise LessonError(path, cell.first + skeletons[0], "the placeholder `...` must stand above its commented skeleton", cell.name)


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
    strange = sorted(set(options) - OPTIONS)
    if strange:
        raise LessonError(path, cell.line, f"a check has no option {strange[0]!r}", str(call.args[0].value))
    return Call(str(call.args[0].value), call.args[1].id, options)


def _flat(error: object) -> str:
    return re.sub(r"\s+", " ", str(error))[:300]
