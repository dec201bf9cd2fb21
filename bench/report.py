"""The report on a class of 1,000: `litu report`, from the shell's prompt back to it.

The sample class is graded for real; each student of the large class then gets
the executed notebook of one of them and, exercise by exercise, the verdict of
some of them, written by the store and the gradebook that grading uses.
"""

from __future__ import annotations

import argparse
import copy
import random
import sys
from collections.abc import Iterator

from classroom import BIN, grade, load_now, seat, show, timed, trial_course

from litu.course import Course
from litu.grading.gradebook.gradebook import GradebookWriter
from litu.grading.gradebook.records import Entry
from litu.grading.results.models import Result
from litu.grading.results.store import Store, store_of

UNIT = "04-taobao-villages"
BATCH = 100


def enlarged(store: Store, number: int) -> Iterator[Result]:
    """Yield so many results, mixed from those that are there."""
    chance, real = random.Random(number), list(store.finals())
    for place in range(number):
        result = copy.deepcopy(chance.choice(real))
        result.student = f"student-{place:04d}"
        result.exercises = [copy.deepcopy(chance.choice(real).exercises[at]) for at in range(len(result.exercises))]
        yield result


def enter(course: Course, number: int) -> None:
    """Put a large class into the store and the gradebook."""
    store = store_of(course, UNIT)
    with GradebookWriter(course.nbgrader_config()) as book:
        batch: list[Entry] = []
        for result in enlarged(store, number):
            store.save_draft(result)
            batch.append(Entry(result, None, False))
            if len(batch) == BATCH:
                book.write(UNIT, batch)
                batch = []
        book.write(UNIT, batch)
    for place in range(number):
        store.finish(f"student-{place:04d}")


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a class of 20")
    number, sample = (20, 3) if parser.parse_args().quick else (1000, 13)
    with trial_course() as course:
        seat(course, UNIT, sample)
        grade(course, UNIT)
        enter(course, number - sample)
        ran = timed([BIN / "litu", "report", UNIT], course.root)
        if ran.code:
            sys.exit(f"litu report failed:\n{ran.said}")
        size = (course.grading / "reports" / UNIT / "report.html").stat().st_size
    print(ran.said)
    rows = [(number, f"{ran.wall:.1f}", f"{ran.cpu:.1f}", f"{size / 1000:.0f}")]
    show(f"The report on unit {UNIT[:2]}; {load_now()}", ("students", "seconds", "CPU seconds", "page, kB"), rows)


if __name__ == "__main__":
    main()
