"""A bundle that is given out again: what is new comes in, and what somebody did there stays."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ran import Ran

from litu.authoring.publishing.bundle import publish
from litu.authoring.publishing.update import MANIFEST, read_manifest, update
from litu.course import Course
from litu.errors import LituError

NOTEBOOK = "release/01-tiny/01-tiny.ipynb"


@pytest.fixture
def bundle(course: Path, tmp_path: Path) -> Path:
    """Return a bundle of the small course."""
    publish(Course.find(course), tmp_path / "bundle")
    return tmp_path / "bundle"


def again(course: Path, bundle: Path, *units: str) -> dict[str, str]:
    """Publish once more; return what was done by file."""
    return {change.name: change.done for change in publish(Course.find(course), bundle, units or None)[1]}


def release(course: Path, text: str, unit: str = "01-tiny") -> None:
    """Mend the released notebook of a unit, as a build does."""
    path = course / "release" / unit / f"{unit}.ipynb"
    path.write_text(text, encoding="utf-8")
    key = course / "grading" / "keys" / f"{unit}.json"
    content = json.loads(key.read_text(encoding="utf-8"))
    content["built"]["files"][f"release/{unit}/{unit}.ipynb"] = hashlib.sha256(text.encode()).hexdigest()
    key.write_text(json.dumps(content), encoding="utf-8")


def test_nothing_new_changes_nothing(course: Path, bundle: Path) -> None:
    """A second run says nothing of any file."""
    assert again(course, bundle) == {}


def test_a_mended_unit_replaces_the_untouched_one(course: Path, bundle: Path) -> None:
    """What nobody changed is brought up to date; a file that somebody took away comes back."""
    release(course, "mended")
    (bundle / "release/02-kinds/checks.json").unlink()

    assert again(course, bundle) == {NOTEBOOK: "updated", "release/02-kinds/checks.json": "put back"}
    assert (bundle / NOTEBOOK).read_text() == "mended"


def test_work_stays_and_the_new_lies_beside_it(course: Path, bundle: Path) -> None:
    """A notebook with somebody's answers is not touched, once told with the name of the new one, then left in peace; other files neither."""
    (bundle / NOTEBOOK).write_text("my answers")
    (bundle / "release/01-tiny/notes.txt").write_text("mine")
    assert again(course, bundle) == {NOTEBOOK: "stays: it was changed there, and the course has nothing new"}

    release(course, "mended")
    done = again(course, bundle)[NOTEBOOK]

    beside = bundle / "release/01-tiny" / done.split(" as ")[1]
    assert done.startswith("stays: it was changed there; the new one lies beside it as 01-tiny-new-")
    assert ((bundle / NOTEBOOK).read_text(), beside.read_text()) == ("my answers", "mended")
    again(course, bundle)
    assert {path.name for path in (bundle / "release/01-tiny").iterdir()} == {"01-tiny.ipynb", "checks.json", "notes.txt", beside.name}


def test_units_come_one_by_one(course: Path, tmp_path: Path) -> None:
    """START leads to the units that are there, and a unit given out earlier stays."""
    bundle = tmp_path / "bundle"
    publish(Course.find(course), bundle, ["01-tiny"])
    assert [path.name for path in sorted((bundle / "release").iterdir())] == ["01-tiny", "START.ipynb"]
    assert "02-kinds" not in (bundle / "release/START.ipynb").read_text(encoding="utf-8")

    done = again(course, bundle, "02-kinds")

    assert done == {"release/02-kinds/02-kinds.ipynb": "added", "release/02-kinds/checks.json": "added", "release/START.ipynb": "updated"}
    start = (bundle / "release/START.ipynb").read_text(encoding="utf-8")
    assert "01-tiny/01-tiny.ipynb" in start and "02-kinds/02-kinds.ipynb" in start
    release(course, "mended")
    assert again(course, bundle, "02-kinds") == {}
    assert again(course, bundle) == {NOTEBOOK: "updated"}


def test_a_released_notebook_with_answers_is_not_given_out(course: Path, bundle: Path, tmp_path: Path) -> None:
    """A teacher who tried a unit in release/ is told before it goes out."""
    (course / NOTEBOOK).write_text("the teacher's answers")

    for folder in (bundle, tmp_path / "new"):
        with pytest.raises(LituError, match="is not as it was built; run `litu build 01 --force` first"):
            publish(Course.find(course), folder)
    assert "answers" not in (bundle / NOTEBOOK).read_text(encoding="utf-8")


def test_a_manifest_that_leads_elsewhere_takes_nothing_away(course: Path, bundle: Path, tmp_path: Path) -> None:
    """Whatever stands in the manifest of a folder that came back, only files inside it are touched."""
    outside = tmp_path / "outside.txt"
    outside.write_text("x")
    path = bundle / MANIFEST
    content = json.loads(path.read_text())
    digest = hashlib.sha256(b"x").hexdigest()
    content["files"] |= {"../outside.txt": digest, str(outside): digest, "link/outside.txt": digest}
    path.write_text(json.dumps(content))
    (bundle / "link").symlink_to(tmp_path)

    assert again(course, bundle) == {} and outside.exists()


def test_a_folder_that_became_a_link_is_left_out(course: Path, bundle: Path, tmp_path: Path) -> None:
    """Nothing is written through a link."""
    (tmp_path / "elsewhere").mkdir()
    for path in (bundle / "lab", bundle / "release/02-kinds"):
        if path.exists():
            path.rename(tmp_path / path.name)
            path.symlink_to(tmp_path / "elsewhere")

    done = again(course, bundle)

    assert set(done.values()) == {"left out: its folder leads elsewhere"} and not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 9, "files": {}}', '{"format": 1}', '{"format": 1, "files": [1]}'])
def test_a_spoilt_manifest_is_told(course: Path, bundle: Path, content: str) -> None:
    """Without it nobody knows what was changed, so nothing is."""
    (bundle / MANIFEST).write_text(content)
    before = (bundle / NOTEBOOK).read_bytes()

    with pytest.raises(LituError, match="publish to a new folder"):
        again(course, bundle)
    assert (bundle / NOTEBOOK).read_bytes() == before


files = st.dictionaries(st.sampled_from(["a.txt", "b/c.txt", "d.ipynb"]), st.sampled_from([b"1", b"2", b"3"]))


@settings(deadline=None)
@given(first=files, theirs=files, second=files)
def test_no_change_of_theirs_is_ever_lost(tmp_path_factory: pytest.TempPathFactory, first: dict, theirs: dict, second: dict) -> None:
    """Whatever is given out, changed there and given out again: what they wrote is still there, and what is new can be found."""
    folder = tmp_path_factory.mktemp("bundle")
    update(folder, {name: (data, 0o644) for name, data in first.items()}, {}, set())
    for name, data in theirs.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)

    update(folder, {name: (data, 0o644) for name, data in second.items()}, read_manifest(folder) or {}, set())

    for name, data in theirs.items():
        if data != first.get(name):
            assert (folder / name).read_bytes() == data
    for name, data in second.items():
        changed = name in theirs and theirs[name] not in (first.get(name), data)
        near = list((folder / name).parent.glob(f"{Path(name).stem}*"))
        assert (changed and data == first.get(name)) or data in [path.read_bytes() for path in near]
    left = first.keys() - second.keys() - {name for name, data in theirs.items() if data != first.get(name)}
    assert not [name for name in left if (folder / name).exists()]


def git(folder: Path, *words: str) -> str:
    """Return what git says."""
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True).stdout


def test_an_update_is_committed_and_nothing_else(
    litu: Callable[..., Ran], course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command says what it did per file; the repository gets what was given out, whoever commits, and no work of anybody's."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    bundle = tmp_path / "bundle"
    first = litu(course, "publish", str(bundle), "--unit", "01", "--git")
    assert (first.code, first.err) == (0, "") and "holds 1 unit," in first.out and first.out.endswith("Committed.\n")
    assert git(bundle, "status", "--porcelain") == ""

    (bundle / "mine.txt").write_text("mine")
    release(course, "mended")
    second = litu(course, "publish", str(bundle), "--git")

    assert f"{NOTEBOOK}: updated\n" in second.out and "release/02-kinds/checks.json: added\n" in second.out
    assert git(bundle, "status", "--porcelain") == "?? mine.txt\n" and len(git(bundle, "log", "--oneline").splitlines()) == 2
    assert "Nothing new to commit." in litu(course, "publish", str(bundle), "--git").out
