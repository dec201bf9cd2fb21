"""Reads a handed-in notebook, whatever is in it: text in, checked cells out.

Nothing here runs or trusts what a student sent. A file that cannot be read
becomes a Refusal, which is a result like any other; the run goes on.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import nbformat

from litu.authoring.meaning import LONGEST
from litu.grading.submissions.attachments import Pictures, taken_over
from litu.grading.submissions.without_outputs import without_outputs

MAX_CELLS = 2_000
MAX_TEXT = 1_000_000
"""Characters of all cells together."""
MAX_CODE = 200_000
"""Characters of code in cells that are looked into; longer cells hold data, and are run without a look."""
MAX_PARTS = 1_000_000
"""Braces, brackets, commas and backslashes of a file without its outputs: what reading it takes time and memory for."""
CELL_TYPES = ("code", "markdown", "raw")
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)


@dataclass
class Cell:
    """One cell of a submission: type, text and the metadata nbgrader cares for."""

    cell_type: str
    source: str
    id: str = ""
    grade_id: str | None = None
    pictures: Pictures = field(default_factory=dict)


@dataclass
class ParsedNotebook:
    """A notebook as handed in. ``notes`` tell the student what had to be mended."""

    student: str
    unit: str
    cells: list[Cell]
    notes: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    """Suspicions: what was changed where no answer needs it."""
    doubts: list[str] = field(default_factory=list)
    """What the instructor has to know: where the reading had to guess."""
    meant_for: str = ""
    """The unit whose notebook this says it is."""


class Refusal(Exception):
    """Why a submission cannot be graded, in one sentence for its student."""


def parse(data: bytes, student: str, unit: str, notes: list[str]) -> ParsedNotebook:
    """Return the submission held in ``data``. Raises Refusal when it is not a notebook."""
    text, mended = _decode(_light(data))
    notes = notes + mended
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        if _CONFLICT.search(text):
            raise Refusal(
                "The file handed in holds the marks of a merge that was not finished (lines that begin with <<<<<<<, ======= and >>>>>>>). "
                "Choose one version of each such place in a text editor, take the marks out and hand it in again."
            ) from None
        raise Refusal("The file handed in is not a notebook: it cannot be read as JSON. Was it saved to the end?") from None
    if isinstance(document, dict) and "worksheets" in document:
        sheets = document["worksheets"] if isinstance(document["worksheets"], list) else []
        _limit(sum(len(sheet["cells"]) for sheet in sheets if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)))
        document = _upgraded(document)
    cells = document.get("cells") if isinstance(document, dict) else None
    if not isinstance(cells, list):
        raise Refusal("The file handed in is JSON but not a notebook: it has no list of cells.")
    _limit(len(cells))
    metadata = document["metadata"] if isinstance(document.get("metadata"), dict) else {}
    kernel, litu = metadata.get("kernelspec", {}), metadata.get("litu", {})
    language = str(kernel.get("language", "python")) if isinstance(kernel, dict) else "python"
    if language.lower() != "python":
        notes.append(f"The notebook asked for a kernel of the language {language[:20]!a}; it was run with Python.")
    meant_for = str(litu.get("unit", "")) if isinstance(litu, dict) else ""
    read = list(_cells(cells, notes))
    return ParsedNotebook(student, unit, read, notes, meant_for=meant_for)


def _light(data: bytes) -> bytes:
    """Return a file whose parts are not too many to be built, without the outputs where it has to be. Raises Refusal."""
    if _parts(data) > MAX_PARTS:
        kept = without_outputs(data)
        if kept is None or _parts(kept) > MAX_PARTS:
            raise Refusal("The notebook handed in has too many parts to be read. Clear its outputs and hand it in again.")
        return kept
    return data


def _parts(data: bytes) -> int:
    return sum(map(data.count, (b"{", b"[", b",", b"\\")))


def _limit(cells: int) -> None:
    if cells > MAX_CELLS:
        raise Refusal(f"The notebook has {cells} cells; up to {MAX_CELLS} are read.")


def _decode(data: bytes) -> tuple[str, list[str]]:
    encoding = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        text, notes = data.decode(encoding), []
    except UnicodeDecodeError:
        text, notes = data.decode("utf-8", "replace"), ["The file is not UTF-8 text; what could not be read shows as \ufffd."]
    if encoding == "utf-16":
        notes.append("The file was UTF-16 text; it was read as such.")
    if "\0" in text:
        text = text.replace("\0", "")
        notes.append("Null characters were taken out of the file.")
    return text, notes


def _upgraded(document: dict[str, Any]) -> dict[str, Any]:
    try:
        return nbformat.convert(nbformat.from_dict(document), 4)
    except Exception:
        raise Refusal("The notebook is of an old format that cannot be read; open it in JupyterLab and save it again.") from None


def _cells(given: list[Any], notes: list[str]) -> Iterator[Cell]:
    """Yield the cells; what is none is left out. Raises Refusal where they hold too much text."""
    text = code = 0
    for cell in given:
        source = _source(cell)
        if source is not None:
            text += len(source)
            code += len(source) if cell.get("cell_type") == "code" and len(source) <= LONGEST else 0
            if code > MAX_CODE:
                raise Refusal(f"The notebook holds more than {MAX_CODE:,} characters of code. Take out what does not belong to this unit.")
            if text > MAX_TEXT:
                raise Refusal(
                    f"The cells of the notebook hold more than {MAX_TEXT:,} characters. Put large data into a file beside it and read that."
                )
            yield _cell(cell, source, notes)


def _source(cell: Any) -> str | None:
    """Return a cell's text; None for what is no cell, and for one of an unknown type that holds none."""
    source = cell.get("source", "") if isinstance(cell, dict) else None
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return None
    return source if source.strip() or cell.get("cell_type") in CELL_TYPES else None


def _cell(cell: dict[str, Any], source: str, notes: list[str]) -> Cell:
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
    identity = cell.get("id")
    # Lone surrogates can be written in JSON but not in a file.
    source = source.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    source, pictures, lost = taken_over(source, cell.get("attachments"))
    notes += [
        f"The attachment {name!r} could not be shown: it is no picture of a kind that is safe to show (PNG, JPEG, GIF, WebP)."
        for name in lost
    ]
    kind = cell.get("cell_type")
    if kind not in CELL_TYPES:
        notes.append(f"A cell of the type {str(kind)[:20]!a}, which Jupyter does not know, was kept as text and not run.")
        kind = "raw"
    return Cell(
        kind,
        source,
        identity if isinstance(identity, str) else "",
        grade_id if isinstance(grade_id, str) else None,
        pictures,
    )
