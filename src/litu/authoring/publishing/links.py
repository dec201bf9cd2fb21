"""Links that open a unit on Binder: written once into README.md, from where START takes them.

The lines stand between two comments; the first of them says which repository they lead to, so that a build finds it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from litu.course import Course
from litu.errors import LituError

END = "<!-- end of binder links -->"
_BLOCK = re.compile(r"<!-- binder links(?: to (?P<repository>\S+))? -->\n.*?" + re.escape(END), re.DOTALL)
_REPOSITORY = re.compile(
    r"(?:https://github\.com/)?(?P<owner>[A-Za-z0-9][A-Za-z0-9-]{0,38})/(?P<name>[\w.-]{1,100}?)(?:\.git)?(?:/(?P<ref>[\w./-]{1,200}))?/?"
)


@dataclass(frozen=True)
class Repository:
    """A repository on GitHub, at a branch, tag or commit."""

    owner: str
    name: str
    ref: str = "HEAD"

    @classmethod
    def read(cls, text: str) -> Repository:
        """Return what OWNER/REPO, OWNER/REPO/ref or the address on GitHub names. Raises LituError."""
        found = _REPOSITORY.fullmatch(text.strip())
        if not found or found["name"] in (".", "..") or ".." in (found["ref"] or ""):
            raise LituError(f"{text[:80]!r} names no repository; write OWNER/REPOSITORY, perhaps with /branch behind it.")
        return cls(found["owner"], found["name"], found["ref"] or "HEAD")

    def __str__(self) -> str:
        return f"{self.owner}/{self.name}/{self.ref}"

    def link(self, path: str) -> str:
        """Return the address that opens a file of the repository in JupyterLab on Binder."""
        return f"https://mybinder.org/v2/gh/{self.owner}/{self.name}/{quote(self.ref, safe='')}?urlpath={quote(f'lab/tree/{path}')}"


def repository_of(course: Course) -> Repository | None:
    """Return the repository that the links in a course's README lead to, None before `litu links` was run."""
    found = _BLOCK.search(_readme(course))
    return Repository.read(found["repository"]) if found and found["repository"] else None


def link_lines(course: Course, titles: dict[str, str]) -> str:
    """Return the lines of links, one for START and for each unit of ``titles``; empty before `litu links` was run."""
    repository = repository_of(course)
    return _lines(course, repository, titles) if repository else ""


def write_links(course: Course, repository: Repository, titles: dict[str, str]) -> bool:
    """Write the lines into README.md, between the comments or at its end; return whether that changed anything. Raises LituError."""
    before = _readme(course)
    block = f"<!-- binder links to {repository} -->\n{_lines(course, repository, titles)}\n{END}"
    blocks = len(_BLOCK.findall(before))
    if blocks > 1:
        raise LituError("README.md holds the comments for Binder links more than once; leave one pair of them.")
    after = _BLOCK.sub(lambda _: block, before) if blocks else f"{before.rstrip()}\n\n{block}\n".lstrip()
    if after == before:
        return False
    try:
        (course.root / "README.md").write_text(after, encoding="utf-8")
    except OSError as error:
        raise LituError(f"README.md cannot be written ({error.strerror}).") from None
    return True


def _lines(course: Course, repository: Repository, titles: dict[str, str]) -> str:
    released = course.place("release").relative_to(course.out).as_posix()
    places = {"START": f"{released}/START.ipynb"} | {title: f"{released}/{unit}/{unit}.ipynb" for unit, title in titles.items()}
    return "\n".join(f"- [{title}]({repository.link(path)})" for title, path in places.items())


def _readme(course: Course) -> str:
    try:
        return (course.root / "README.md").read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise LituError("README.md cannot be read as text in UTF-8.") from None
