"""Every reader of hostile bytes in grading and in a student's copy, with the errors that it may end in."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hostile import Flood, bytes_like, flooded, shapes, spoiled, written
from hypothesis import strategies as st

from litu.answers.contract import ExerciseKey, read_checks
from litu.answers.notes import verdict_note
from litu.authoring.notebooks import write_notebook
from litu.compare.verdicts import judge
from litu.course import Course
from litu.display.renderer import told
from litu.display.svg import NotDrawn, accessible, draw
from litu.errors import LituError
from litu.grading.assignment import Assignment
from litu.grading.autograde import mended
from litu.grading.execution.executor import _checked
from litu.grading.execution.models import Reply
from litu.grading.execution.outputs import Outputs
from litu.grading.execution.protocol import BadMessage, Inbox, encode
from litu.grading.execution.protocol import parse as parse_message
from litu.grading.gradebook.records import marks_of
from litu.grading.results.models import ExerciseResult, Result, WrittenResult
from litu.grading.results.plain_text import plain
from litu.grading.results.store import Store
from litu.grading.sandbox.limits import Limits
from litu.grading.sanitize import harmless_text, holds_page
from litu.grading.submissions.attachments import taken_over
from litu.grading.submissions.packs import read_pack
from litu.grading.submissions.parse import Refusal, parse
from litu.grading.submissions.suspicions import suspicions
from litu.grading.submissions.timestamps import TIMESTAMP, named_zone, settle_timestamp
from litu.grading.submissions.without_outputs import without_outputs
from litu.kinds.wire import NotPlain, accept
from litu.learner.progress import Progress
from litu.learner.receipt import FORMAT, KIND, NAME, WORK, Receipt

ROOT = Path(__file__).resolve().parents[1]
LIMITS = Limits()
Strategy = st.SearchStrategy[Any]


@dataclass(frozen=True)
class Parser:
    """One reader: its inputs, what is done with one, the errors that are an answer, its part of all inputs."""

    inputs: Strategy
    read: Callable[[Any], object]
    documented: tuple[type[Exception], ...] = ()
    weight: int = 1
    floods: Callable[[float], Iterable[Any]] = lambda part: ()
    """Floods of one small thing, of this part of the largest that is read."""


def parsers(folder: Path) -> dict[str, Parser]:
    """Return all readers; what they read from files lies in ``folder``."""
    os.environ["XDG_STATE_HOME"] = str(folder)
    keys = _keys()
    for one in _assignments().values():  # what is read once is read before the children
        _read_notebook(one.release_text.encode())
    charts = {name: key for name, key in keys.items() if key.answer["kind"] == "chart"}
    plain_ones = {name: key for name, key in keys.items() if name not in charts}
    return {
        "notebooks": Parser(_notebooks(), _read_notebook, (Refusal,), 3, _notebook_floods),
        "notebooks without outputs": Parser(_notebooks(), without_outputs, (), 1, lambda part: _notebook_floods(4 * part)),
        "answers": Parser(_answers(plain_ones), _read_answer, (BadMessage, NotPlain), 5, lambda part: _answer_floods(part, plain_ones)),
        "charts": Parser(_answers(charts), _read_chart, (BadMessage, NotPlain), 4, lambda part: _answer_floods(part, charts)),
        "frames of the channel": Parser(_frames(), _read_frames, (BadMessage,), 4, _frame_floods),
        "checks.json": Parser(_checks(), lambda data: read_checks(_file(folder, "checks.json", data)), (LituError,), 1),
        "archives": Parser(
            _archives(), lambda data: read_pack(_file(folder, "work.zip", data), Course.find(ROOT)), (Refusal,), 2, _archive_floods
        ),
        "attachments": Parser(_attachments(), lambda given: taken_over(*given), (), 2, _attachment_floods),
        "timestamps": Parser(_timestamps(), lambda data: _read_timestamp(folder, data), (), 2),
        "result files": Parser(_results(), lambda data: _read_result(folder, data), (), 2),
        "progress files": Parser(_progress(), _read_progress, (), 1),
        "text": Parser(_texts(), _read_text, (), 3, _text_floods),
        "pictures": Parser(
            _pictures(), lambda data: accessible(data.decode("utf-8", "replace"), "A title", "Words."), (NotDrawn,), 2, _picture_floods
        ),
    }


@cache
def _assignments() -> dict[str, Assignment]:
    course = Course.find(ROOT)
    return {unit: Assignment.load(course, unit) for unit in course.units()}


@cache
def _keys() -> dict[str, ExerciseKey]:
    return {f"{unit}/{name}": key for unit, one in _assignments().items() for name, key in one.key.exercises.items()}


def _notebooks() -> Strategy:
    return bytes_like([one.release_text.encode() for one in _assignments().values()])


def _notebook_floods(part: float) -> Iterable[Any]:
    cell = b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "%s", "metadata": {}, "source": '
    floods: list[Flood] = [
        (b'{"cells": [', b"{},", b"{}]}"),
        (b'{"cells": [{"cell_type": "code", "outputs": [', b'{"a":[]},', b"0]}]}"),
        (b'{"cells": [], "metadata": {"a": [', b'{"b":1.5},', b"0]}}"),
        (b'{"metadata": ', b'{"a":', b"1"),
        (b'{"worksheets": [{"cells": [', b"{},", b"{}]}]}"),
        *((cell % kind + b'"', flood, b'"}]}') for kind in (b"code", b"markdown") for flood in FLOODS),
        (cell % b"code" + b"[", b'"x = 1\\n",', b'""]}]}'),
    ]
    one_cell = b'{"cell_type": "%s", "metadata": {}, "source": "%s"},'
    floods += [
        (b'{"cells": [', one_cell % (kind, flood * (8000 // len(flood))), one_cell[:-1] % (kind, b"") + b"]}")
        for kind in (b"code", b"markdown")
        for flood in FLOODS
    ]
    yield from flooded(floods, int(18_000_000 * part))
    yield from flooded(floods, int(950_000 * part))
    yield from flooded(floods, int(190_000 * part))


FLOODS = (
    b"x", b"(", b"x = 1\\n", b"# a\\n", b"\\u6751", "村e\u0301".encode(), b"<b>", b"<table>", b"<table><tr><td>a</td></tr></table>", b"![a](attachment:b)",
    b"a[", b"\\\\begin{a} ", b"`", b"|", b"''' ", b"-", b"!!", b"%x\\n", b"f(", b"lambda:", b"[0]", b" ", b"\\t", b"<<<<<<< ", "🌾".encode(), b"\\n\\n",
)  # fmt: skip


def _read_notebook(data: bytes) -> None:
    submission = parse(data, "student", "", [])
    assignment = _assignments().get(submission.meant_for) or next(iter(_assignments().values()))
    notebook = mended(assignment, submission)
    suspicions([cell.source for cell in notebook.cells if cell.cell_type == "code"], [])
    write_notebook(notebook)


def _answers(keys: dict[str, ExerciseKey]) -> Strategy:
    def of(name: str) -> Strategy:
        key = keys[name]
        files = [written({"id": 1, "answer": answer}) for answer in (key.answer, *(mistake.answer for mistake in key.mistakes))]
        return st.tuples(st.just(name), bytes_like(files))

    return st.sampled_from(sorted(keys)).flatmap(of)


def _answer_floods(part: float, keys: dict[str, ExerciseKey]) -> Iterable[Any]:
    number, text = b'{"kind":"number","value":1},', b'{"kind":"text","value":"e\xcc\x81"},'
    item = b'{"id":1,"answer":{"kind":'
    floods: list[Flood] = [
        *((item + b'"%s","items":[' % kind, one, b'{"kind":"nothing"}]}}') for kind in (b"list", b"set") for one in (number, text)),
        *((item + b'"text","value":"', one, b'"}}') for one in ("e\u0301".encode(), b" ", b"-", b".", b"\\u0301", b"->", b",", b"\\n")),
        (item + b'"array","shape":[1000000],"values":[', b"1,", b"1]}}"),
        (item + b'"table","index":null,"columns":[', b'{"name":"a","type":"number","values":[]},', b"0]}}"),
        (item + b'"dict","keys":[', b'"a",', b'"b"],"values":[]}}'),
        (item + b'"chart","spec":{"data":{"values":[', b'{"a":1},', b'{}]},"mark":"bar"}}}'),
        (item + b'"chart","spec":{"mark":"bar","layer":[', b'{"mark":"bar"},', b"{}]}}}"),
        (item + b'"chart","spec":{"mark":"bar","transform":[', b'{"filter":"datum.a==1"},', b"{}]}}}"),
        (item + b'"chart","spec":{"mark":"bar","title":"', b"a-", b'"}}}'),
        (item + b'"chart","spec":{"mark":"bar","encoding":{"x":{"field":"', b"a.", b'"}}}}}'),
        (item + b'"chart","spec":{"repeat":["a"],"spec":{"mark":"bar","b":[', b'{"repeat":"repeat"},', b"0]}}}}"),
    ]
    drawn = "chart" in {key.answer["kind"] for key in keys.values()}
    several = list(flooded([flood for flood in floods if (b'"chart"' in flood[0]) == drawn], int(1_900_000 * part)))
    return ((name, data) for name in sorted(keys)[:: 1 if part == 1 else 9] for data in several)


def _read_answer(given: tuple[str, bytes]) -> None:
    name, data = given
    key, message = _keys()[name], parse_message(data)
    verdict = judge(accept(message.get("answer"), key.answer), key)
    note = verdict_note(name, verdict, key.points)
    json.dumps([note._repr_html_(), repr(note)], ensure_ascii=False).encode()


def _read_chart(given: tuple[str, bytes]) -> None:
    message = parse_message(given[1])
    answer = message.get("answer")
    if isinstance(answer, dict) and isinstance(answer.get("spec"), dict):
        told(answer["spec"])
    _read_answer(given)


def _frames() -> Strategy:
    bodies = [
        {"id": 1, "status": "ok"},
        {"id": 1, "status": "error", "error": {"ename": "ValueError", "evalue": "no", "traceback": "a\nb"}},
        {"id": 1, "answer": {"kind": "number", "value": 4}},
        {"id": 1, "problem": "no value"},
        {"id": 1, "output": {"output_type": "display_data", "data": {"text/plain": "4", "text/html": "<b>4</b>"}}},
        {"id": 1, "output": {"output_type": "execute_result", "data": {"text/plain": "c", "application/vnd.vegalite.v6+json": _chart()}}},
    ]
    files = [encode(body) for body in bodies]
    changed = st.builds(lambda body, dice: _frame(written(spoiled(body, dice))), st.sampled_from(bodies), st.randoms(use_true_random=False))
    one = st.one_of(bytes_like(files), changed, shapes.map(lambda shape: _frame(written(shape))), st.binary(max_size=40))
    return st.tuples(st.lists(one, max_size=4).map(b"".join))


def _frame_floods(part: float) -> Iterable[Any]:
    size = int(3_100_000 * part)
    inner: list[Flood] = [(b"", one, b"") for one in (b"[", b'{"output":', b'"\\ud800",', b"0,")]
    inner += [(b'{"id":1,"a":[', one, b"0]}") for one in (b"{},", b"[],", b'"a",', b"1.5,", b'{"a":1},')]
    shown = b'{"id":1,"output":{"output_type":"display_data","data":{"text/plain":"c","application/vnd.vegalite.v6+json":{"a":['
    inner += [(shown, one, b"0]}}}}") for one in (b"{},", b"[],", b'{"a":1},')]
    yield from ((_frame(body),) for body in flooded(inner, size))
    yield from ((flood,) for flood in flooded([(b"", _frame(b"{}"), b"")], size))


def _frame(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body


def _read_frames(given: tuple[bytes]) -> None:
    done = False
    inbox, outputs = Inbox(LIMITS.answer_bytes + LIMITS.output_bytes * 6 + 10_000), Outputs(LIMITS, 1)
    for start in range(0, len(given[0]), 65_536):
        for message, size in inbox.feed(given[0][start : start + 65_536]):
            if done:
                raise BadMessage("a message that nobody asked for")
            if "output" in message:
                outputs.display(message["output"], size)
                continue
            done = True
            for request in ({"do": "run"}, {"do": "answer"}):
                _checked(request, Reply(message, None, 0.0, 0.0, ()), outputs)
    outputs.write("stdout", given[0])
    json.dumps(outputs.notebook_form(), ensure_ascii=False).encode()


def _chart() -> Any:
    return next(key.answer["spec"] for key in _keys().values() if key.answer["kind"] == "chart")


def _checks() -> Strategy:
    return bytes_like([one.checks_text.encode() for one in _assignments().values()])


def _archive(name: str, content: bytes) -> bytes:
    course = Course.find(ROOT)
    unit = course.units()[0]
    files = {f"{unit}.ipynb": _assignments()[unit].release_text.encode(), name: content}
    digests = {file: hashlib.sha256(data).hexdigest() for file, data in files.items()}
    receipt = Receipt(KIND, FORMAT, course.settings.course_id, unit, "an-li", "2026-03-01T22:00:00+08:00", digests, {"minutes": "right"})
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME, json.dumps(receipt.written()))
        for file, data in files.items():
            archive.writestr(WORK + file, data)
    return made.getvalue()


def _archives() -> Strategy:
    names = st.one_of(st.text(max_size=20), st.sampled_from(["../a", "/a", "a/b/c/d/e/f/g", "con", "a\\b", "a:b", "." * 200, "a" * 300]))
    return st.one_of(bytes_like([_archive("own.csv", b"a,b\n1,2\n")]), st.builds(_archive, names, st.binary(max_size=50)))


def _archive_floods(part: float) -> Iterable[Any]:
    yield _archive("zeros.bin", bytes(int(49_000_000 * part)))
    yield _archive("zeros.bin", bytes(int(90_000_000 * part)))
    yield _archive("own.csv", b"a") * max(2, int(200 * part))
    with io.BytesIO() as made:
        with zipfile.ZipFile(made, "w") as archive:
            for number in range(int(100_000 * part)):
                archive.writestr(f"work/{number}", b"")
        yield made.getvalue()


def _attachments() -> Strategy:
    names = st.one_of(st.text(max_size=20), st.just("a.png"))
    data = st.sampled_from(["iVBORw0KGgo=", "iVBORw0KGgo", "R0lGODlh", "%%%", "", "/9j/" * 200_000, "\ud800", "aaaa\n" * 1000])
    kinds = st.sampled_from(["image/png", "image/gif", "image/jpeg", "image/svg+xml", "text/html", ""])
    pictures = st.dictionaries(
        names, st.one_of(shapes, st.dictionaries(kinds, st.one_of(data, st.lists(data, max_size=3)), max_size=3)), max_size=30
    )
    marks = st.sampled_from(["![a](attachment:a.png)", "![", "](attachment:", "a.png)", "![x](attachment:%61.png)", "\n", "[" * 500])
    sources = st.one_of(st.text(max_size=100), st.lists(marks, max_size=50).map("".join))
    return st.tuples(sources, st.one_of(pictures, shapes))


def _attachment_floods(part: float) -> Iterable[Any]:
    picture = {"image/png": "iVBORw0KGgo" + "A" * int(2_000_001 * part)}
    marks = ("![a](attachment:a.png)", "![", "](attachment:", "![x](attachment:%61.png)", "[", "![](attachment:a")
    sources = [mark * int(2_000_000 * part / len(mark)) for mark in marks]
    return [(source, {"a.png": picture}) for source in sources] + [
        ("", {f"{number}.png": picture for number in range(8)}),
        ("", dict.fromkeys(map(str, range(int(500_000 * part))), 1)),
    ]


def _timestamps() -> Strategy:
    parts = st.sampled_from(
        ["2026", "-", "03", "01", " ", "22", ":", "00", "T", "Z", "+0800", "+08:00", "CST", "UTC", "Asia/Shanghai", "年", "月", "日", "Sun,", "Mar", ".", "9" * 12, "٣", "２"]
    )  # fmt: skip
    files = [
        b"2026-03-01 22:00:00 +0800\n",
        b"2026-03-01 22:00:00.000000 CST",
        b"Sun, 01 Mar 2026 22:00:00 +0800",
        "2026年3月1日 22:00".encode(),
    ]
    return st.one_of(
        bytes_like(files), st.lists(parts, max_size=14).map(lambda several: "".join(several).encode()), st.binary(max_size=300)
    )


def _read_timestamp(folder: Path, data: bytes) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as place:
        _file(Path(place), TIMESTAMP, data)
        found = settle_timestamp(Path(place), named_zone("Asia/Shanghai"))
        if settle_timestamp(Path(place), named_zone("Asia/Shanghai")).time != found.time:
            raise AssertionError(f"read once as {found.time}, and again as another time")


def _results() -> Strategy:
    exercises = [ExerciseResult("minutes", 2, 1.5, "partly right", "A sentence.", "percent", ["a"], 0.1)]
    result = Result(
        "an-li", "01-tiny", "graded", "d", "s", "", ["note"], exercises, [WrittenResult("critique", 4, True)], ["odd"], ["doubt"]
    )
    return bytes_like([written(result.to_dict())])


def _read_result(folder: Path, data: bytes) -> None:
    _file(folder / "final", "an-li.json", data)
    result = Store(folder).final("an-li")
    if result is not None:
        marks_of(result)
        json.dumps([result.to_dict(), result.points, result.worth])
        [plain(line) for line in [*result.notes, *result.suspicions, *result.doubts, result.reason, result.student]]


def _progress() -> Strategy:
    entry = {
        "attempts": 2,
        "outcome": "right",
        "hints": 1,
        "settled": {"C1": "supported"},
        "helped": "",
        "touched": "2026-03-01T10:00:00+00:00",
    }
    return bytes_like([written({"format": 1, "exercises": {"minutes": entry, "mended": entry}})])


def _read_progress(data: bytes) -> None:
    with redirect_stdout(io.StringIO()):
        path = Progress("unit", "course").path
        _file(path.parent, path.name, data)
        with Progress("unit", "course").change("minutes") as entry:
            entry.attempts += 1
        Progress("unit", "course").of("minutes")
    for kept in path.parent.iterdir():
        kept.unlink()


def _texts() -> Strategy:
    files = [cell["source"].encode() for one in _assignments().values() for cell in one.source.cells if cell.cell_type == "markdown"]
    tables = [b"<table><tr><td colspan=2>a<b>b</b></td></tr></table>", b"![a](attachment:a.png) <script>x</script> [a](javascript:b)"]
    return bytes_like([*tables * 40, *files])


def _text_floods(part: float) -> Iterable[Any]:
    own = (
        b"<table",
        b"<table><tr>",
        b"</table>",
        b"<!--",
        b"<![CDATA[",
        b"<?",
        b"&#",
        b"<a href=",
        b"](",
        b"]:",
        b"<b on",
        b"<t on ",
        b"< ",
        b"java",
    )
    plain_ones = [one.replace(b"\\n", b"\n").replace(b"\\t", b"\t") for one in (*FLOODS, *own)]
    yield from flooded([(b"", one, b"") for one in plain_ones], int(2_000_000 * part))
    yield from flooded([(b"<table><tr><td>", one, b"</td></tr></table>") for one in plain_ones], int(49_000 * part))


def _read_text(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    harmless_text(text, {"a.png"}).encode()
    holds_page(text)
    plain(text[:200_000])


@cache
def _drawn() -> list[bytes]:
    charts = [key.answer["spec"] for key in _keys().values() if key.answer["kind"] == "chart"]
    return [draw(chart).encode() for chart in charts[:4]]


def _pictures() -> Strategy:
    return bytes_like(_drawn())


def _picture_floods(part: float) -> Iterable[Any]:
    inside = (
        b"<g>",
        b"<path/>",
        b'<text x="1.23456">a</text>',
        b"<!-- -->",
        b"&amp;",
        b'<g id="a"/>',
        b'<g fill="url(#a)"/>',
        b'<rect x="1.23456"/>',
    )
    floods: list[Flood] = [(b'<svg xmlns="http://www.w3.org/2000/svg">', one, b"</svg>") for one in inside]
    return flooded([*floods, *((b'<svg width="', one, b'"/>') for one in (b"1.2345 ", b"1", b"url(", b"-"))], int(2_900_000 * part))


def _file(folder: Path, name: str, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return folder / name
