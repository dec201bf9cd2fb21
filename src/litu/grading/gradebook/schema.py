"""The gradebook's tables: nbgrader's, with nbgrader's schema version, made in this process.

nbgrader asks the program `alembic` for its version, which takes seconds;
alembic's own library says it at once.
"""

from __future__ import annotations

from pathlib import Path

import nbgrader
from alembic.config import Config
from alembic.script import ScriptDirectory
from nbgrader.api import Assignment, Base
from sqlalchemy import Engine, create_engine, func, inspect, select, text


def complete(url: str) -> None:
    """Make the tables that are missing, and write the version where a new gradebook, or one whose making was killed, lacks it."""
    engine = create_engine(url)
    try:
        Base.metadata.create_all(engine)
        if not _stamped(engine):
            _stamp(engine)
    finally:
        engine.dispose()


def _stamped(engine: Engine) -> bool:
    """Return whether a version is there; a gradebook in use without one is older than versions, and nbgrader's to upgrade."""
    with engine.connect() as connection:
        known = inspect(connection).has_table("alembic_version") and connection.scalar(text("SELECT count(*) FROM alembic_version"))
        return bool(known or connection.scalar(select(func.count()).select_from(Assignment)))


def _stamp(engine: Engine) -> None:
    settings = Config()
    settings.set_main_option("script_location", str(Path(nbgrader.__file__).parent / "alembic").replace("%", "%%"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"))
        version = ScriptDirectory.from_config(settings).get_current_head()
        connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})
