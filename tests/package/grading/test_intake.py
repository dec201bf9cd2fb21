"""Whatever is handed in becomes cells, or one sentence for its student; nothing in it stops a run."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

import nbformat
import pytest

from litu.grading.submissions.find_notebook import LARGEST, MAX_BYTES, read_bytes
from litu.grading.submissions.parse import MAX_CELLS, ParsedNotebook, Refusal, parse


def notebook(*sources: str, **more: Any) -> dict[str, Any]:
    """Return a notebook of code cells as a plain dict."""
    cells = [{"cell_type": "code", "id": str(number), "metadata": {}, "source": source} for number, source in enumerate(sources)]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more}


def read(content: Any) -> ParsedNotebook:
    """Parse a notebook given as bytes or as data."""
    return parse(content if isinstance(content, bytes) else json.dumps(content).encode(), "a", "01-tiny", [])


def refusal(content: Any) -> str:
    """Return the sentence with which a notebook is refused."""
    with pytest.raises(Refusal) as found:
        read(content)
    return str(found.value)


def sources(submission: ParsedNotebook) -> list[str]:
    """Return the texts of all cells."""
    return [cell.source for cell in submission.cells]


def test_plain_notebook_needs_no_note() -> None:
    """An ordinary notebook is read without a word."""
    submission = read(notebook("x = 1", "x"))

    assert sources(submission) == ["x = 1", "x"]
    assert submission.notes == []


@pytest.mark.parametrize(
    "content",
    [b"", b"no JSON", b'{"cells": [', json.dumps(notebook("x")).encode()[:-20], b"[" * 100_000, b'{"a":' * 100_000, b"1" * 5000, b"\xff\xfe", b"\x00" * 50],
    ids=["empty", "text", "cut", "cut-late", "deep-list", "deep-dict", "huge-number", "empty-utf16", "nulls"],
)  # fmt: skip
def test_what_is_not_json_is_refused(content: bytes) -> None:
    """Text that is not JSON, cut off or nested too deep, is refused with a reason."""
    assert "cannot be read as JSON" in refusal(content)


@pytest.mark.parametrize(
    "content", [[], 7, None, "text", {}, {"cells": None}, {"cells": {"0": 1}}, {"cells": "x", "metadata": 3}], ids=repr
)
def test_json_that_is_no_notebook_is_refused(content: Any) -> None:
    """JSON without a list of cells is refused with a reason."""
    assert "has no list of cells" in refusal(content)


def test_too_many_cells_are_refused() -> None:
    """A notebook of more cells than a person writes is refused; the reason names the number."""
    assert f"{MAX_CELLS + 1} cells" in refusal(notebook(*["x"] * (MAX_CELLS + 1)))


def test_parts_that_are_no_cells_are_left_out() -> None:
    """Cells of no known form are dropped, the others stay; one of an unknown type with text in it stays as text, and is told."""
    good = notebook("x = 1")["cells"][0]
    odd = [None, 3, [], {}, {"cell_type": "code"}, {"cell_type": "video", "source": "x"}, {"cell_type": "code", "source": 3}]

    submission = read(notebook(cells=[*odd, {**good, "source": ["y", "\n", 3, "z"]}, good]))

    assert sources(submission) == ["", "x", "y\nz", "x = 1"]
    assert submission.cells[1].cell_type == "raw" and "'video'" in submission.notes[0]


@pytest.mark.parametrize(
    "metadata", [None, 3, [], {"nbgrader": None}, {"nbgrader": {"grade_id": 7}}, {"nbgrader": {"grade_id": ["a"]}}], ids=repr
)
def test_spoiled_metadata_is_no_mark(metadata: Any) -> None:
    """Metadata of no known form counts as no nbgrader mark."""
    submission = read(notebook(cells=[{"cell_type": "code", "source": "x", "id": 5, "metadata": metadata}]))

    assert [(cell.grade_id, cell.id) for cell in submission.cells] == [(None, "")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_are_read(encoding: str) -> None:
    """A notebook saved in another Unicode encoding is read as it was written."""
    text = json.dumps(notebook("town = 'Zhèjiāng'"), ensure_ascii=encoding in ("utf-16-le", "utf-16-be", "utf-32"))

    submission = read(text.encode(encoding))

    assert sources(submission) == ["town = 'Zhèjiāng'"]
    assert bool(submission.notes) == encoding.startswith(("utf-16", "utf-32"))


def test_latin_1_is_read_with_a_note() -> None:
    """A file that is not UTF-8 is read; what is lost shows, and a note says so."""
    submission = read(json.dumps(notebook("name = 'é'\nx = 1"), ensure_ascii=False).encode("latin-1"))

    assert sources(submission) == ["name = '\ufffd'\nx = 1"]
    assert "not UTF-8" in submission.notes[0]


def test_null_characters_are_taken_out() -> None:
    """Null characters, raw or escaped, do not reach Python or the gradebook."""
    submission = read(json.dumps(notebook("x = 1\0")).encode().replace(b'"x', b'"\x00x'))

    assert sources(submission) == ["x = 1"]
    assert "Null characters" in submission.notes[0]


def test_half_characters_can_be_written() -> None:
    """Lone surrogates, which JSON can hold and files cannot, are replaced, in notes too."""
    content = json.dumps(notebook("x = '\ud800'", metadata={"kernelspec": {"language": "\udfff"}})).encode()

    submission = read(content)

    assert sources(submission) == ["x = '?'"]
    assert "\n".join(submission.notes).encode()


@pytest.mark.parametrize("kernel", [{"language": "R", "name": "ir"}, {"language": "julia"}], ids=["R", "Julia"])
def test_other_kernel_is_noted(kernel: dict[str, str]) -> None:
    """A notebook that asks for another language is run with Python, and a note says so."""
    submission = read(notebook("x <- 1", metadata={"kernelspec": kernel}))

    assert repr(kernel["language"]) in submission.notes[0]


@pytest.mark.parametrize("metadata", [None, 3, {"kernelspec": None}, {"kernelspec": {"language": 3}}], ids=repr)
def test_spoiled_notebook_metadata_stops_nothing(metadata: Any) -> None:
    """A notebook whose own metadata are of no known form is read."""
    assert sources(read(notebook("x", metadata=metadata))) == ["x"]


def test_old_format_is_upgraded() -> None:
    """A notebook of format 3 is read; a broken one is refused."""
    old = nbformat.v3.new_notebook(worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell(input="x = 1")])])

    assert sources(read(json.dumps(old).encode())) == ["x = 1"]
    assert "old format" in refusal({"worksheets": 3, "nbformat": 3})


# Files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of one submission."""
    made = tmp_path / "submitted" / "student" / "01-tiny"
    made.mkdir(parents=True)
    return made


def refused_file(folder: Path) -> str:
    """Return the sentence with which a folder is refused."""
    with pytest.raises(Refusal) as found:
        read_bytes(folder, "01-tiny")
    return str(found.value)


def test_notebook_of_the_units_name_is_read(folder: Path) -> None:
    """The notebook with the unit's name is taken; of one beside it that is as new, it is said that it was not read."""
    for name in ("01-tiny.ipynb", "copy.ipynb", "data.csv"):
        (folder / name).write_text(json.dumps(notebook(name)))
        os.utime(folder / name, (10, 10))

    data, notes = read_bytes(folder, "01-tiny")

    assert data == json.dumps(notebook("01-tiny.ipynb")).encode()
    assert "'copy.ipynb' was not read" in notes[0]


@pytest.mark.parametrize(
    "name", ["my homework.ipynb", "line\nbreak.ipynb", 'it\'s "mine".ipynb', "作业.IPYNB", "01-tiny (1).ipynb", "-rf.ipynb"]
)
def test_another_name_is_read_with_a_note(folder: Path, name: str) -> None:
    """A single notebook of another name is graded; a note in one line names it."""
    (folder / name).write_text("found")
    (folder / "._hidden.ipynb").write_text("left by a Mac")

    data, notes = read_bytes(folder, "01-tiny")

    assert data == b"found"
    assert "graded as 01-tiny.ipynb" in notes[0] and "\n" not in notes[0]


def test_name_that_is_no_text_is_read(folder: Path) -> None:
    """A file name that is not UTF-8 does not stop anything."""
    (Path(os.fsdecode(bytes(folder) + b"/\xff.ipynb"))).write_text("found")

    data, notes = read_bytes(folder, "01-tiny")

    assert data == b"found" and notes[0].encode()


def test_two_notebooks_are_refused(folder: Path) -> None:
    """Of two notebooks, none with the unit's name, none is guessed."""
    for name in ("a.ipynb", "b.ipynb"):
        (folder / name).write_text("x")

    assert refused_file(folder).startswith("There are several notebooks")


def test_empty_folder_is_refused(folder: Path) -> None:
    """A folder without a notebook is refused with a reason."""
    assert refused_file(folder).startswith("There is no notebook")


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    """A link in place of the notebook, of its folder or of the student's folder is refused."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/01-tiny.ipynb").write_text("secret")
    (folder / "01-tiny.ipynb").symlink_to(tmp_path / "secret/01-tiny.ipynb")
    (folder.parent / "02-kinds").symlink_to(tmp_path / "secret")
    (folder.parents[1] / "other").symlink_to(folder.parent)

    assert "is a link" in refused_file(folder)
    assert "is a link" in refused_file(folder.parent / "02-kinds")
    assert "is a link" in refused_file(folder.parents[1] / "other/01-tiny")


@pytest.mark.parametrize("kind", ["folder", "pipe", "socket", "file-for-folder"])
def test_other_things_than_files_are_refused(folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder, a pipe or a socket in place of the notebook is refused at once, and so is a file in place of the folder."""
    place = folder / "01-tiny.ipynb"
    if kind == "folder":
        place.mkdir()
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "socket":
        monkeypatch.chdir(folder)  # the name of a socket must be short
        socket.socket(socket.AF_UNIX).bind(place.name)
    else:
        folder.rmdir()
        folder.write_text("x")
    before = len(os.listdir("/proc/self/fd"))

    assert refused_file(folder)
    assert len(os.listdir("/proc/self/fd")) == before


def test_huge_file_is_refused_unread(folder: Path) -> None:
    """A notebook of 100 MB is refused with its size."""
    with (folder / "01-tiny.ipynb").open("wb") as file:
        file.truncate(100_000_000)

    assert "100 MB" in refused_file(folder) and MAX_BYTES < LARGEST < 100_000_000
