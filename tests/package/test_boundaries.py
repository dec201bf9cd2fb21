"""Who may import whom: the trust boundary and the floors of the house, read from the code itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from places import REPOSITORY

SOURCE = REPOSITORY / "src"
MODULES = {
    ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((SOURCE / "litu").rglob("*.py"))
    if path.name != "__main__.py" and path.parent.name != "files"
}
FLOORS = [
    {"errors", "settings"},
    {"answers", "dataset"},
    {"charts", "draw", "display", "rural_industry"},
    {"compare", "kinds"},
    {"public_checks"},
    {"course", "learner", "authoring"},
    {"grading"},
    {"cli"},
]
"""Rooms of the package from the ground up: a room imports from its own floor or from below."""
AS_STUDENT = {f"litu.grading.execution.{name}" for name in ("zygote", "worker", "shell", "preload")}
"""What runs in the student's process, or becomes it by a fork."""


def imported(path: Path) -> set[str]:
    """Return the modules of the package that a file imports, whenever it does."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("litu"):
            found |= {name for alias in node.names if (name := f"{node.module}.{alias.name}") in MODULES} or {str(node.module)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("litu")}
    return found


IMPORTS = {name: imported(path) for name, path in MODULES.items()}


def room(module: str) -> str:
    """Return the room of a module: the folder or file right below ``litu``."""
    return module.split(".")[1] if "." in module else "litu"


def floor(module: str) -> int | None:
    """Return the floor of a module's room, or None for the package itself."""
    return next((number for number, rooms in enumerate(FLOORS) if room(module) in rooms), None)


def test_every_room_has_a_floor() -> None:
    """A new room says where it stands."""
    assert {room(name) for name in MODULES if floor(name) is None} == {"litu"}


def test_no_arrow_runs_up() -> None:
    """A room imports from its own floor or from below it."""
    up = [
        (one, other)
        for one, others in IMPORTS.items()
        for other in others
        if (floor(other) or 0) > (floor(one) if floor(one) is not None else 99)
    ]
    assert up == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Following imports never leads back to where one began."""
    state: dict[str, int] = defaultdict(int)

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert state[name] != 1, " → ".join([*way, name])
        if state[name] == 0:
            state[name] = 1
            for other in sorted(IMPORTS.get(name, ())):
                visit(other, (*way, name))
            state[name] = 2

    for module in MODULES:
        visit(module, ())


def test_nothing_trusted_imports_what_runs_as_the_student() -> None:
    """The grader starts the student's side by name, in another process; it never loads it."""
    inside = {name: others & AS_STUDENT for name, others in IMPORTS.items() if name not in AS_STUDENT}
    assert {name: sorted(others) for name, others in inside.items() if others} == {}


def test_the_sandbox_knows_no_notebook() -> None:
    """The box imports nothing of the package but itself and the errors."""
    others = {other for name, found in IMPORTS.items() if name.startswith("litu.grading.sandbox") for other in found}
    assert {other for other in others if not other.startswith("litu.grading.sandbox")} <= {"litu.errors", "litu"}


def test_a_landing_holds_few_things() -> None:
    """No folder of the package is so full that one has to search it: sixteen things at most."""
    folders = {path.parent for path in MODULES.values()}
    crowded = {
        folder.name: number
        for folder in folders
        if (number := len([one for one in folder.iterdir() if one.name[0] != "_" and one.name != "py.typed"])) > 16
    }
    assert crowded == {}


@pytest.mark.slow
def test_every_module_can_be_imported_first(tmp_path: Path) -> None:
    """No module relies on another of the package having been loaded before it; libraries are loaded once, for speed."""
    script = """
import contextlib, importlib, os, sys
if os.fork() == 0:
    for name in sys.argv[2:]:
        importlib.import_module(name)
    with open(sys.argv[1], "w") as file:
        file.write(" ".join(name for name in sys.modules if name.partition(".")[0] not in ("litu", "__main__")))
    os._exit(0)
os.wait()
for name in open(sys.argv[1]).read().split():
    with contextlib.suppress(Exception):
        importlib.import_module(name)
assert not any(name.partition(".")[0] == "litu" for name in sys.modules)
import litu  # whichever module is imported first, Python loads the package itself before it
failed = []
for name in sys.argv[2:]:
    if name in sys.modules:
        continue
    child = os.fork()
    if child == 0:
        try:
            importlib.import_module(name)
        except BaseException as error:
            print(name, repr(error), flush=True)
            os._exit(1)
        os._exit(0)
    failed += [name] if os.waitpid(child, 0)[1] else []
sys.exit(bool(failed))
"""
    done = subprocess.run([sys.executable, "-c", script, tmp_path / "libraries", *MODULES], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
