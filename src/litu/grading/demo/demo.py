"""The demonstration: an invented class, handed in and graded."""

from __future__ import annotations

import shutil
import time
from concurrent.futures import Future

from litu.authoring.build import build as build_units
from litu.course import Course
from litu.grading.demo.sample_class import CLASS, DUE, hand_in
from litu.grading.execution.fork_server import ForkServer
from litu.grading.gradebook.gradebook import GradebookWriter
from litu.grading.results.store import store_of
from litu.grading.runner.run import bar, console, run


def run_demo(course: Course, warm: Future[ForkServer]) -> None:
    """Build all units, let the sample class hand them in, grade them, and say what to open next."""
    started = time.monotonic()
    names = course.units()
    with bar() as progress:
        task = progress.add_task("Building the units", total=len(names))
        build_units(course, names, force=False, tell=lambda *_: progress.advance(task))
        task = progress.add_task("Sample class", total=len(names))
        for sample in CLASS:
            for folder in ("submitted", "autograded", "feedback"):
                shutil.rmtree(course.place(folder) / sample.name, ignore_errors=True)
            for unit in names:
                store_of(course, unit).forget(sample.name)
        for unit in names:
            hand_in(course, unit, course.place("submitted"), CLASS)
            progress.advance(task)
    with GradebookWriter(course.nbgrader_config()) as book:
        for unit in names:
            book.set_due(unit, DUE)
    run(course, names, warm)
    console.print(f"Done in {time.monotonic() - started:.0f} s: {len(CLASS)} invented students, {len(names)} units.", highlight=False)
