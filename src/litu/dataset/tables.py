"""The reference dataset as the learner sees it: `load` a table, `describe` it.

Tables are CSV files described by `data/datapackage.json` (a Frictionless data
package). `load` refuses a file that is not the published one, because every
check of the course rests on these figures.

What a column becomes: whole numbers are `int64`, or `float64` when a value is
missing (`NaN`); other numbers are `float64`; full dates are `datetime64`; text
is text, and missing text is the empty string, so that comparisons and `.str`
methods never meet a `NaN`.
"""

import csv
import hashlib
import html
import io
import json
import os
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from litu.answers.notes import LEFT, frame
from litu.errors import LituError

PACKAGE = "datapackage.json"
SHIPPED = Path(__file__).parent / "published"
"""The copy inside an installed package; pyproject.toml puts it there when a wheel is built."""
CHECKOUT = Path(__file__).parents[3] / "data"
"""The dataset beside the sources, which an editable install uses."""


class DataError(LituError):
    """The dataset, or a table of it, is not there or not the published one."""


def find_data() -> Path:
    """Return the folder that holds the reference dataset.

    `LITU_DATA` wins when it is set. Otherwise it is the nearest `data/` in the
    working folder or above it whose package names the `course` that it is for, or else the copy that
    belongs to the installed package.
    """
    named = os.environ.get("LITU_DATA")
    if named:
        if (Path(named) / PACKAGE).is_file():
            return Path(named)
        raise DataError(f"LITU_DATA names the folder {named}, but there is no {PACKAGE} in it.")
    here = Path.cwd()
    places = [*(folder / "data" for folder in (here, *here.parents)), CHECKOUT, SHIPPED]
    for place in places:
        if (place / PACKAGE).is_file() and _package(place)["course"]:
            return place
    tried = ", ".join(map(str, places))
    raise DataError(
        f"The dataset was not found in {tried}: work inside the course folder, set LITU_DATA to its data folder or install litu again."
    )


def load(name: str) -> pd.DataFrame:
    """Return one table of the dataset as a fresh DataFrame.

    Raises `DataError` when the table is unknown, its file is missing, a column
    is not the one the schema names, or the file is not the published one.
    """
    return _read(find_data(), name)


def check_published(folder: Path) -> None:
    """Raise `DataError` unless every table in a data folder is the published one."""
    if not (folder / PACKAGE).is_file():
        raise DataError(f"The dataset was not found: there is no {PACKAGE} in {folder}.")
    for name in _package(folder)["resources"]:
        _read(folder, name)


def _read(folder: Path, name: str) -> pd.DataFrame:
    resource = _resource(folder, name)
    path = folder / resource["path"]
    if not path.is_file():
        raise DataError(f"The file {path} of the table {name!r} is missing: {_restore(path)}.")
    content = path.read_bytes().replace(b"\r\n", b"\n")
    _check_columns(path, content, resource)
    digest = hashlib.sha256(content).hexdigest()
    if resource["hash"] != f"sha256:{digest}":
        raise DataError(f"The file {path} is not the published table any more: {_restore(path)}.")
    return _parse(content, json.dumps(resource["schema"]["fields"])).copy()


def describe(name: str) -> "Description":
    """Return what each column of a table means, its unit, and the table's sources."""
    resource = _resource(find_data(), name)
    table = load(name)
    return Description(
        name=name,
        title=resource.get("title", name),
        text=resource.get("description", ""),
        columns=tuple((f["name"], f.get("description") or f.get("title", ""), f.get("unit", "")) for f in resource["schema"]["fields"]),
        sources=_cited(set(table["source"]) if "source" in table else set()),
    )


def _cited(used: set[str]) -> tuple[tuple[str, str], ...]:
    """Return the sources of these names in words; none in a dataset that keeps no table of them."""
    if not used or "sources" not in _package(find_data())["resources"]:
        return ()
    known = load("sources")
    return tuple(
        (row.source, f"{row.publisher}: {row.title}" + (f", {row.year:.0f}" if row.year > 0 else ""))
        for row in known[known["source"].isin(used)].itertuples()
    )


@dataclass(frozen=True)
class Description:
    """A table explained: shown as HTML in a notebook and as plain text elsewhere."""

    name: str
    title: str
    text: str
    columns: tuple[tuple[str, str, str], ...]
    sources: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        lines = [f"{self.name}: {self.title}", self.text, ""]
        lines += [f"{column}{f' [{unit}]' if unit else ''}: {meaning}" for column, meaning, unit in self.columns]
        if self.sources:
            lines += ["", "Sources"] + [f"{source}: {text}" for source, text in self.sources]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        parts = [
            _html_table(f"{self.name}: {self.title}", ("column", "meaning", "unit"), self.columns),
            f"<p>{html.escape(self.text)}</p>",
        ]
        if self.sources:
            parts.append(_html_table(f"Sources of {self.name}", ("source", "text"), self.sources))
        return "\n".join(parts)


def _html_table(caption: str, header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> str:
    """Return a table that a screen reader can walk: caption, column and row headers."""
    lines = ["<table>", f"<caption{LEFT}>{html.escape(caption)}</caption>", "<thead><tr>"]
    lines += [f'<th scope="col"{LEFT}>{html.escape(cell)}</th>' for cell in header]
    lines.append("</tr></thead><tbody>")
    for first, *rest in rows:
        cells = "".join(f"<td{LEFT}>{html.escape(cell)}</td>" for cell in rest)
        lines.append(f'<tr><th scope="row"{LEFT}>{html.escape(first)}</th>{cells}</tr>')
    lines.append("</tbody></table>")
    return frame("\n".join(lines), caption)


def _resource(folder: Path, name: str) -> dict[str, Any]:
    """Return the package's entry for a table."""
    resources = _package(folder)["resources"]
    if name in resources:
        return resources[name]
    close = get_close_matches(str(name), resources, n=3, cutoff=0.5)
    if close:
        raise DataError(f"There is no table {name!r}: did you mean {' or '.join(map(repr, close))}?")
    raise DataError(f"There is no table {name!r}: the tables are {', '.join(resources)}.")


def _package(folder: Path) -> dict[str, Any]:
    """Return the data package of a folder, its resources by name."""
    path = folder / PACKAGE
    return _read_package(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read_package(path: Path, _changed: int) -> dict[str, Any]:
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
        return {"course": package.get("course"), "resources": {resource["name"]: resource for resource in package["resources"]}}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"The file {path} is not a readable data package ({error}).") from error


def _check_columns(path: Path, content: bytes, resource: dict[str, Any]) -> None:
    expected = [field["name"] for field in resource["schema"]["fields"]]
    found = next(csv.reader(content.decode("utf-8", errors="replace").splitlines()), [])
    missing = [name for name in expected if name not in found]
    if missing:
        new = [name for name in found if name not in expected]
        instead = f" (it has {', '.join(map(repr, new))} instead)" if new else ""
        names = ", ".join(map(repr, missing))
        raise DataError(f"The file {path} lacks the column {names}{instead}: {_restore(path)}.")


def _restore(path: Path) -> str:
    """Return how to get the published file back."""
    if path.parent == SHIPPED:
        return "install litu again"
    return f"put the published file back with `git restore data/{path.name}` or copy it again from the course files"


@lru_cache(maxsize=64)
def _parse(content: bytes, fields: str) -> pd.DataFrame:
    """Return the table with the column types that the schema asks for."""
    kinds = {field["name"]: field["type"] for field in json.loads(fields)}
    table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    for name, kind in kinds.items():
        if kind in ("integer", "number"):
            table[name] = pd.to_numeric(table[name].replace("", None))
            if kind == "number":
                table[name] = table[name].astype("float64")
        elif kind == "date":
            table[name] = pd.to_datetime(table[name].replace("", None), format="%Y-%m-%d")
    return table
