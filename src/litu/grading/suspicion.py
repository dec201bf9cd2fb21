"""What an instructor may want to look at: code that reaches where no answer needs to.

A suspicion costs no points. Marks are decided outside the student's process,
so a trick earns nothing; this only says that one was tried.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from litu.grading.engine import Event

MODULES = {
    "_ctypes", "_thread", "atexit", "builtins", "code", "codecs", "ctypes", "faulthandler", "gc", "http", "imp", "importlib",
    "inspect", "ipykernel", "marshal", "mmap", "multiprocessing", "nbgrader", "os", "pickle", "pkgutil", "posix", "ptrace",
    "pty", "requests", "resource", "runpy", "select", "shutil", "signal", "site", "sitecustomize", "socket", "subprocess",
    "sys", "tempfile", "threading", "traceback", "types", "urllib", "usercustomize", "zipfile", "zipimport", "zlib",
}  # fmt: skip
CALLS = {"__import__", "breakpoint", "compile", "eval", "exec", "get_ipython", "globals", "locals", "open", "vars", "setattr", "delattr"}
SHADOWED = {"check", "hint", "load", "describe", "solution", "progress", "abs", "float", "int", "isinstance", "len", "max", "min",
            "print", "range", "round", "sorted", "str", "sum", "type"}
PLUMBING = re.compile(
    r"/proc/|/dev/|/etc/|\.\./|gradebook|checks\.json|grading|\bkeys?/|nbgrader|autograded|submitted|BEGIN SOLUTION|"
    r"LD_PRELOAD|PYTHONPATH|sitecustomize|usercustomize|\.pth\b|ipython_config|jupyter_config"
)
DUNDERS = re.compile(
    r"__(reduce|reduce_ex|class|array|array_interface|array_ufunc|eq|ne|bool|float|int|index|len|hash|iter|getitem|getattr|"
    r"getattribute|subclasshook|subclasses|bases|mro|globals|code|closure|builtins|dict|del|repr_html|_repr_)__|_repr_\w+_|_ipython_\w+"
)
FRAMES = {"_getframe", "f_back", "f_globals", "f_locals", "f_builtins", "gi_frame", "cr_frame", "tb_frame", "co_code", "func_globals",
          "settrace", "setprofile", "addaudithook", "modules", "meta_path", "path_hooks", "displayhook", "excepthook",
          "ast_transformers", "input_transformers_post", "set_custom_exc", "run_cell", "user_ns", "display_pub", "fromfile", "to_pickle"}
EVENTS = {
    "stopped-channel": "wrote to the grader's channel",
    "stopped-memory": "used more memory than allowed",
    "stopped-cpu": "computed longer than allowed",
    "stopped-wall": "waited longer than allowed",
    "stopped-exited": "ended its own process",
    "stopped-crashed": "crashed its own process",
    "stopped-closed": "closed its own outputs",
    "stopped-output": "printed without end",
    "stopped-files": "made more files than allowed",
    "stopped-processes": "started more processes than allowed",
    "processes-limit": "started more processes than allowed",
    "disk-full": "filled the disk it was given",
    "output-cut": "printed more than is kept",
}


def suspicions(sources: Iterable[str], events: Iterable[Event]) -> list[str]:
    """Return what is suspicious in a submission's cells and in what the engine saw, without repeats."""
    found: list[str] = []
    for source in sources:
        found += _in_source(source)
    found += [f"the cell {event.cell} {EVENTS[event.kind]}" for event in events if event.kind in EVENTS]
    return list(dict.fromkeys(found))


def _in_source(source: str) -> Iterator[str]:
    if re.search(r"^\s*[%!]", source, re.MULTILINE):
        yield "runs a magic or a shell command"
    try:
        tree = ast.parse(re.sub(r"^\s*[%!].*$", "pass", source, flags=re.MULTILINE))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        if PLUMBING.search(source):
            yield "names files of the grading system in code that does not parse"
        return
    for node in ast.walk(tree):
        yield from _in_node(node)


def _in_node(node: ast.AST) -> Iterator[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        for name in names:
            if name.split(".")[0] in MODULES or name.startswith(("litu.", "IPython")):
                yield f"imports {name}"
        if isinstance(node, ast.ImportFrom) and node.module == "litu" and any(alias.asname for alias in node.names):
            yield "renames what it imports from litu"
    elif isinstance(node, ast.Name):
        if node.id in CALLS:
            yield f"uses {node.id}"
        elif isinstance(node.ctx, (ast.Store, ast.Del)) and node.id in SHADOWED:
            yield f"redefines {node.id}"
    elif isinstance(node, ast.Attribute):
        if DUNDERS.fullmatch(node.attr) or node.attr in FRAMES:
            yield f"reaches for {node.attr}"
        elif isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name) and node.value.id in ("pd", "np", "alt", "litu", "math"):
            yield f"replaces {node.value.id}.{node.attr}"
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        if node.name in SHADOWED or DUNDERS.fullmatch(node.name):
            yield f"defines {node.name}"
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and PLUMBING.search(node.value):
        yield f"names {PLUMBING.search(node.value).group(0)!r}"  # type: ignore[union-attr]
