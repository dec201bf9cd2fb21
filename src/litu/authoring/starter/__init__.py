"""A small course to begin with: one unit, one table, the settings; `litu new` writes it."""

from __future__ import annotations

from pathlib import Path

from litu.dataset.checksums import seal
from litu.errors import LituError

FILES = Path(__file__).parent / "files"
"""What is written; ``$title`` stands for the course's title, in quotes for a Python text."""


def write_course(folder: Path, title: str) -> None:
    """Write a course of one unit to ``folder``. Raises LituError when something lies there already, or it cannot be written."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise LituError(f"{folder} is not an empty folder; name one that does not exist yet.")
    try:
        for path in sorted(FILES.rglob("*")):
            place = folder / path.relative_to(FILES)
            if path.is_dir() or path.suffix == ".pyc":
                continue
            text = path.read_text(encoding="utf-8")
            text = text.replace('"$title"', repr(title)).replace("$title", title)
            place = place.with_name(".gitignore") if place.name == "gitignore" else place
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
    except OSError as error:
        raise LituError(f"{error.filename} cannot be written ({error.strerror}).") from None
    seal(folder / "data")
