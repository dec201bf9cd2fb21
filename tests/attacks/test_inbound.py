"""Tricks with nbgrader's exchange, into whose folder every student of a machine may write anything."""

from __future__ import annotations

import logging
import os
import pwd
from pathlib import Path

import pytest
from grading_tools import FULL, UNIT, as_text, filled_in
from nbgrader.coursedir import CourseDirectory

from litu.course import Course
from litu.grading.nbgrader.collect import Collect, copy_plainly
from litu.grading.nbgrader.log import PlainLog
from litu.grading.nbgrader.release_feedback import ReleaseFeedback

pytest_plugins = ["grading_fixtures"]

ME = pwd.getpwuid(os.getuid()).pw_name
TIME = "2026-03-01 10:00:00 UTC"


def submit(root: Path, student: str, content: str, time: str = TIME) -> Path:
    """Lay a submission into the exchange, as one who knows what it looks like; return its folder."""
    folder = root / "exchange/leaving-the-soil/inbound" / f"{student}+{UNIT}+{time}+secret"
    folder.mkdir(parents=True)
    (folder / f"{UNIT}.ipynb").write_text(content)
    (folder / "timestamp.txt").write_text(time)
    return folder


@pytest.fixture
def collect(classroom: Path, caplog: pytest.LogCaptureFixture) -> object:
    """Return a function that collects the tiny unit and returns what was said."""

    def run(**settings: bool) -> str:
        config = Course.find(classroom).nbgrader_config()
        config.Exchange.root = str(classroom / "exchange")
        config.ExchangeCollect.update(settings)
        log = logging.getLogger("collect")
        Collect(coursedir=CourseDirectory(config=config, assignment_id=UNIT), config=config, log=log).start()
        return caplog.text

    return run


def test_links_in_the_exchange_hand_nothing_over(classroom: Path, collect) -> None:  # type: ignore[no-untyped-def]
    """Links to the answer keys, a pipe and a file that fills a disk are left out and told; the plain files are taken."""
    folder = submit(classroom, ME, as_text(filled_in(classroom, FULL)))
    (folder / "key.json").symlink_to(classroom / f"grading/keys/{UNIT}.json")
    (folder / "keys").symlink_to(classroom / "grading/keys")
    (folder / "deep").mkdir()
    (folder / "deep" / "own.csv").write_text("own")
    os.mkfifo(folder / "pipe")
    with (folder / "large.bin").open("wb") as file:
        file.truncate(10**12)

    said = collect()

    place = classroom / "grading/submitted" / ME / UNIT
    assert {str(path.relative_to(place)) for path in place.rglob("*")} == {f"{UNIT}.ipynb", "timestamp.txt", "deep", "deep/own.csv"}
    assert all(name in said for name in ("key.json", "keys", "pipe", "large.bin"))


def test_nobody_hands_in_for_another(classroom: Path, collect) -> None:  # type: ignore[no-untyped-def]
    """Work under another's name, newer than the other's own, is not taken, nor is one without a time; they stop nobody."""
    submit(classroom, "somebody-else", "forged", "2027-03-01 10:00:00 UTC")
    submit(classroom, ME, "no time", "yesterday")
    (classroom / "exchange/leaving-the-soil/inbound" / f"{ME}+{UNIT}+2028-03-01 10:00:00 UTC+x").symlink_to(classroom / "grading/keys")
    submit(classroom, ME, "my own")

    said = collect()

    submitted = classroom / "grading/submitted"
    assert os.listdir(submitted) == [ME] and (submitted / ME / UNIT / f"{UNIT}.ipynb").read_text() == "my own"
    assert f"belongs to {ME!r}" in said
    collect(check_owner=False)
    assert sorted(os.listdir(submitted)) == sorted([ME, "somebody-else"])


def test_a_secret_that_is_no_text_costs_its_own_student_the_page(classroom: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Feedback is released for everybody else, and it is said for whom it was not."""
    config = Course.find(classroom).nbgrader_config()
    config.Exchange.root = str(classroom / "exchange")
    for student, secret in (("ann", b"a" * 40), ("eve", b"\xff" * 40), ("zoe", b"z" * 40)):
        folder = classroom / "grading/feedback" / student / UNIT
        folder.mkdir(parents=True)
        for name, data in ((f"{UNIT}.html", b"a page"), ("timestamp.txt", TIME.encode()), ("submission_secret.txt", secret)):
            (folder / name).write_bytes(data)
    (classroom / "exchange").mkdir()

    ReleaseFeedback(coursedir=CourseDirectory(config=config, assignment_id=UNIT), config=config, log=logging.getLogger("release")).start()

    assert len(list((classroom / "exchange/leaving-the-soil/feedback").glob("*.html"))) == 2
    assert "No feedback was released for eve" in caplog.text


def test_what_changes_while_it_is_copied_is_left_out(tmp_path: Path) -> None:
    """Folders within folders have an end; more bytes than there is room for are left out, the notebook first of all taken."""
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "/".join("d" * 25)).mkdir(parents=True)
    (source / "/".join("d" * 25) / "deep.txt").write_text("x")
    (source / "a.bin").write_bytes(bytes(80))
    (source / f"{UNIT}.ipynb").write_bytes(bytes(50))

    left_out = copy_plainly(source, target, 100)

    assert [path.name for path in target.rglob("*") if path.is_file()] == [f"{UNIT}.ipynb"]
    assert left_out[0] == "a.bin" and left_out[1].endswith("d/d")


def test_what_nbgrader_prints_moves_no_cursor() -> None:
    """Control characters in what nbgrader prints, in its errors too, are spelt out; lines stay lines."""
    record = logging.LogRecord("a", logging.INFO, "", 0, "Copying %s\nas it is", ("\x1b[2J\u202ex.txt",), None)
    try:
        raise OSError("\x1b]0;title\x07")
    except OSError as error:
        record.exc_info = (OSError, error, error.__traceback__)

    assert PlainLog().filter(record)

    text = logging.Formatter().format(record)
    assert "\x1b" not in text and "\\x1b[2J" in text and "\nas it is\n" in text and "title" in text
