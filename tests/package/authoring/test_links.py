"""Links to Binder: written once, between their marks, and taken over by START at every build."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from ran import Ran

from litu.authoring.publishing.bundle import publish
from litu.authoring.publishing.links import Repository
from litu.course import Course
from litu.errors import LituError

LINK = "https://mybinder.org/v2/gh/someone/leaving-the-soil/HEAD?urlpath=lab/tree/release/01-tiny/01-tiny.ipynb"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a/b", "a/b/HEAD"),
        ("a/b/v1.0", "a/b/v1.0"),
        ("a/b.c/feature/x", "a/b.c/feature/x"),
        ("https://github.com/a/b.git", "a/b/HEAD"),
        ("https://github.com/a/b/", "a/b/HEAD"),
    ],
)
def test_a_repository_is_read_as_people_write_it(text: str, says: str) -> None:
    """With or without a branch, or as the address that a browser shows."""
    assert str(Repository.read(text)) == says


@pytest.mark.parametrize("text", ["", "a", "a b/c", "-a/b", "a/..", "a/b/../c", "a/b\nc", "https://elsewhere.org/a/b", "a/b?x=1", "a/<b>"])
def test_what_names_no_repository_is_told(text: str) -> None:
    """The sentence says what to write."""
    with pytest.raises(LituError, match="write OWNER/REPOSITORY"):
        Repository.read(text)


def test_a_branch_with_a_slash_is_one_part_of_the_address() -> None:
    """Binder takes what stands behind the next slash for a path."""
    assert Repository.read("a/b/feature/x").link("release/START.ipynb") == (
        "https://mybinder.org/v2/gh/a/b/feature%2Fx?urlpath=lab/tree/release/START.ipynb"
    )


def start(course: Path) -> str:
    """Return the text of START."""
    return "\n".join(cell.source for cell in nbformat.read(course / "release" / "START.ipynb", as_version=4).cells)


def test_links_are_written_once_and_survive_a_build(litu: Callable[..., Ran], course: Path) -> None:
    """The text around them stays, a second run changes nothing, another repository replaces them, and a build agrees."""
    (course / "README.md").write_text("Above\n\n<!-- binder links -->\nold\n<!-- end of binder links -->\n\nBelow\n")

    assert "now lead to someone/leaving-the-soil/HEAD" in litu(course, "links", "someone/leaving-the-soil").out
    readme = (course / "README.md").read_text()
    assert readme.startswith("Above\n") and readme.endswith("\nBelow\n") and "old" not in readme
    assert readme.count(LINK) == start(course).count(LINK) == 1

    assert "lead already" in litu(course, "links", "someone/leaving-the-soil").out
    assert (course / "README.md").read_text() == readme
    assert litu(course, "build", "01", "--check").code == 0

    litu(course, "links", "other/place/main")
    assert LINK not in (course / "README.md").read_text() + start(course)
    assert "gh/other/place/main?urlpath=lab/tree/release/02-kinds/02-kinds.ipynb" in start(course)


def test_a_course_without_links_has_none_in_start(course: Path) -> None:
    """Before the command was run START says nothing of Binder's links."""
    assert "mybinder.org" not in start(course)


def test_links_go_to_the_end_where_there_is_no_place_for_them(litu: Callable[..., Ran], course: Path) -> None:
    """A README without the comments gets them; one with two pairs is left as it is."""
    (course / "README.md").write_text("Mine\n")
    assert litu(course, "links", "someone/leaving-the-soil").code == 0
    readme = (course / "README.md").read_text()
    assert readme.startswith("Mine\n\n<!-- binder links to someone/leaving-the-soil/HEAD -->\n")

    (course / "README.md").write_text(readme * 2)
    ran = litu(course, "links", "other/place")
    assert ran.code == 1 and "more than once" in ran.err and (course / "README.md").read_text() == readme * 2


def test_a_class_gets_no_links(litu: Callable[..., Ran], course: Path, tmp_path: Path) -> None:
    """The public course that the links lead to shows answers, so a graded class's START is without them."""
    litu(course, "links", "someone/leaving-the-soil")
    publish(Course.find(course), tmp_path / "bundle")

    assert "mybinder.org" not in (tmp_path / "bundle" / "release" / "START.ipynb").read_text(encoding="utf-8")
