"""Binder builds what the course says, and the environment that it builds runs every unit, solved, without a network."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from grading_tools import needs_box
from places import REPOSITORY

from litu.course import Course
from litu.grading.demo.sample_class import CLASS, hand_in

UNITS = sorted(folder.name for folder in (REPOSITORY / "release").iterdir() if folder.is_dir())
RUN = """
import socket, sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

assert [name for _, name in socket.if_nameindex()] == ["lo"], "the network is on"
path = Path(sys.argv[1])
notebook = nbformat.read(path, as_version=4)
NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
for output in notebook.cells[-1].outputs:
    print(output.get("text") or output["data"]["text/plain"])
"""

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Place:
    """A copy of the course with an environment beside it, both an ordinary user's."""

    folder: Path

    @property
    def tree(self) -> Path:
        """The copy of the course."""
        return self.folder / "course"

    def run(self, *command: str | Path, **settings: Any) -> subprocess.CompletedProcess[str]:
        """Run a command as that user in the copy, with the environment activated."""
        user = pwd.getpwnam("nobody").pw_uid if os.getuid() == 0 else None
        return subprocess.run(
            command,
            cwd=self.tree,
            user=user,
            env={"HOME": str(self.folder), "PATH": f"{self.folder}/environment/bin:/usr/bin:/bin", "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            **settings,
        )


def copy_of_the_course(folder: Path) -> Path:
    """Return a copy of what the repository holds, without what work leaves there."""
    left = shutil.ignore_patterns(".*", "build", "__pycache__", "submitted", "autograded", "feedback", "reports", "*.db", "tests", "bench")
    return Path(shutil.copytree(REPOSITORY, folder, ignore=left))


def test_binder_takes_the_learners_environment(tmp_path: Path) -> None:
    """repo2docker finds conda's build pack and runs these commands of ours, as the user whose notebooks they are."""
    tree = copy_of_the_course(tmp_path / "course")

    ran = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(tree)], capture_output=True, text=True, cwd=tmp_path
    )

    assert ran.returncode == 0, ran.stderr
    assert "Building conda environment for python=3.11" in ran.stderr
    (ours,) = re.findall(r"(?s)WORKDIR \$\{REPO_DIR\}\n(.*)", ran.stdout)
    commands = re.findall(
        r"^(?:USER|COPY --chown=\S+ src/|RUN (?!TIMEFORMAT|apt-get|chown)|apt-get install|bash -c|CMD).*", ours, re.MULTILINE
    )
    assert [line.rstrip(" \\") for line in commands] == [
        f"apt-get install --yes --no-install-recommends {' '.join((REPOSITORY / 'apt.txt').read_text().split())} &&",
        "USER root",
        "COPY --chown=0:0 src/ ${REPO_DIR}/",
        "USER ${NB_USER}",
        """bash -c 'time ${MAMBA_EXE} env update -p ${NB_PYTHON_PREFIX} --file "environment.yml" &&""",
        "USER ${NB_USER}",
        "RUN chmod +x postBuild",
        "RUN ./postBuild",
        'CMD ["jupyter", "notebook", "--ip", "0.0.0.0"]',
    ]


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """The course and its environment as environment.yml asks for it, in a new folder below /tmp that an ordinary user can reach."""
    with tempfile.TemporaryDirectory(prefix="litu-binder-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        tree = copy_of_the_course(folder / "course")
        python, *_, last = yaml.safe_load((tree / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
        wanted = [word for line in last["pip"] for word in line.split()]
        uv = [sys.executable, "-m", "uv"]
        version = python.split("=")[1]
        # The Python of the tests may lie in its owner's home, where an ordinary user cannot run it.
        found = shutil.which(f"python{version}", path="/usr/local/bin:/usr/bin:/bin") or version
        subprocess.run([*uv, "venv", "--quiet", "--python", found, folder / "environment"], check=True)
        # copies: links would lead into the installer's store
        install = [*uv, "pip", "install", "--quiet", "--link-mode", "copy", "--python", folder / "environment/bin/python", *wanted]
        done = subprocess.run(install, cwd=tree, capture_output=True, text=True)
        if "Failed to fetch" in done.stderr or "error sending request" in done.stderr:
            pytest.skip("no package index can be reached from here")
        assert done.returncode == 0, done.stderr
        for unit in UNITS:
            hand_in(Course(REPOSITORY, REPOSITORY), unit, folder / "solved", CLASS[:1])
            shutil.copy(folder / "solved" / CLASS[0].name / unit / f"{unit}.ipynb", tree / "release" / unit)
        if os.getuid() == 0:
            subprocess.run(["chown", "--recursive", "nobody:", folder], check=True)
        yield Place(folder)


def test_after_the_build_jupyterlab_is_a_learners(place: Place) -> None:
    """postBuild works as an ordinary user; the layout, the settings and the manager of files that it names are there."""
    ran = place.run("./postBuild")

    assert ran.returncode == 0, ran.stderr
    assert [
        (place.folder / "environment/share/jupyter/lab/settings" / name).is_file() for name in ("page_config.json", "overrides.json")
    ] == [
        True,
        True,
    ]
    assert len(list(place.folder.glob(".jupyter/lab/workspaces/*.jupyterlab-workspace"))) == 1
    config = (place.folder / "environment/etc/jupyter/jupyter_server_config.py").read_text(encoding="utf-8")
    module, name = re.findall(r'contents_manager_class = "(.*)\.(\w+)"', config)[0]
    assert place.run("python", "-c", f"from {module} import {name}").returncode == 0


@needs_box
def test_every_unit_runs_in_it_without_a_network(place: Place) -> None:
    """All cells of every unit, solved, run to their end, and every exercise is right."""
    box = ("bwrap", "--dev-bind", "/", "/", "--unshare-net", "--die-with-parent")

    def progress(unit: str) -> str:
        ran = place.run(*box, "python", "-c", RUN, f"release/{unit}/{unit}.ipynb")
        return ran.stdout if ran.returncode == 0 else ran.stderr[-2000:]

    with ThreadPoolExecutor(2) as pool:
        said = dict(zip(UNITS, pool.map(progress, UNITS), strict=True))

    counts = {unit: re.findall(r"Progress\. (\d+) of (\d+) exercises right", text) for unit, text in said.items()}
    assert {unit: said[unit] for unit, found in counts.items() if not found or found[0][0] != found[0][1]} == {}
