"""Written answers marked by hand: nothing is overwritten, nothing lost, and nobody gets in without the token."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from grading_tools import ESSAY, FULL, UNIT, as_text, filled_in, mark_by_hand, marks, open_book
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from litu.course import Course
from litu.errors import LituError
from litu.grading.assignment import Assignment
from litu.grading.gradebook.marking.server import application
from litu.grading.gradebook.marking.sheet import Answer, Conflict, Sheet
from litu.grading.gradebook.records import Entry
from litu.grading.results.models import ExerciseResult, Result, WrittenResult

pytest_plugins = ["grading_fixtures"]

PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def graded(root: Path, student: str, text: str = ESSAY, *, again: bool = False) -> None:
    """Put a graded notebook with a written answer where grading leaves it, and its marks into the gradebook."""
    notebook = filled_in(root, {**FULL, "critique": text})
    place = root / "grading" / "autograded" / student / UNIT
    place.mkdir(parents=True, exist_ok=True)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "critique" and "attachment:" in text:
            cell.attachments = {"drawn.png": {"image/png": PICTURE}}
    (place / f"{UNIT}.ipynb").write_text(as_text(notebook), encoding="utf-8")
    exercises = [ExerciseResult("urban-share", 2.0, 2.0, "right", ""), ExerciseResult("sort", 1.0, 1.0, "right", "")]
    result = Result(student, UNIT, "graded", exercises=exercises, written=[WrittenResult("critique", 3.0, not text)])
    with open_book(root) as book:
        book.prepare(Assignment.load(Course.find(root), UNIT))
        book.write(UNIT, [Entry(result, None, again)])


@contextmanager
def sheet(root: Path, *, anonymous: bool = False, marker: str = "teacher") -> Iterator[Sheet]:
    """Open the marking of the tiny unit."""
    with open_book(root) as book:
        yield book.sheet(Course.find(root), UNIT, marker, anonymous=anonymous)


def answers(opened: Sheet) -> dict[str, Answer]:
    """Return the answers of the one question by their titles."""
    (question,) = opened.questions()
    return {answer.title: answer for answer in question.answers}


def by_hand(root: Path, student: str) -> tuple[Any, ...]:
    """Return the manual mark, whether it waits, and the comment of the written answer."""
    mark = marks(root)[student, "critique"]
    with open_book(root) as book:
        return mark[1], mark[3], book._book.find_comment("critique", UNIT, UNIT, student).comment


@pytest.fixture
def any_gradebook(classroom: Path, url: str) -> Path:
    """A course folder whose own settings name a gradebook, of each kind in turn."""
    (classroom / "own_settings.py").write_text(f"c = get_config()\nc.CourseDirectory.db_url = {url!r}\n", encoding="utf-8")
    return classroom


def test_a_mark_stands_in_the_gradebook(any_gradebook: Path) -> None:
    """The total of the boxes is nbgrader's manual mark, the comment its comment; the boxes are there again next time."""
    graded(any_gradebook, "ann")
    with sheet(any_gradebook) as opened:
        ann = answers(opened)["ann"]
        assert ann.waits and ann.boxes is None and "without papers" in ann.html
        now = opened.save(ann.number, ann.version, [1.75, 1], "  Which **way** does it move?  ")
        assert (now.score, now.boxes, now.waits) == (2.75, [1.75, 1], False)

    assert by_hand(any_gradebook, "ann") == (2.75, False, "Which **way** does it move?")
    with sheet(any_gradebook) as opened:
        assert answers(opened)["ann"].boxes == [1.75, 1]


def test_the_second_of_two_markers_is_told(any_gradebook: Path) -> None:
    """Two markers open the same answer; the later one is told what stands there, and nothing is overwritten until they insist."""
    graded(any_gradebook, "ann")
    with sheet(any_gradebook, marker="one") as first, sheet(any_gradebook, marker="two") as second:
        mine, theirs = answers(first)["ann"], answers(second)["ann"]
        first.save(mine.number, mine.version, [2, 1], "Good.")
        with pytest.raises(Conflict) as told:
            second.save(theirs.number, theirs.version, [0, 0], "Bad.")

        assert (told.value.now.score, told.value.now.comment) == (3, "Good.")
        assert by_hand(any_gradebook, "ann") == (3, False, "Good.")
        second.save(theirs.number, told.value.now.version, [1, 1], "Fair.")

    assert by_hand(any_gradebook, "ann") == (2, False, "Fair.")


def test_a_comment_alone_leaves_the_mark(classroom: Path) -> None:
    """With empty boxes only the comment is written: an answer that waits goes on waiting, a mark given elsewhere stays and is told."""
    graded(classroom, "ann")
    graded(classroom, "bo")
    mark_by_hand(classroom, "bo", "critique", 2.5)
    with sheet(classroom) as opened:
        for title, shown in answers(opened).items():
            opened.save(shown.number, shown.version, [None, None], f"To {title}")
        assert answers(opened)["bo"].boxes is None and answers(opened)["bo"].score == 2.5

    assert by_hand(classroom, "ann") == (None, True, "To ann")
    assert by_hand(classroom, "bo") == (2.5, False, "To bo")


@pytest.mark.parametrize(
    ("boxes", "says"),
    [
        ([1, None], "Box 2 is empty"),
        ([2.5, 1], "Box 1 takes 0 to 2"),
        ([-1, 1], "Box 1 takes 0 to 2"),
        (["2", 1], "Box 1 takes 0 to 2"),
        ([True, 1], "Box 1 takes 0 to 2"),
        ([float("nan"), 1], "Box 1 takes 0 to 2"),
        ([1], "The mark scheme has changed"),
    ],
)
def test_what_is_no_mark_is_refused(classroom: Path, boxes: list[Any], says: str) -> None:
    """A box holds a number from 0 to its points; anything else is refused with the box's number and changes nothing."""
    graded(classroom, "ann")
    with sheet(classroom) as opened:
        ann = answers(opened)["ann"]
        with pytest.raises(LituError, match=says):
            opened.save(ann.number, ann.version, boxes, "x")

    assert by_hand(classroom, "ann") == (None, True, None)


def test_work_that_changed_is_looked_at_again(classroom: Path) -> None:
    """A new hand-in under a mark shows as changed; a page that shows the old text cannot mark the new one; empty answers are only counted."""
    graded(classroom, "ann")
    graded(classroom, "bo", "")
    with sheet(classroom) as opened:
        before = answers(opened)["ann"]
        now = opened.save(before.number, before.version, [2, 1], "")
        graded(classroom, "ann", "Something else entirely, in a later hand-in.", again=True)
        with pytest.raises(Conflict):
            opened.save(now.number, now.version, [0, 0], "")

        (question,) = opened.questions()
        assert question.empty == 1 and [one.title for one in question.answers] == ["ann"]
        assert question.answers[0].changed and question.answers[0].score == 3 and "Something else" in question.answers[0].html


def test_nothing_of_a_student_acts_and_pictures_show(classroom: Path) -> None:
    """Scripts and addresses in an answer do nothing; a picture that was pasted in is shown from the page itself."""
    graded(classroom, "ann", '<script>alert(1)</script> <img src="http://evil/x"> ![d](attachment:drawn.png) [go](javascript:alert(2))')
    with sheet(classroom) as opened:
        shown = answers(opened)["ann"].html

    assert "<script" not in shown and 'src="http' not in shown and 'href="javascript' not in shown
    assert f"data:image/png;base64,{PICTURE}" in shown


def test_who_marks_without_names_sees_none(classroom: Path) -> None:
    """Anonymous marking shows no name anywhere in the page, and an order that says nothing."""
    for name in ("ann-lee", "bo-qi", "cy-wu"):
        graded(classroom, name)
    with sheet(classroom, anonymous=True) as opened:
        said = Page(opened).get("/?token=secret", follow=True).body.decode()

    assert said.count("<article") == 3 and "Answer 3" in said
    assert not [name for name in ("ann-lee", "bo-qi", "cy-wu") if name in said]


class Page:
    """Asks the marking page's server over the network, each time from the start of a browser's visit."""

    def __init__(self, opened: Sheet) -> None:
        self.sheet = opened

    def get(self, path: str, *, follow: bool = False, **headers: str) -> HTTPResponse:
        """Ask for a page, with a browser's cookies when ``follow``."""
        return asyncio.run(self._ask(path, follow, headers, None))

    def post(self, body: dict[str, Any] | str, **headers: str) -> HTTPResponse:
        """Save as a browser does that was let in; a header that is given takes the place of its own."""
        return asyncio.run(self._ask("/save", True, headers, body if isinstance(body, str) else json.dumps(body)))

    async def _ask(self, path: str, follow: bool, headers: dict[str, str], body: str | None) -> HTTPResponse:
        sockets = bind_sockets(0, "127.0.0.1")
        port = sockets[0].getsockname()[1]
        server = HTTPServer(application(self.sheet, "secret", port))
        server.add_sockets(sockets)
        client, root = AsyncHTTPClient(force_instance=True), f"http://127.0.0.1:{port}"
        try:
            own: dict[str, str] = {}
            if follow:
                answer = await client.fetch(HTTPRequest(f"{root}/?token=secret", follow_redirects=False), raise_error=False)
                cookie = answer.headers["Set-Cookie"].split(";")[0]
                page = await client.fetch(HTTPRequest(f"{root}/", headers={"Cookie": cookie}))
                if body is None:
                    return page
                xsrf = page.body.decode().partition('name="xsrf" content="')[2].partition('"')[0]
                own = {"Cookie": f"{cookie}; {page.headers['Set-Cookie'].split(';')[0]}", "X-XSRFToken": xsrf}
            method = "GET" if body is None else "POST"
            return await client.fetch(
                HTTPRequest(f"{root}{path}", method=method, headers={**own, **headers}, body=body, follow_redirects=False),
                raise_error=False,
            )
        finally:
            client.close()
            server.stop()


def test_nobody_gets_in_without_the_token(classroom: Path) -> None:
    """Without the token, by another name of this machine or from another page nothing is shown and nothing is saved."""
    graded(classroom, "ann")
    with sheet(classroom) as opened:
        page, ann = Page(opened), answers(opened)["ann"]
        asked = {"answer": ann.number, "version": ann.version, "boxes": [2, 1], "comment": ""}

        assert [page.get(path).code for path in ("/", "/?token=wrong", "/mark.js", "/save", "/%2e%2e/mark.css")] == [
            403,
            403,
            403,
            403,
            404,
        ]
        assert page.get("/?token=secret", Host="evil.example").code == 403
        assert page.post(asked, Cookie="").code == 403 and page.post(asked, **{"X-XSRFToken": "wrong"}).code == 403
        assert by_hand(classroom, "ann") == (None, True, None)

        let_in = page.get("/?token=secret")
        assert let_in.code == 302 and "HttpOnly" in let_in.headers["Set-Cookie"] and "SameSite=Strict" in let_in.headers["Set-Cookie"]
        shown = page.get("/", follow=True)
        assert "default-src 'none'" in shown.headers["Content-Security-Policy"] and "secret" not in shown.body.decode()
        for broken in ("", "[]", '{"answer": 1}', json.dumps({**asked, "boxes": {}}), "[" * 50_000):
            assert page.post(broken).code == 400
        assert page.post({**asked, "answer": "someone"}).code == 422
        assert page.post(asked).code == 200 and page.post(asked).code == 409
    assert by_hand(classroom, "ann") == (3, False, None)
