"""The commands for handing work in as one archive: ``litu pack`` for a student, ``litu unpack`` for a teacher."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litu.errors import LituError
from litu.grading.results.plain_text import plain
from litu.grading.upkeep.access import open_course

if TYPE_CHECKING:
    from litu.grading.submissions.packs import Pack


def pack(
    unit: Annotated[str, typer.Argument(help="The unit's folder, its name or its number, for example 04.")],
    student: Annotated[str, typer.Option("--student", help="Your name as your teacher knows it, for example an-li.")],
    to: Annotated[Path, typer.Option("--to", help="The folder for the archive.")] = Path(),
) -> None:
    """Make one archive of your work in a unit, with a receipt: for classes that hand in by mail or a learning platform."""
    from litu.learner.pack import pack as make_pack
    from litu.learner.pack import unit_folder

    path, receipt = make_pack(unit_folder(unit, Path.cwd()), student, to)
    print(f"{path} holds your work in {receipt.unit} as you saved it last: {', '.join(receipt.files)}.")
    print(f"By your own record: {receipt.counts()}. Packed {receipt.packed}.")
    print(f"Receipt {receipt.number}. Hand in the file as it is and keep this number; your teacher sees the same.")


def unpack(
    archives: Annotated[list[Path], typer.Argument(help="Archives that students made with `litu pack`.")],
    student: Annotated[str | None, typer.Option("--student", help="File a single archive under this name instead.")] = None,
    received: Annotated[str | None, typer.Option("--received", help="When they came in; else as the students' clocks say.")] = None,
    new: Annotated[bool, typer.Option("--new", help="Take students too that the gradebook does not know.")] = False,
    db: Annotated[str | None, typer.Option("--db", help="Gradebook address; else that of nbgrader_config.py.")] = None,
) -> None:
    """Verify archives of `litu pack` and file the work under grading/submitted/; refuse what is broken, changed or foreign."""
    from litu.grading.execution import fast_jsonschema

    course = open_course()
    fast_jsonschema.load()
    from litu.grading.gradebook.due_dates import open_gradebook
    from litu.grading.submissions.packs import file_pack, read_pack
    from litu.grading.submissions.parse import Refusal
    from litu.grading.submissions.timestamps import read_time, zone_of

    if student is not None and len(archives) > 1:
        raise LituError("--student names whose one archive is; unpack the others without it.")
    home = zone_of(course.nbgrader_config())
    try:
        came = read_time(received, home, home) if received else None
    except ValueError as error:
        raise LituError(str(error)) from None
    with open_gradebook(course, db) as book:
        roster = list(book.roster())
    refused = 0
    for path in archives:
        try:
            found = read_pack(path, course)
            name = student_of(found, student, roster, new)
            done = file_pack(course, found, name, came or found.packed)
            print(f"{plain(path.name, 80)}: {done} under {plain(name, 80)}, {found.receipt.unit}. {_told(found, came)}")
        except (Refusal, OSError) as reason:
            refused += 1
            print(f"{plain(path.name, 80)}: refused, because {plain(str(reason), 300)}.")
    if refused:
        raise typer.Exit(1)


def student_of(found: Pack, named: str | None, roster: list[str], new: bool) -> str:
    """Return under which name an archive is filed. Raises Refusal for a student that the class does not have."""
    import difflib

    from litu.grading.submissions.collect import person
    from litu.grading.submissions.parse import Refusal
    from litu.learner.pack import is_name

    name = named if named is not None else found.receipt.student
    known = {person(one): one for one in roster}
    if person(name) in known:
        return known[person(name)]
    if not is_name(name) or name[0] == ".":
        raise Refusal(f"{name!r} cannot be the name of a folder")
    if known and not new:
        close = difflib.get_close_matches(person(name), known, n=1, cutoff=0.6)
        meant = f"say --student {known[close[0]]} if that is who is meant, or " if close else ""
        raise Refusal(f"the gradebook has no student {name!r}; {meant}say --new for somebody new")
    return name


def _told(found: Pack, came: datetime | None) -> str:
    clock = "" if came else " by the student's clock"
    return f"Receipt {found.receipt.number}. By the student's record: {found.receipt.counts()}. Packed {found.receipt.packed}{clock}."
