"""What is wrong with folders that some students hand in, and what becomes of it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from grading_tools import FULL, UNIT, filled_in, hand_in


def link_to_file(folder: Path) -> None:
    (folder / f"{UNIT}.ipynb").unlink()
    (folder / f"{UNIT}.ipynb").symlink_to(folder.parents[3] / f"source/{UNIT}/{UNIT}.ipynb")


def link_to_folder(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.symlink_to(folder.parents[3] / "source" / UNIT)


def link_beside(folder: Path) -> None:
    (folder / "notes.json").symlink_to(folder.parents[3] / f"grading/keys/{UNIT}.json")


def pipe(folder: Path) -> None:
    (folder / f"{UNIT}.ipynb").unlink()
    os.mkfifo(folder / f"{UNIT}.ipynb")


def pipe_beside(folder: Path) -> None:
    os.mkfifo(folder / "data.csv")


def folder_for_file(folder: Path) -> None:
    (folder / f"{UNIT}.ipynb").unlink()
    (folder / f"{UNIT}.ipynb").mkdir()


def file_for_folder(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("my answers")


def huge(folder: Path) -> None:
    with (folder / f"{UNIT}.ipynb").open("wb") as file:
        file.truncate(100_000_000)


def second_notebook(folder: Path) -> None:
    shutil.copy(folder / f"{UNIT}.ipynb", folder / "draft.ipynb")


def two_other_names(folder: Path) -> None:
    shutil.copy(folder / f"{UNIT}.ipynb", folder / "b.ipynb")
    (folder / f"{UNIT}.ipynb").rename(folder / "a.ipynb")


def settings(folder: Path) -> None:
    """Hand in a course: settings are a program."""
    (folder / "course").mkdir()
    (folder / "nbgrader_config.py").write_text(f"open({str(folder.parents[3] / 'settings-were-run')!r}, 'w')\n")


def link_of_a_long_name(folder: Path) -> None:
    link_beside(folder)
    (folder / ("z" * 250)).symlink_to("/nowhere")


def note_for_a_link(folder: Path) -> None:
    link_beside(folder)
    (folder / "notes.json.removed.txt").mkdir()
    (folder / "notes.json.removed.txt" / "own.txt").write_text("x")


def long_names(folder: Path) -> None:
    (folder / ("a" * 255)).write_text("x")


def parts(folder: Path) -> None:
    """Take the names that files had while they were written."""
    for name in (f"{UNIT}.ipynb.part", "timestamp.txt.part"):
        (folder / name).mkdir()
        (folder / name / "own.txt").write_text("x")


def named(name: str) -> Callable[[Path], None]:
    """Return what renames the notebook."""

    def rename(folder: Path) -> None:
        (folder / f"{UNIT}.ipynb").rename(folder / name)

    return rename


def written(change: Callable[[str], bytes]) -> Callable[[Path], None]:
    """Return what changes the notebook's bytes."""

    def rewrite(folder: Path) -> None:
        path = folder / f"{UNIT}.ipynb"
        path.write_bytes(change(path.read_text(encoding="utf-8")))

    return rewrite


def other_kernel(text: str) -> bytes:
    """Return the notebook as one for R."""
    document = json.loads(text)
    document["metadata"]["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    return json.dumps(document).encode()


# What was done to a full solution; the points it still earns; what its student is told.
HOSTILE: dict[str, tuple[Callable[[Path], None], float, str]] = {
    "null-bytes": (written(lambda text: text.replace("urban", "ur\0ban").encode()), 3.0, "Null characters"),
    "utf-16": (written(lambda text: text.encode("utf-16")), 3.0, "UTF-16"),
    "latin-1": (written(lambda text: text.replace("prose", "prosé").replace("papers", "papérs").encode("latin-1", "replace")), 3.0, "not UTF-8"),
    "huge": (huge, 0.0, "100 MB"),
    "empty": (written(lambda text: b""), 0.0, "cannot be read as JSON"),
    "not-json": (written(lambda text: b"import pandas"), 0.0, "cannot be read as JSON"),
    "truncated": (written(lambda text: text.encode()[:-300]), 0.0, "cannot be read as JSON"),
    "nested": (written(lambda text: b"[" * 200_000), 0.0, "cannot be read as JSON"),
    "no-cells": (written(lambda text: b'{"metadata": {}, "nbformat": 4}'), 0.0, "no list of cells"),
    "other-kernel": (written(other_kernel), 3.0, "'R'"),
    "spaces": (named("my home work.ipynb"), 3.0, "my home work.ipynb"),
    "newline": (named("home\nwork.ipynb"), 3.0, "graded as 01-tiny.ipynb"),
    "quotes": (named("it's \"done\".ipynb"), 3.0, "graded as 01-tiny.ipynb"),
    "two-notebooks": (second_notebook, 3.0, "were 2 notebooks"),
    "two-other-names": (two_other_names, 3.0, "were 2 notebooks"),
    "no-notebook": (named("answers.txt"), 0.0, "no notebook"),
    "link": (link_to_file, 0.0, "link"),
    "link-to-folder": (link_to_folder, 0.0, "folder handed in"),
    "link-beside": (link_beside, 3.0, ""),
    "pipe": (pipe, 0.0, "not a file"),
    "pipe-beside": (pipe_beside, 3.0, ""),
    "folder-for-file": (folder_for_file, 0.0, "not a file"),
    "file-for-folder": (file_for_folder, 0.0, "cannot be read"),
    "settings": (settings, 3.0, ""),
    "link-of-a-long-name": (link_of_a_long_name, 3.0, ""),
    "note-for-a-link": (note_for_a_link, 3.0, ""),
    "long-names": (long_names, 3.0, ""),
    "parts": (parts, 3.0, ""),
}  # fmt: skip


def hand_in_hostile(root: Path, names: list[str]) -> None:
    """Hand in a full solution under each name and do to it what the name says."""
    for name in names:
        HOSTILE[name][0](hand_in(root, name, filled_in(root, FULL)))
