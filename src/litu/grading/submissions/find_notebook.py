"""Finds the notebook in what was handed in, whatever it is called and whatever lies beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath

from litu.authoring.meaning import digest
from litu.grading.submissions.companions import note_beside
from litu.grading.submissions.files_beside import below
from litu.grading.submissions.open_plainly import NoFile, open_plainly
from litu.grading.submissions.parse import Refusal, parse
from litu.grading.submissions.without_outputs import without_outputs

MAX_BYTES = 20_000_000
"""Of a notebook, its outputs apart."""
LARGEST = 80_000_000
"""Of a notebook with its outputs."""
_ENDINGS = (".ipynb", ".ipynb.txt", ".ipynb.json"), (".json",)
"""How a notebook's name ends, with what browsers and learning platforms make of it; the last only where there is no other."""
_NUMBER = re.compile(r"[-_ (](\d{1,4})\)?\.ipynb", re.IGNORECASE)
"""What learning platforms and browsers add to a file that comes again."""
_LINK = "The folder handed in is a link to somewhere else; hand in the notebook itself."
_NO_NOTEBOOKS = {"checks.json"}
_MOST_NAMED = 5
_MOST_LOOKED_AT = 10

Official = Callable[[], frozenset[str]]
"""Returns the digests of the unit's released cells; asked only where there is something to choose."""


@dataclass(frozen=True)
class _Candidate:
    path: Path
    data: bytes
    notes: list[str]
    work: int
    changed: int


def read_bytes(folder: Path, unit: str, official: Official = frozenset) -> tuple[bytes, list[str]]:
    """Return the notebook's bytes and notes about how it was found. Raises Refusal."""
    if folder.is_symlink() or folder.parent.is_symlink():
        raise Refusal(_LINK)
    wanted = f"{unit}.ipynb"
    top, inner = _notebooks(folder)
    paths = top or inner
    if top and inner and not _has_work(top, official()) and _has_work(inner, official()):
        paths = [*top, *inner]
    if not paths:
        if any(note_beside(place).is_file() for place in (folder, folder.parent)):
            raise Refusal(_LINK)  # nbgrader's door has put an empty folder in its place
        raise Refusal(f"There is no notebook in the folder handed in{_what_is_there(folder)}; {wanted} was expected.")
    if len(paths) == 1:
        data, notes = _read(paths[0])
        return data, _renamed(paths[0], folder, wanted) + notes
    return _chosen(paths, folder, wanted, official)


def _notebooks(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return what may be the notebook: in the folder itself, and in folders in it, the hidden ones only where others hold none."""
    try:
        names = [entry.name for entry in os.scandir(folder)]
    except OSError as error:
        raise Refusal(f"The folder handed in cannot be read ({error.strerror}).") from None
    inner = [name for name, _ in below(folder, "", lambda name, _: not name.startswith("__")) if "/" in name]
    visible = [name for name in inner if not name.startswith(".")]
    return _called_so(folder, names), _called_so(folder, visible) or _called_so(folder, inner)


def _called_so(folder: Path, names: list[str]) -> list[Path]:
    """Return the paths of those names that a notebook has, in the first of the ways in which they end."""
    own = [name for name in names if not PurePath(name).name.startswith((".", "__")) and name not in _NO_NOTEBOOKS]
    found = (sorted(name for name in own if name.lower().endswith(ending)) for ending in _ENDINGS)
    return [folder / name for name in next(filter(None, found), [])]


def _has_work(paths: list[Path], known: frozenset[str]) -> bool:
    """Return whether one of the notebooks can be read and is not as it was released."""
    return any(one.work for one in _candidates(paths, known)[0])


def _what_is_there(folder: Path) -> str:
    names = sorted(
        entry.name
        for entry in os.scandir(folder)
        if not entry.name.startswith(".") and entry.name not in ("timestamp.txt", "submission_secret.txt")
    )
    if not names:
        return ""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f", only {', '.join(ascii(name[:60]) for name in names[:_MOST_NAMED])}{more}"


def _renamed(path: Path, folder: Path, wanted: str) -> list[str]:
    name = str(path.relative_to(folder))
    return [] if name == wanted else [f"The notebook was called {_quoted(name)}; it was graded as {wanted}."]


def _quoted(name: str) -> str:
    return repr(name[:100].encode("utf-8", "backslashreplace").decode())


def _chosen(paths: list[Path], folder: Path, wanted: str, official: Official) -> tuple[bytes, list[str]]:
    """Take the notebook with most work in it, else the newest, else the one of the right name."""
    found, reasons = _candidates(paths, official())
    if not found:
        raise Refusal(f"There are several notebooks in the folder handed in, and none can be read. {reasons[0]}")
    worked_in = [one for one in found if one.work] or found
    best = max(worked_in, key=lambda one: (one.changed, _number(one.path.name), one.path.name == wanted))
    named, *others = (_quoted(str(path.relative_to(folder))) for path in [best.path, *(path for path in paths if path != best.path)])
    why = "has work in it" if len(worked_in) == 1 < len(found) else "is the newer one" if len(found) > 1 else "can be read"
    note = (
        f"There were {len(paths)} notebooks in the folder handed in. {named} was graded because it {why}; {', '.join(others)} was not read."
    )
    return best.data, [note, *_renamed(best.path, folder, wanted), *best.notes]


def _candidates(paths: list[Path], known: frozenset[str]) -> tuple[list[_Candidate], list[str]]:
    """Return the notebooks that can be read, and why the others cannot."""
    found: list[_Candidate] = []
    reasons: list[str] = []
    for path in paths[:_MOST_LOOKED_AT]:
        try:
            data, notes = _read(path)
            work = _work(data, known)
        except Refusal as refusal:
            reasons.append(str(refusal))
        else:
            found.append(_Candidate(path, data, notes, work, int(path.stat().st_mtime)))
    return found, reasons


def _number(name: str) -> int:
    found = _NUMBER.search(name)
    return int(found[1]) if found else 0


def _work(data: bytes, official: frozenset[str]) -> int:
    """Return how many cells with text are not as they were released."""
    cells = parse(data, "", "", []).cells
    return sum(bool(cell.source.strip()) and digest(cell.cell_type, cell.source) not in official for cell in cells)


def _read(path: Path) -> tuple[bytes, list[str]]:
    try:
        descriptor, size = open_plainly(path)
    except NoFile as problem:
        if "link" in str(problem):
            raise Refusal(f"The notebook handed in {problem}; hand in the file itself.") from None
        raise Refusal("What was handed in as a notebook is not a file.") from None
    try:
        with open(descriptor, "rb") as file:
            if size <= MAX_BYTES:
                return file.read(MAX_BYTES), []
            data = without_outputs(file.read(LARGEST)) if size <= LARGEST else None
    except OSError as error:
        raise Refusal(f"The notebook handed in cannot be read ({error.strerror}).") from None
    if data is None or len(data) > MAX_BYTES:
        raise Refusal(
            f"The notebook has {size / 1e6:.0f} MB; up to {MAX_BYTES / 1e6:.0f} MB are read. Clear its outputs and hand it in again."
        )
    return data, [f"The notebook had {size / 1e6:.0f} MB; it was read without its outputs, which grading makes anew."]
