"""Tables and Series, compared column by column."""

from __future__ import annotations

import difflib
from typing import Any

from litu.answers.messages import count, listed
from litu.answers.slips import slip_between
from litu.compare.difference import SAME, Difference, Options, Plain, agrees, places_of, tidy
from litu.compare.values import TYPE_WORDS

Columns = dict[str, dict[str, Any]]


def series(value: Plain, right: Plain, options: Options) -> Difference:
    """Compare two Series as one-column tables keyed by their index; without labels the order counts."""
    if len(value["values"]) != len(right["values"]):
        return _wrong_length(len(right["values"]), "value")
    if right["index"]["default"]:
        return tables(_as_table(value, []), _as_table(right, []), {**options, "order": True})
    wanted = _as_table(right, _levels(right))
    if len(value["index"]["names"]) != len(right["index"]["names"]):
        return Difference(0, "The index has another number of levels than expected. Check what it is grouped by.", ("index",))
    options = {**options, "by": [column["name"] for column in wanted["columns"][:-1]]}
    return tables(_as_table(value, _levels(value)), wanted, options)


def _levels(value: Plain) -> list[tuple[Any, ...]]:
    return list(zip(*value["index"]["values"], strict=True))


def _as_table(value: Plain, levels: list[tuple[Any, ...]]) -> Plain:
    columns = [{"name": f"index {i}", "type": "key", "values": list(level)} for i, level in enumerate(levels)]
    columns.append({"name": "values", "type": value["type"], "values": value["values"]})
    return {"kind": "table", "columns": columns, "index": {"names": [None], "values": [], "default": True}}


def tables(value: Plain, right: Plain, options: Options) -> Difference:
    """Compare two tables.

    Extra columns, the row order (unless ``order=True``), the index and the
    number type never count. Rows are matched by the key columns.
    """
    given, wanted = _columns(value), _columns(right)
    names = list(options.get("columns") or (column["name"] for column in right["columns"]))
    keys = _keys(wanted, names, options)
    missing = [name for name in names if name not in given and name in wanted]
    values = [name for name in names if name not in keys] or keys
    if missing:
        return _missing_columns(missing, given, names)
    rows, wanted_rows = len(given[names[0]]["values"]), len(wanted[names[0]]["values"])
    if rows != wanted_rows:
        return _wrong_length(wanted_rows, "row")
    sorting = [*keys, *(name for name in values if name not in keys)]
    order, wanted_order = _row_order(given, sorting, options), _row_order(wanted, sorting, options)
    for name in keys:
        if not _same_cells(_cells(given, name, order), _cells(wanted, name, wanted_order), places_of(options, name)):
            return _wrong_rows(name, given, wanted, options)
    wrong = [
        name
        for name in values
        if not _same_cells(_cells(given, name, order), _cells(wanted, name, wanted_order), places_of(options, name))
    ]
    if not wrong:
        return SAME
    share = 1 - len(wrong) / len(values)
    return _wrong_column(wrong, share, keys, (given, order), (wanted, wanted_order), options)


def _wrong_length(wanted: int, noun: str) -> Difference:
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


def _columns(table: Plain) -> Columns:
    """Return the columns by name; named index levels count as columns."""
    columns = {}
    for level, name in enumerate(table["index"]["names"]):
        if name is not None:
            columns[name] = {"name": name, "type": "key", "values": [row[level] for row in table["index"]["values"]]}
    return columns | {column["name"]: column for column in table["columns"]}


def _keys(wanted: Columns, names: list[str], options: Options) -> list[str]:
    if options.get("by"):
        return list(options["by"])
    keys = [name for name in names if wanted[name]["type"] not in ("number", "boolean")]
    return names[:1] if len(keys) in (0, len(names)) else keys


def _missing_columns(missing: list[str], given: Columns, names: list[str]) -> Difference:
    advice = f"There is no column {listed(missing, 'or')}."
    spare = [name for name in given if name not in names and name is not None]
    close = difflib.get_close_matches(missing[0], spare, n=1, cutoff=0.6)
    advice += f' Is "{close[0]}" meant? Rename it.' if close else " Add it, spelled as in the task."
    return Difference(0, advice, tuple(missing))


def _row_order(columns: Columns, keys: list[str], options: Options) -> list[int]:
    rows = range(len(next(iter(columns.values()))["values"]))
    if options.get("order"):
        return list(rows)
    return sorted(rows, key=lambda row: [_sortable(columns[key]["values"][row]) for key in keys])


def _sortable(value: Any) -> tuple[int, float, str]:
    if isinstance(value, (int, float)):
        return (0, round(float(value), 6), "")
    return (1, 0.0, "" if value is None else tidy(str(value)))


def _cells(columns: Columns, name: str, order: list[int]) -> list[Any]:
    return [columns[name]["values"][row] for row in order]


def _same_cell(value: Any, right: Any, places: int) -> bool:
    if isinstance(value, bool) or isinstance(right, bool):
        return value is right
    if isinstance(value, (int, float)) and isinstance(right, (int, float)):
        return agrees(value, right, places)
    if isinstance(value, str) and isinstance(right, str):
        return tidy(value) == tidy(right)
    return value is None and right is None


def _same_cells(values: list[Any], rights: list[Any], places: int) -> bool:
    return len(values) == len(rights) and all(_same_cell(v, r, places) for v, r in zip(values, rights, strict=True))


def _wrong_column(
    wrong: list[str],
    share: float,
    keys: list[str],
    given: tuple[Columns, list[int]],
    wanted: tuple[Columns, list[int]],
    options: Options,
) -> Difference:
    name = wrong[0]
    cells, rights = _cells(given[0], name, given[1]), _cells(wanted[0], name, wanted[1])
    place, differs = ("The values", "differ") if name == "values" else (f'The column "{name}"', "differs")
    if not _fits(given[0][name], wanted[0][name]):
        return Difference(share, f"{place} should hold {TYPE_WORDS[wanted[0][name]['type']]}. Convert it first.", tuple(wrong))
    slip = slip_between(cells, rights) if wanted[0][name]["type"] == "number" else None
    if slip:
        return Difference(share, f"{place}: {slip[1][0].lower()}{slip[1][1:]}", tuple(wrong), slip[0])
    differ = [i for i, (v, r) in enumerate(zip(cells, rights, strict=True)) if not _same_cell(v, r, places_of(options, name))]
    row = ", ".join(str(given[0][key]["values"][given[1][differ[0]]]) for key in keys if key != name)
    where = f", first in the row {row}" if row else ""
    others = f" So do {listed(wrong[1:])}." if wrong[1:] else ""
    return Difference(
        share, f"{place} {differs} in {count(len(differ), 'row')} of {len(rights)}{where}.{others} Work that row out by hand.", tuple(wrong)
    )
