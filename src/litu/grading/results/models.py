"""Results of grading as small records that JSON can hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from litu.answers.records import rebuild


@dataclass
class ExerciseResult:
    """What one exercise earned and why."""

    name: str
    worth: float
    points: float
    outcome: str
    message: str
    slip: str | None = None
    parts: list[str] = field(default_factory=list)
    cpu_seconds: float = 0.0


@dataclass
class WrittenResult:
    """A written answer: 0 points when untouched, else waiting for its marker."""

    name: str
    worth: float
    untouched: bool


@dataclass
class Result:
    """What grading found in one submission."""

    student: str
    unit: str
    status: str
    """``graded``, or ``refused`` when the file could not be read as a notebook of the unit."""
    digest: str = ""
    """Of the submission and of what its marks depend on: the same digest, the same marks."""
    submitted: str = ""
    """A digest of the submission alone."""
    reason: str = ""
    notes: list[str] = field(default_factory=list)
    exercises: list[ExerciseResult] = field(default_factory=list)
    written: list[WrittenResult] = field(default_factory=list)
    suspicions: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    """Where the reading had to guess, for the instructor; the student reads the same among the notes."""
    cells: list[dict[str, Any]] = field(default_factory=list)
    """Time of each cell: id, status, CPU and wall seconds."""
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    notebook: str = ""
    """The executed notebook with its verdicts, as text."""

    @property
    def points(self) -> float:
        """Points of the checked exercises."""
        return round(sum(exercise.points for exercise in self.exercises), 2)

    @property
    def worth(self) -> float:
        """Points the checked exercises could earn."""
        return sum(exercise.worth for exercise in self.exercises)

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON-able data."""
        parts = {"exercises": [vars(exercise) for exercise in self.exercises], "written": [vars(written) for written in self.written]}
        return {**vars(self), **parts}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Result:
        """Rebuild a result from ``to_dict``. Raises ValueError for what is none."""
        return rebuild(cls, stored)


@dataclass(frozen=True)
class Change:
    """One mark that moved."""

    student: str
    unit: str
    exercise: str
    points_before: float
    points_now: float
    said_before: str
    says_now: str


@dataclass
class UnitReport:
    """What one run found in one unit."""

    unit: str
    results: list[Result] = field(default_factory=list)
    """One for each student, without the executed notebook."""
    graded: list[str] = field(default_factory=list)
    """Students whose submissions were run; the others had not changed."""
    left_out: list[str] = field(default_factory=list)
    """Students who handed in again while the class was graded."""
    changes: list[Change] = field(default_factory=list)
    """Whose marks moved since the last report, also when the run that moved them was killed."""
    told: list[str] = field(default_factory=list)
    """What the instructor has to know besides: files left out, times that cannot be read."""
