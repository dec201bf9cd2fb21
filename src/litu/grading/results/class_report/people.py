"""The students of a unit: who needs help, who handed in nothing, where somebody has to look."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from litu.answers.verdict import Outcome
from litu.grading.results.models import Result
from litu.grading.results.plain_text import first_of

HELP_BELOW = 0.5
"""Of the points of the checks: who has fewer is listed as needing help. The page says so."""
MOST_NAMED = 5
"""Exercises that are named of those in which somebody lost points."""
ANONYMOUS = "(left out: this text names somebody)"


@dataclass(frozen=True)
class Person:
    """One student of the roster in one unit."""

    student: str
    name: str
    """Last and first name; empty where the roster does not say."""
    status: str = "nothing handed in"
    points: float = 0.0
    worth: float = 0.0
    not_started: int = 0
    help: str = ""
    """Why this student needs help; empty for who does not."""
    lost: tuple[str, ...] = ()
    """Exercises in which points were lost, the most first."""
    suspicions: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    waits: bool = False
    """Whether a written answer waits for its marker."""

    @property
    def handed_in(self) -> bool:
        """Whether there is anything of this student's."""
        return self.status != "nothing handed in"


@dataclass(frozen=True)
class Names:
    """How students are called in the report."""

    shown: Mapping[str, tuple[str, str]]
    """By student: what stands for the student, and their last and first name."""
    hide: Callable[[str], str]
    """Takes a text out that names somebody who is to stay unnamed."""

    @classmethod
    def of(cls, roster: Mapping[str, tuple[str, str]], students: Iterable[str], *, anonymous: bool) -> Names:
        """Return the names of a class; ``anonymous`` gives each student a number by lot."""
        everybody = sorted({*roster, *students})
        if not anonymous:
            full = {student: " ".join(part for part in roster.get(student, ()) if part) for student in everybody}
            return cls({student: (student, full[student]) for student in everybody}, lambda text: text)
        known = {part.casefold() for student in everybody for part in (student, *roster.get(student, ())) if part}

        def hide(text: str) -> str:
            return ANONYMOUS if any(part in text.casefold() for part in known) else text

        width = len(str(len(everybody)))
        lots = random.SystemRandom().sample(everybody, len(everybody))
        return cls({student: (f"student {number:0{width}}", "") for number, student in enumerate(lots, start=1)}, hide)


def person(result: Result, names: Names, waiting: frozenset[str]) -> Person:
    """Return one student's line from their result; ``waiting`` are those with a written answer to be marked."""
    not_started = sum(one.outcome == Outcome.NOT_STARTED.value for one in result.exercises if one.worth)
    lost = sorted((one for one in result.exercises if one.points < one.worth), key=lambda one: one.points - one.worth)
    why = ""
    if result.status != "graded":
        why = f"The notebook could not be graded. {names.hide(result.reason)}"
    elif result.worth and result.points < HELP_BELOW * result.worth:
        why = f"{result.points:g} of {result.worth:g} points" + (f", {not_started} exercises not started" if not_started else "")
    student, name = names.shown[result.student]
    return Person(
        student,
        name,
        result.status,
        result.points,
        result.worth,
        not_started,
        why,
        tuple(first_of([one.name for one in lost], MOST_NAMED)),
        tuple(map(names.hide, result.suspicions)),
        tuple(map(names.hide, result.doubts)),
        result.student in waiting,
    )
