"""The demonstration: an invented class, handed in and graded, in a course folder of its own."""

from __future__ import annotations

import os
import time
from concurrent.futures import Future

from litu.authoring.build import build as build_units
from litu.course import Course
from litu.grading.demo.sample_class import CLASS, DUE, hand_in
from litu.grading.execution.fork_server import ForkServer
from litu.grading.gradebook.gradebook import GradebookWriter
from litu.grading.runner.run import Settings, bar, console, run

PATIENCE = 5
"""Seconds of CPU time that a cell of an invented student gets: one of them has an endless loop in every unit."""
INVENTED = frozenset(student.name for student in CLASS)


def run_demo(course: Course, warm: Future[ForkServer]) -> None:
    """Build all units of the demonstration's ``course``, let the sample class hand them in, grade them, and say what to open next."""
    started = time.monotonic()
    names = course.units()
    with bar() as progress:
        task = progress.add_task("Building the units", total=len(names))
        build_units(course, names, force=False, tell=lambda *_: progress.advance(task))
        task = progress.add_task("Sample class", total=len(names))
        for unit in names:
            hand_in(course, unit, course.place("submitted"), CLASS)
            progress.advance(task)
    with GradebookWriter(course.nbgrader_config()) as book:
        for unit in names:
            book.set_due(unit, DUE)
    run(course, names, warm, Settings(cpu_seconds=PATIENCE))
    console.print(f"Done in {time.monotonic() - started:.0f} s: {len(CLASS)} invented students, {len(names)} units.", highlight=False)
    place = os.path.relpath(course.root)
    console.print(
        f"All of it lies in {place}, a course folder of its own: `cd {place}` before you mark its written answers.", highlight=False
    )
