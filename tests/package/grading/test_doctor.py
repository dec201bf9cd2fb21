"""`litu doctor` tells what is wrong with the place where a class is graded, and its lines mend it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from grading_tools import FULL, filled_in, hand_in, needs_box, open_book
from places import REPOSITORY
from ran import Ran

from litu.course import Course
from litu.grading.gradebook.identity import record
from litu.grading.sandbox.bubblewrap import Sandbox, available
from litu.grading.upkeep.doctor.finding import Finding
from litu.grading.upkeep.doctor.installation import kernel, versions
from litu.grading.upkeep.doctor.readers import examine_readers, private_places
from litu.grading.upkeep.doctor.setup import examine_exchange, examine_gradebook, examine_settings

pytest_plugins = ["grading_fixtures"]


@pytest.fixture
def shared(classroom: Path) -> Iterator[Path]:
    """Return a class in a folder that everybody on the machine may enter."""
    place = Path(tempfile.mkdtemp(prefix="shared-"))
    place.chmod(0o755)
    root = Path(shutil.copytree(classroom, place / "a course", symlinks=True))
    root.chmod(0o755)
    hand_in(root, "ann", filled_in(root, FULL))
    (root / "own_settings.py").write_text("c = get_config()\n", encoding="utf-8")
    yield root
    shutil.rmtree(place)


def problems(findings: Iterator[Finding]) -> list[Finding]:
    """Return what has to be mended; each but a gradebook's says how."""
    return [found for found in findings if found.level == "problem"]


def read_as_nobody(path: Path) -> bool:
    """Return whether somebody else can come to a file or list a folder."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            os.listdir(path) if path.is_dir() else path.read_bytes()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_what_others_could_read_is_told_and_its_line_closes_it(shared: Path) -> None:
    """Everything private is named while it is open, as somebody else finds it; after the line that mends it nothing is."""
    course = Course.find(shared)
    (found,) = problems(examine_readers(course))
    for what in ("answer keys", "submissions", "the gradebook", "instructor notebooks", "settings of your own"):
        assert what in found.says
    if os.geteuid() == 0:
        assert all(read_as_nobody(path) for path in private_places(course).values())

    subprocess.run(found.mend, shell=True, check=True)

    assert problems(examine_readers(course)) == []
    if os.geteuid() == 0:
        assert not any(read_as_nobody(path) for path in private_places(course).values())


def test_single_files_are_looked_at(shared: Path) -> None:
    """A gradebook elsewhere is closed by a line of its own; a closed file in an open folder is not told."""
    course = Course.find(shared)
    for path in private_places(course).values():
        path.chmod(0o700 if path.is_dir() else 0o600)
    assert problems(examine_readers(course)) == []

    shutil.copy(shared / "grading/gradebook.db", shared.parent / "other.db")
    (shared.parent / "other.db").chmod(0o644)
    (shared / "own_settings.py").write_text(f'c = get_config()\nc.CourseDirectory.db_url = "sqlite:///{shared.parent}/other.db"\n')
    (shared / "own_settings.py").chmod(0o600)
    (found,) = problems(examine_readers(Course.find(shared)))
    assert found.says.endswith("can read the gradebook.") and found.mend == f"chmod o-rwx {shared.parent}/other.db"


def test_settings_that_are_missing_are_told(classroom: Path) -> None:
    """A setting that was taken out is told with the line that brings it back; so are own settings that nobody reads."""
    assert problems(examine_settings(Course.find(classroom))) == []
    path = classroom / "nbgrader_config.py"
    text = path.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if "exporter_class" not in line and "load_subconfig" not in line]
    path.write_text("\n".join(lines), encoding="utf-8")
    (classroom / "own_settings.py").write_text("c = get_config()\n", encoding="utf-8")

    mends = [found.mend for found in problems(examine_settings(Course.find(classroom)))]

    assert (
        "c.Autograde.exporter_class = 'litu.grading.nbgrader.plugin.RepairExporter'" in mends
        and 'load_subconfig("own_settings.py")' in mends
    )
    path.write_text("\n".join([*lines, *mends]), encoding="utf-8")
    assert problems(examine_settings(Course.find(classroom))) == []


def test_exchange_that_nobody_reaches_is_told(shared: Path) -> None:
    """A folder that is named but missing, then closed, is told; after the lines it is fine."""
    folder = shared.parent / "exchange"
    (shared / "own_settings.py").write_text(f'c = get_config()\nc.Exchange.root = "{folder}"\n', encoding="utf-8")
    course = Course.find(shared)
    (found,) = problems(examine_exchange(course))
    assert "does not exist" in found.says
    subprocess.run(found.mend.removeprefix("sudo "), shell=True, check=True)
    assert problems(examine_exchange(course)) == []
    folder.chmod(0o755)
    (found,) = problems(examine_exchange(course))
    subprocess.run(found.mend, shell=True, check=True)
    assert problems(examine_exchange(course)) == []


def test_gradebook_is_opened(classroom: Path) -> None:
    """What it holds is told; one that is gone or no gradebook is a problem."""
    here = Course.find(classroom)
    (fine,) = examine_gradebook(here)
    assert fine.says == "grading/gradebook.db: 0 students, 0 units."
    with open_book(classroom) as book:
        record(here, book)
    (classroom / "grading/gradebook.db").unlink()
    (gone,) = examine_gradebook(here)
    assert "is gone" in gone.says and "--new-gradebook" in gone.mend
    (classroom / "grading/gradebook.db").write_text("no database at all, but a text that is long enough to be read", encoding="utf-8")
    (broken,) = examine_gradebook(here)
    assert broken.level == "problem" and "cannot be opened" in broken.says


def test_versions_are_compared_with_the_lock(tmp_path: Path) -> None:
    """Another version and a missing library are told; what is meant for another system is not."""
    import pandas as pd

    lock = tmp_path / "instructor.lock"
    lock.write_text(f"pandas=={pd.__version__}\nnumpy==1.0 ; python_version < '3'\nwin32==1 ; sys_platform == 'win32'\n", encoding="utf-8")
    assert versions(lock).level == "fine"
    lock.write_text("pandas==0.1\nno-such-library==2.0\n", encoding="utf-8")
    told = versions(lock)
    assert f"pandas {pd.__version__} (tested: 0.1), no-such-library missing (tested: 2.0)" in told.says and str(lock) in told.mend
    assert versions(tmp_path / "none.lock").level == "note"


def test_kernel_of_this_environment_has_the_package() -> None:
    """The Python that notebooks start with is asked."""
    assert kernel().level == "fine"


@needs_box
@pytest.mark.slow
def test_doctor_ends_with_what_it_found(shared: Path, litu: Callable[..., Ran]) -> None:
    """The command ends with 1 while there is a problem, prints the line that mends it, and with 0 after it."""
    ill = litu(shared, "doctor")
    (mend,) = [line.partition("mend: ")[2] for line in ill.out.splitlines() if "mend: " in line]
    subprocess.run(mend, shell=True, check=True)
    well = litu(shared, "doctor")

    assert (ill.code, well.code) == (1, 0), well.out
    assert "1 problem. Mend it" in ill.out and well.out.endswith("No problems.\n")
    for about in ("install", "versions", "sandbox", "kernel", "data", "settings", "readers", "gradebook", "exchange"):
        assert f" {about}: " in well.out


@needs_box
def test_a_careful_umask_closes_no_box() -> None:
    """Whoever gives nothing to others by default, root too, can grade."""
    before = os.umask(0o077)
    try:
        assert available(Sandbox(REPOSITORY / "data")) is None
    finally:
        os.umask(before)
