"""Two markers at one page, in real Chromium."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browser import chromium
from grading_tools import ESSAY, FULL, UNIT, Grades, filled_in, hand_in, marks, needs_box, open_book

pytest_plugins = ["grading_fixtures"]
pytestmark = [pytest.mark.slow, needs_box]


@contextmanager
def marking(root: Path) -> Iterator[str]:
    """Run `litu mark` and yield the address that it prints."""
    server = subprocess.Popen([sys.executable, "-m", "litu.cli", "mark", "01"], cwd=root, stdout=subprocess.PIPE, text=True, env=os.environ)
    try:
        assert server.stdout is not None
        said = server.stdout.readline() + server.stdout.readline()
        yield re.findall(r"http://\S+", said)[0]
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 0


def fill(page: Any, points: tuple[str, ...], comment: str) -> Any:
    """Fill the form of the first answer in a browser and return it."""
    form = page.locator("form.mark").first
    for box, value in zip(form.get_by_role("spinbutton").all(), points, strict=True):
        box.fill(value)
    form.get_by_label("Comment for the student").fill(comment)
    return form


def test_two_markers_at_once(classroom: Path, grade: Grades, tmp_path: Path) -> None:
    """A marker fills the boxes by keyboard and the total is in the gradebook; another, with an older page, is told and overwrites nothing."""
    for student in ("ann", "bo"):
        hand_in(classroom, student, filled_in(classroom, FULL))
    grade(classroom)
    with marking(classroom) as address, chromium() as browser:
        first, second = (browser.new_context().new_page() for _ in range(2))
        errors: list[str] = []
        for page in (first, second):
            page.on(
                "console", lambda message: errors.append(message.text) if message.type == "error" and "409" not in message.text else None
            )
            page.goto(address)
            page.get_by_text("2 of 2 answers wait for their mark.").wait_for()
        assert first.get_by_text(ESSAY).count() == 2 and "token" not in first.url
        form = fill(first, ("1.5", "1"), "Which **way** does it move?")
        assert form.locator("output").inner_text() == "2.5"
        first.get_by_text("1 changed and not saved yet.").wait_for()
        first.keyboard.press("Control+Enter")
        form.get_by_text("Saved: 2.5 points.").wait_for()
        first.get_by_text("1 of 2 answers wait for their mark.").wait_for()

        late = fill(second, ("0", "0"), "No.")
        late.get_by_role("button", name="Save").click()
        late.get_by_text("Not saved: somebody else changed this meanwhile. It has 2.5 points").wait_for()
        first.screenshot(path=str(tmp_path / "marking.png"), full_page=True)
        told = marks(classroom)["ann", "critique"][1:4]
        first.reload()
        kept = [box.input_value() for box in first.locator("form.mark").first.get_by_role("spinbutton").all()]

    assert (told, kept, errors) == ((2.5, None, False), ["1.5", "1"], [])
    with open_book(classroom) as book:
        assert book._book.find_comment("critique", UNIT, UNIT, "ann").comment == "Which **way** does it move?"
    assert (tmp_path / "marking.png").stat().st_size > 10_000
