"""The copies of a unit's notebook: the learner's own, as it was handed out, and those that were set aside."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from litu.errors import LituError
from litu.learner.unit import Unit

KEPT = "-kept-"
"""In the name of a copy that was set aside."""
MOST_COMPARED = 10_000_000
"""Bytes of a notebook that is held against the one handed out."""


@dataclass(frozen=True)
class Copies:
    """Which copy of a unit opens under its name, and which others lie beside it."""

    state: str
    kept: tuple[str, ...] = ()
    """Names of files, oldest first."""


def copies_of(unit: Unit) -> Copies:
    """Return which copy of a unit lies under its own name."""
    path = unit.folder / f"{unit.name}.ipynb"
    kept = tuple(sorted(other.name for other in unit.folder.glob(f"{unit.name}{KEPT}*.ipynb")))
    try:
        saved = path.stat()
    except OSError:
        return Copies("not here", kept)
    if _sources(path, saved.st_size) == ["".join(cell.get("source", "")) for cell in unit.checks.released.get("cells", [])]:
        return Copies("as handed out", kept)
    return Copies(f"yours, saved {datetime.fromtimestamp(saved.st_mtime):%Y-%m-%d %H:%M}", kept)


def _sources(path: Path, size: int) -> list[str] | None:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"] if size <= MOST_COMPARED else None
        return ["".join(cell["source"]) for cell in cells] if cells is not None else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def put_back(unit: Unit) -> Path | None:
    """Put a unit's notebook back as it was handed out; return where the learner's own is kept, None if there was none.

    Raises LituError when the course's files do not hold the notebook, or when the folder cannot be written; then all is as it was.
    """
    if not unit.checks.released:
        raise LituError(f"{unit.folder / 'checks.json'} does not hold the notebook as it was; copy the unit again from where you got it.")
    path = unit.folder / f"{unit.name}.ipynb"
    new, kept = path.with_suffix(".part"), _free_name(path)
    try:
        new.write_text(json.dumps(unit.checks.released, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        had = path.exists()
        if had:
            os.rename(path, kept)
        try:
            os.replace(new, path)
        except OSError:
            if had:
                os.rename(kept, path)
            raise
    except OSError as error:
        with suppress(OSError):
            new.unlink()
        raise LituError(f"{path} cannot be written ({error.strerror}); it is as it was.") from None
    return kept if had else None


def _free_name(path: Path) -> Path:
    begin = f"{path.stem}{KEPT}{datetime.now():%Y-%m-%dT%H-%M-%S}"
    names = (path.with_name(f"{begin}{f'_{number}' if number else ''}.ipynb") for number in range(1000))
    return next(name for name in names if not name.exists())
