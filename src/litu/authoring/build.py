"""From text to notebooks: source/, release/ and the answer keys, in one direction only."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import logging
import math
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveCells

import litu
from litu.answers.contract import CHECKS_FORMAT, PublicChecks
from litu.answers.records import to_json
from litu.authoring import meaning
from litu.authoring.answer_key import answer_key
from litu.authoring.figures import known_figures
from litu.authoring.leaks import leaks
from litu.authoring.lesson import Lesson
from litu.authoring.notebooks import source_notebook, write_notebook
from litu.authoring.parser import read_lesson
from litu.authoring.start_page import NAME as START
from litu.authoring.start_page import write_start_page
from litu.course import Course
from litu.errors import LituError
from litu.public_checks.hashing import SCRYPT
from litu.public_checks.seal import seal

LIBRARIES = ("altair", "jupytext", "nbgrader", "pandas", "scipy")


def build_unit(course: Course, unit: str) -> None:
    """Build one unit into ``course.out``. Nothing is changed there when anything fails.

    Raises LituError: a mistake in the lesson, a leak into the student copy,
    or a folder that cannot be written.
    """
    path = course.lesson(unit)
    lesson = read_lesson(path)
    key = answer_key(lesson, course.data, course.settings)
    known = known_figures(course.data)
    checks = PublicChecks(
        CHECKS_FORMAT,
        lesson.unit,
        lesson.title,
        {
            name: replace(seal(f"{lesson.unit}/{name}", exercise, known), starter=lesson.exercises[name].cell.starter())
            for name, exercise in key.exercises.items()
        },
        course=course.settings.course_id,
        minutes=lesson.header.minutes,
        scrypt=dict(SCRYPT),
        scorecard=tuple({"claim": score.claim, "exercise": score.exercise} for score in lesson.header.scorecard),
    )
    with _workshop(course) as work:
        trial = replace(course, out=work)
        source = trial.folder("source", lesson.unit)
        source.mkdir(parents=True)
        (source / f"{lesson.unit}.ipynb").write_text(write_notebook(source_notebook(lesson, _following(course, lesson))), encoding="utf-8")
        _write_checks(source, checks)
        _release(course, work, lesson.unit)
        text = (trial.folder("release", lesson.unit) / f"{lesson.unit}.ipynb").read_text(encoding="utf-8")
        released = nbformat.reads(text, as_version=4)
        for kind in ("source", "release"):  # nbgrader copies source/ again whenever a teacher releases by hand
            _write_checks(trial.folder(kind, lesson.unit), replace(checks, released=json.loads(text)))
        found = leaks(released, lesson, key, course.data)
        if found:
            raise LituError(f"course/{path.name} is not released: " + "; ".join(found[:3]))
        files = {str(file.relative_to(work)): _digest(file) for file in sorted(work.rglob("*")) if file.is_file()}
        built = {"from": source_digest(course, path), "files": files, "released": _ever_released(course, unit, released)}
        (work / "key.json").write_text(_json(to_json(key) | {"built": built}), encoding="utf-8")
        _move_in(course, work, lesson.unit)


def _write_checks(folder: Path, checks: PublicChecks) -> None:
    (folder / "checks.json").write_text(_json(to_json(checks)), encoding="utf-8")


def _following(course: Course, lesson: Lesson) -> Lesson | None:
    """Return the lesson after this one, to which its last cell leads on."""
    later = [path for path in course.lessons() if path.stem > lesson.unit]
    return read_lesson(later[0]) if later else None


def _ever_released(course: Course, unit: str, released: nbformat.NotebookNode) -> list[str]:
    """Return digests of the cells of this release and of all earlier ones, so that nobody is taken to have changed a cell that was mended."""
    now = {meaning.digest(cell.cell_type, cell.source) for cell in released.cells}
    try:
        before = json.loads(course.key_path(unit).read_text(encoding="utf-8"))["built"].get("released", [])
    except (OSError, ValueError, KeyError):
        before = []
    return sorted(now.union(before))


def is_current(course: Course, unit: str) -> bool:
    """Return whether the unit's built files are those of the last build from the present text, data and code."""
    try:
        built = json.loads(course.key_path(unit).read_text(encoding="utf-8"))["built"]
        return built["from"] == source_digest(course, course.lesson(unit)) and all(
            _digest(course.out / name) == digest for name, digest in built["files"].items()
        )
    except (OSError, ValueError, KeyError):
        return False


def build(course: Course, units: list[str], *, force: bool, tell: Callable[[str, bool], None]) -> None:
    """Build what has changed; ``tell(unit, built)`` is called after each unit."""
    for unit in units:
        stale = force or not is_current(course, unit)
        if stale:
            build_unit(course, unit)
        tell(unit, stale)
    write_start_page(course)


def stale_files(course: Course, units: list[str]) -> Iterator[str]:
    """Build each unit anew elsewhere and yield the committed files that differ from what comes out."""
    with tempfile.TemporaryDirectory() as folder:
        trial = replace(course, out=Path(folder))
        for unit in units:
            build_unit(trial, unit)
            for name in dict.fromkeys(_files(trial, unit) + _files(course, unit)):
                if not _same_file(course.root / name, trial.out / name):
                    yield str(name)
        write_start_page(trial)
        start = course.place("release") / START
        if not _same_file(start, trial.place("release") / START):
            yield str(start.relative_to(course.root))


def _files(course: Course, unit: str) -> list[Path]:
    """Return the unit's built files, relative to the course's folder."""
    folders = [course.folder("source", unit), course.folder("release", unit)]
    files = [file for folder in folders for file in sorted(folder.glob("*")) if file.is_file()]
    return [file.relative_to(course.out) for file in [course.key_path(unit), *files] if file.is_file()]


def source_digest(course: Course, lesson: Path) -> str:
    """Return a digest of all that a unit is built from: text, data, this package, its libraries."""
    digest = hashlib.sha256(lesson.read_bytes())
    for file in sorted(course.data.glob("*.*")):
        digest.update(file.read_bytes())
    package = Path(litu.__file__).parent
    for file in sorted(package.rglob("*.py")):
        if file.relative_to(package).parts[0] != "grading":
            digest.update(file.read_bytes())
    digest.update((course.root / "nbgrader_config.py").read_bytes())
    digest.update(repr([importlib.metadata.version(name) for name in LIBRARIES]).encode())
    return digest.hexdigest()


def _release(course: Course, work: Path, unit: str) -> None:
    """Let nbgrader make the student version in ``work``."""
    config = course.nbgrader_config()
    config.CourseDirectory.root = str(work)
    config.GenerateAssignment.preprocessors = [step for step in GenerateAssignment.preprocessors.default() if step is not SaveCells]
    folders = CourseDirectory(config=config, assignment_id=unit)
    logger = logging.getLogger("litu.release")
    logger.setLevel(logging.CRITICAL)
    GenerateAssignment(coursedir=folders, config=config, no_database=True, log=logger).start()


@contextmanager
def _workshop(course: Course) -> Iterator[Path]:
    """Give a temporary folder beside the built ones, so that moving in is a rename."""
    try:
        course.out.mkdir(exist_ok=True)
        folder = tempfile.mkdtemp(prefix=".build-", dir=course.out)
    except OSError as error:
        raise LituError(f"{course.out} cannot be written ({error.strerror}); nothing was built.") from None
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _move_in(course: Course, work: Path, unit: str) -> None:
    targets = [course.folder("source", unit), course.folder("release", unit), course.key_path(unit)]
    trial = replace(course, out=work)
    made = [trial.folder("source", unit), trial.folder("release", unit), work / "key.json"]
    old = work / "old"
    old.mkdir()
    moved: list[tuple[Path, Path]] = []
    try:
        for number, (new, target) in enumerate(zip(made, targets, strict=True)):
            target.parent.mkdir(parents=True, exist_ok=True)
            aside = old / str(number)
            if target.exists():
                target.rename(aside)
            moved.append((aside, target))
            new.rename(target)
    except OSError as error:
        for aside, place in moved:
            if place.is_dir():
                shutil.rmtree(place)
            place.unlink(missing_ok=True)
            if aside.exists():
                aside.rename(place)
        raise LituError(f"{target} cannot be written ({error.strerror}); the folders are as they were.") from None


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _same_file(one: Path, two: Path) -> bool:
    if not (one.is_file() and two.is_file()):
        return False
    if one.parent.name != "keys":
        return one.read_bytes() == two.read_bytes()
    try:
        return _alike(*({**json.loads(path.read_text(encoding="utf-8")), "built": None} for path in (one, two)))
    except ValueError:
        return False


def _alike(one: Any, two: Any) -> bool:
    """Compare JSON; a fitted number may differ in its last digits from machine to machine."""
    if isinstance(one, float) and isinstance(two, float):
        return math.isclose(one, two, rel_tol=1e-6)
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(_alike(one[name], two[name]) for name in one)
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(map(_alike, one, two))
    return bool(one == two)
