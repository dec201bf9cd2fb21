"""Where things are: the folders of the course, seen from anywhere inside it."""

from __future__ import annotations

import copy
import difflib
import traceback
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from litu.errors import LituError
from litu.settings import Settings, read_settings

OWN_SETTINGS = "own_settings.py"
"""What nbgrader_config.py reads besides, for one place or one teacher; never part of the course."""


@dataclass(frozen=True)
class Course:
    """A checkout of the course. ``out`` is where built folders go, the root unless a build is tried elsewhere."""

    root: Path
    out: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """Return the course that ``start`` (the working folder) lies in. Raises LituError outside a course.

        What lies in another course's grading/ was handed in by somebody: it is none, and its settings, a program, are never run.
        """
        start = (start or Path.cwd()).resolve()
        found = [place for place in (start, *start.parents) if (place / "nbgrader_config.py").is_file() and (place / "course").is_dir()]
        for number, place in enumerate(found):
            if not any(place.is_relative_to(outer / "grading") for outer in found[number + 1 :]):
                return cls(place, place)
        raise LituError(f"{start} is not inside a course; run litu in a folder that holds nbgrader_config.py and course/.")

    @cached_property
    def settings(self) -> Settings:
        """What nbgrader_config.py says of this course."""
        return read_settings(self.nbgrader_config())

    @property
    def data(self) -> Path:
        """The reference dataset."""
        return self.root / "data"

    @property
    def grading(self) -> Path:
        """The working folder of grading."""
        return self.root / "grading"

    def lessons(self) -> list[Path]:
        """Return the lesson files in the order of their numbers."""
        return sorted(path for path in (self.root / "course").glob("*.md") if path.name[:2].isdigit())

    def units(self) -> list[str]:
        """Return the names of all units."""
        return [path.stem for path in self.lessons()]

    def lesson(self, unit: str) -> Path:
        """Return the lesson file of a unit, given whole or by its number. Raises LituError for an unknown unit."""
        wanted = unit.strip().removesuffix(".md").rstrip("/")
        for path in self.lessons():
            if path.stem == wanted or path.stem.split("-")[0] == wanted:
                return path
        close = difflib.get_close_matches(wanted, self.units(), n=1, cutoff=0.3)
        meant = f" Did you mean {close[0]}?" if close else ""
        raise LituError(f"There is no unit {unit!r} in course/.{meant} The units are {', '.join(self.units())}.")

    def key_path(self, unit: str) -> Path:
        """Return where the unit's answer key is."""
        return self.out / "grading" / "keys" / f"{unit}.json"

    def place(self, kind: str) -> Path:
        """Return the folder of ``kind``, such as "release" or "submitted", where nbgrader's settings have it."""
        return (self.out if kind in ("source", "release") else self.root) / self.named(kind)

    def named(self, kind: str) -> str:
        """Return what the settings call the folder of ``kind``, for a sentence: "grading/submitted"."""
        return str(self.nbgrader_config().get("CourseDirectory", {}).get(f"{kind}_directory", kind))

    def folder(self, kind: str, unit: str) -> Path:
        """Return the unit's folder of ``kind`` "source" or "release"."""
        return self.place(kind) / unit

    def nbgrader_config(self) -> Config:
        """Return the settings of nbgrader_config.py."""
        return copy.deepcopy(self._config)

    @cached_property
    def _config(self) -> Config:
        try:
            return PyFileConfigLoader("nbgrader_config.py", path=str(self.root)).load_config()
        except Exception as error:  # settings are a program
            lines = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).parent == self.root]
            name, line = (Path(lines[-1].filename).name, lines[-1].lineno) if lines else ("nbgrader_config.py", "?")
            raise LituError(f"{name} cannot be read, line {line}: {type(error).__name__}: {error}.") from None
