"""The report on a unit as files: a page for the browser and tables for spreadsheets."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from litu.course import Course
from litu.grading.results.class_report import people, pictures
from litu.grading.results.class_report.findings import Findings
from litu.grading.results.plain_text import plain
from litu.grading.results.store import write_whole
from litu.grading.results.tables import write_table

TEMPLATES = Path(__file__).parents[1] / "templates"
PAGE = "report.html"
MOST_ROWS = 60
"""Of a list of students on the page; students.csv has all of them, and the page says how many more there are."""
LONGEST = 1_000
EXERCISES = (
    "exercise", "worth", "hand_ins", "right", "partly_right", "wrong", "not_started", "difficulty", "discrimination", "unnamed_mistakes",
    "questions",
)  # fmt: skip
SLIPS = ("exercise", "slip", "sentence", "students", "share_of_hand_ins")
STUDENTS = (
    "student", "name", "status", "points", "out_of", "not_started", "needs_help", "lost_points_in", "same_as", "suspicions", "doubts",
    "to_be_marked_by_hand",
)  # fmt: skip


def write_report(course: Course, findings: Findings, *, anonymous: bool, today: date | None = None) -> Path:
    """Write the page and its tables below grading/reports/ and return the page's path."""
    folder = course.grading / "reports" / (f"{findings.unit}-anonymous" if anonymous else findings.unit)
    write_table(folder / "exercises.csv", EXERCISES, _exercises(findings))
    write_table(folder / "slips.csv", SLIPS, _slips(findings))
    write_table(folder / "students.csv", STUDENTS, _students(findings))
    write_whole(folder / PAGE, page(findings, course.settings.title, today or date.today(), anonymous=anonymous))
    return folder / PAGE


def page(findings: Findings, course_title: str, today: date, *, anonymous: bool) -> str:
    """Return the page: whole in itself, without scripts, nothing loaded from elsewhere, every text of a student's escaped."""
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, finalize=_text, trim_blocks=True)
    made.filters.update(code=_code, percent=lambda share: f"{share:.0%}".replace("%", " %"))
    return made.get_template("class_report.html.j2").render(
        found=findings,
        course_title=course_title,
        today=today.isoformat(),
        anonymous=anonymous,
        spread=Markup(pictures.spread(findings)),
        outcomes=Markup(pictures.outcomes(findings)),
        help_below=people.HELP_BELOW,
        most=MOST_ROWS,
    )


def _text(value: Any) -> Any:
    """Return a value as it stands on the page: nothing in it turns round or hides other text."""
    return plain(value, LONGEST) if isinstance(value, str) and not isinstance(value, Markup) else value


def _code(text: str) -> Markup:
    """Escape a sentence of a check and set what stands between backquotes as code."""
    pieces = html.escape(plain(text, LONGEST)).split("`")
    return Markup("".join(f"<code>{piece}</code>" if place % 2 else piece for place, piece in enumerate(pieces)))


def _exercises(findings: Findings) -> Iterator[dict[str, object]]:
    for item in findings.items:
        yield {
            "exercise": item.name, "worth": item.worth, "hand_ins": item.hand_ins, "right": item.right, "partly_right": item.partly,
            "wrong": item.wrong, "not_started": item.not_started, "difficulty": round(item.difficulty, 3),
            "discrimination": "" if item.discrimination is None else round(item.discrimination, 3),
            "unnamed_mistakes": item.unnamed, "questions": " ".join(item.questions),
        }  # fmt: skip


def _slips(findings: Findings) -> Iterator[dict[str, object]]:
    for item in findings.items:
        for slip in item.slips:
            share = round(slip.students / item.hand_ins, 3)
            yield dict(zip(SLIPS, (item.name, slip.name, slip.sentence, slip.students, share), strict=True))


def _students(findings: Findings) -> Iterator[dict[str, object]]:
    same: dict[str, set[str]] = {}
    for group in findings.alike:
        for student in group.students:
            same.setdefault(student, set()).update(set(group.students) - {student})
    for one in findings.people:
        yield {
            "student": one.student, "name": one.name, "status": one.status,
            "points": one.points if one.handed_in else "", "out_of": one.worth if one.handed_in else "",
            "not_started": one.not_started if one.handed_in else "", "needs_help": one.help, "lost_points_in": _joined(one.lost),
            "same_as": _joined(sorted(same.get(one.student, ()))), "suspicions": _joined(one.suspicions), "doubts": _joined(one.doubts),
            "to_be_marked_by_hand": one.waits,
        }  # fmt: skip


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(texts)
