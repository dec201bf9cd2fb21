"""`litu gradebook copy`: all rows of one gradebook into another, of whatever kind of database, and compared before they stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Base, Comment, Grade, Student, SubmittedAssignment
from sqlalchemy import Connection, Engine, Table, create_engine, func, inspect, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

from litu.errors import LituError
from litu.grading.gradebook import schema
from litu.grading.gradebook.gradebook import first_line, without_password

BATCH = 2000
COUNTED = {
    "students": Student.id,
    "submissions": SubmittedAssignment.id,
    "marks": Grade.id,
    "marks by hand": Grade.manual_score,
    "comments": Comment.manual_comment,
}
"""What is told of a gradebook: how many values there are in which column."""


def address_of(name: str) -> str:
    """Return a gradebook's address; the name of a file stands for SQLite's."""
    return name if "://" in name else f"sqlite:///{Path(name).absolute()}"


def copy_gradebook(source: str, target: str, *, replace: bool) -> dict[str, int]:
    """Copy a gradebook and return how many rows of each kind it has. Raises LituError; the target is then as it was.

    A target that holds anything is refused, unless all of it is to be replaced.
    """
    if make_url(source) == make_url(target):
        raise LituError("Both are the same gradebook.")
    file = make_url(source).database
    if make_url(source).get_backend_name() == "sqlite" and not Path(file or "").is_file():
        raise LituError(f"There is no gradebook {file}.")
    with _opened(source) as one:
        _compare_versions(one, source)
        schema.complete(target)
        with _opened(target) as other:
            _compare_versions(other, target)
            with one.connect() as reading, other.begin() as writing:
                return _copied(reading, writing, target, replace)


@contextmanager
def _opened(address: str) -> Iterator[Engine]:
    engine = None
    try:
        engine = create_engine(address)
        yield engine
    except (SQLAlchemyError, ImportError, ValueError) as error:
        raise LituError(f"Nothing was copied: the gradebook {without_password(address)} failed ({first_line(error)}).") from None
    finally:
        if engine is not None:
            engine.dispose()


def _compare_versions(engine: Engine, address: str) -> None:
    with engine.connect() as connection:
        known = inspect(connection).has_table("alembic_version")
        found = connection.scalar(text("SELECT version_num FROM alembic_version")) if known else None
    if found != schema.version():
        raise LituError(
            f"The gradebook {without_password(address)} is of another version of nbgrader; run `nbgrader db upgrade` on it first."
        )


def _copied(reading: Connection, writing: Connection, target: str, replace: bool) -> dict[str, int]:
    tables = Base.metadata.sorted_tables
    if not replace and any(writing.execute(select(table).limit(1)).first() for table in tables if table.name != "course"):
        held = ", ".join(f"{number} {what}" for what, number in _counts(writing).items())
        raise LituError(
            f"The gradebook {without_password(target)} is not empty ({held}); --replace puts the copy in the place of all of it."
        )
    for table in reversed(tables):
        writing.execute(table.delete())
    for table in tables:
        for rows in reading.execution_options(yield_per=BATCH).execute(select(table)).mappings().partitions():
            writing.execute(table.insert(), [dict(row) for row in rows])
    for table in tables:
        if _rows(reading, table) != _rows(writing, table):
            raise LituError(f"Nothing was copied: the table {table.name} came out different in {without_password(target)}.")
    return _counts(writing)


def _counts(connection: Connection) -> dict[str, int]:
    return {what: int(connection.scalar(select(func.count(column))) or 0) for what, column in COUNTED.items()}


def _rows(connection: Connection, table: Table) -> set[tuple[object, ...]]:
    return {tuple(row) for row in connection.execute(select(table))}
