"""Dotted names in a student's code, told by the modules they come from."""

from __future__ import annotations

import ast
from collections.abc import Iterable

_OS = (
    "_exit", "abort", "chroot", "close", "closerange", "dup", "dup2", "environ", "environb", "execl", "execle", "execlp", "execv",
    "execve", "execvp", "execvpe", "fork", "forkpty", "kill", "killpg", "link", "memfd_create", "mkfifo", "mknod", "open", "openpty",
    "pipe", "popen", "posix_spawn", "ptrace", "putenv", "register_at_fork", "sched_setaffinity", "sched_setscheduler", "setgid",
    "set_inheritable", "setsid", "setuid", "spawnl", "spawnv", "symlink", "system", "write",
)  # fmt: skip
_SYS = (
    "_current_frames", "_getframe", "addaudithook", "displayhook", "excepthook", "meta_path", "modules", "path_hooks",
    "path_importer_cache", "setprofile", "settrace",
)  # fmt: skip
NEVER_NEEDED = {
    *(f"os.{name}" for name in _OS),
    *(f"sys.{name}" for name in _SYS),
    "asyncio.create_subprocess_shell", "ast.NodeTransformer", "types.CodeType", "types.FunctionType",
}  # fmt: skip
"""Names that no answer of the course needs."""

SHELL = "get_ipython()"
_SHELL_OF_STUDENTS = {"getoutput", "magic", "run_cell_magic", "run_line_magic", "set_next_input", "system"}
"""What honest notebooks call on IPython's shell, often without their authors' knowing."""


_DEEPEST = 12
"""Attributes of attributes that are followed; no module lies deeper."""


class Names:
    """What the names of one notebook stand for, learnt cell by cell."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._modules: set[str] = set()

    def learn(self, nodes: Iterable[ast.AST]) -> None:
        """Take in the imports of a cell, and the names it gives to IPython's shell."""
        for node in nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    whole = alias.name if alias.asname else alias.name.split(".")[0]
                    self._known[alias.asname or whole] = whole
                    self._modules.add(whole)
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    self._known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            elif isinstance(node, ast.Assign) and self.path(node.value) == SHELL:
                self._known.update({target.id: SHELL for target in node.targets if isinstance(target, ast.Name)})

    def path(self, node: ast.AST) -> str:
        """Return the dotted name that a node stands for; it begins with a dot when its root is no name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute) and len(parts) < _DEEPEST:
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "get_ipython":
            parts.append(SHELL)
        else:
            parts.append(self._known.get(node.id, node.id) if isinstance(node, ast.Name) else "")
        return ".".join(reversed(parts))

    def is_replaced(self, path: str) -> bool:
        """Return whether setting ``path`` changes a module or a class of one, and no mere setting."""
        parts = path.split(".")[: _DEEPEST + 1]
        beginnings = (".".join(parts[:length]) for length in range(len(parts) - 1, 0, -1))
        module = next((name for name in beginnings if name in self._modules), None)
        if module is None:
            return False
        inside = path[len(module) + 1 :].split(".")
        return len(inside) == 1 or module.startswith("litu") or any(part[:1].isupper() for part in inside[:-1])

    def is_shell(self, path: str) -> bool:
        """Return whether ``path`` is a part of IPython's shell that honest notebooks leave alone."""
        root, _, rest = path.partition("().")
        return root == SHELL[:-2] and rest.split(".")[0] not in _SHELL_OF_STUDENTS
