"""What an instructor may want to look at: code that reaches where no answer needs to.

A suspicion costs no points. Marks are decided outside the student's process,
so a trick earns nothing; this only says that one was tried. What honest
students write as well is not reported, even where a trick needs it too. How
dotted names are told and followed is in :mod:`litu.grading.submissions.names`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from litu.authoring.meaning import MOST_SOURCE, imported, parsed
from litu.grading.execution.executor import Event
from litu.grading.submissions.names import NEVER_NEEDED, Names

_SHORT = 1_000
"""Characters of a cell that is remembered, should it come again."""
MODULES = {
    "_ctypes", "_thread", "atexit", "builtins", "codeop", "cffi", "ctypes", "faulthandler", "gc", "inspect", "ipykernel", "marshal",
    "mmap", "multiprocessing", "nbgrader", "posix", "pty", "resource", "runpy", "signal", "site", "socket", "subprocess",
    "threading", "tracemalloc", "zipimport",
}  # fmt: skip
CALLS = {"__import__", "compile", "delattr", "exec", "setattr", "__builtins__", "__loader__", "__spec__"}
BASES = {
    "bool", "bytes", "complex", "dict", "float", "int", "list", "set", "str", "tuple", "Chart", "DataFrame", "Index", "Series", "ndarray", "ExtensionArray",
}  # fmt: skip
METHODS = re.compile(
    r"__(class|eq|ne|bool|float|int|index|array\w*|reduce|reduce_ex|getattr|getattribute|instancecheck|subclasscheck|del|module)__"
    r"|_repr_\w+_|_ipython_\w+_|_render_traceback_"
)
REACHES = {
    "f_back", "f_globals", "f_locals", "f_builtins", "gi_frame", "cr_frame", "ag_frame", "tb_frame", "co_code", "co_consts",
    "ast_transformers", "input_transformers_post", "input_transformers_cleanup", "user_ns", "display_pub", "display_formatter",
    "set_custom_exc", "__subclasses__", "__globals__", "__closure__", "__code__", "__builtins__", "__bases__", "__mro__",
}  # fmt: skip
PLUMBING = re.compile(
    r"/proc/|/dev/(?!null\b)|/etc/|/root\b|docker\.sock|\.ssh\b|gradebook\.db|checks\.json|grading/(?:keys|submitted|autograded|reports)|"
    r"nbgrader|NBGRADER|autograded|BEGIN SOLUTION|LD_PRELOAD|PYTHONPATH|PYTHONSTARTUP|sitecustomize|usercustomize|\w\.pth\b|"
    r"ipython_config|jupyter_\w{0,40}config|profile_default"
)
PYTHON_MAGICS = {"time", "timeit", "capture", "prun"}
"""Cells under these magics are Python."""
MAGICS = PYTHON_MAGICS | {
    "autoreload", "cat", "cd", "conda", "config", "debug", "head", "html", "latex", "load_ext", "ls", "lsmagic", "magic", "mamba", "markdown",
    "matplotlib", "mkdir", "more", "pdb", "pinfo", "pip", "pprint", "precision", "psearch", "pwd", "pylab", "quickref", "reload_ext", "tb", "who",
    "whos", "writefile", "xmode",
}  # fmt: skip
COMMANDS = {
    "cat", "cd", "conda", "cp", "curl", "date", "echo", "free", "git", "head", "jupyter", "ls", "mamba", "mkdir", "mv", "nproc", "pip", "pip3", "pwd",
    "rm", "sort", "tail", "uniq", "uv", "wc", "wget", "which",
}  # fmt: skip
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
    "processes-limit": "started as many processes as are allowed",
    "disk-full": "filled the disk it was given",
    "output-cut": "printed more than is kept",
    "not-run": "and what follows it were not run",
}
"""What the engine saw; a restart follows from another event and is not told."""

_MAGIC_LINE = re.compile(r"^([ \t]*)(?:(%%?)(\w*)(.*)|!{1,2}(.*)|\?{1,2}[\w.]+|[\w.]+\?{1,2})[ \t]*$", re.MULTILINE)
_MAGIC_VALUE = re.compile(r"=[ \t]*(?:!(.*)|%(\w+).*)$", re.MULTILINE)


def suspicions(sources: Iterable[str], events: Iterable[Event], lent: Collection[str] = ()) -> list[str]:
    """Return what is suspicious in a submission's cells and in what the engine saw, without repeats.

    ``lent`` are modules that the course's own cells import, so that a student may too.
    """
    found: list[str] = []
    names, left = Names(), MOST_SOURCE
    for source in sources:
        left -= len(source)
        if left < 0:
            found.append("holds more code than is looked through")
            break
        found += _in_cell(source, names, lent)
    found += [f"the cell {event.cell} {EVENTS[event.kind]}" for event in events if event.kind in EVENTS]
    return list(dict.fromkeys(found))


def _in_cell(source: str, names: Names, lent: Collection[str]) -> Iterator[str]:
    head = re.match(r"\s*%%(\w+)", source)
    if head and head[1] not in PYTHON_MAGICS:
        if head[1] not in MAGICS:
            yield f"runs the magic %%{head[1]}"
        yield from _plumbing(source)
        return
    for line in _MAGIC_LINE.finditer(source):
        yield from _in_magic(line[3], line[5], line[0])
    nodes = _nodes(_MAGIC_LINE.sub(r"\1pass", source))
    if nodes is None:
        for line in _MAGIC_VALUE.finditer(source):
            yield from _in_magic(line[2], line[1], line[0])
        nodes = _nodes(_MAGIC_VALUE.sub("= None", _MAGIC_LINE.sub(r"\1pass", source)))
    if nodes is None:
        yield from _plumbing(source)
        return
    names.learn(nodes)
    for node in nodes:
        yield from _in_node(node, names, lent)


def _nodes(source: str) -> list[ast.AST] | None:
    """Return all nodes of a cell's syntax tree; None when it has none."""
    return _recurring(source) if len(source) < _SHORT else _recurring.__wrapped__(source)


@lru_cache(maxsize=100)
def _recurring(source: str) -> list[ast.AST] | None:
    # The course's own cells come again in every notebook.
    tree = parsed(source)
    return None if tree is None else list(ast.walk(tree))


def _in_magic(magic: str | None, command: str | None, line: str) -> Iterator[str]:
    if command is not None:
        words = command.split() or ["nothing"]
        harmless = words[0] in COMMANDS or (words[0] in ("python", "python3") and words[1:2] in (["--version"], ["-V"], ["-m"]))
        if not harmless:
            yield f"runs the command {words[0][:30]}"
    elif magic and magic not in MAGICS:
        yield f"runs the magic %{magic}"
    yield from _plumbing(line)


def _plumbing(text: str) -> Iterator[str]:
    if found := PLUMBING.search(text):
        yield f"names {found[0]!r}"


def _in_node(node: ast.AST, names: Names, lent: Collection[str]) -> Iterator[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        for name in imported(node):
            inner = name.startswith(("litu.", "IPython.core", "IPython.terminal"))
            if (name.split(".")[0] in MODULES or inner) and name not in lent:
                yield f"imports {name}"
    elif isinstance(node, ast.Name):
        if node.id in CALLS:
            yield f"uses {node.id}"
        elif names.path(node) in NEVER_NEEDED:
            yield f"uses {names.path(node)}"
    elif isinstance(node, ast.Attribute):
        yield from _in_attribute(node, names)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
        if len(node.args) > 1 and not isinstance(node.args[1], (ast.Constant, ast.Name)):
            yield "uses getattr with a name put together"
    elif isinstance(node, ast.ClassDef):
        yield from _in_class(node)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == "check":
        yield "defines check"
    elif isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
        yield from _plumbing(node.value if isinstance(node.value, str) else node.value.decode("latin-1"))


def _in_attribute(node: ast.Attribute, names: Names) -> Iterator[str]:
    path = names.path(node)
    if not isinstance(node.ctx, ast.Load) and names.is_replaced(path):
        yield f"replaces {path}"
    elif path in NEVER_NEEDED:
        yield f"uses {path}"
    elif node.attr in REACHES or names.is_shell(path):
        yield f"reaches for {node.attr}"


def _in_class(node: ast.ClassDef) -> Iterator[str]:
    bases = {base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases}
    if "Enum" not in bases:
        yield from (f"inherits from {base}" for base in sorted(bases & BASES))
    if node.name == "check":
        yield "defines check"
    for part in node.body:
        defined = [part.name] if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)) else []
        if isinstance(part, ast.Assign):
            defined = [target.id for target in part.targets if isinstance(target, ast.Name)]
        yield from (f"defines {name}" for name in defined if METHODS.fullmatch(name))
