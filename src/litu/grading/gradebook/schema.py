"""The gradebook's tables: nbgrader's, with nbgrader's schema version, made in this process.

nbgrader asks the program `alembic` for its version, which takes seconds;
alembic's own library says it at once.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import nbgrader
from alembic.config import Config
from alembic.script import ScriptDirectory
from nbgrader.api import Assignment, Base, Gradebook
from sqlalchemy import Engine, create_engine, func, inspect, make_url, select, text
from sqlalchemy.orm import Session

from litu.grading.upkeep.access import OTHERS, is_shared

_LOCK = 0x6C697475
"""The number under which runs of this package find each other in PostgreSQL."""


def complete(url: str) -> None:
    """Make the tables that are missing, and write the version where a new gradebook, or one whose making was killed, lacks it."""
    with _completed(url):
        pass


def opened(url: str, course_id: str) -> Gradebook:
    """Open a gradebook that is complete; nbgrader then enters the course, which two first runs must not do at once either."""
    with _completed(url):
        return Gradebook(url, course_id)


@contextmanager
def _completed(url: str) -> Iterator[None]:
    engine = create_engine(url)
    try:
        if engine.dialect.name == "sqlite" and engine.url.database and Path(engine.url.database).parent.is_dir():
            Path(engine.url.database).touch()  # SQLite itself would let no group write, whatever the umask says
            share_with_group(url)
        with alone(engine):
            Base.metadata.create_all(engine)
            if not _stamped(engine):
                _stamp(engine)
            yield
    finally:
        engine.dispose()


def share_with_group(url: str) -> None:
    """Let the group write a gradebook that lies in a folder of the group's, and no other user read it."""
    address = make_url(url)
    path = Path(address.database or "")
    if address.get_backend_name() == "sqlite" and is_shared(path.parent):
        with suppress(PermissionError, FileNotFoundError):
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS | 0o060)


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Hold a gradebook on a server for what two runs must not do at once, such as making tables or entering a unit."""
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect() as connection:
        connection.execute(text(f"SELECT pg_advisory_lock({_LOCK})"))
        try:
            yield
        finally:
            connection.execute(text(f"SELECT pg_advisory_unlock({_LOCK})"))


def take_turns(session: Session) -> None:
    """Let no other run write to a gradebook on a server until this transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def version() -> str:
    """Return the version of nbgrader's schema."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(nbgrader.__file__).parent / "alembic").replace("%", "%%"))
    return str(ScriptDirectory.from_config(settings).get_current_head())


def _stamped(engine: Engine) -> bool:
    """Return whether a version is there; a gradebook in use without one is older than versions, and nbgrader's to upgrade."""
    with engine.connect() as connection:
        known = inspect(connection).has_table("alembic_version") and connection.scalar(text("SELECT count(*) FROM alembic_version"))
        return bool(known or connection.scalar(select(func.count()).select_from(Assignment)))


def _stamp(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version()})
