"""The release gate: what a student's copy must not hold."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from pathlib import Path

import nbformat

from litu.answers.contract import AnswerKey, ExerciseKey
from litu.answers.messages import MAX_WORDS
from litu.answers.plain import Options, Plain, agrees, is_number, places_of, tidy
from litu.authoring.figures import COUNTING, known_figures
from litu.authoring.lesson import BEGIN, END, Cell, Exercise, Lesson
from litu.kinds.base import at
from litu.kinds.registry import kind_asked

LINE = 12
"""Shorter lines of code say too little to be a leak."""
MOST_FOUND = 110
"""Words in which a right answer's finding is told."""
OPENING = re.compile(r"[\w.]*=?[\w.]*[(\[{]")
"""A line that only opens a bracket says nothing yet."""
NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d,]*(?:\.\d+)?(?![\w])")


def leaks(released: nbformat.NotebookNode, lesson: Lesson, key: AnswerKey, data: Path) -> list[str]:
    """Return one sentence for each thing in the student notebook or its messages that gives an answer away."""
    found = [f"cell {cell.id} has an output" for cell in released.cells if cell.get("outputs")]
    text = _squeezed("\n".join(cell.source for cell in released.cells))
    for mark in (BEGIN, END, "BEGIN MARK SCHEME"):
        if _squeezed(mark) in text:
            found.append(f"the mark {mark!r} is in the student notebook")
    for cell in lesson.cells:
        if cell.kind == "written" and any(_squeezed(secret) in text for secret in _scheme(cell)):
            found.append(f"the mark scheme of {cell.name} is in the student notebook")
    for name, exercise in lesson.exercises.items():
        entry = key.exercises[name]
        found += _code_leaks(name, exercise, text, entry.hints, lesson)
        found += _message_leaks(name, entry, known_figures(data))
        found += _finding_leaks(name, entry, text)
    for cell in lesson.cells:
        if cell.kind == "written" and _squeezed(cell.source) in text:
            found.append(f"written answer {cell.name}: its model answer is in the student notebook")
    prose = [cell.source for cell in released.cells if cell.cell_type == "markdown"]
    return found + _prose_leaks(prose, key, data)


def _scheme(cell: Cell) -> list[str]:
    """Return the texts that only whoever marks a written answer may read."""
    return [cell.source, *(item["text"] for item in cell.meta["rubric"])]


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _lines(source: str) -> set[str]:
    code = (line.split("  #")[0] for line in source.splitlines())
    squeezed = {line for line in map(_squeezed, code) if len(line) >= LINE and not line.startswith(("#", "def", "import", "from"))}
    return {line for line in squeezed if not OPENING.fullmatch(line)}


def _uncommented(source: str) -> str:
    """Return a starter with its skeleton as code."""
    return re.sub(r"^(\s*)# ?", r"\1", source, flags=re.MULTILINE)


def _code_leaks(name: str, exercise: Exercise, text: str, hints: Sequence[str], lesson: Lesson) -> list[str]:
    shown = set().union(
        *(_lines(cell.source) for cell in lesson.cells if cell.kind == "code"),
        _lines(exercise.cell.starter()),
        _lines(_uncommented(exercise.cell.starter())),
    )
    found = []
    for line in _lines(exercise.cell.solution()) - shown:
        if line in text:
            found.append(f"exercise {name}: the solution line {line!r} is in the student notebook")
        if any(line in _squeezed(hint) for hint in hints):
            found.append(f"exercise {name}: a hint holds the solution line {line!r}")
    for accept in exercise.accepts:
        for line in _lines(accept.source) - shown - _lines(exercise.cell.source):
            if line in text:
                found.append(f"exercise {name}: the right answer at line {accept.line} is in the student notebook")
    for mistake in exercise.mistakes:
        for line in _lines(mistake.source) - shown - _lines(exercise.cell.source):
            if line in text:
                found.append(f"exercise {name}: the mistake at line {mistake.line} is in the student notebook")
        if _squeezed(mistake.meta["says"]) in text:
            found.append(f"exercise {name}: the message of the mistake at line {mistake.line} is in the student notebook")
    return found


def _message_leaks(name: str, entry: ExerciseKey, known: Container[float]) -> list[str]:
    found = []
    kind = kind_asked(entry.answer, entry.options)
    rights = right_numbers(entry.answer, entry.options)
    if not kind.guarded:
        rights = [(right, places) for right, places in rights if abs(right) not in known]
    for text in [*entry.hints, *(mistake.says for mistake in entry.mistakes)]:
        quoted = [number for number in _numbers(text) if any(_quotes(number, right, places) for right, places in rights)]
        if quoted:
            found.append(f"exercise {name}: the message {text[:60]!r} quotes the right answer {quoted[0]:g}")
        if any(re.search(rf"\b{re.escape(tidy(secret))}\b", tidy(text)) for secret in kind.secrets(entry.answer)):
            found.append(f"exercise {name}: the message {text[:60]!r} quotes the right answer")
        if len(text.split()) > MAX_WORDS - 15:
            found.append(f"exercise {name}: the message {text[:60]!r} is longer than {MAX_WORDS - 15} words")
    return found


def _finding_leaks(name: str, entry: ExerciseKey, text: str) -> Iterator[str]:
    """Yield what is wrong with the words that only a right answer earns."""
    for finding in [entry.found, *(accept.found for accept in entry.accepts)]:
        if finding and _squeezed(finding) in text:
            yield f"exercise {name}: what a right answer found is in the student notebook"
        if len(finding.split()) > MOST_FOUND:
            yield f"exercise {name}: what a right answer found is told in more than {MOST_FOUND} words"


def _prose_leaks(prose: list[str], key: AnswerKey, data: Path) -> list[str]:
    known = known_figures(data)
    found = []
    for name, entry in key.exercises.items():
        rights = [(right, places) for right, places in right_numbers(entry.answer, entry.options) if abs(right) not in known]
        for text in prose:
            for number in _numbers(text):
                if number not in known and any(_quotes(number, right, places) for right, places in rights):
                    found.append(f"exercise {name}: the prose {text[:50]!r} quotes the right answer {number:g}")
    return found


def right_numbers(answer: Plain, options: Options) -> list[tuple[float, int]]:
    """Return the numbers a right answer is made of, with the decimal places that count.

    Of a table these are the compared columns that do not name its rows. The
    points of a chart are left out: it is marked by what it shows.
    """
    kind = kind_asked(answer, options)
    read = kind.read(answer, options)
    found = [(at(read, path), places_of(options, part)) for path, part in kind.numbers(read, options)] if read is not None else []
    return [(value, places) for value, places in found if is_number(value)]


def _numbers(text: str) -> list[float]:
    numbers = (float(found.replace(",", "")) for found in NUMBER.findall(text))
    return [number for number in numbers if abs(number) not in COUNTING]


def _quotes(number: float, right: float, places: int) -> bool:
    return agrees(number, right, places) or (abs(right) > 1 and abs(number - right) < 0.0005 * abs(right))
