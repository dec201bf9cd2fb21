"""Notebooks are told with the language that JupyterLab would write into them, and the files stay as they are."""

from __future__ import annotations

import asyncio
from pathlib import Path

import nbformat
import pytest
from ipykernel.ipkernel import IPythonKernel
from nbformat.v4 import new_notebook

from litu.display.contents import Contents


@pytest.mark.parametrize(
    ("kernel", "told"),
    [("python3", IPythonKernel.language_info), ("xeus-python", {"name": "python"}), (None, {"name": "python"})],
    ids=["python3", "another kernel", "no kernel"],
)
def test_the_language_is_that_of_the_kernel(kernel: str | None, told: dict[str, object], tmp_path: Path) -> None:
    """Only a notebook for the kernel that this Python brings is told anew, and its file is not written."""
    path = tmp_path / "one.ipynb"
    named = {"kernelspec": {"name": kernel, "display_name": "K"}} if kernel else {}
    nbformat.write(new_notebook(metadata={**named, "language_info": {"name": "python"}}), path)
    before = path.read_bytes()

    model = asyncio.run(Contents(root_dir=str(tmp_path)).get("one.ipynb"))

    assert model["content"]["metadata"]["language_info"] == told
    assert path.read_bytes() == before


def test_files_and_folders_are_as_ever(tmp_path: Path) -> None:
    """A text, a list of a folder, and a notebook without its content."""
    (tmp_path / "a.txt").write_text("words")
    nbformat.write(new_notebook(), tmp_path / "one.ipynb")
    contents = Contents(root_dir=str(tmp_path))

    assert asyncio.run(contents.get("a.txt"))["content"] == "words"
    assert {one["name"] for one in asyncio.run(contents.get(""))["content"]} == {"a.txt", "one.ipynb"}
    assert asyncio.run(contents.get("one.ipynb", content=False))["content"] is None
