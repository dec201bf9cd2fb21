"""How the course speaks in a notebook: short notes that screen readers can read."""

from __future__ import annotations

import base64
import html
import re
from dataclasses import dataclass

from litu.answers.verdict import Outcome, Verdict

SIGNS = {
    Outcome.RIGHT: ("✓", "#1a7f37"),
    Outcome.PARTLY: ("◐", "#9a6700"),
    Outcome.WRONG: ("✗", "#b42318"),
    Outcome.NOT_STARTED: ("○", "#57606a"),
    Outcome.RECORDED: ("▤", "#0b62b0"),
}
"""A sign and a colour for each outcome; the word beside them says the same."""
_VERDICT = re.compile(rf"[{''.join(sign for sign, _ in SIGNS.values())}] ([\w-]+): ({'|'.join(SIGNS)})(?:, ([\d.]+) of [\d.]+ points?)?\.")

LEFT = ' style="text-align: left"'
"""For cells of words: JupyterLab sets all cells of an output at the right."""


@dataclass(frozen=True)
class Note:
    """A heading, a text and perhaps a table of rows, shown as text or as HTML."""

    heading: str
    text: str
    colour: str = "#57606a"
    rows: tuple[tuple[str, ...], ...] = ()
    """First row holds the column heads."""
    codes: tuple[tuple[str, str], ...] = ()
    """Texts to stand side by side, each below its label."""
    download: tuple[str, str] | None = None
    """Name and text of a file that a notebook offers."""

    def __repr__(self) -> str:
        lines = [f"{self.heading}. {self.text}".strip()]
        widths = [max(len(row[i]) for row in self.rows) for i in range(len(self.rows[0]))] if self.rows else []
        lines += ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in self.rows]
        return "\n".join([*lines, *(f"{label}:\n{code}" for label, code in self.codes)])

    def _repr_html_(self) -> str:
        style = f"border-left: 4px solid {self.colour}; padding: 0.4em 0.8em; margin: 0.3em 0"
        body = f"<p style='margin:0'><strong>{html.escape(self.heading)}.</strong> {_text(self.text)}</p>"
        if self.codes:
            body += _side_by_side(self.codes)
        if self.rows:
            body += frame(_table(self.rows), self.heading)
        if self.download:
            body += f"<p style='margin:0.3em 0 0'>{download_link(*self.download)}</p>"
        return f'<div role="status" style="{style}">{body}</div>'


def download_link(name: str, text: str) -> str:
    """Return a link that saves a text as the file ``name``; it holds the text itself, so it works without a server."""
    data = base64.b64encode(text.encode()).decode()
    return f'<a style="text-decoration: underline" download="{html.escape(name)}" href="data:application/octet-stream;base64,{data}">Save {html.escape(name)} to your computer</a>'


def _side_by_side(codes: tuple[tuple[str, str], ...]) -> str:
    """Return labelled texts in columns that stand below one another where the page is narrow."""
    columns = "".join(
        f"<div style='flex: 1 1 20em; min-width: 0'><p style='margin:0.5em 0 0'><strong>{html.escape(label)}</strong></p>"
        f"<pre style='margin:0.2em 0 0; white-space: pre-wrap'><code>{html.escape(code)}</code></pre></div>"
        for label, code in codes
    )
    return f"<div style='display: flex; flex-wrap: wrap; gap: 1em'>{columns}</div>"


def _text(text: str) -> str:
    """Escape ``text`` and set what stands between backquotes as code."""
    pieces = html.escape(text).split("`")
    return "".join(f"<code>{piece}</code>" if i % 2 else piece for i, piece in enumerate(pieces))


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    head = "".join(f'<th scope="col"{LEFT}>{html.escape(cell)}</th>' for cell in rows[0])
    body = "".join(
        f'<tr><th scope="row"{LEFT}>{html.escape(row[0])}</th>'
        + "".join(f"<td{LEFT}>{html.escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows[1:]
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def frame(table: str, name: str) -> str:
    """Return a table in a frame with a name that scrolls where the page is narrow, also by keyboard."""
    return f'<div role="group" aria-label="{html.escape(name)}" style="overflow-x: auto" tabindex="0">{table}</div>'


def verdict_note(name: str, verdict: Verdict, points: float) -> Note:
    """Return the note that tells a student the verdict on exercise ``name``."""
    sign, colour = SIGNS[verdict.outcome]
    earned = (
        f", {verdict.points(points):g} of {points:g} {'point' if points == 1 else 'points'}"
        if points and verdict.outcome is Outcome.PARTLY
        else ""
    )
    return Note(f"{sign} {name}: {verdict.outcome.value}{earned}", verdict.message, colour)


def read_outcome(text: str) -> tuple[str, str, float | None] | None:
    """Return exercise, outcome and, for a part of them, the points that a verdict's note tells as text; None for other texts."""
    found = _VERDICT.match(text)
    return (found[1], found[2], float(found[3]) if found[3] else None) if found else None


def show(note: Note) -> None:
    """Display a note in a notebook, or print it where there is none."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        print(note)
        return
    if get_ipython() is None:
        print(note)
    else:
        display(note)
