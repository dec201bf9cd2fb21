"""Tables, compared column by column."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from litu.answers.messages import count, listed
from litu.answers.plain import MAX_ITEMS, MAX_VALUES, NotPlain, Options, Plain, Scalar, agrees, is_number, places_of, sortable, tidy
from litu.answers.slips import slip_between
from litu.kinds.base import SAME, Difference, Form, Kind, Part, Path, Reader, Writer
from litu.kinds.wire import other, scalar, type_of

MAX_COLUMNS = 200
MIN_ROWS = 3
"""A column has a hash of its own only from so many rows on."""
TYPE_WORDS = {"number": "numbers", "text": "texts", "boolean": "True or False"}
Columns = dict[str, dict[str, Any]]


class Table(Kind):
    """``{"kind": "table", "columns": [{"name", "type", "values"}, ...], "index": {"names", "values", "default"}}``."""

    name = "table"
    words = "a table (DataFrame)"
    rank = 50
    instead = {"series": "Keep it a table: `.reset_index()` or double brackets help."}

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

    def problem(self, answer: Plain, form: Form, options: Options) -> str | None:
        held = columns_of(answer)
        missing = [name for name in form["columns"] if name not in held]
        if missing:
            return f"There is no column {listed(missing, 'or')}. Add it, spelled as in the task."
        for name, kind in form["columns"].items():
            if kind in TYPE_WORDS and held[name]["type"] not in (kind, "key", "other"):
                return f'The column "{name}" should hold {TYPE_WORDS[kind]}. Convert it first.'
        return None if len(answer["index"]["values"]) == form["rows"] else wrong_length(form["rows"], "row").advice

    def compare(self, value: Plain, right: Plain, options: Options) -> Difference:
        """Compare two tables.

        Extra columns, the row order (unless ``order=True``), the index and the
        number type never count. Rows are matched by the key columns.
        """
        given, wanted = columns_of(value), columns_of(right)
        form = self.form(right, options)
        names, keys = list(form["columns"]), form["by"]
        missing = [name for name in names if name not in given and name in wanted]
        if missing:
            return _missing_columns(missing, given, names)
        rows = len(given[names[0]]["values"]), len(wanted[names[0]]["values"])
        return wrong_length(rows[1], "row") if rows[0] != rows[1] else compare_columns(given, wanted, names, keys, options)

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        for column in sorted(plain["columns"], key=lambda column: str(column["name"])):
            yield column["name"]
            yield from column["values"]

    def form(self, answer: Plain, options: Options) -> Form:
        names = list(options.get("columns") or (column["name"] for column in answer["columns"]))
        types = {column["name"]: column["type"] for column in answer["columns"] if column["name"] in names}
        types = {name: types[name] for name in names if name in types}
        keys = options.get("by") or [name for name in types if types[name] not in ("number", "boolean")]
        keys = list(types)[:1] if not options.get("by") and len(keys) in (0, len(types)) else list(keys)
        return {"rows": len(answer["index"]["values"]), "columns": types, "by": keys}

    def parts(self, answer: Plain, options: Options, form: Form) -> list[Part]:
        columns = columns_of(answer)
        by, names = form["by"], list(form["columns"])
        values = {name: columns[name]["values"] for name in [*names, *by]}
        return sorted_parts([values[name] for name in by], {name: values[name] for name in names if name not in by}, options)

    def own_hash(self, scalars: list[Scalar], places: int) -> bool:
        return len(scalars) >= MIN_ROWS

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
        values = {value for column in answer["columns"] if column["name"] not in form["by"] for value in column["values"]}
        rows = form["rows"]
        for value in values if rows > 1 else ():
            columns = [column if column["name"] in form["by"] else {**column, "values": [value] * rows} for column in answer["columns"]]
            yield {**answer, "columns": columns}


def _paths(answer: Plain, names: list[str]) -> Iterator[Path]:
    for number, column in enumerate(answer["columns"]):
        if column["name"] in names and column["type"] == "number":
            yield from ((["columns", number, "values", row], column["name"]) for row, value in enumerate(column["values"]) if is_number(value))


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


def compare_columns(given: Columns, wanted: Columns, names: list[str], keys: list[str], options: Options) -> Difference:
    """Compare the columns ``names`` of as many rows, matched by ``keys``."""
    values = [name for name in names if name not in keys] or keys
    sorting = [*keys, *(name for name in values if name not in keys)]
    orders = [_row_order(columns, sorting, options) for columns in (given, wanted)]

    def differs(name: str) -> bool:
        own, right = (_cells(columns, name, order) for columns, order in zip((given, wanted), orders, strict=True))
        return not _same_cells(own, right, places_of(options, name))

    for name in keys:
        if differs(name):
            return _wrong_rows(name, given, wanted, options)
    wrong = [name for name in values if differs(name)]
    if not wrong:
        return SAME
    share = 0.0 if _constant(given, wanted, values) else 1 - len(wrong) / len(values)
    return _wrong_column(wrong, share, keys, (given, orders[0]), (wanted, orders[1]), options)


def _constant(given: Columns, wanted: Columns, names: list[str]) -> bool:
    """Return whether all cells of an answer hold one and the same value, which earns nothing."""
    own, right = ({value for name in names for value in columns[name]["values"]} for columns in (given, wanted))
    return len(own) == 1 < len(right)


def sorted_parts(keys: list[list[Scalar]], columns: Mapping[str, list[Scalar]], options: Options) -> list[Part]:
    """Return the rows and then each column as parts, in an order of rows that does not depend on how they stand."""
    sorting = [*keys, *columns.values()]
    rows = range(len(sorting[0]))
    order = list(rows) if options.get("order") else sorted(rows, key=lambda row: [sortable(column[row]) for column in sorting])
    return [("rows", [key[row] for key in keys for row in order]), *((name, [column[row] for row in order]) for name, column in columns.items())]


def wrong_length(wanted: int, noun: str) -> Difference:
    """Return the difference of an answer with too few or too many rows or values."""
    advice = f"{count(wanted, noun)} {'is' if wanted == 1 else 'are'} expected. Check what is filtered out, repeated or grouped."
    return Difference(0, advice, ("rows",))


def _wrong_rows(name: str, given: Columns, wanted: Columns, options: Options) -> Difference:
    place = "The index" if name.startswith("index ") else f'The column "{name}"'
    if not _fits(given[name], wanted[name]):
        return Difference(0, f"{place} should hold {TYPE_WORDS[wanted[name]['type']]}. Convert it first.", (name,))
    words = "their order" if options.get("order") else "their spelling or which rows are kept"
    return Difference(0, f"{place} does not hold the rows expected. Check {words}.", (name,))


def _fits(given: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Return whether a column holds the type of value that is wanted, as far as it can be told."""
    return wanted["type"] not in TYPE_WORDS or given["type"] in (wanted["type"], "key")


def _missing_columns(missing: list[str], given: Columns, names: list[str]) -> Difference:
    advice = f"There is no column {listed(missing, 'or')}."
    spare = [name for name in given if name not in names and name is not None]
    close = difflib.get_close_matches(missing[0], spare, n=1, cutoff=0.6)
    advice += f' Is "{close[0]}" meant? Rename it.' if close else " Add it, spelled as in the task."
    return Difference(0, advice, tuple(missing))


def _row_order(columns: Columns, keys: list[str], options: Options) -> list[int]:
    rows = range(len(columns[keys[0]]["values"]))
    if options.get("order"):
        return list(rows)
    return sorted(rows, key=lambda row: [sortable(columns[key]["values"][row]) for key in keys])


def _cells(columns: Columns, name: str, order: list[int]) -> list[Any]:
    return [columns[name]["values"][row] for row in order]


def _same_cell(value: Scalar, right: Scalar, places: int) -> bool:
    if isinstance(value, bool) or isinstance(right, bool):
        return value is right
    if isinstance(value, (int, float)) and isinstance(right, (int, float)):
        return agrees(value, right, places)
    if isinstance(value, str) and isinstance(right, str):
        return tidy(value) == tidy(right)
    return value is None and right is None


def _same_cells(values: list[Scalar], rights: list[Scalar], places: int) -> bool:
    return len(values) == len(rights) and all(_same_cell(value, right, places) for value, right in zip(values, rights, strict=True))


def _wrong_column(
    wrong: list[str], share: float, keys: list[str], given: tuple[Columns, list[int]], wanted: tuple[Columns, list[int]], options: Options
) -> Difference:
    name = wrong[0]
    cells, rights = _cells(given[0], name, given[1]), _cells(wanted[0], name, wanted[1])
    place, differs = ("The values", "differ") if name == "values" else (f'The column "{name}"', "differs")
    if not _fits(given[0][name], wanted[0][name]):
        return Difference(share, f"{place} should hold {TYPE_WORDS[wanted[0][name]['type']]}. Convert it first.", tuple(wrong))
    slip = slip_between(cells, rights) if wanted[0][name]["type"] == "number" else None
    if slip:
        return Difference(share, f"{place}: {slip[1][0].lower()}{slip[1][1:]}", tuple(wrong), slip[0])
    differ = [row for row, (value, right) in enumerate(zip(cells, rights, strict=True)) if not _same_cell(value, right, places_of(options, name))]
    row = ", ".join(str(given[0][key]["values"][given[1][differ[0]]]) for key in keys if key != name)
    where = f", first in the row {row}" if row else ""
    others = f" So do {listed(wrong[1:])}." if wrong[1:] else ""
    return Difference(
        share, f"{place} {differs} in {count(len(differ), 'row')} of {len(rights)}{where}.{others} Work that row out by hand.", tuple(wrong)
    )


KINDS = (Table(),)
