"""Everything that a report on one unit says, gathered from the results on disk and the gradebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import mean

from litu.course import Course
from litu.errors import LituError
from litu.grading.assignment import Assignment
from litu.grading.gradebook.gradebook import GradebookWriter
from litu.grading.gradebook.queries import WrittenMark
from litu.grading.results.class_report.alike import Alike, Reader, Writing, alike
from litu.grading.results.class_report.items import Item, analyse
from litu.grading.results.class_report.people import Names, Person, person
from litu.grading.results.models import Result
from litu.grading.results.store import store_of


@dataclass(frozen=True)
class Written:
    """One written answer as far as it is marked."""

    name: str
    worth: float
    marked: int
    waiting: int
    mean: float | None
    """Mean mark of those that are marked, an empty answer's zero included."""


@dataclass(frozen=True)
class Findings:
    """What a class did in one unit."""

    unit: str
    title: str
    items: list[Item]
    written: list[Written]
    people: list[Person]
    """The whole roster, in the order of the shown names."""
    alike: list[Alike]

    @property
    def graded(self) -> list[Person]:
        """Whose notebook was graded."""
        return [one for one in self.people if one.status == "graded"]

    @property
    def missing(self) -> list[Person]:
        """Who handed in nothing."""
        return [one for one in self.people if not one.handed_in]

    @property
    def need_help(self) -> list[Person]:
        """Who needs help, the fewest points first."""
        return sorted((one for one in self.people if one.help), key=lambda one: (one.points, one.student))

    @property
    def to_look_at(self) -> list[Person]:
        """In whose hand-in something was odd or in doubt."""
        return [one for one in self.people if one.suspicions or one.doubts]

    @property
    def questionable(self) -> list[Item]:
        """Exercises that may not work."""
        return [item for item in self.items if item.questions]

    @property
    def waiting(self) -> int:
        """Written answers that wait for their marker."""
        return sum(one.waiting for one in self.written)


def gather(course: Course, unit: str, book: GradebookWriter, *, anonymous: bool = False) -> Findings:
    """Return the findings on a unit. Raises LituError when nothing of it has been graded."""
    assignment = Assignment.load(course, unit)
    store, reader = store_of(course, unit), Reader(assignment)
    results: list[Result] = []
    writings: dict[str, Writing] = {}
    for result in store.finals():
        writings[result.student] = reader.read(result)
        result.notebook = ""  # a class is larger than memory
        results.append(result)
    if not results:
        raise LituError(f"Nothing of {unit} has been graded yet; run `litu grade {unit[:2]}` first.")
    roster = book.roster()
    names = Names.of(roster, writings, anonymous=anonymous)
    marks = book.written_marks(unit)
    waiting = frozenset(mark.student for mark in marks if mark.waits)
    people = [person(result, names, waiting) for result in results]
    people += [Person(*names.shown[student]) for student in roster if student not in writings]
    exercises = sum(bool(entry.points) for entry in assignment.key.exercises.values())
    return Findings(
        unit,
        assignment.key.title,
        analyse([result for result in results if result.status == "graded"], assignment.key),
        [_written(name, entry.points, [mark for mark in marks if mark.cell == name]) for name, entry in assignment.key.written.items()],
        sorted(people, key=lambda one: one.student),
        [_shown(one, names.shown) for one in alike(writings, exercises)],
    )


def _written(name: str, worth: float, marks: list[WrittenMark]) -> Written:
    given = [mark.score for mark in marks if not mark.waits]
    return Written(name, worth, len(given), len(marks) - len(given), mean(given) if given else None)


def _shown(found: Alike, shown: Mapping[str, tuple[str, str]]) -> Alike:
    students = tuple(sorted(shown[student][0] for student in found.students))
    return Alike(students, found.exercises, found.wrong, found.theirs, found.text)
