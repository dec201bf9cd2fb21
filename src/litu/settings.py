"""A course's own settings: what ``c.Litu`` in nbgrader_config.py says.

nbgrader's settings name the folders and the database; these say the rest.
Another course sets its title and, if it has no table of claims, ``claims``::

    c.Litu.title = "Statistics for historians"
    c.Litu.claims = ""
    c.Litu.limits = {"cpu_seconds": 60, "memory_mb": 4000}
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any

from traitlets.config import Config

from litu.errors import LituError


@dataclass(frozen=True)
class Settings:
    """What the course is called, and what its build and its grading keep to."""

    title: str = "A course that grades itself"
    course_id: str = "course"
    """nbgrader's ``CourseDirectory.course_id``: keeps learners' progress in one course apart from that in another."""
    claims: str = ""
    """A pattern of claim ids; each that a lesson names must be a row of data/claims.csv. Empty: no such rule."""
    figures: bool = False
    """Whether every figure of a solution must stand in data/."""
    preload: tuple[str, ...] = ()
    """Modules besides pandas, Altair and SciPy that the sandbox loads once for all submissions."""
    bundle_readme: str = ""
    """A file, from the course's folder, whose text stands at the top of the README of the students' bundle."""
    limits: tuple[tuple[str, float], ...] = ()
    """Limits of the sandbox that differ from the defaults, by name."""


def read_settings(config: Config) -> Settings:
    """Return the settings in nbgrader's configuration. Raises LituError that names the setting that is wrong."""
    given: dict[str, Any] = dict(config.get("Litu", {}))
    wanted = {field.name: field for field in fields(Settings) if field.name != "course_id"}
    for name, value in given.items():
        if name not in wanted:
            raise LituError(f"nbgrader_config.py sets c.Litu.{name}, but there is no such setting; there are {', '.join(wanted)}.")
        kind: Any = {"limits": dict, "preload": (list, tuple), "figures": bool}.get(name, str)
        if not isinstance(value, kind):
            raise LituError(f"nbgrader_config.py sets c.Litu.{name} to {value!r}, which is of another kind than this setting.")
    try:
        re.compile(given.get("claims", ""))
    except re.error as error:
        raise LituError(f"nbgrader_config.py sets c.Litu.claims to {given['claims']!r}, which is no pattern: {error}.") from None
    if "limits" in given:
        given["limits"] = tuple(sorted((str(name), number) for name, number in given["limits"].items()))
    if "preload" in given:
        given["preload"] = tuple(map(str, given["preload"]))
    folders = config.get("CourseDirectory", {})
    return Settings(course_id=str(folders.get("course_id") or "course"), **given)
