"""When work came in is read in one way or not at all; nbgrader's doors get the same time, and due dates agree."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from grading_tools import FULL, TIME, UNIT, Grades, filled_in, hand_in, marks, needs_box, open_book, run_nbgrader
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.utils import parse_utc
from ran import Ran
from traitlets.config import Config

from litu.errors import LituError
from litu.grading.submissions.timestamps import HandedIn, named_zone, read_time, settle_timestamp, zone_of

pytest_plugins = ["grading_fixtures"]
SHANGHAI = named_zone("Asia/Shanghai")
NOON = datetime(2026, 3, 1, 12)
"""Noon in UTC, eight in the evening in Shanghai."""

READ = {
    "nbgrader": "2026-03-01 12:00:00.000000 UTC",
    "offset": "2026-03-01 20:00:00 +0800",
    "colon": "2026-03-01 20:00:00+08:00",
    "hours": "2026-03-01 20:00 UTC+8",
    "behind": "2026-03-01 06:30:00 -0530",
    "iana": "2026-03-01 20:00:00.000000 Asia/Shanghai",
    "abbreviation": "2026-03-01 20:00:00.000000 CST",
    "iso": "2026-03-01T12:00:00Z",
    "iso-local": "2026-03-01T20:00:00.000+08:00",
    "no-zone": "2026-03-01 12:00:00",
    "slashes": "2026/3/1 12:00",
    "chinese": "2026年3月1日 20:00 +0800",
    "wide": "２０２６-０３-０１ １２：００",
    "mail": "Sun, 01 Mar 2026 20:00:00 +0800",
}
UNREAD = {
    "empty": "", "word": "tomorrow?", "month-first": "05/03/2026 10:00", "date": "2026-03-01", "no-day": "2026-02-30 10:00:00 UTC",
    "far": "9999-12-31 23:59:59 -0100", "path": "2026-03-01 10:00:00 ../../x", "folder": "2026-03-01 10:00:00 Asia", "null": "\0",
    "many-zones": "2026-03-01 10:00:00 IST", "mail-zone": "Sun, 01 Mar 2026 20:00:00 CST", "long": "2026-03-01 10:00 " * 200, "number": "1e999999",
}  # fmt: skip


@pytest.mark.parametrize("form", READ)
def test_time_is_read_and_left_so_that_nbgrader_reads_the_same(tmp_path: Path, form: str) -> None:
    """Offsets, names and abbreviations of zones, ISO and Chinese forms mean one moment, for nbgrader too."""
    path = tmp_path / "timestamp.txt"
    path.write_text(READ[form] + "\n", encoding="utf-8")

    assert settle_timestamp(tmp_path, SHANGHAI) == HandedIn(NOON)
    assert parse_utc(path.read_text().strip()) == NOON
    assert settle_timestamp(tmp_path, SHANGHAI) == HandedIn(NOON)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_marks_of_encodings_do_not_hide_a_time(tmp_path: Path, encoding: str) -> None:
    """What Windows editors put before the text, and UTF-16, are read."""
    data = READ["offset"].encode(encoding)
    (tmp_path / "timestamp.txt").write_bytes(data if encoding != "utf-16-be" else b"\xfe\xff" + data)

    assert settle_timestamp(tmp_path, UTC) == HandedIn(NOON)
    assert (tmp_path / "timestamp.original.txt").is_file() and (
        tmp_path / "timestamp.txt"
    ).read_text() == "2026-03-01 12:00:00.000000 UTC\n"


@pytest.mark.parametrize("form", UNREAD)
def test_what_is_no_time_is_told_and_put_aside(tmp_path: Path, form: str) -> None:
    """What cannot be read in one way only counts as no time, says so each time, and is out of nbgrader's way."""
    (tmp_path / "timestamp.txt").write_text(UNREAD[form])

    first, second = settle_timestamp(tmp_path, SHANGHAI), settle_timestamp(tmp_path, SHANGHAI)

    assert first.time is None and first.unreadable
    assert second.time is None and (second.unreadable == first.unreadable or not UNREAD[form])
    assert not (tmp_path / "timestamp.txt").exists() and (tmp_path / "timestamp.unreadable.txt").exists()


def test_a_pipe_or_nothing_is_no_time(tmp_path: Path) -> None:
    """A pipe in the place of the time is not opened; no file is no time and no fault."""
    assert settle_timestamp(tmp_path, UTC) == HandedIn()
    os.mkfifo(tmp_path / "timestamp.txt")
    assert settle_timestamp(tmp_path, UTC) == HandedIn()


@given(st.datetimes(datetime(2001, 1, 1), datetime(2199, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_every_written_time_is_read_back(time: datetime, minutes: int) -> None:
    """A moment written with any offset is that moment again."""
    zone = timezone(timedelta(minutes=minutes))
    local = time.replace(tzinfo=UTC).astimezone(zone)

    assert read_time(f"{local:%Y-%m-%d %H:%M:%S.%f %z}", SHANGHAI) == time
    assert read_time(local.isoformat(), SHANGHAI) == time


@given(st.text(max_size=60) | st.from_regex(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [-+A-Za-z/0-9]{0,12}", fullmatch=True))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any text is a time or a sentence."""
    try:
        assert read_time(text, SHANGHAI).tzinfo is None
    except ValueError as error:
        assert str(error).endswith(".")


def test_zone_of_the_exchange_must_be_one() -> None:
    """A wrong c.Exchange.timezone is named."""
    with pytest.raises(LituError, match="c.Exchange.timezone to 'Shanghai'"):
        zone_of(Config({"Exchange": {"timezone": "Shanghai"}}))


# Due dates


def test_due_dates_and_extensions_are_nbgraders(classroom: Path, litu: Callable[..., Ran]) -> None:
    """`litu due` enters what nbgrader keeps, in UTC, and shows it in the zone asked for; an extension is for one student."""
    (classroom / "grading/submitted/an-li").mkdir(parents=True)
    said = [
        litu(classroom, "due", "01", "2026-03-01T23:59", "--zone", "Asia/Shanghai"),
        litu(classroom, "due", "01", "2026-03-03 23:59", "--zone", "Asia/Shanghai", "--student", "an-li"),
        litu(classroom, "due"),
    ]

    assert [ran.code for ran in said] == [0, 0, 0], [ran.err for ran in said]
    assert said[0].out == "01-tiny: due 2026-03-01 23:59 CST (2026-03-01 15:59 UTC)\n"
    assert said[1].out == said[0].out + "  an-li: due 2026-03-03 23:59 CST (2026-03-03 15:59 UTC)\n"
    assert said[2].out == "01-tiny: due 2026-03-01 15:59 UTC\n  an-li: due 2026-03-03 15:59 UTC\n02-kinds: never due\n"
    assert "2026-03-01 15:59:00" in run_nbgrader(classroom, "db", "assignment", "list").said
    with open_book(classroom) as book:
        assert book._book.find_submission(UNIT, "an-li").duedate == datetime(2026, 3, 3, 15, 59)
    assert litu(classroom, "due", "01", "never").out == "01-tiny: never due\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("01", "05/03/2026"), "'05/03/2026' cannot be read as a time"),
        (("01", "2026-03-01T23:59", "--zone", "Nowhere"), "There is no time zone 'Nowhere'"),
        (("01", "2026-03-01T23:59", "--student", "zoe"), "There is no student 'zoe'"),
    ],
)
def test_due_date_that_is_none_is_told(classroom: Path, litu: Callable[..., Ran], arguments: tuple[str, ...], says: str) -> None:
    """A date, a zone or a student that is none ends in one sentence."""
    ran = litu(classroom, "due", *arguments)

    assert ran.code == 1 and says in ran.err


RULE = """
from nbgrader.plugins import LateSubmissionPlugin


class Rule(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return round(total_seconds_late / 3600, 2)
"""


@needs_box
@pytest.mark.slow
def test_lateness_is_the_same_through_both_doors(classroom: Path, grade: Grades, empty_gradebook: Path) -> None:
    """An offset, an abbreviation, a time that is none, an extension and a rule of the course's own: the same penalties through both doors."""
    (classroom / "late_rule.py").write_text(RULE)
    with (classroom / "nbgrader_config.py").open("a") as file:
        file.write('c.AssignLatePenalties.plugin_class = "late_rule.Rule"\nc.Exchange.timezone = "Asia/Shanghai"\n')
    times = {"offset": "2026-03-01 19:00:00 +0800", "abbreviation": "2026-03-01 19:00:00 CST", "none": "05/03/2026 10:00", "extended": TIME}
    for student, time in times.items():
        hand_in(classroom, student, filled_in(classroom, FULL), time=time)
    found = []
    for door in ("litu", "nbgrader"):
        with open_book(classroom) as book:
            book.set_due(UNIT, datetime(2026, 3, 1, 9))
        assert run_nbgrader(classroom, "generate_assignment", UNIT, "--force").code == 0
        with open_book(classroom) as book:
            book.extend(UNIT, "extended", datetime(2026, 3, 1, 9, 30))
        if door == "litu":
            report = grade(classroom)
            told = report.told
        else:
            ran = run_nbgrader(classroom, "autograde", UNIT, "--force")
            assert ran.code == 0, ran.said
        book_says = marks(classroom)
        found.append({student: book_says[student, "check-sort"][4] for student in times})
        assert all(book_says[student, "critique"][3] for student in times)
        (classroom / "grading/gradebook.db").write_bytes(empty_gradebook.read_bytes())

    assert found[0] == {"offset": 2.0, "abbreviation": 2.0, "none": None, "extended": 0.5}
    assert found[1] == found[0]
    assert told == [
        "none, 01-tiny: timestamp.txt says '05/03/2026 10:00', which is no time; this counts as in time. "
        "Write a timestamp.txt such as 2026-03-01 22:00:00 +0800 and grade again."
    ]
