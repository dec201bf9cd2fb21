"""Written answers that stand elsewhere: below the cell, above it, at the end, in a cell of code. No machine gives them a zero."""

from __future__ import annotations

import re

from litu.authoring.meaning import comments, digest, meaning, own_lines, statements
from litu.grading.assignment import Assignment
from litu.grading.submissions.parse import Cell, ParsedNotebook

FEWEST_WORDS = 4
"""Of a text cell that may be an answer."""
FEWEST_IN_CODE = 8
"""Of comments or quoted text in a cell of code: most of those explain the code."""
LONGEST_COPY = 20_000
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|(?:(?![\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])[^\W\d_]){2,}")
"""A word, or a character of a script that writes without spaces."""


def hand_to_marker(cells: list[Cell], assignment: Assignment, submission: ParsedNotebook) -> None:
    """Copy text of the student's that stands elsewhere into each written answer that is as it was released.

    The answer is then no more untouched, so it waits for its marker, who finds the text where the marks are given.
    """
    empty = [cell for cell in cells if cell.grade_id in assignment.key.written and _untouched(cell, assignment)]
    found = [text for cell in cells if cell not in empty and (text := own_text(cell, assignment))] if empty else []
    pictures = {name: data for cell in cells if cell.grade_id is None for name, data in cell.pictures.items()} if empty else {}
    if not found and not pictures:
        return
    copied = "\n\n".join(found)
    if len(copied) > LONGEST_COPY:
        copied = f"{copied[:LONGEST_COPY]}\n\n*(and more, in the cells themselves)*"
    copied += "".join(f"\n\n![picture](attachment:{name})" for name in pictures if f"(attachment:{name})" not in copied)
    for cell in empty:
        cell.source = f"*Nothing was written in this cell. This stands in other cells and may be the answer:*\n\n{copied}"
        cell.pictures = {**cell.pictures, **pictures}
        note = f"The cell of the written answer {cell.grade_id!r} was left as it was released; text from other cells was copied into it for whoever marks it."
        submission.notes.append(note)
        submission.doubts.append(f"the written answer {cell.grade_id} stands outside its cell, or there is none: please look")


def _untouched(cell: Cell, assignment: Assignment) -> bool:
    """Return whether an answer is as it was released, or empty."""
    released = meaning("markdown", assignment.released[str(cell.grade_id)].source)
    return meaning("markdown", cell.source) in ("", released) and not cell.pictures


def own_text(cell: Cell, assignment: Assignment) -> str:
    """Return what a student wrote in words in a cell; empty where that is nothing or only explains code."""
    if not cell.source.strip() or digest(cell.cell_type, cell.source) in assignment.official:
        return ""
    if cell.grade_id in assignment.key.written:
        return ""
    source = cell.source[:LONGEST_COPY]
    if cell.cell_type != "code":
        return _enough(own_lines(source, assignment.official_lines), FEWEST_WORDS)
    said = statements(cell.source)
    if not said and not source.lstrip().startswith(("%", "!")) and not _mostly_comments(source):
        # No Python: prose, or code with a slip in it.
        return _enough(own_lines(source, assignment.official_lines), FEWEST_IN_CODE) if _reads_like_prose(source) else ""
    official = {line.lstrip("# ").strip() for line in assignment.official_lines}
    quoted = [text for one in said if (text := _quoted(one))]
    return _enough("\n".join([*(line for line in comments(source) if line not in official), *quoted]), FEWEST_IN_CODE)


def _mostly_comments(source: str) -> bool:
    return all(not line.strip() or line.lstrip().startswith("#") for line in source.splitlines())


def _reads_like_prose(source: str) -> bool:
    signs = sum(source.count(sign) for sign in "=()[]{}")
    return len(_WORD.findall(source)) >= 3 * signs


def _quoted(statement: str) -> str:
    """Return the text of a statement that is nothing but a quoted text, as people write answers between code."""
    found = re.fullmatch(r"(?s)[rbuf]{0,2}(\"\"\"|'''|\"|')(.*)\1", statement)
    return found[2].replace("\\n", "\n") if found else ""


def _enough(text: str, words: int) -> str:
    return text if len(_WORD.findall(text)) >= words else ""
