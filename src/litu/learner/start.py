"""The map of the course on the start page: what is done, where one stopped, what went wrong last."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from litu.answers.notes import LEFT, Note, download_link, frame, show
from litu.answers.verdict import Outcome
from litu.errors import LituError
from litu.kinds.registry import kinds
from litu.learner.copies import Copies, copies_of
from litu.learner.progress import Entry, Progress
from litu.learner.saved_progress import saved_name, saved_text
from litu.learner.unit import Unit

WRONG_SHOWN, MOST_KEPT_SHOWN = 3, 5


@dataclass(frozen=True)
class Row:
    """One unit as the map shows it."""

    unit: str
    title: str
    minutes: float
    right: int
    marked: int
    entries: dict[str, Entry]
    copies: Copies = Copies("")

    @property
    def state(self) -> str:
        """How far the learner is, in words."""
        if self.right == self.marked and self.marked:
            return "done"
        return "begun" if any(entry.attempts for entry in self.entries.values()) else "not started"


@dataclass(frozen=True)
class Map:
    """The course as a table with links, for a notebook and as text."""

    rows: tuple[Row, ...]
    course: str = "course"

    def __repr__(self) -> str:
        lines = [f"{row.unit[:2]} {row.title}: {row.state}, {row.right} of {row.marked} right; {_copy(row)}" for row in self.rows]
        return "\n".join([*lines, *self._sentences(plain=True)])

    def _repr_html_(self) -> str:
        body = "".join(
            f'<tr><th scope="row"{LEFT}>{_anchor(row.unit, f"{row.unit[:2]} · {row.title}")}{_copies(row)}</th><td{LEFT}>{row.minutes:g}</td>'
            f'<td{LEFT}><meter min="0" max="{row.marked}" value="{row.right}" aria-label="right answers" style="max-width: 100%"></meter> '
            f"{row.state}, {row.right} of {row.marked} right</td></tr>"
            for row in self.rows
        )
        head = "".join(f'<th scope="col"{LEFT}>{name}</th>' for name in ("unit and the copy that opens", "min", "how far"))
        sentences = "".join(f"<p>{sentence}</p>" for sentence in self._sentences(plain=False))
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return f'<div role="region" aria-label="Your progress">{frame(table, "Units")}{sentences}{self._save()}</div>'

    def _save(self) -> str:
        """Return the link that saves all progress, once there is some."""
        if not any(entry.touched for row in self.rows for entry in row.entries.values()):
            return ""
        return f"<p>{download_link(saved_name(self.course), saved_text(self.course))}</p>"

    def _sentences(self, *, plain: bool) -> list[str]:
        tried = sorted(
            ((entry.touched, row, name, entry) for row in self.rows for name, entry in row.entries.items() if entry.touched),
            reverse=True,
            key=lambda item: item[0],
        )
        if not tried:
            first = self.rows[0].unit if self.rows else ""
            return [f"Nothing tried yet. Begin with {first if plain else _anchor(first, first[:2])}."] if first else []
        _, row, name, _ = tried[0]
        where = row.unit if plain else _anchor(row.unit, f"unit {row.unit[:2]}")
        said = [f"You stopped in {where}, at the exercise {name if plain else html.escape(name)}."]
        wrong = [f"{row.unit[:2]} {name}" for _, row, name, entry in tried if entry.outcome in (Outcome.WRONG.value, Outcome.PARTLY.value)]
        if wrong:
            said.append("Not right yet when you last tried: " + html.escape(", ".join(wrong[:WRONG_SHOWN]), quote=False) + ".")
        return said


def _link(unit: str, file: str = "") -> str:
    return quote(f"{unit}/{file or f'{unit}.ipynb'}")


def _copy(row: Row) -> str:
    kept = f", {len(row.copies.kept)} older kept beside it" if row.copies.kept else ""
    return f"the copy that opens: {row.copies.state}{kept}"


def _copies(row: Row) -> str:
    """Return which copy opens, with links to those that were set aside."""
    links = "".join(f"<br>kept: {_anchor(row.unit, name, name)}" for name in row.copies.kept[-MOST_KEPT_SHOWN:])
    return f'<br><span style="font-weight: normal; overflow-wrap: anywhere">{html.escape(row.copies.state)}{links}</span>'


def _anchor(unit: str, text: str, file: str = "") -> str:
    return f'<a href="{_link(unit, file)}" style="text-decoration: underline">{html.escape(text)}</a>'


def course_map(folder: Path) -> Map:
    """Return the map of the units in ``folder``; one that cannot be read is left out."""
    rows, course = [], "course"
    for path in sorted(folder.glob("*/checks.json")):
        try:
            unit = Unit(path.parent)
        except LituError:
            continue
        course = unit.course
        record = Progress(unit.name, course)
        marked = {name for name, entry in unit.entries.items() if not kinds()[entry.kind].ungraded}
        entries = {name: record.of(name) for name in unit.entries}
        right = sum(entries[name].outcome == Outcome.RIGHT.value for name in marked)
        rows.append(Row(unit.name, unit.checks.title, unit.checks.minutes, right, len(marked), entries, copies_of(unit)))
    return Map(tuple(rows), course)


def start() -> Map | None:
    """Return the map of the course: units with links, your progress, where you stopped."""
    found = course_map(Path.cwd())
    if not found.rows:
        show(Note("! start", "No unit was found in this folder. Open START in the folder that holds the units."))
        return None
    return found
