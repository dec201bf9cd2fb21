"""All that grading needs of one unit, read once."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Container
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat

from litu.answers.contract import AnswerKey, read_key
from litu.authoring.meaning import digest, imported, parsed
from litu.course import Course
from litu.errors import LituError
from litu.grading.sandbox.limits import Limits
from litu.kinds.wire import arguments, inputs_of


def limits_of(course: Course, **chosen: float | None) -> Limits:
    """Return what one submission may use: the defaults, what the course sets, what was ``chosen`` for this run."""
    limits = dict(course.settings.limits) | {name: value for name, value in chosen.items() if value is not None}
    strange = sorted(set(limits) - {field.name for field in fields(Limits)})
    if strange:
        raise LituError(
            f"There is no limit {strange[0]!r} as in c.Litu.limits; there are {', '.join(field.name for field in fields(Limits))}."
        )
    return Limits(**limits)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Assignment:
    """A unit's answer key, instructor notebook and released notebook, as text.

    Text travels between processes as it is; each of them parses it once.
    """

    unit: str
    key_text: str
    source_text: str
    release_text: str
    checks_text: str

    @classmethod
    def load(cls, course: Course, unit: str) -> Assignment:
        """Read a built unit. Raises LituError when it is not built."""
        paths = (
            course.key_path(unit),
            course.folder("source", unit) / f"{unit}.ipynb",
            course.folder("release", unit) / f"{unit}.ipynb",
            course.folder("release", unit) / "checks.json",
        )
        try:
            return cls(unit, *(path.read_text(encoding="utf-8") for path in paths))
        except OSError as error:
            name = Path(error.filename).relative_to(course.root)
            raise LituError(f"{name} is missing; run `litu build {unit}` before grading.") from None

    @cached_property
    def key(self) -> AnswerKey:
        """The answer key. Raises LituError for one of another version."""
        return read_key(self.key_text, f"grading/keys/{self.unit}.json", self.unit)

    @cached_property
    def source(self) -> nbformat.NotebookNode:
        """nbgrader's instructor notebook."""
        return nbformat.reads(self.source_text, as_version=4)

    @cached_property
    def released(self) -> dict[str, nbformat.NotebookNode]:
        """Released cells by nbgrader's names: the text students start from, and its checksum."""
        notebook = nbformat.reads(self.release_text, as_version=4)
        return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}

    @cached_property
    def official(self) -> frozenset[str]:
        """Digests of what the course's cells say: released now or before (the build remembers), or shown after grading."""
        now = {digest(cell.cell_type, cell.source) for cell in self._cells}
        return frozenset(now | set(json.loads(self.key_text).get("built", {}).get("released", [])))

    @cached_property
    def official_lines(self) -> frozenset[str]:
        """Every line of the course's own cells."""
        return frozenset(line for cell in self._cells for line in cell.source.splitlines())

    @cached_property
    def imports(self) -> frozenset[str]:
        """The modules that the course's own cells import."""
        trees = [parsed(cell.source) for cell in self._cells if cell.cell_type == "code"]
        nodes = [node for tree in trees if tree for node in ast.walk(tree)]
        return frozenset(name for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom)) for name in imported(node))

    @property
    def _cells(self) -> list[nbformat.NotebookNode]:
        return [*self.source.cells, *nbformat.reads(self.release_text, as_version=4).cells]

    @cached_property
    def own_words(self) -> frozenset[str]:
        """The course's own text in Markdown cells, released or shown after grading."""
        return frozenset(cell.source for cell in self._cells if cell.cell_type == "markdown")

    @cached_property
    def digest(self) -> str:
        """A digest of what marks depend on besides the submission."""
        marking = {name: part for name, part in json.loads(self.key_text).items() if name != "built"}
        return hashlib.sha256((json.dumps(marking) + self.source_text).encode()).hexdigest()

    def later_than(self, had: Container[str]) -> frozenset[str]:
        """Return the exercises and written answers whose graded cells are not among those that a submission ``had``."""
        checked = {name for name in self.key.exercises if f"check-{name}" not in had}
        return frozenset(checked | {name for name in self.key.written if name not in had})

    def without(self, names: frozenset[str]) -> Assignment:
        """Return the unit as it was before the exercises and written answers of these names came into it."""
        if not names:
            return self
        key = json.loads(self.key_text)
        for part in ("exercises", "written"):
            key[part] = {name: entry for name, entry in key.get(part, {}).items() if name not in names}
        cells = {f"{kind}{name}" for name in names for kind in ("", "check-", "task-", "help-")}

        def cut(text: str) -> str:
            notebook = json.loads(text)
            notebook["cells"] = [
                cell for cell in notebook["cells"] if not {cell.get("id"), cell["metadata"].get("nbgrader", {}).get("grade_id")} & cells
            ]
            return json.dumps(notebook)

        return replace(self, key_text=json.dumps(key), source_text=cut(self.source_text), release_text=cut(self.release_text))

    def inputs(self, name: str) -> list[list[Any]] | None:
        """Return the argument lists, public and hidden, of a function exercise."""
        return inputs_of(arguments(self.key.exercises[name].answer))
