"""The commands that grade: ``litu grade`` and ``litu demo``. nbgrader takes seconds to load, so only they load it."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from litu.course import Course
from litu.errors import LituError
from litu.grading.execution import fast_jsonschema
from litu.grading.execution.fork_server import warming
from litu.grading.upkeep.access import open_course

DEMO = Path("build/demo")


def grade(
    unit: Annotated[str | None, typer.Argument(help="Unit by name or number, for example 04.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every unit that something was handed in for.")] = False,
    student: Annotated[list[str] | None, typer.Option("--student", help="Only this student; may be given again.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Submissions run at a time.")] = os.cpu_count() or 2,
    db: Annotated[str | None, typer.Option("--db", help="Gradebook address, for example postgresql+psycopg://user@host/grades.")] = None,
    scheduler: Annotated[str | None, typer.Option("--scheduler", help="Run on a Dask cluster, for example tcp://host:8786.")] = None,
    sandbox: Annotated[bool, typer.Option("--sandbox/--no-sandbox", help="Without a sandbox student code has your rights.")] = True,
    feedback: Annotated[bool, typer.Option("--feedback/--no-feedback", help="Write the students' feedback pages.")] = True,
    timings: Annotated[bool, typer.Option("--timings", help="Show the time of every cell.")] = False,
    cpu: Annotated[float | None, typer.Option("--cpu", min=0.1, help="CPU seconds of one cell; else as c.Litu.limits sets.")] = None,
    new_gradebook: Annotated[
        bool, typer.Option("--new-gradebook", help="Go on with another gradebook than the one that pages and reports come from.")
    ] = False,
    memory: Annotated[int | None, typer.Option("--memory", min=100, help="MB of one submission; else as c.Litu.limits sets.")] = None,
) -> None:
    """Grade what was handed in and write feedback and grades."""
    course = open_course()
    if everything == (unit is not None):
        raise LituError("Name one unit, or --all; for example `litu grade 04`.")
    wanted = course.lesson(unit).stem if unit else None
    with warming(course.data, course.settings.preload) if sandbox and not scheduler else nullcontext() as warm:
        fast_jsonschema.load()
        from litu.grading.runner.run import Settings, run
        from litu.grading.submissions.collect import handed_in

        names = [wanted] if wanted else [name for name in course.units() if any(handed_in(course, name, student))]
        if not names:
            raise LituError(f"Nothing was handed in: {course.named('submitted')}/<student>/<unit>/ is where nbgrader collects work.")
        run(course, names, warm, Settings(student, jobs, db, scheduler, sandbox, feedback, timings, cpu, memory, new_gradebook))


def due(
    unit: Annotated[str | None, typer.Argument(help="Unit by name or number; without one, all due dates are shown.")] = None,
    when: Annotated[str | None, typer.Argument(help="Such as 2026-03-01T23:59, or `never`.")] = None,
    zone: Annotated[str | None, typer.Option("--zone", help="Such as Asia/Shanghai; else that of c.Exchange.timezone.")] = None,
    student: Annotated[str | None, typer.Option("--student", help="Give an extension to this student only.")] = None,
    db: Annotated[str | None, typer.Option("--db", help="Gradebook address.")] = None,
) -> None:
    """Set or show when units are due, for the class or for one student."""
    course = open_course()
    units = [course.lesson(unit).stem] if unit else course.units()
    fast_jsonschema.load()
    from litu.grading.gradebook.due_dates import set_due, show_due

    if unit and when:
        set_due(course, units[0], when, zone, student, db)
    for line in show_due(course, units, zone, db):
        print(line)


def demo(
    folder: Annotated[Path, typer.Argument(help="Where to put it: new, or that of an earlier demo; from the course's folder.")] = DEMO,
) -> None:
    """Copy the course to a folder of its own, invent a class there, grade it, and say what to open next. Your own class is not touched."""
    course = Course.find()
    fast_jsonschema.load()
    from litu.grading.demo.demo import INVENTED, run_demo
    from litu.grading.demo.folder import make_folder

    copy = make_folder(course, course.root / folder, INVENTED)
    with warming(copy.data, copy.settings.preload) as warm:
        run_demo(copy, warm)
