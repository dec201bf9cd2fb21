"""The course's settings, its gradebook and nbgrader's exchange."""

from __future__ import annotations

import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from traitlets.config.loader import PyFileConfigLoader

from litu.authoring.build import is_current
from litu.authoring.starter import FILES
from litu.course import OWN_SETTINGS, Course
from litu.errors import LituError
from litu.grading.gradebook.gradebook import GradebookWriter
from litu.grading.gradebook.identity import name_of, recorded, refuse_another
from litu.grading.upkeep.doctor.finding import Finding
from litu.grading.upkeep.traces import exchange_root

NEEDED = ("Autograde", "ClearMarkScheme", "ClearSolutions", "ExchangeFactory", "GenerateFeedback")
"""Classes of nbgrader whose settings a course of litu relies on."""


def examine_settings(course: Course) -> Iterator[Finding]:
    """Yield which settings are missing."""
    config, wanted = course.nbgrader_config(), PyFileConfigLoader("nbgrader_config.py", path=str(FILES)).load_config()
    missing = [
        (f"c.{part}.{name}", value) for part in NEEDED for name, value in wanted[part].items() if config.get(part, {}).get(name) != value
    ]
    for name, value in missing:
        yield Finding(
            "settings", f"{name} is not what litu sets; nbgrader's commands may then grade otherwise.", "problem", f"{name} = {value!r}"
        )
    own = course.root / OWN_SETTINGS
    reads = f'load_subconfig("{OWN_SETTINGS}")'
    if own.is_file() and reads not in (course.root / "nbgrader_config.py").read_text(encoding="utf-8"):
        yield Finding("settings", f"{OWN_SETTINGS} is there, but nbgrader_config.py does not read it.", "problem", reads)
    elif not missing:
        where = f"nbgrader_config.py and {OWN_SETTINGS}" if own.is_file() else "nbgrader_config.py"
        yield Finding("settings", f"{where}: nothing is missing.")
    if not config.get("Exchange", {}).get("timezone"):
        yield Finding(
            "settings", "Times without a zone are read as UTC.", "note", f'c.Exchange.timezone = "Asia/Shanghai"   in {OWN_SETTINGS}'
        )
    if stale := [unit for unit in course.units() if not is_current(course, unit)]:
        yield Finding("units", f"{', '.join(stale)}: lesson, package or libraries changed since the build.", "note", "litu build")


def examine_gradebook(course: Course) -> Iterator[Finding]:
    """Yield whether the gradebook can be opened, what it holds and where it lies."""
    address = str(course.nbgrader_config().CourseDirectory.db_url)
    file = Path(address.removeprefix("sqlite:///"))
    if address.startswith("sqlite") and not file.is_file():
        if recorded(course):
            mend = "put a copy of it back, or: litu grade --all --new-gradebook"
            yield Finding("gradebook", f"{file} is gone, and with it all that was marked by hand.", "problem", mend)
        else:
            yield Finding("gradebook", f"There is none yet; the first `litu grade` makes {file}.")
        return
    try:
        with GradebookWriter(course.nbgrader_config()) as book:
            units = [unit for unit in course.units() if book.knows(unit)]
            yield Finding("gradebook", f"{name_of(course, address)}: {len(book.roster())} students, {len(units)} units.")
            refuse_another(course, book)
    except LituError as error:
        yield Finding("gradebook", str(error), "problem")


def examine_exchange(course: Course) -> Iterator[Finding]:
    """Yield whether work can be handed out and in through nbgrader's exchange."""
    root = exchange_root(course)
    named = course.nbgrader_config().get("Exchange", {}).get("root")
    if not root.is_dir():
        what = f"nbgrader's exchange folder {root} does not exist; work can come by other ways."
        mend = f"sudo install --directory --mode 0777 {shlex.quote(str(root))}"
        yield Finding("exchange", what, "problem" if named else "note", mend)
    elif root.stat().st_mode & 0o007 != 0o007:
        yield Finding(
            "exchange", f"Students cannot hand in: {root} is not open to all.", "problem", f"chmod ugo+rwx {shlex.quote(str(root))}"
        )
    elif any(not folder.stat().st_mode & stat.S_IXOTH for folder in root.resolve().parents):
        closed = next(folder for folder in root.resolve().parents if not folder.stat().st_mode & stat.S_IXOTH)
        yield Finding("exchange", f"Students cannot reach {root}: {closed} is closed to them.", "problem", "move it: c.Exchange.root")
    else:
        yield Finding("exchange", f"{root} is open to all, as nbgrader wants it.")
