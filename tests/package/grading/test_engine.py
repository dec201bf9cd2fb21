"""The execution engine with real boxes: one small test per behaviour."""

from __future__ import annotations

import json
import os
import pwd
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from places import REPOSITORY

from litu.grading.execution import protocol
from litu.grading.execution.executor import ForkServer, Limits, RunCell, RunResult, TakeAnswer, run_notebook
from litu.grading.execution.outputs import Outputs
from litu.grading.sandbox.bubblewrap import Sandbox, available, environment, unprivileged_command

SHORT = Limits(cpu_seconds=1, wall_factor=4)

_why_not = available()
pytestmark = pytest.mark.skipif(_why_not is not None, reason=str(_why_not))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small data folder."""
    folder = tmp_path_factory.mktemp("data")
    folder.chmod(0o755)
    (folder / "villages.csv").write_text("year,villages\n2014,212\n2016,1311\n")
    return folder


@pytest.fixture(scope="module")
def pool(data: Path) -> Iterator[ForkServer]:
    """Return a pool of warm boxes."""
    with ForkServer(data) as pool:
        yield pool


def run(pool: ForkServer, *cells: str, limits: Limits = Limits(), **answers: str) -> RunResult:
    """Run cells named 0, 1, 2 …, then take the answers; each needs no cell."""
    steps = [RunCell(str(number), source) for number, source in enumerate(cells)]
    return run_notebook(pool, [*steps, *(TakeAnswer(name, value) for name, value in answers.items())], limits)


def text(result: RunResult, cell: str = "0") -> str:
    """Return what a cell wrote or displayed, as text."""
    parts = [
        output.get("text") or output.get("data", {}).get("text/plain") or output.get("evalue", "") for output in result.cells[cell].outputs
    ]
    return "".join(parts)


def kinds(result: RunResult) -> list[str]:
    """Return the kinds of the result's events."""
    return [event.kind for event in result.events]


# What a notebook does


def test_answers_come_back_as_plain_data(pool: ForkServer) -> None:
    """A value set in one cell is handed over as plain data."""
    result = run(pool, "x = 6 * 7", product="x")

    assert {"kind": "number", "value": 42} == result.answers["product"].plain
    assert "ok" == result.cells["0"].status


def test_functions_are_called_on_inputs(pool: ForkServer) -> None:
    """A function's answers for given inputs come back, an exception in one of them included."""
    steps = [RunCell("a", "def half(x):\n    return 10 / x"), TakeAnswer("half", "half", [(4,), (0,)])]

    calls = run_notebook(pool, steps).answers["half"].plain["calls"]

    assert 2.5 == calls[0]["result"]["value"]
    assert "ZeroDivisionError" in calls[1]["error"]


def test_missing_name_is_a_reason(pool: ForkServer) -> None:
    """An answer that does not exist comes back as a reason, not as a value."""
    answer = run(pool, "pass", absent="nowhere").answers["absent"]

    assert answer.plain is None
    assert "NameError" in answer.reason


def test_outputs_keep_their_order_and_last_value(pool: ForkServer) -> None:
    """Text, displayed values, output of subprocesses and the last value appear in order."""
    source = "import os\nprint('one')\ndisplay('two')\nos.system('echo three')\n'four'"

    outputs = run(pool, source).cells["0"].outputs

    assert ["stream", "display_data", "stream", "execute_result"] == [item["output_type"] for item in outputs]
    assert "one\n'two'three\n'four'" == text(run(pool, source))


def test_table_is_shown_as_text(pool: ForkServer) -> None:
    """A DataFrame is shown as text; its HTML is not taken over."""
    source = "import pandas as pd\npd.read_csv('/data/villages.csv')"

    data = run(pool, source).cells["0"].outputs[0]["data"]

    assert ["text/plain"] == list(data)
    assert "1311" in data["text/plain"]


def test_chart_is_shown_as_specification(pool: ForkServer) -> None:
    """An Altair chart is shown as Vega-Lite with its data."""
    source = "import altair as alt, pandas as pd\nalt.Chart(pd.DataFrame({'a': [7]})).mark_bar().encode(x='a')"

    data = run(pool, source).cells["0"].outputs[0]["data"]

    (spec,) = [value for kind, value in data.items() if "vegalite" in kind]
    assert [{"a": 7}] == next(iter(spec["datasets"].values()))


def test_notebook_habits_do_no_harm(pool: ForkServer) -> None:
    """Magics, shell lines, top-level await, exit() and get_ipython() work as in JupyterLab."""
    cells = ["%matplotlib inline\n!echo shell", "import asyncio\nawait asyncio.sleep(0)", "get_ipython()", "exit()"]

    result = run(pool, *cells, "x = 1", x="x")

    assert ["ok", "ok", "ok", "error", "ok"] == [cell.status for cell in result.cells.values()]
    assert "shell" in text(result)
    assert 1 == result.answers["x"].plain["value"]


def test_files_beside_the_notebook_are_there(pool: ForkServer) -> None:
    """Files handed to the run lie in the working folder, under their relative paths."""
    source = "print(open('own/notes.txt').read())"

    result = run_notebook(pool, [RunCell("0", source)], files={"own/notes.txt": b"mine"})

    assert "mine\n" == text(result)


def test_error_costs_its_own_cell_only(pool: ForkServer) -> None:
    """After an exception the notebook goes on with its state."""
    result = run(pool, "x = 1", "1 / 0", "x += 1", x="x")

    assert ["ok", "error", "ok"] == [cell.status for cell in result.cells.values()]
    assert "ZeroDivisionError" == result.cells["1"].outputs[0]["ename"]
    assert 2 == result.answers["x"].plain["value"]


def test_random_numbers_repeat(pool: ForkServer) -> None:
    """The same notebook gives the same random numbers each time it is graded."""
    source = "import random, numpy as np\nx = [random.random(), np.random.rand()]"

    first, second = (run(pool, source, x="x").answers["x"] for _ in range(2))

    assert first == second


# Containment: the bad cell is put aside, the rest goes on

_STOPPERS = {
    "exits": ("import os\nos._exit(0)", "exited"),
    "exits-with-code": ("import os\nos._exit(3)", "exited"),
    "kills-itself": ("import os\nos.kill(os.getpid(), 9)", "crashed"),
    "segfault": ("import ctypes\nctypes.string_at(0)", "crashed"),
    "becomes-another-program": ("import os\nos.execv('/bin/true', ['true'])", "exited"),
    "ends-the-box": ("import os, signal\nos.kill(2, signal.SIGKILL)\nwhile True: pass", "crashed"),
    "closes-output": ("import os\nos.close(1)", "closed"),
    "closes-channel": ("import os\nos.close(3)", "exited"),
    "writes-to-channel": ("import os\nos.write(3, b'{\"id\": 1}' * 100)", "channel"),
    "answers-for-the-grader": (
        "import json, os, struct\nbody = json.dumps({'id': 999, 'answer': {'kind': 'number', 'value': 42}}).encode()\n"
        "os.write(3, struct.pack('>I', len(body)) + body)",
        "channel",
    ),
    "fills-memory": ("data = []\nwhile True: data.append(bytearray(10**7))", "memory"),
    "asks-for-much-memory": ("import numpy\nbig = numpy.ones(10**9)", "memory"),
    "fills-memory-in-children": (
        "import os, time\nfor _ in range(6):\n    if os.fork() == 0:\n        block = bytearray(5 * 10**8)\n"
        "        time.sleep(60)\ntime.sleep(60)",
        "memory",
    ),
    "makes-files": ("for number in range(10**6): open(f'file{number}', 'w').close()", "files"),
}  # fmt: skip


@pytest.mark.parametrize("name", _STOPPERS)
def test_cell_that_kills_costs_only_itself(pool: ForkServer, name: str) -> None:
    """A cell that ends its process is marked; cells before and after it keep their state and answers."""
    source, kind = _STOPPERS[name]
    limits = Limits(cpu_seconds=10, memory_mb=700)

    result = run(pool, "before = 1", source, "after = before + 1", limits=limits, before="before", after="after")

    assert f"stopped-{kind}" in kinds(result)
    assert ["ok", "stopped", "ok"] == [cell.status for cell in result.cells.values()]
    assert [1, 2] == [answer.plain["value"] for answer in result.answers.values()]
    assert 1 == result.restarts


def test_sys_exit_is_an_error_of_the_cell(pool: ForkServer) -> None:
    """sys.exit() ends the cell, not the process."""
    result = run(pool, "x = 1", "import sys\nsys.exit()", x="x")

    assert "error" == result.cells["1"].status
    assert 1 == result.answers["x"].plain["value"]
    assert 0 == result.restarts


@pytest.mark.slow
def test_endless_loop_is_interrupted(pool: ForkServer) -> None:
    """A loop is stopped after its CPU time; the process and its state live on."""
    result = run(pool, "x = 1", "while True: pass", x="x", limits=SHORT)

    assert "stopped" == result.cells["1"].status
    assert "CPU" in result.cells["1"].reason
    assert 1 == result.answers["x"].plain["value"]
    assert 0 == result.restarts


@pytest.mark.slow
def test_loop_that_refuses_to_stop_is_killed(pool: ForkServer) -> None:
    """A loop that catches the interrupt is killed, and the notebook goes on in a new box."""
    stubborn = "while True:\n    try:\n        while True: sum(range(1000))\n    except BaseException: pass"

    result = run(pool, "x = 1", stubborn, x="x", limits=SHORT)

    assert "stopped-cpu" in kinds(result)
    assert 1 == result.answers["x"].plain["value"]
    assert 1 == result.restarts


@pytest.mark.slow
def test_cpu_limit_counts_work_not_sleep(pool: ForkServer) -> None:
    """A cell may sleep longer than its CPU time, up to the limit on the clock."""
    result = run(pool, "import time\ntime.sleep(1.5)", "time.sleep(60)", limits=SHORT)

    assert ["ok", "stopped"] == [cell.status for cell in result.cells.values()]
    assert ["stopped-wall"] == kinds(result)


@pytest.mark.slow
def test_half_a_message_does_not_hang_the_grader(pool: ForkServer) -> None:
    """A message that begins and never ends is given up at the limit on the clock."""
    half = "import os, time\nos.write(3, bytes([0, 0, 255, 255]))\ntime.sleep(60)"

    result = run(pool, "x = 1", half, x="x", limits=SHORT)

    assert "stopped" == result.cells["1"].status
    assert 1 == result.answers["x"].plain["value"]


@pytest.mark.slow
def test_cpu_of_children_counts(pool: ForkServer) -> None:
    """Submission done in a subprocess counts as the cell's."""
    result = run(pool, "import subprocess\nsubprocess.run(['/bin/sh', '-c', 'while :; do :; done'])", limits=SHORT)

    assert "stopped-cpu" in kinds(result)


@pytest.mark.slow
def test_busy_machine_changes_nothing(pool: ForkServer) -> None:
    """With twice as many busy processes as cores, work within the CPU limit is still finished."""
    hogs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2 * (os.cpu_count() or 1))]
    work = "import time\nwhile time.process_time() - start < 0.7: pass\ndone = True"
    try:
        limits = Limits(cpu_seconds=1, wall_factor=60)
        result = run(pool, "import time\nstart = time.process_time()", work, done="done", limits=limits)
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()

    assert result.answers["done"].plain["value"] is True
    assert [] == result.events


def test_total_cpu_ends_the_notebook(pool: ForkServer) -> None:
    """When the notebook's CPU time is used up, the rest is marked as not run."""
    limits = Limits(cpu_seconds=1, cpu_seconds_total=0.3, wall_factor=100)

    result = run(pool, "while True: pass", "x = 1", x="x", limits=limits)

    assert ["stopped", "not run"] == [cell.status for cell in result.cells.values()]
    assert "CPU" in result.answers["x"].reason


def test_restarts_are_counted(pool: ForkServer) -> None:
    """A notebook that kills its process again and again is given up, with the reason."""
    result = run(pool, *["import os; os._exit(0)"] * 3, "x = 1", x="x", limits=Limits(restarts=2))

    assert "started again" in result.answers["x"].reason
    assert 2 == result.restarts


def test_stopped_cell_says_why(pool: ForkServer) -> None:
    """A stopped cell keeps what it had shown and ends with the grader's sentence."""
    outputs = run(pool, "import os\nprint('so far')\nos._exit(3)").cells["0"].outputs

    assert ["so far\n", "this cell ended the Python process (exit code 3)."] == [
        output.get("text") or output["evalue"] for output in outputs
    ]


def test_answer_of_a_stopped_cell_says_so(pool: ForkServer) -> None:
    """The answer that a stopped cell should have made is not taken from an earlier cell."""
    steps = [RunCell("a", "x = 1"), RunCell("b", "x = 2; import os; os._exit(0)"), TakeAnswer("x", "x", needs=("b",))]

    answer = run_notebook(pool, steps).answers["x"]

    assert (None, "cell stopped: exited") == (answer.plain, answer.reason)


def test_answer_that_kills_costs_only_itself(pool: ForkServer) -> None:
    """A function that ends the process when it is called costs its own answer."""
    cell = RunCell("a", "import os\ndef f(x):\n    os._exit(0)\ny = 5")
    steps = [cell, TakeAnswer("f", "f", [(1,)]), TakeAnswer("y", "y")]

    result = run_notebook(pool, steps)

    assert "answer stopped: exited" == result.answers["f"].reason
    assert 5 == result.answers["y"].plain["value"]


@pytest.mark.parametrize("value", ["'x' * 3_000_000", "'\\ud800'"])
def test_answer_that_cannot_be_written_is_a_reason(pool: ForkServer, value: str) -> None:
    """Answers too large or not writable as JSON come back as reasons; the process lives on."""
    result = run(pool, f"x = {value}\ny = 5", x="x", y="y")

    assert result.answers["x"].plain is None
    assert "answer" in result.answers["x"].reason
    assert 5 == result.answers["y"].plain["value"]
    assert 0 == result.restarts


@pytest.mark.slow
def test_fork_bomb_is_held(pool: ForkServer) -> None:
    """Endless forking meets the limit on processes; the notebook goes on."""
    bomb = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"

    result = run(pool, "x = 1", bomb, "y = x + 1", y="y", limits=SHORT)

    assert "processes-limit" in kinds(result)
    assert "stopped" == result.cells["1"].status
    assert 2 == result.answers["y"].plain["value"]


def test_forked_copy_of_the_process_is_silent(pool: ForkServer) -> None:
    """A child that a cell forks and lets run on does not speak for the notebook."""
    result = run(pool, "import os\nchild = os.fork()\nprint(child > 0)", "x = child > 0", x="x")

    assert result.answers["x"].plain["value"] is True
    assert 0 == result.restarts


@pytest.mark.slow
def test_output_flood_is_cut_and_stopped(pool: ForkServer) -> None:
    """Endless printing is cut to the limit and stopped; the notebook goes on."""
    result = run(pool, "while True: print('x' * 10_000)", "x = 1", x="x")

    shown = text(result)
    assert len(shown) < 200_200
    assert "[Cut here" in shown
    assert {"output-cut", "stopped-output"} <= set(kinds(result))
    assert 1 == result.answers["x"].plain["value"]


def test_many_displays_are_cut(pool: ForkServer) -> None:
    """A cell that displays thousands of values keeps the first ones."""
    result = run(pool, "for number in range(2000): display(number)")

    assert "ok" == result.cells["0"].status
    assert ["output-cut"] == kinds(result)


@pytest.mark.parametrize("folder", ["/tmp", "/tmp/student", "/dev/shm"])
def test_disk_is_limited(pool: ForkServer, folder: str) -> None:
    """Writing more than the limit raises OSError in the cell."""
    source = f"for number in range(9):\n    open('{folder}/file%d' % number, 'wb').write(bytes(10**6))"

    result = run(pool, source, "x = 1", x="x", limits=Limits(disk_mb=4))

    assert "OSError" == result.cells["0"].outputs[0]["ename"]
    assert "disk-full" in kinds(result)
    assert 1 == result.answers["x"].plain["value"]


# What a student's process can reach


@pytest.mark.parametrize(
    "source",
    [
        "import socket\nsocket.create_connection(('127.0.0.1', PORT), 2)",
        "import socket\nsocket.create_connection(('192.0.2.1', 80), 2)",
        "import socket\nsocket.getaddrinfo('example.org', 80)",
    ],
    ids=["own-machine", "another-machine", "name-service"],
)
def test_network_is_refused(pool: ForkServer, source: str) -> None:
    """No connection gets out, not even to a port that listens on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        result = run(pool, source.replace("PORT", str(server.getsockname()[1])))

    assert "error" == result.cells["0"].status
    assert result.cells["0"].outputs[0]["ename"] in ("ConnectionRefusedError", "OSError", "gaierror")


def test_course_and_other_submissions_are_out_of_reach(pool: ForkServer, tmp_path: Path) -> None:
    """Solutions, keys, the home of root and another submission do not exist in the box."""
    other = tmp_path / "other-student"
    other.mkdir()
    (other / "answer.txt").write_text("42")
    root = Path(pwd.getpwuid(0).pw_dir)
    private = [REPOSITORY / name for name in ("course", "source", "grading", "release", ".git", "tests")]
    paths = [str(path) for path in [*private, root / ".bashrc", root / ".ssh", Path("/etc/shadow"), other]]

    result = run(pool, f"import os\nfound = [path for path in {paths!r} if os.path.exists(path)]", found="found")

    assert [] == result.answers["found"].plain["items"]


def test_other_processes_are_out_of_sight(pool: ForkServer) -> None:
    """The process list holds the box's own processes only, and none can be signalled outside."""
    source = "import os\nseen = sorted(int(name) for name in os.listdir('/proc') if name.isdigit())\nparent = os.getppid()"

    result = run(pool, source, seen="seen", parent="parent")

    assert [1, 2, 3] == [item["value"] for item in result.answers["seen"].plain["items"]]
    assert 0 == result.answers["parent"].plain["value"]


def test_environment_is_clean(pool: ForkServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the grader's environment is seen."""
    monkeypatch.setenv("GRADER_SECRET", "key")

    result = run(pool, "import os\nprint(sorted(os.environ))\nprint(open('/proc/self/environ').read())")

    assert "GRADER_SECRET" not in text(result)
    assert "LITU_DATA" in text(result)


def test_no_descriptor_of_the_grader_is_left_open(pool: ForkServer) -> None:
    """The process holds its three standard descriptors and the channel, the box's holder the three only."""
    own = run(pool, "import os\ncount = len(os.listdir('/proc/self/fd')) - 1", count="count")
    holder = run(pool, "import os\ncount = len(os.listdir('/proc/2/fd'))", count="count")

    assert 4 == own.answers["count"].plain["value"]
    assert 3 == holder.answers["count"].plain["value"]


@pytest.mark.parametrize("path", ["/data/new.csv", "/data/villages.csv", "/usr/x", "/x", "/dev/x", "/etc/x", "{package}"])
def test_only_its_own_folder_is_writable(pool: ForkServer, path: str) -> None:
    """Data, system and package cannot be written."""
    path = path.format(package=REPOSITORY / "src/litu/x.py")

    result = run(pool, f"open({path!r}, 'a').write('x')")

    assert result.cells["0"].outputs[0]["ename"] in ("OSError", "PermissionError")


def test_no_capabilities_and_no_way_to_get_them(pool: ForkServer) -> None:
    """All capability sets are empty, privileges cannot be gained, the filter is on."""
    result = run(pool, "print(open('/proc/self/status').read())")

    status = dict(line.split(":\t", 1) for line in text(result).splitlines() if ":\t" in line)
    assert {"0" * 16} == {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}
    assert "1" == status["NoNewPrivs"]
    assert "2" == status["Seccomp"]


@pytest.mark.parametrize(
    "call",
    [
        "unshare(0x10000000)",
        "unshare(0x20000)",
        "syscall(56 if machine == 'x86_64' else 220, 0x10000011, 0, 0, 0, 0)",
        "ptrace(16, 1, 0, 0)",
        "memfd_create(b'x', 0)",
        "mount(b'x', b'/tmp', b'tmpfs', 0, None)",
        "shmget(0, 4096, 0o1600)",
        "setuid(0)",
    ],
)
def test_kernel_doors_are_closed(pool: ForkServer, call: str) -> None:
    """Calls that would widen the box are refused."""
    source = "import ctypes, platform\nlibc, machine = ctypes.CDLL(None), platform.machine()\n"

    result = run(pool, source + f"x = libc.{call}", x="x")

    assert -1 == result.answers["x"].plain["value"]


def test_nothing_passes_from_one_submission_to_the_next(pool: ForkServer) -> None:
    """Changed modules, names and files of one submission are gone in the next."""
    first = "import pandas as pd, builtins\npd.DataFrame.mean = lambda self: 42\nbuiltins.x = 1\nopen('/tmp/x', 'w')"
    second = "import os, pandas as pd\nm = pd.DataFrame({'a': [1, 3]})['a'].mean(), os.listdir('/tmp/student')"

    run(pool, first)
    result = run(pool, second, "x", m="pd.DataFrame({'a': [1, 3]}).mean()['a']", files="os.listdir('/tmp')")

    assert 2.0 == result.answers["m"].plain["value"]
    # A checkout that itself lies below /tmp shows there, to be read only.
    shown = {Path(folder).parts[2] for folder in Sandbox().folders() if Path(folder).is_relative_to("/tmp")}
    assert {"student", "shm"} == {item["value"] for item in result.answers["files"].plain["items"]} - shown
    assert "NameError" == result.cells["1"].outputs[0]["ename"]


# The engine itself


def test_delay_of_the_grader_is_not_the_students(pool: ForkServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the grader itself stands still, as another submission might make it, no student's time runs out."""
    display = Outputs.display

    def slowly(self: Outputs, output: object, size: int) -> None:
        time.sleep(4)
        display(self, output, size)

    monkeypatch.setattr(Outputs, "display", slowly)

    result = run(pool, "display(1)\nimport time\ntime.sleep(0.3)", limits=Limits(cpu_seconds=1, wall_factor=2))

    assert result.cells["0"].status == "ok"


@pytest.mark.parametrize(
    "body",
    [
        b'{"id": NaN}', b'{"id": 1e999}', b'{"id": ' + b"9" * 5000 + b"}", b'{"x": "\\ud800"}', b'{"x": "\\udc00"}',
        b'{"\\uDFFF": 1}', b'{"x": "\xed\xa0\x80"}', b'{"x": "\0"}', '{"x": 1}'.encode("utf-16"), b"[1]", b"\xff",
        b'{"x":' + b"[" * protocol.MAX_DEPTH + b"]" * protocol.MAX_DEPTH + b"}", b'{"x":' + b"[" * 100_000,
    ],
    ids=[
        "nan", "infinite", "long-integer", "half-surrogate", "other-half", "half-in-a-key", "raw-half", "nul", "utf-16", "no-object",
        "no-text", "deep", "very-deep",
    ],
)  # fmt: skip
def test_messages_are_strict(body: bytes) -> None:
    """A message that is not plain strict JSON is refused."""
    with pytest.raises(protocol.BadMessage):
        protocol.parse(body)


def test_messages_may_hold_any_text() -> None:
    """Characters beyond the first plane, words that look like half a surrogate, and nesting up to the limit are taken."""
    lists = protocol.MAX_DEPTH - 1

    assert protocol.parse(b'{"x": "\\ud83d\\ude00"}') == {"x": "\U0001f600"}
    assert protocol.parse(b'{"x": "\\\\ud800"}') == {"x": "\\ud800"}
    assert protocol.parse(b'{"x":' + b"[" * lists + b"]" * lists + b"}")


def test_message_has_a_largest_size() -> None:
    """A message that claims to be larger than allowed is refused before it is read."""
    with pytest.raises(protocol.BadMessage, match="more than 1000"):
        protocol.Inbox(1000).feed(struct.pack(">I", 1001))


def test_messages_may_come_in_pieces() -> None:
    """A message is complete only with its last byte."""
    whole = protocol.encode({"id": 1}) + protocol.encode({"id": 2})
    inbox = protocol.Inbox(1000)

    messages = [found for position in range(len(whole)) for found in inbox.feed(whole[position : position + 1])]

    assert [({"id": 1}, 8), ({"id": 2}, 8)] == messages


def test_pool_starts_its_parent_again(data: Path) -> None:
    """When the warm parent dies, the next notebook starts a new one."""
    with ForkServer(data) as pool:
        pool._parent.kill()

        assert 1 == run(pool, "x = 1", x="x").answers["x"].plain["value"]


def test_two_notebooks_at_once(pool: ForkServer) -> None:
    """Two threads run notebooks in the same pool without disturbing each other."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as threads:
        results = list(threads.map(lambda number: run(pool, f"x = {number}", x="x"), range(10)))

    assert list(range(10)) == [result.answers["x"].plain["value"] for result in results]


def test_nothing_is_left_running(data: Path) -> None:
    """After the pool is closed, no box and no warm parent of it exists."""
    with ForkServer(data) as pool:
        run(pool, "import subprocess\nsubprocess.Popen(['sleep', '100'])", "import os\nos._exit(0)")
        box = pool.open_box(Limits())
        during = _descendants(pool._parent.pid)
        box.close()

    assert len(during) > 3
    assert set() == _left_of(during)


def test_boxes_die_with_a_killed_grader(data: Path) -> None:
    """Killing the grader's process kills the warm parent and all boxes."""
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom litu.grading.execution.executor import *\n"
        f"pool = ForkServer(Path({str(data)!r})).__enter__()\nbox = pool.open_box(Limits())\n"
        "print('open', flush=True)\ntime.sleep(60)"
    )
    grader = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert b"open\n" == grader.stdout.readline()
    during = _descendants(grader.pid)

    grader.kill()
    grader.communicate()

    assert len(during) > 3
    assert set() == _left_of(during)


@pytest.mark.skipif(os.geteuid() != 0, reason="the whole test run is that of an ordinary user")
def test_works_for_an_ordinary_user(data: Path) -> None:
    """An ordinary user gets the same: answers, containment and limits."""
    script = (
        "import json, os\nfrom pathlib import Path\nfrom litu.grading.execution.executor import *\n"
        f"with ForkServer(Path({str(data)!r})) as pool:\n"
        "    cells = [RunCell('a', 'x = 1'), RunCell('b', 'import os; os._exit(0)'), TakeAnswer('x', 'x')]\n"
        "    cells += [RunCell('c', 'while True: pass'), RunCell('d', 'b = bytearray(10**9)'), TakeAnswer('y', 'x')]\n"
        "    result = run_notebook(pool, cells, Limits(cpu_seconds=0.5, memory_mb=600))\n"
        "print(json.dumps([os.getuid(), result.to_dict()]))"
    )
    command = unprivileged_command(Sandbox(data), [sys.executable, "-c", script])

    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=120)

    assert "" == done.stderr
    user, result = json.loads(done.stdout)
    assert 65534 == user
    assert [1, 1] == [answer["plain"]["value"] for answer in result["answers"].values()]
    stops = [event["kind"] for event in result["events"] if event["kind"].startswith("stopped")]
    assert ["stopped-exited", "stopped-cpu", "stopped-memory"] == stops


def _descendants(ancestor: int) -> set[tuple[int, str]]:
    """Return the processes below and with ``ancestor``, each with its start time."""
    found = {ancestor: _process(ancestor)}
    everything = {int(folder.name): _process(int(folder.name)) for folder in Path("/proc").glob("[0-9]*")}
    while more := {pid: fields for pid, fields in everything.items() if fields[0] in found and pid not in found}:
        found.update(more)
    return {(pid, started) for pid, (_, started) in found.items()}


def _left_of(processes: set[tuple[int, str]]) -> set[tuple[int, str]]:
    """Return those of ``processes`` that still exist after some patience."""
    deadline = time.monotonic() + 10
    while left := {(pid, started) for pid, started in processes if _process(pid)[1] == started}:
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return left


def _process(pid: int) -> tuple[int, str]:
    """Return the parent and the start time of a process, or (0, "") when it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0, ""
    return (0, "") if fields[0] == "Z" else (int(fields[1]), fields[19])
