"""All that was tried in a course as one file: saved here, restored there, the better outcome kept."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from litu.answers.contract import read_checks
from litu.answers.notes import Note, show
from litu.answers.verdict import Outcome
from litu.errors import LituError
from litu.learner.progress import Entry, Progress, course_folder, file_name
from litu.learner.record_file import KEPT

KIND, FORMAT = "progress in a course of litu", 1
MOST_BYTES, MOST_UNITS, MOST_EXERCISES, LONGEST_NAME = 2_000_000, 100, 200, 100
RANK = [Outcome.NOT_STARTED, Outcome.WRONG, Outcome.PARTLY, Outcome.RECORDED, Outcome.RIGHT]
"""Outcomes from the least to the best."""
_RANKS = {outcome.value: rank for rank, outcome in enumerate(RANK)}


def save_progress(file: str | Path | None = None) -> None:
    """Save what you have tried in all units of this course to one file, beside the units if you name none."""
    try:
        folder, course = course_here()
    except LituError as error:
        return show(Note("! save_progress", str(error)))
    path = Path(file) if file is not None else folder / saved_name(course)
    text = saved_text(course)
    try:
        path.write_text(text, encoding="utf-8")
        said = f'It is in {path}. Keep a copy elsewhere; restore_progress("{path.name}") brings it back.'
    except OSError as error:
        said = f"{path} cannot be written ({error.strerror}); take the file from this link."
    show(Note("Your progress is saved", said, "#0b62b0", download=(saved_name(course), text)))


def restore_progress(file: str | Path | None = None) -> None:
    """Bring back what save_progress() saved; of each exercise the better outcome stays."""
    try:
        folder, course = course_here()
        path = _found(Path(file) if file is not None else Path(saved_name(course)), folder)
        units = _read(path, course)
    except LituError as error:
        return show(Note("! restore_progress", str(error)))
    better, forgotten = 0, False
    for unit, entries in units.items():
        record = Progress(unit, course)
        with record.changing():
            for name, entry in entries.items():
                own = record.of(name)
                record.entries[name] = merged(own, entry)
                better += record.entries[name].outcome != own.outcome
        forgotten |= not record.remembered
    if forgotten:
        return show(
            Note("! restore_progress", "Some of it could not be written on this computer; try again when no other notebook is running.")
        )
    total = sum(map(len, units.values()))
    show(Note("Your progress is restored", f"{total} exercises were in the file; {better} stand better than they did here.", "#1a7f37"))


def course_here() -> tuple[Path, str]:
    """Return the folder of the units, seen from START or from a unit, and the course's name. Raises LituError."""
    here = Path.cwd()
    folder = here.parent if (here / "checks.json").is_file() else here
    for path in sorted(folder.glob("*/checks.json")):
        try:
            return folder, read_checks(path).course
        except LituError:
            continue
    raise LituError("No unit of the course was found here. Call this from START or from a unit, in the folder as you got it.")


def saved_name(course: str) -> str:
    """Return what the file of a course is called if nobody names it."""
    return f"progress-{file_name(course)}.json"


def saved_text(course: str) -> str:
    """Return the text of the file."""
    records = {path.stem: Progress(path.stem, course) for path in sorted(course_folder(course).glob("*.json")) if KEPT not in path.stem}
    units = {unit: {name: asdict(entry) for name, entry in record.entries.items()} for unit, record in records.items()}
    saved = {"kind": KIND, "format": FORMAT, "course": course, "saved": datetime.now(UTC).isoformat(timespec="seconds"), "units": units}
    return json.dumps(saved, indent=1)


def merged(one: Entry, other: Entry) -> Entry:
    """Return the better of two entries of one exercise, with what both have seen and settled."""
    best = max(one, other, key=lambda entry: (_RANKS.get(entry.outcome, 0), not entry.helped, entry.helped, entry.outcome))
    older, newer = sorted((one, other), key=lambda entry: entry.touched)
    settled = older.settled | newer.settled
    if older.touched == newer.touched:
        settled |= {claim: max(older.settled[claim], newer.settled[claim]) for claim in older.settled.keys() & newer.settled.keys()}
    return Entry(
        attempts=max(one.attempts, other.attempts),
        outcome=best.outcome,
        hints=max(one.hints, other.hints),
        settled=settled,
        helped=best.helped,
        touched=newer.touched,
    )


def _found(path: Path, folder: Path) -> Path:
    """Return where a file lies: here, or beside the units, where an upload to START goes."""
    for place in (path, folder / path):
        if place.is_file():
            return place
    raise LituError(f"There is no file {path} here. Upload it beside START, then write its name in the brackets.")


def _read(path: Path, course: str) -> dict[str, dict[str, Entry]]:
    """Return the entries of a saved file by unit. Raises LituError for one that is damaged, foreign or newer."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError
        saved: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise LituError(f"{path} is damaged or no file of save_progress(); nothing was changed.") from None
    if not isinstance(saved, dict) or saved.get("kind") != KIND:
        raise LituError(f"{path} was not written by save_progress(); nothing was changed.")
    if saved.get("format") != FORMAT:
        raise LituError(f"{path} was written by another version of the course's package; nothing was changed.")
    if saved.get("course") != course:
        raise LituError(f"{path} holds the progress of another course; nothing was changed.")
    units = saved.get("units")
    if not isinstance(units, dict) or len(units) > MOST_UNITS or not all(_is_unit(*item) for item in units.items()):
        raise LituError(f"{path} is damaged: its units cannot be read; nothing was changed.")
    return {unit: {name: Entry.read(entry) for name, entry in entries.items()} for unit, entries in units.items()}


def _is_unit(unit: str, entries: Any) -> bool:
    named = isinstance(entries, dict) and len(entries) <= MOST_EXERCISES and all(len(name) <= LONGEST_NAME for name in [unit, *entries])
    return named and file_name(unit) == unit and KEPT not in unit
