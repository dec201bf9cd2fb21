"""Tables, compared column by column."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from litu.answers.messages import are, count, listed, short
from litu.answers.plain import MAX_ITEMS, MAX_VALUES, NotPlain, Options, Plain, Scalar, is_number, sortable, tidy
from litu.kinds.base import ROWS, TYPE_WORDS, Difference, Form, Kind, Parts, Path, Reader, Scalars, Standing, Writer
from litu.kinds.wire import other, scalar, type_of

MAX_COLUMNS = 200
MOST_LABELS = 8
"""A column of words that holds no more different ones is a column of labels."""
Columns = dict[str, dict[str, Any]]


class Table(Kind):
    """``{"kind": "table", "columns": [{"name", "type", "values"}, ...], "index": {"names", "values", "default"}}``."""

    name = "table"
    words = "a table (DataFrame)"
    rank = 50
    lost = "Work one row out by hand and compare."
    speaking = True

    def serialize(self, value: Any, depth: int, writer: Writer) -> Plain | None:
        if not isinstance(value, pd.DataFrame):
            return None
        if len(value) > MAX_ITEMS or value.size > MAX_VALUES:
            return other(f"a table of {len(value)} rows")
        columns = [{"name": label(name), **write_column(value.iloc[:, place])} for place, name in enumerate(value.columns)]
        return {"kind": "table", "columns": columns, "index": write_index(value.index)}

    def validate(self, given: Mapping[str, Any], depth: int, reader: Reader) -> Plain:
        columns = reader.get(given, "columns", list)
        if len(columns) > MAX_COLUMNS:
            raise NotPlain("too many columns")
        read = [{"name": read_label(column, reader), **read_column(column, reader)} for column in columns if type(column) is dict]
        index = read_index(given, reader)
        if len(read) != len(columns) or any(len(column["values"]) != len(index["values"]) for column in read):
            raise NotPlain("columns of uneven length")
        return {"kind": "table", "columns": read, "index": index}

    def found(self, plain: Plain) -> str:
        rows = len(plain["columns"][0]["values"]) if plain["columns"] else 0
        return f"a table of {count(rows, 'row')} and {count(len(plain['columns']), 'column')}"

    def instead(self, answer: Plain) -> str | None:
        return "Keep it a table: `.reset_index()` or double brackets help." if answer["kind"] == "series" else None

    def named(self, part: str, answer: Plain, form: Form) -> str:
        return f'The column "{short(part, 40)}"'

    def place(self, part: str, number: int, parts: Parts, answer: Plain) -> str:
        return row_named(parts, number, len(parts[part] or ()))

    def form(self, answer: Plain, options: Options) -> Form:
        names = list(options.get("columns") or (column["name"] for column in answer["columns"]))
        types = {column["name"]: column["type"] for column in answer["columns"] if column["name"] in names}
        types = {name: types[name] for name in names if name in types}
        keys = options.get("by") or [name for name in types if types[name] not in ("number", "boolean")]
        keys = list(types)[:1] if not options.get("by") and len(keys) in (0, len(types)) else list(keys)
        form: Form = {"rows": len(answer["index"]["values"]), "columns": types, "by": keys}
        values = [column for column in answer["columns"] if column["name"] in types and column["name"] not in keys]
        if empty := [column["name"] for column in values if None in column["values"]]:
            form["empty"] = empty
        if labels := {column["name"]: found for column in values if (found := _labels(column))}:
            form["labels"] = labels
        return form

    def problem(self, answer: Plain, form: Form, options: Options) -> Difference | None:
        held = columns_of(answer)
        keys = [name for name in form["by"] if name not in held]
        if keys:
            return Difference(0, _missing(keys[0], answer, form, keys), tuple(keys))
        for name in form["by"]:
            if fault := _of_another_type(held[name], form["columns"].get(name, "other")):
                return Difference(0, f'The column "{name}" {fault}', (name,))
        return None if len(answer["index"]["values"]) == form["rows"] else wrong_length(len(answer["index"]["values"]), form["rows"], "row")

    def parts(self, answer: Plain, options: Options, form: Form) -> Parts:
        columns = columns_of(answer)
        by = [columns[name]["values"] if name in columns else None for name in form["by"]]
        names = [name for name in form["columns"] if name not in form["by"]]
        found = {name: columns[name]["values"] if name in columns else None for name in names}
        return sorted_parts(by, found, options)

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        for column in sorted(plain["columns"], key=lambda column: str(column["name"])):
            yield column["name"]
            yield from column["values"]

    def faults(self, standing: Standing, answer: Plain, form: Form) -> dict[str, str]:
        held = columns_of(answer)
        missing = [name for name in standing.wrong if name != ROWS and name not in held]
        found = {}
        for name in standing.wrong:
            if name == ROWS:
                found[name] = _wrong_rows(form)
            elif name not in held:
                found[name] = _missing(name, answer, form, missing)
            elif (fault := _of_another_type(held[name], form["columns"][name])) or (
                fault := _strange_label(held[name]["values"], form.get("labels", {}).get(name))
            ):
                found[name] = f'The column "{name}" {fault}'
        return found

    def numbers(self, answer: Plain, options: Options) -> Iterator[Path]:
        form = self.form(answer, options)
        yield from _paths(answer, [name for name in form["columns"] if name not in form["by"]])

    def samples(self, answer: Plain, options: Options) -> Iterator[Path]:
        for path, name in _paths(answer, list(self.form(answer, options)["columns"])):
            if path[-1] == 0:
                yield path, name

    def equivalents(self, answer: Plain, options: Options) -> Iterator[Plain]:
        note = {"name": "a note", "type": "text", "values": ["x"] * len(answer["index"]["values"])}
        yield {**answer, "columns": [*reversed(answer["columns"]), note]}
        if not options.get("order"):
            columns = [{**column, "values": column["values"][::-1]} for column in answer["columns"]]
            yield {**answer, "columns": columns, "index": {**answer["index"], "values": answer["index"]["values"][::-1]}}

    def constants(self, answer: Plain, options: Options) -> Iterator[Plain]:
        form = self.form(answer, options)
        values = dict.fromkeys(value for column in answer["columns"] if column["name"] not in form["by"] for value in column["values"])
        rows = form["rows"]
        for value in values if rows > 1 else ():
            columns = [column if column["name"] in form["by"] else {**column, "values": [value] * rows} for column in answer["columns"]]
            yield {**answer, "columns": columns}


def _paths(answer: Plain, names: list[str]) -> Iterator[Path]:
    for number, column in enumerate(answer["columns"]):
        if column["name"] in names and column["type"] == "number":
            yield from (
                (["columns", number, "values", row], column["name"]) for row, value in enumerate(column["values"]) if is_number(value)
            )


# Columns, on their way between processes


def write_column(series: pd.Series) -> dict[str, Any]:
    """Return type and values of a column."""
    values = [scalar(value) for value in series]
    if pd.api.types.is_bool_dtype(series):
        kind = "boolean"
    elif pd.api.types.is_datetime64_any_dtype(series):
        kind = "date"
    else:
        kind = type_of(values, pd.api.types.is_numeric_dtype(series))
    return {"type": kind, "values": values}


def write_index(index: pd.Index) -> dict[str, Any]:
    """Return names and labels of an index, and whether nobody set it."""
    rows = index if isinstance(index, pd.MultiIndex) else ((value,) for value in index)
    return {
        "names": [None if name is None else str(name) for name in index.names],
        "values": [[scalar(value) for value in row] for row in rows],
        "default": isinstance(index, pd.RangeIndex) and index.name is None,
    }


def label(name: object) -> str | None:
    """Return the name of a column or Series as text."""
    return None if name is None else str(name)


def read_label(given: Mapping[str, Any], reader: Reader) -> str | None:
    """Return an untrusted name."""
    return None if given.get("name") is None else reader.get(given, "name", str)


def read_column(given: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """Return an untrusted column."""
    return {"type": reader.type(given), "values": reader.scalars(given.get("values"))}


def read_index(given: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """Return an untrusted index."""
    index = reader.get(given, "index", dict)
    names = reader.scalars(index.get("names"))
    if not names or any(name is not None and type(name) is not str for name in names):
        raise NotPlain("an index without names")
    rows = [reader.scalars(row) for row in reader.get(index, "values", list)]
    if any(len(row) != len(names) for row in rows):
        raise NotPlain("an index of uneven rows")
    return {"names": names, "values": rows, "default": reader.get(index, "default", bool)}


# Columns compared


def columns_of(table: Plain) -> Columns:
    """Return the columns by name; named index levels count as columns."""
    columns = {}
    for level, name in enumerate(table["index"]["names"]):
        if name is not None:
            columns[name] = {"name": name, "type": "key", "values": [row[level] for row in table["index"]["values"]]}
    return columns | {column["name"]: column for column in table["columns"]}


def sorted_parts(keys: list[Scalars | None], columns: Mapping[str, Scalars | None], options: Options) -> Parts:
    """Return the rows and then each column as parts, in an order of rows that does not depend on how they stand."""
    there = [key for key in keys if key is not None]
    sorting = [*there, *(column for column in columns.values() if column is not None)]
    rows = range(len(sorting[0])) if sorting else range(0)
    order = list(rows) if options.get("order") else sorted(rows, key=lambda row: [sortable(column[row]) for column in sorting])
    found: Parts = {}
    if keys:
        found[ROWS] = [key[row] for key in there for row in order] if len(there) == len(keys) else None
    return found | {name: None if column is None else [column[row] for row in order] for name, column in columns.items()}


def row_named(parts: Parts, number: int, rows: int) -> str:
    """Return which row a value of a column stands in, by the values that name the row."""
    keys = parts.get(ROWS)
    if keys is None or not rows:
        return f" in row {number + 1}"
    names = [short(str(keys[level * rows + number]), 30) for level in range(len(keys) // rows)]
    return f" in the row {', '.join(names)}"


def wrong_length(found: int, wanted: int, noun: str) -> Difference:
    """Return what is said of an answer with too few or too many rows or values."""
    advice = f"{count(wanted, noun)} {are(wanted)} expected; there {are(found)} {found:,}. Check what is filtered out, repeated or grouped."
    return Difference(0, advice, ("rows",))


def _wrong_rows(form: Form) -> str:
    names = listed(form["by"])
    return f"The rows are not those expected. Check the spelling in {names} and which rows are kept."


def _of_another_type(column: dict[str, Any], wanted: str) -> str | None:
    """Return what is said of a column that holds another type of value, as far as it can be told."""
    if wanted not in TYPE_WORDS or column["type"] in (wanted, "key", "other"):
        return None
    held = {"date": "dates", **TYPE_WORDS}[column["type"]]
    return f"holds {held}; {TYPE_WORDS[wanted]} are expected. Convert it first."


def _labels(column: dict[str, Any]) -> list[str]:
    """Return the few labels that repeat in a column of words: which there are gives nothing away, only where they stand does."""
    found = sorted({str(value) for value in column["values"] if value is not None})
    return found if column["type"] == "text" and len(found) < min(len(column["values"]), MOST_LABELS + 1) else []


def _strange_label(values: Scalars, labels: list[str] | None) -> str | None:
    """Return what is said of a label that the column cannot hold."""
    known = {tidy(label) for label in labels or ()}
    strange = next((value for value in values if isinstance(value, str) and tidy(value[:200]) not in known), None)
    if not labels or strange is None:
        return None
    close = difflib.get_close_matches(tidy(strange[:100]), sorted(known), n=1, cutoff=0.6)
    meant = next((label for label in labels if close and tidy(label) == close[0]), None)
    rest = f'is "{short(meant, 40)}" meant?' if meant else f"it can hold {listed(labels, 'or', most=MOST_LABELS)}."
    return f'holds "{short(strange, 40)}": {rest}'


def _missing(name: str, answer: Plain, form: Form, all_of_them: list[str]) -> str:
    """Return what is said of a missing column: still in rows, in the index, misspelt, or not there at all."""
    said = f'There is no column "{name}".'
    held = columns_of(answer)
    for column in answer["columns"][:50]:
        if column["type"] == "text" and tidy(name) in {tidy(str(value)[:100]) for value in column["values"][:1000]}:
            return f'{said} "{short(name, 40)}" still stands in the rows of "{short(column["name"] or "", 40)}"; `.pivot(...)` makes columns of them.'
    spare = [column[:100] for column in held if column is not None and column not in form["columns"]]
    close = difflib.get_close_matches(name, spare[:100], n=1, cutoff=0.6)
    if close:
        return f'{said} Is "{short(close[0], 40)}" meant? Rename it.'
    if not answer["index"]["default"] and None in answer["index"]["names"]:
        return f"{said} Does it stand in the index? Then `.reset_index()` makes a column of it; name it as in the task."
    return f"There is no column {listed(all_of_them, 'or')}. Add {'it' if len(all_of_them) == 1 else 'them'}, spelled as in the task."


KINDS = (Table(),)
