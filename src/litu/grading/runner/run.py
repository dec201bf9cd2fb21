"""A whole grading run: units graded, feedback written, everything saved and shown."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from litu.course import Course
from litu.errors import LituError
from litu.grading.assignment import Assignment, limits_of
from litu.grading.execution.executor import ForkServer, SandboxError
from litu.grading.execution.kernel import KernelPool
from litu.grading.gradebook.gradebook import GradebookWriter
from litu.grading.gradebook.identity import record, refuse_another
from litu.grading.pictures import draw_charts_of
from litu.grading.results.feedback import stale_pages, write_feedback
from litu.grading.results.models import Result, UnitReport
from litu.grading.results.plain_text import first_of
from litu.grading.results.report import MOST_ODD, save, show, whole_class
from litu.grading.results.store import store_of
from litu.grading.runner.pipeline import Grader, LocalGrader, autograded, grade_unit
from litu.grading.submissions.collect import Submission, not_read, odd_names

console = Console()


def bar() -> Progress:
    """Return the progress bar of every long command."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    return Progress(*columns, console=console)


@dataclass(frozen=True)
class Settings:
    """What an instructor chooses for a run; the defaults are those of ``litu grade``."""

    students: list[str] | None = None
    """Only these; None for the whole class."""
    jobs: int = os.cpu_count() or 2
    """Submissions run at a time."""
    db: str | None = None
    """Address of the gradebook; None for that of nbgrader_config.py."""
    scheduler: str | None = None
    """Address of a Dask cluster to run on."""
    sandbox: bool = True
    feedback: bool = True
    """Whether the students' pages are written."""
    timings: bool = False
    """Whether the time of every cell is shown."""
    cpu_seconds: float | None = None
    """CPU time of one cell; None for what the course sets."""
    memory_mb: int | None = None
    new_gradebook: bool = False
    """Whether the gradebook may be another than the one that pages and reports were made from."""


def run(course: Course, units: list[str], warm: Future[ForkServer] | None, settings: Settings = Settings()) -> list[UnitReport]:
    """Grade units, write feedback and reports, and print what an instructor needs next.

    ``warm`` is a pool that is on its way, for a run in the sandbox of this machine.
    """
    config = course.nbgrader_config()
    if settings.db:
        config.CourseDirectory.db_url = settings.db
    if len(units) == 1:
        Assignment.load(course, units[0])  # says at once when a unit is not built
    problems = first_of(not_read(course), MOST_ODD)
    reports, refused = [], []
    try:
        with ExitStack() as stack:
            stack.enter_context(one_at_a_time(course))
            book = stack.enter_context(GradebookWriter(config))
            if not settings.new_gradebook:
                refuse_another(course, book)
            record(course, book)
            progress = stack.enter_context(bar())
            grader = OnDemand(lambda: grader_for(stack, progress, course, settings, warm))
            for unit in units:
                task = progress.add_task(f"Grading {unit}", total=None)

                def tell(student: str, of: int, task: TaskID = task) -> None:
                    progress.update(task, total=of, advance=1)

                try:
                    reports.append(grade_unit(course, unit, grader, book, students=settings.students, tell=tell))
                except LituError as error:
                    if len(units) == 1 or grader.at_work:
                        raise
                    refused.append(f"{unit} was not graded, the others were: {error}")
            rows = {unit: book.rows(unit) for unit in course.units() if book.knows(unit)}
            save(course, reports, whole_class(course, rows, book.roster(), reports))
            problems += odd_names(book.roster())
            if settings.feedback:
                due = {report.unit: stale_pages(course, report, rows[report.unit], book.by_hand(report.unit)) for report in reports}
                tasks = {unit: progress.add_task(f"Feedback {unit}", total=len(pages)) for unit, pages in due.items()}
                show_charts(stack, course, due, settings, warm)
                for unit, problem in write_feedback(course, due, settings.jobs, book.url):
                    problems += [problem] if problem else []
                    progress.advance(tasks[unit])
        waiting = sum(row["to_be_marked_by_hand"] for unit in rows.values() for row in unit)
        show(console, course, reports, waiting, problems, with_timings=settings.timings)
        for report in reports:
            store_of(course, report.unit).reported()
        if refused:
            raise LituError(" ".join(refused))
    except OSError as error:
        where = error.filename or "A file"
        raise LituError(
            f"{where} cannot be written ({error.strerror or error}); nothing that was graded is lost, run this again to go on."
        ) from None
    return reports


def show_charts(
    stack: ExitStack, course: Course, due: Mapping[str, Iterable[str]], settings: Settings, warm: Future[ForkServer] | None
) -> None:
    """Put pictures beside the charts of graded notebooks; where there is no sandbox to draw them in, their text stays."""
    paths = [autograded(course, unit, student) for unit, students in due.items() for student in students]
    if not paths or not settings.sandbox:
        return
    try:
        draw_charts_of(warm.result() if warm else stack.enter_context(ForkServer(course.data, course.settings.preload)), paths)
    except SandboxError as error:
        console.print(f"Charts on the pages are shown as text: {error}")


class OnDemand:
    """A grader that is made when there is the first submission to run."""

    def __init__(self, make: Callable[[], Grader]) -> None:
        self._make = make
        self.at_work = False
        """Whether a unit's work was given out and is not done: what stops then stops the other units too."""

    @cached_property
    def _grader(self) -> Grader:
        return self._make()

    def results(self, assignment: Assignment, work: list[Submission]) -> Iterator[Result]:
        """Yield one result for each piece of work."""
        self.at_work = True
        yield from self._grader.results(assignment, work)
        self.at_work = False


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


def grader_for(stack: ExitStack, progress: Progress, course: Course, settings: Settings, warm: Future[ForkServer] | None) -> Grader:
    """Return what runs the submissions, open until ``stack`` closes. Raises LituError where there is no sandbox."""
    limits = limits_of(course, cpu_seconds=settings.cpu_seconds, memory_mb=settings.memory_mb)
    if settings.scheduler:
        from litu.grading.runner.dask_runner import ClusterGrader

        return stack.enter_context(ClusterGrader(settings.scheduler, course.data, limits, course.settings.preload))
    if not settings.sandbox:
        progress.console.print("[bold red]No sandbox:[/] student code runs with your rights.")
        return LocalGrader(stack.enter_context(KernelPool(course.data)), settings.jobs, limits)
    assert warm is not None
    task = progress.add_task("Warming up: one Python with pandas and Altair loaded", total=None)
    try:
        return LocalGrader(warm.result(), settings.jobs, limits)
    except SandboxError as error:
        raise LituError(f"{error} To grade without a sandbox, with student code having your rights: --no-sandbox.") from None
    finally:
        progress.remove_task(task)
