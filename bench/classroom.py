"""What the measurements share: a copy of the course, a class of any size, a timed process, a table."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from litu.course import Course
from litu.grading.demo.sample_class import CLASS, LOOP, Student, hand_in

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PATIENCE = int(os.environ.get("BENCH_PATIENCE", "60"))
"""So many seconds the machine gets to come to rest before a measurement; tests of the steps alone do not wait."""
NBGRADER_ENGINE = "\nc.Autograde."
"""From here on, nbgrader_config.py swaps our engine into nbgrader."""


@contextmanager
def trial_course(*, stock: bool = False) -> Iterator[Course]:
    """Give a copy of the course, without any student's work, in a folder that is deleted afterwards.

    A ``stock`` copy keeps nbgrader's own executor.
    """
    with TemporaryDirectory(prefix="litu-bench-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        for name in ("course", "data", "source", "release", "grading/keys"):
            shutil.copytree(ROOT / name, root / name)
        settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
        if stock:
            settings, found, _ = settings.partition(NBGRADER_ENGINE)
            if not found:
                sys.exit("nbgrader_config.py no longer sets c.Autograde; this measurement has to follow it.")
        (root / "nbgrader_config.py").write_text(settings, encoding="utf-8")
        yield Course(root, root)


def students(number: int) -> tuple[Student, ...]:
    """Return so many sample students: the invented class again and again, under new names.

    The student whose loop never ends is left out. A time-out is a setting,
    not a speed: each grader would be charged for the one it came with.
    """
    going = cycle(student for student in CLASS if student.trouble != LOOP)
    return tuple(replace(student, name=f"{student.name}-{place:04d}") for place, student in enumerate(islice(going, number)))


def seat(course: Course, unit: str, number: int) -> list[Student]:
    """Let so many sample students hand in ``unit``."""
    seated = students(number)
    hand_in(course, unit, course.grading / "submitted", seated)
    return list(seated)


def forget_grading(course: Course) -> None:
    """Remove all that grading has made."""
    for folder in ("autograded", "feedback", "reports"):
        shutil.rmtree(course.grading / folder, ignore_errors=True)
    (course.grading / "gradebook.db").unlink(missing_ok=True)


@dataclass(frozen=True)
class Timed:
    """How long a process took, on the clock and in CPU seconds, its children included."""

    wall: float
    cpu: float
    others: float
    """Cores that other work on the machine kept busy meanwhile, on average."""
    code: int
    said: str


def own_seconds() -> float:
    """Return the CPU seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def busy_seconds() -> float:
    """Return how long the cores of this machine have worked since it started."""
    words = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()
    user, nice, system, _, _, irq, softirq = map(int, words[1:8])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def wait_for_quiet() -> None:
    """Wait until other work takes less than a fifth of a core, but not for ever."""
    for _ in range(PATIENCE):
        before = busy_seconds()
        time.sleep(1)
        if busy_seconds() - before < 0.2:
            return


def timed(command: Sequence[str | Path], folder: Path, variables: dict[str, str] | None = None) -> Timed:
    """Run a command to its end, with the environment activated, and time it."""
    path = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    wait_for_quiet()
    busy = busy_seconds()
    before = own_seconds()
    began = time.perf_counter()
    ran = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=os.environ | path | (variables or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    wall = time.perf_counter() - began
    cpu = own_seconds() - before
    others = max(0.0, (busy_seconds() - busy - cpu) / wall)
    return Timed(wall, cpu, others, ran.returncode, ran.stdout + ran.stderr)


def grade(course: Course, unit: str) -> Timed:
    """Grade ``unit`` as an instructor does, two submissions at a time, in the sandbox, from nothing."""
    forget_grading(course)
    ran = timed([BIN / "litu", "grade", unit, "--jobs", "2", "--no-feedback"], course.root)
    if ran.code:
        sys.exit(f"litu grade failed:\n{ran.said}")
    return ran


def load_now() -> str:
    """Say how busy the machine is, for judging the noise."""
    return f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a Markdown table, ready for README.md."""
    print(f"\n{title}\n")
    for row in (head, ["---"] * len(head), *rows):
        print("| " + " | ".join(str(value) for value in row) + " |")
    print(flush=True)
