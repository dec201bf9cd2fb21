"""Reads a handed-in notebook, whatever is in it: text in, checked cells out.

Nothing here runs or trusts what a student sent. A file that cannot be read
becomes a Refusal, which is a result like any other; the run goes on.
"""

from __future__ import annotations

import codecs
import json
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

MAX_BYTES = 20_000_000
MAX_CELLS = 2_000
CELL_TYPES = ("code", "markdown", "raw")


@dataclass
class Cell:
    """One cell of a submission: type, text and the metadata nbgrader cares for."""

    cell_type: str
    source: str
    id: str = ""
    grade_id: str | None = None


@dataclass
class ParsedNotebook:
    """A notebook as handed in. ``notes`` tell the student what had to be mended."""

    student: str
    unit: str
    cells: list[Cell]
    notes: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    """What the instructor may want to look at."""
    digest: str = ""


class Refusal(Exception):
    """Why a submission cannot be graded, in one sentence for its student."""


def read_bytes(folder: Path, unit: str) -> tuple[bytes, list[str]]:
    """Return the notebook's bytes and notes about its name. Raises Refusal."""
    if folder.is_symlink() or folder.parent.is_symlink():
        raise Refusal("The folder handed in is a link to somewhere else; hand in the notebook itself.")
    try:
        found = [entry.name for entry in os.scandir(folder)]
    except OSError as error:
        raise Refusal(f"The folder handed in cannot be read ({error.strerror}).") from None
    names = sorted(name for name in found if name.lower().endswith(".ipynb") and not name.startswith("."))
    wanted = f"{unit}.ipynb"
    if wanted in names:
        return _read_plain_file(folder / wanted), []
    if len(names) != 1:
        what = "There are several notebooks" if names else "There is no notebook"
        raise Refusal(f"{what} in the folder handed in; {wanted} was expected.")
    note = f"The notebook was called {names[0]!r}; it was graded as {wanted}."
    return _read_plain_file(folder / names[0]), [note]


def _read_plain_file(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        raise Refusal("The notebook handed in is a link or cannot be opened; hand in the file itself.") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Refusal("What was handed in as a notebook is not a file.")
        if status.st_size > MAX_BYTES:
            raise Refusal(f"The notebook has {status.st_size / 1e6:.0f} MB; up to {MAX_BYTES / 1e6:.0f} MB are read. Clear its outputs and hand it in again.")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(MAX_BYTES)
    except OSError as error:
        raise Refusal(f"The notebook handed in cannot be read ({error.strerror}).") from None
    finally:
        os.close(descriptor)


def parse(data: bytes, student: str, unit: str, notes: list[str]) -> ParsedNotebook:
    """Return the submission held in ``data``. Raises Refusal when it is not a notebook."""
    text, mended = _decode(data)
    notes = notes + mended
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise Refusal("The file handed in is not a notebook: it cannot be read as JSON. Was it saved to the end?") from None
    if isinstance(document, dict) and "worksheets" in document:
        sheets = document["worksheets"] if isinstance(document["worksheets"], list) else []
        _limit(sum(len(sheet["cells"]) for sheet in sheets if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)))
        document = _upgraded(document)
    cells = document.get("cells") if isinstance(document, dict) else None
    if not isinstance(cells, list):
        raise Refusal("The file handed in is JSON but not a notebook: it has no list of cells.")
    _limit(len(cells))
    kernel = document.get("metadata", {}).get("kernelspec", {}) if isinstance(document.get("metadata"), dict) else {}
    language = str(kernel.get("language", "python")) if isinstance(kernel, dict) else "python"
    if language.lower() != "python":
        notes.append(f"The notebook asked for a kernel of the language {language[:20]!a}; it was run with Python.")
    return ParsedNotebook(student, unit, [read for cell in cells if (read := _cell(cell)) is not None], notes)


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


def _cell(cell: Any) -> Cell | None:
    if not isinstance(cell, dict) or cell.get("cell_type") not in CELL_TYPES:
        return None
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return None
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
    identity = cell.get("id")
    return Cell(
        cell["cell_type"],
        # Lone surrogates can be written in JSON but not in a file.
        source.replace("\0", "").encode("utf-8", "replace").decode("utf-8"),
        identity if isinstance(identity, str) else "",
        grade_id if isinstance(grade_id, str) else None,
    )
