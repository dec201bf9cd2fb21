"""The installation: versions, sandbox, kernel, data."""

from __future__ import annotations

import importlib.metadata
import re
import shlex
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from packaging.requirements import Requirement

import litu
from litu.course import Course
from litu.dataset.tables import check_published
from litu.errors import LituError
from litu.grading.sandbox.bubblewrap import Sandbox, available
from litu.grading.upkeep.doctor.finding import Finding
from litu.grading.upkeep.doctor.readers import open_to

LOCK = "requirements/instructor.lock"
PATIENCE = 60.0
"""Longest wait for a kernel's Python to say what it has, in seconds."""
_NATIVE = re.compile(r"python[\d.]*")
"""How a kernel names the Python that starts it."""


def examine_installation(course: Course) -> Iterator[Finding]:
    """Yield what is found of the package, its libraries, the sandbox, the kernel and the data."""
    home = Path(litu.__file__).parent
    yield Finding("install", f"litu {importlib.metadata.version('litu')} in {home}, Python {sys.version.split()[0]} in {sys.prefix}.")
    if not open_to(home, stat.S_IROTH, stat.S_IXOTH) or not open_to(Path(sys.executable), stat.S_IROTH, stat.S_IXOTH):
        yield Finding("install", "Other people of this machine cannot use this environment; give students one of their own.", "note")
    yield versions(course.root / LOCK)
    why_not = available(Sandbox(course.data))
    yield Finding("sandbox", why_not, "problem", _mend_sandbox(why_not)) if why_not else Finding("sandbox", "A box can be made here.")
    yield kernel()
    try:
        check_published(course.data)
        yield Finding("data", f"{course.data} holds the published tables.")
    except LituError as error:
        yield Finding("data", str(error), "problem", f"git -C {shlex.quote(str(course.root))} checkout data")


def versions(lock: Path) -> Finding:
    """Compare what is installed with the versions that the course was tested with."""
    if not lock.is_file():
        return Finding("versions", f"There is no {LOCK} here to compare with.", "note")
    differ = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        pin = Requirement(line)
        if pin.marker is not None and not pin.marker.evaluate():
            continue
        try:
            found = importlib.metadata.version(pin.name)
        except importlib.metadata.PackageNotFoundError:
            found = "missing"
        if found not in pin.specifier:
            differ.append(f"{pin.name} {found} (tested: {pin.specifier})".replace("==", ""))
    if not differ:
        return Finding("versions", f"All libraries have the versions of {LOCK}.")
    more = f" and {len(differ) - 5} more" if len(differ) > 5 else ""
    mend = f"{shlex.quote(sys.executable)} -m pip install --requirement {shlex.quote(str(lock))}"
    return Finding("versions", f"{', '.join(differ[:5])}{more}.", "problem", mend)


def kernel() -> Finding:
    """Ask the Python that notebooks start with whether it has the package."""
    try:
        python = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        return Finding("kernel", "Notebooks find no kernel python3.", "problem", f"{shlex.quote(sys.executable)} -m pip install ipykernel")
    python = sys.executable if _NATIVE.fullmatch(python) else python
    asked = [python, "-c", "import importlib.metadata as m; print(m.version('litu'))"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=PATIENCE, cwd="/")
        said = done.stdout.strip() if done.returncode == 0 else ""
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    if said == importlib.metadata.version("litu"):
        return Finding("kernel", f"Notebooks run with {python}, which has litu {said}.")
    what = f"has litu {said}" if said else "has no litu"
    mend = f"{shlex.quote(sys.executable)} -m ipykernel install --sys-prefix"
    return Finding("kernel", f"Notebooks run with {python}, which {what}.", "problem", mend)


def _mend_sandbox(why_not: str) -> str:
    if "install the package" in why_not:
        return "sudo apt-get install bubblewrap"
    if command := re.search(r"run '(.+)'", why_not):
        return command[1]
    return "sudo sysctl kernel.unprivileged_userns_clone=1"
