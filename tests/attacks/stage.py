"""The stage of the attacks: a small built course with secrets in it, and watchers around it."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import socket
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import nbformat
from places import REPOSITORY, TINY
from trick import FOLDER, Trick

from litu.authoring.build import build_unit
from litu.authoring.lesson import Lesson
from litu.authoring.parser import read_lesson
from litu.course import Course
from litu.grading.assignment import Assignment
from litu.grading.autograde import mark_submission
from litu.grading.execution.executor import ForkServer, Limits
from litu.grading.results.models import Result

UNIT = "01-target"
LIMITS = Limits(cpu_seconds=2, cpu_seconds_total=30, wall_factor=12, memory_mb=700)
IMPATIENT = replace(LIMITS, wall_factor=2)
EVERY = 8
"""After so many tricks, an honest student's notebook is graded beside them."""


class Watchers:
    """Servers on this machine that note who reaches them; nobody should."""

    def __init__(self) -> None:
        self.reached: list[str] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        for family, kind, address in (
            (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            (socket.AF_UNIX, socket.SOCK_STREAM, "\0litu-listens"),
        ):
            server = self._stack.enter_context(socket.socket(family, kind))
            _bind(server, address)
            if kind == socket.SOCK_STREAM:
                server.listen()
            threading.Thread(target=self._watch, args=(server,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _watch(self, server: socket.socket) -> None:
        while True:
            try:
                who = server.recvfrom(100) if server.type == socket.SOCK_DGRAM else server.accept()
            except OSError:
                return
            self.reached.append(str(who))


def _bind(server: socket.socket, address: Any) -> None:
    """Bind to an address, or to another of that name where a test run beside this one has taken it."""
    for other in [address, *(f"{address}-{number}" for number in range(1, 10))]:
        try:
            return server.bind(other)
        except OSError:
            continue
    raise OSError(f"{address} and all its neighbours are taken")


@dataclass
class Stage:
    """What the attacks are run against."""

    course: Course
    assignment: Assignment
    lesson: Lesson
    released: nbformat.NotebookNode
    pool: ForkServer
    secret: str
    results: dict[str, Result] = field(default_factory=dict)
    honest: list[Result] = field(default_factory=list)
    before: dict[str, str] = field(default_factory=dict)
    """Digests of the course's files before the first trick."""

    @classmethod
    def build(cls, root: Path, pool: ForkServer) -> Stage:
        """Build the attacked unit below ``root`` and hide the secret wherever something private lies."""
        secret = f"silkworm-{secrets.randbelow(10**8):08}"
        (root / "course").mkdir(parents=True)
        (root / "course" / f"{UNIT}.md").write_text((FOLDER / "target.md").read_text().replace("SECRET", secret))
        shutil.copy(REPOSITORY / "nbgrader_config.py", root)
        (root / "data").symlink_to(TINY)
        course = Course(root, root)
        build_unit(course, UNIT)
        (root / "source" / UNIT / "notes.txt").write_text(secret)
        (root / "grading" / "gradebook.db").write_text(secret)
        os.environ["LITU_TEST_PASSWORD"] = secret
        lesson = read_lesson(course.lesson(UNIT))
        released = nbformat.read(course.folder("release", UNIT) / f"{UNIT}.ipynb", as_version=4)
        stage = cls(course, Assignment.load(course, UNIT), lesson, released, pool, secret)
        other = root / "grading" / "submitted" / "an-li" / UNIT / f"{UNIT}.ipynb"
        other.parent.mkdir(parents=True)
        other.write_bytes(stage.right() + secret.encode())
        return stage

    def right(self) -> bytes:
        """Return the notebook of a student who answers everything right."""
        notebook = json.loads(json.dumps(self.released))
        for cell in notebook["cells"]:
            if cell["id"] in self.lesson.exercises:
                exercise = self.lesson.exercises[cell["id"]].cell
                cell["source"] = f"{exercise.starter()}\n{exercise.solution()}"
        return json.dumps(notebook).encode()

    def grade(self, student: str, data: bytes | None, notes: Iterable[str] = (), limits: Limits = LIMITS) -> Result:
        """Grade one submission through the engine's own door."""
        return mark_submission(self.pool, self.assignment, student, data, list(notes), limits)

    def run(self, tricks: Iterable[Trick]) -> None:
        """Grade an honest notebook alone, then all tricks, two at a time, with honest notebooks among them."""
        self.honest.append(self.grade("an-li", self.right()))
        with ThreadPoolExecutor(2) as threads:
            for number, trick in enumerate(tricks):
                threads.submit(self._trick, trick)
                if number % EVERY == 0:
                    threads.submit(lambda: self.honest.append(self.grade("an-li", self.right())))

    def _trick(self, trick: Trick) -> None:
        limits = IMPATIENT if trick.waits else LIMITS
        self.results[trick.name] = self.grade("eve", trick.hand_in(self.released, self.lesson), limits=limits)

    def digest(self) -> dict[str, str]:
        """Return a digest of every file of the course."""
        root = self.course.root
        files = (path for path in sorted(root.rglob("*")) if path.is_file() and "data" not in path.relative_to(root).parts)
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def shown(result: Result) -> str:
    """Return all that a result shows to anybody: outputs of cells and messages, but not the student's own sources."""
    notebook = nbformat.reads(result.notebook, as_version=4)
    outputs = [cell.get("outputs", []) for cell in notebook.cells]
    return json.dumps([outputs, [exercise.message for exercise in result.exercises], result.notes, result.suspicions])
