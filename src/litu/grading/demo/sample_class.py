"""A class of invented students, made from the lessons' own right and wrong answers.

The same class comes out every time. Each student has a way of working; which
mistakes they make follows from their name.
"""

from __future__ import annotations

import copy
import random
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import nbformat

from litu.authoring.lesson import Exercise, Lesson
from litu.authoring.notebooks import write_notebook
from litu.authoring.parser import read_lesson
from litu.course import Course

DUE = datetime(2026, 3, 1, 23, 59)
"""When the sample class had to hand in; UTC."""

CRASH = "import ctypes\nctypes.string_at(0)  # ends the process\n"
LOOP = "while True:\n    pass\n"
RAISE = 'raise ValueError("I do not know how to go on")\n'


@dataclass(frozen=True)
class Student:
    """One invented student. The shares say how much of a unit is answered right, and wrong."""

    name: str
    right: float
    wrong: float
    trouble: str = ""
    """Code that one cell holds in place of an answer."""
    hours_late: float = 0
    writes: bool = True


CLASS = (
    Student("an-li", 1.0, 0.0),
    Student("bai-rong", 0.9, 0.1),
    Student("chen-yu", 0.8, 0.2),
    Student("deng-fei", 0.7, 0.3),
    Student("fang-min", 0.6, 0.4),
    Student("gao-jun", 0.6, 0.2, hours_late=30),
    Student("huang-wei", 0.5, 0.5),
    Student("jiang-tao", 0.4, 0.6),
    Student("kang-lin", 0.3, 0.3, writes=False),
    Student("luo-xin", 0.8, 0.1, trouble=CRASH),
    Student("ma-hong", 0.7, 0.2, trouble=LOOP),
    Student("pan-qing", 0.6, 0.2, trouble=RAISE),
    Student("song-kai", 0.0, 1.0, hours_late=3),
    Student("tang-yue", 0.0, 0.0, writes=False),
)

WRITTEN = (
    "The model depends on dense villages and cities near by. Its figures come from one region, "
    "and three of them do not hold elsewhere. A county far from a city would need roads first."
)


def hand_in(course: Course, unit: str, folder: Path, students: tuple[Student, ...] = CLASS) -> int:
    """Write the class's notebooks of ``unit`` as nbgrader collects them and return how many."""
    lesson = read_lesson(course.lesson(unit))
    released = nbformat.read(course.folder("release", unit) / f"{unit}.ipynb", as_version=4)
    for student in students:
        place = folder / student.name / unit
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        (place / f"{unit}.ipynb").write_text(write_notebook(filled_in(released, lesson, student)), encoding="utf-8")
        shutil.copy(course.folder("release", unit) / "checks.json", place)
        handed_in = DUE + timedelta(hours=student.hours_late - (0 if student.hours_late else 20))
        (place / "timestamp.txt").write_text(f"{handed_in:%Y-%m-%d %H:%M:%S} UTC\n", encoding="ascii")
    return len(students)


def filled_in(released: nbformat.NotebookNode, lesson: Lesson, student: Student) -> nbformat.NotebookNode:
    """Return the released notebook as ``student`` hands it in."""
    chance = random.Random(f"{student.name}/{lesson.unit}")
    notebook = copy.deepcopy(released)
    names = list(lesson.exercises)
    troubled = chance.choice(names) if student.trouble else None
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name in lesson.exercises:
            draw = chance.random()
            if name == troubled:
                cell.source = student.trouble + cell.source
            elif draw < student.right:
                cell.source = _right(lesson.exercises[name], chance)
            elif draw < student.right + student.wrong and lesson.exercises[name].mistakes:
                cell.source = chance.choice(lesson.exercises[name].mistakes).source
        elif cell.cell_type == "markdown" and name and not name.startswith("task-") and student.writes:
            cell.source = WRITTEN
    return notebook


def _right(exercise: Exercise, chance: random.Random) -> str:
    """Return the solution, or another right way of writing it."""
    ways = [f"{exercise.cell.starter()}\n{exercise.cell.solution()}", *(accept.source for accept in exercise.accepts)]
    return chance.choice(ways)
