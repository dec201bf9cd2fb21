"""The commands that grade: ``litu grade`` and ``litu demo``."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from litu.build import build as build_units
from litu.course import Course
from litu.errors import LituError
from litu.grading import report as reporting
from litu.grading.book import Book
from litu.grading.changes import save_changes
from litu.grading.classrun import Grader, LocalGrader, UnitReport, grade_unit, store_of
from litu.grading.engine import BoxError, WarmPool
from litu.grading.feedback import page, stale_pages, write_feedback
from litu.grading.handin import Work, handed_in
from litu.grading.kit import Kit
from litu.grading.open_kernels import OpenKernels
from litu.grading.result import Result

console = Console()


def bar() -> Progress:
    """Return the progress bar of every long command."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    return Progress(*columns, console=console)


def run(
    course: Course,
    units: list[str],
    *,
    students: list[str] | None,
    jobs: int,
    db_url: str | None,
    scheduler: str | None,
    sandbox: bool,
    feedback: bool,
    show_timings: bool,
) -> list[UnitReport]:
    """Grade units, write feedback and reports, and print what an instructor needs next."""
    config = course.nbgrader_config()
    if db_url:
        config.CourseDirectory.db_url = db_url
    for unit in units:
        Kit.load(course, unit)  # says at once when a unit is not built
    problems: list[str] = []
    reports = []
    try:
        with ExitStack() as stack:
            stack.enter_context(one_at_a_time(course))
            book = stack.enter_context(Book(config))
            progress = stack.enter_context(bar())
            grader = OnDemand(lambda: _grader(stack, progress, course, jobs, scheduler, sandbox))
            for unit in units:
                task = progress.add_task(f"Grading {unit}", total=None)

                def tell(student: str, of: int, task: TaskID = task) -> None:
                    progress.update(task, total=of, advance=1)

                reports.append(grade_unit(course, unit, grader, book, students=students, tell=tell))
            rows = {unit: book.rows(unit) for unit in course.units()}
            if feedback:
                for report in reports:
                    due = stale_pages(course, report, rows[report.unit])
                    task = progress.add_task(f"Feedback {report.unit}", total=len(due))
                    for problem in write_feedback(course, report.unit, due, jobs, book.url):
                        problems += [problem] if problem else []
                        progress.advance(task)
        _save_and_show(course, reports, [row for unit in rows.values() for row in unit], problems, show_timings)
        for report in reports:
            store_of(course, report.unit).reported()
    except OSError as error:
        where = error.filename or "A file"
        raise LituError(f"{where} cannot be written ({error.strerror or error}); nothing that was graded is lost, run this again to go on.") from None
    return reports


class OnDemand:
    """A grader that is made when there is the first submission to run."""

    def __init__(self, make: Callable[[], Grader]) -> None:
        self._make = make

    @cached_property
    def _grader(self) -> Grader:
        return self._make()

    def results(self, kit: Kit, work: list[Work]) -> Iterator[Result]:
        """Yield one result for each piece of work."""
        yield from self._grader.results(kit, work)


@contextmanager
def one_at_a_time(course: Course) -> Iterator[None]:
    """Hold the course's grading for this process. Raises LituError when another one has it."""
    (course.grading / "reports").mkdir(parents=True, exist_ok=True)
    with (course.grading / "reports" / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LituError("Another `litu grade` is at work on this course; wait until it has ended.") from None
        yield


def _grader(stack: ExitStack, progress: Progress, course: Course, jobs: int, scheduler: str | None, sandbox: bool) -> Grader:
    if scheduler:
        from litu.grading.cluster import ClusterGrader

        return stack.enter_context(ClusterGrader(scheduler, course.data))
    if not sandbox:
        progress.console.print("[bold red]No sandbox:[/] student code runs with your rights.")
        return LocalGrader(stack.enter_context(OpenKernels(course.data)), jobs)
    task = progress.add_task("Warming up: one Python with pandas and Altair loaded", total=None)
    try:
        return LocalGrader(stack.enter_context(WarmPool(course.data)), jobs)
    except BoxError as error:
        raise LituError(f"{error} To grade without a sandbox, with student code having your rights: --no-sandbox.") from None
    finally:
        progress.remove_task(task)


def _save_and_show(
    course: Course, reports: list[UnitReport], rows: list[dict[str, object]], problems: list[str], show_timings: bool
) -> None:
    folder = course.grading / "reports"
    results = [result for report in reports for result in report.results]
    reporting.save_grades(folder / "grades.csv", rows, results)
    console.print(reporting.summary(reports))
    if show_timings:
        console.print(reporting.timings(results))
    changes = [change for report in reports for change in report.changes]
    if changes:
        save_changes(folder / "changes.csv", changes)
        console.print(f"{len(changes)} marks moved since the last grading (reports/changes.csv):", highlight=False)
        for change in changes[:10]:
            line = f"  {change.student}, {change.unit}, {change.exercise}: {change.points_before:g} → {change.points_now:g}"
            console.print(line, highlight=False, markup=False, soft_wrap=True)
    for problem in problems:
        console.print(problem, highlight=False, markup=False, soft_wrap=True)
    odd = reporting.to_look_at(results)
    if odd:
        console.print("To look at (tricks earn nothing, but you may want to know):", highlight=False)
        for line in odd[:12]:
            console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)
    waiting = sum(bool(row["to_be_marked_by_hand"]) for row in rows)
    first = next((page(course, result.unit, result.student) for result in results if page(course, result.unit, result.student).is_file()), None)
    console.print("Open next:")
    console.print(f"  {_relative(folder / 'grades.csv')}   the grades", highlight=False)
    if first:
        console.print(f"  {_relative(first)}   a student's feedback page", highlight=False, soft_wrap=True)
    if waiting:
        console.print(f"  jupyter lab, then Nbgrader → Formgrader   {waiting} submissions wait for written answers to be marked", highlight=False, soft_wrap=True)


def _relative(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def grade(
    unit: Annotated[str | None, typer.Argument(help="Unit by name or number, for example 04.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every unit that something was handed in for.")] = False,
    student: Annotated[list[str] | None, typer.Option("--student", help="Only this student; may be given again.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Submissions run at a time.")] = os.cpu_count() or 2,
    db: Annotated[str | None, typer.Option("--db", help="Gradebook address, for example postgresql+psycopg2://user@host/grades.")] = None,
    scheduler: Annotated[str | None, typer.Option("--scheduler", help="Run on a Dask cluster, for example tcp://host:8786.")] = None,
    sandbox: Annotated[bool, typer.Option("--sandbox/--no-sandbox", help="Without a sandbox student code has your rights.")] = True,
    feedback: Annotated[bool, typer.Option("--feedback/--no-feedback", help="Write the students' feedback pages.")] = True,
    timings: Annotated[bool, typer.Option("--timings", help="Show the time of every cell.")] = False,
) -> None:
    """Grade what was handed in under grading/submitted/ and write feedback and grades."""
    course = Course.find()
    if everything == (unit is not None):
        raise LituError("Name one unit, or --all; for example `litu grade 04`.")
    names = [course.lesson(unit).stem] if unit else [name for name in course.units() if any(handed_in(course, name, student))]
    if not names:
        raise LituError("Nothing was handed in: grading/submitted/<student>/<unit>/ is where nbgrader collects work.")
    run(course, names, students=student, jobs=jobs, db_url=db, scheduler=scheduler, sandbox=sandbox, feedback=feedback, show_timings=timings)


def demo() -> None:
    """Build the course, make a sample class, grade it, and say what to open next."""
    from litu.grading.sampleclass import CLASS, DUE, hand_in

    started = time.monotonic()
    course = Course.find()
    names = course.units()
    config = course.nbgrader_config()
    with bar() as progress:
        task = progress.add_task("Building the units", total=len(names))
        build_units(course, names, force=False, tell=lambda *_: progress.advance(task))
        task = progress.add_task("Sample class", total=len(names))
        for sample in CLASS:
            for folder in ("submitted", "autograded", "feedback"):
                shutil.rmtree(course.grading / folder / sample.name, ignore_errors=True)
            for unit in names:
                store_of(course, unit).forget(sample.name)
        for unit in names:
            hand_in(course, unit, course.grading / "submitted", CLASS)
            progress.advance(task)
    with Book(config) as book:
        for unit in names:
            book.set_due(unit, DUE)
    run(course, names, students=None, jobs=os.cpu_count() or 2, db_url=None, scheduler=None, sandbox=True, feedback=True, show_timings=False)
    console.print(f"Done in {time.monotonic() - started:.0f} s: {len(CLASS)} invented students, {len(names)} units.", highlight=False)
