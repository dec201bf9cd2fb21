"""The commands that look after a class besides grading. nbgrader takes seconds to load, so only they load it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from litu.course import Course
from litu.errors import LituError
from litu.grading.execution import fast_jsonschema
from litu.grading.results.plain_text import first_of, plain
from litu.grading.upkeep.access import open_course

MOST_NAMED = 20


def forget(
    student: Annotated[str, typer.Argument(help="The name, as the gradebook or grading/submitted/ has it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be taken out.")] = False,
    db: Annotated[str | None, typer.Option("--db", help="Gradebook address.")] = None,
) -> None:
    """Take a student who left out of the course, with every trace: work, marks, pages, reports, extensions, the exchange."""
    course = open_course()
    fast_jsonschema.load()
    from litu.grading.gradebook.due_dates import open_gradebook
    from litu.grading.runner.run import one_at_a_time
    from litu.grading.upkeep.forget import plan, take_out, traces_of

    with one_at_a_time(course), open_gradebook(course, db) as book:
        traces = traces_of(course, student, book)
        print(f"To be taken out of {course.root}:")
        for line in plan(course, traces, book):
            print(f"  {plain(line)}")
        if dry_run:
            return
        if not yes:
            if not sys.stdin.isatty():
                raise LituError("Nothing was taken out; say --yes, as nobody can be asked here.")
            typer.confirm("This cannot be undone. Take all of it out?", abort=True)
        named = take_out(course, traces, book)
    print("Done. `litu report UNIT` writes class reports anew.")
    if named:
        print("The name stands still in these files, which may be another's work or your own; look at them yourself:")
        for line in first_of(named, MOST_NAMED):
            print(f"  {plain(line)}")


def doctor() -> None:
    """Examine the place where a class is graded: versions, sandbox, settings, what students could read. Ends with 1 on a problem."""
    course = Course.find()
    fast_jsonschema.load()
    from litu.grading.upkeep.doctor.examine import examine

    problems = 0
    for found in examine(course):
        print(f"{found.level:8} {found.about}: {plain(found.says, 2000)}")
        if found.mend:
            print(f"         {'mend' if found.level == 'problem' else 'if wanted'}: {plain(found.mend, 2000)}")
        problems += found.level == "problem"
    if problems:
        print(f"{problems} problem{'s' if problems > 1 else ''}. Mend {'them' if problems > 1 else 'it'} and run `litu doctor` again.")
        raise typer.Exit(1)
    print("No problems.")


gradebook = typer.Typer(help="Look after the gradebook.", no_args_is_help=True)


@gradebook.command("copy")
def gradebook_copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="A gradebook's file or address.")],
    target: Annotated[
        str, typer.Argument(metavar="TO", help="Where to: a file, or an address such as postgresql+psycopg://user@host/grades.")
    ],
    replace: Annotated[bool, typer.Option("--replace", help="Put the copy in the place of all that TO holds.")] = False,
) -> None:
    """Copy a gradebook, with marks and comments given by hand, to another file or server, and compare the two."""
    course = open_course()
    from litu.grading.gradebook.identity import record_copy
    from litu.grading.gradebook.transfer import address_of, copy_gradebook
    from litu.grading.runner.run import one_at_a_time

    addresses = address_of(source), address_of(target)
    with one_at_a_time(course):
        counts = copy_gradebook(*addresses, replace=replace)
        record_copy(course, *addresses)
    print(f"Copied and compared: {', '.join(f'{number} {what}' for what, number in counts.items())}.")
    print("To grade into the copy from now on, set c.CourseDirectory.db_url in own_settings.py.")
