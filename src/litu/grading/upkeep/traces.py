"""Where a student's name and work are: folders, results, tables, logs, the exchange. Nothing is changed here."""

from __future__ import annotations

import csv
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import Exchange
from nbgrader.utils import notebook_hash

from litu.course import Course
from litu.grading.results.plain_text import spreadsheet_cell
from litu.grading.results.store import part_of
from litu.grading.submissions.collect import person
from litu.grading.submissions.files_beside import SECRET
from litu.grading.submissions.packs import receipts_of

WORK = ("submitted", "autograded", "feedback")
KEPT = ("replaced", "marking")
"""Folders below grading/ with one for each student, besides nbgrader's."""
NEVER = {".git", ".venv", "course", "source", "release", "data", "src", "tests", "build", "node_modules", "__pycache__"}
"""Folders of the course itself and of its tools, in which no student's name is looked for."""
LARGEST = 50_000_000
"""Bytes of one file that is looked through for a name."""


@dataclass
class Traces:
    """What a course folder, and its exchange, hold of one student."""

    names: set[str]
    """All ways in which the name is written."""
    places: list[Path] = field(default_factory=list)
    """Files and folders that are the student's, or made anew without."""
    tables: dict[Path, int] = field(default_factory=dict)
    """Tables with how many of their rows are the student's."""
    logs: dict[Path, int] = field(default_factory=dict)
    exchange: str = ""
    """Why nothing was looked for in the exchange; empty when it was."""


def find_traces(course: Course, student: str, roster: Iterable[str]) -> Traces:
    """Return what is on disk of a student, whatever the case and Unicode form of the name."""
    folders = [*(course.place(kind) for kind in WORK), *(course.grading / kind for kind in KEPT)]
    results = sorted((course.grading / "reports" / "results").glob("*/*"))
    stored = [path for folder in results if folder.is_dir() for path in folder.iterdir()]
    own = [Path(entry.path) for folder in folders if folder.is_dir() for entry in os.scandir(folder)]
    who = person(student)
    names = {
        name
        for name in {*roster, *(path.name for path in own), *(path.name.removesuffix(".json") for path in stored)}
        if person(name) == who
    }
    traces = Traces(names)
    traces.places += sorted(path for path in own if path.name in names)
    theirs = {made for name in names for made in (f"{name}.json", part_of(Path(f"{name}.json")).name)}
    traces.places += sorted(path for path in stored if path.name in theirs)
    traces.places += receipts_of(course, names)
    traces.places += [path.parent for path in sorted((course.grading / "reports").glob("*/report.html"))]
    traces.tables = {path: rows for path in sorted((course.grading / "reports").glob("*.csv")) if (rows := _rows_of(path, names))}
    log = course.nbgrader_config().get("NbGrader", {}).get("logfile", ".nbgrader.log")
    if lines := sum(names_one(line, names) for line in _lines(course.root / str(log))):
        traces.logs[course.root / str(log)] = lines
    root = exchange_of(course)
    if root is None:
        traces.exchange = "there is no exchange folder here"
    else:
        traces.places += sorted(_in_exchange(course, root, traces))
    return traces


def exchange_of(course: Course) -> Path | None:
    """Return the course's folder in nbgrader's exchange, None where there is none."""
    folder = exchange_root(course) / str(course.nbgrader_config().CourseDirectory.course_id)
    return folder if folder.is_dir() else None


def exchange_root(course: Course) -> Path:
    """Return where nbgrader's exchange is, or would be."""
    config = course.nbgrader_config()
    return Path(Exchange(coursedir=CourseDirectory(config=config), config=config).root)


def _in_exchange(course: Course, root: Path, traces: Traces) -> Iterator[Path]:
    """Yield what a student handed in through the exchange, and the pages that were released there."""
    handed = [path for path in root.glob("inbound/*") if path.name.partition("+")[0] in traces.names]
    yield from handed
    kept = [path for place in traces.places if place.is_dir() and not place.is_symlink() for path in place.rglob(SECRET)]
    for secret in {
        path.read_text(encoding="utf-8", errors="replace") for path in (*kept, *(folder / SECRET for folder in handed)) if path.is_file()
    }:
        for unit in course.units():
            page = root / "feedback" / f"{notebook_hash(secret=secret, notebook_id=unit)}.html"
            if page.is_file():
                yield page


def _rows_of(path: Path, names: set[str]) -> int:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return sum(is_row_of(row, names) for row in csv.DictReader(file))


def is_row_of(row: dict[str, str], names: set[str]) -> bool:
    """Return whether a row of a table is one student's, whose name is written there as for a spreadsheet."""
    return row.get("student") in {spreadsheet_cell(name) for name in names}


def names_one(line: str, names: set[str]) -> bool:
    """Return whether a line of a log holds one of the names, and not as a part of another name."""
    return any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", line) for name in names)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []


def still_named(course: Course, names: Iterable[str]) -> list[str]:
    """Return the files of the course folder, work of others among them, in which a name still stands."""
    wanted = {name.encode("utf-8", "surrogateescape") for name in names}
    found = []
    for place, folders, files in os.walk(course.root):
        folders[:] = sorted(name for name in folders if name not in NEVER)
        for name in sorted(files):
            path = Path(place, name)
            where = str(path.relative_to(course.root))
            if (
                path.is_file()
                and not path.is_symlink()
                and any(one in where.encode("utf-8", "surrogateescape") + _content(path) for one in wanted)
            ):
                found.append(where)
    return found


def _content(path: Path) -> bytes:
    """Return a file's bytes, and for an archive the names in it."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return "\n".join(archive.namelist()).encode("utf-8", "surrogateescape")
        return path.read_bytes() if path.stat().st_size <= LARGEST else b""
    except (OSError, zipfile.BadZipFile):
        return b""
