"""The commands that give a course out: ``litu publish``, ``litu pages``, ``litu links``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from litu.course import Course


def publish(
    folder: Annotated[Path, typer.Argument(help="Where the bundle goes: a new folder, or that of an earlier bundle, which is updated.")],
    unit: Annotated[list[str] | None, typer.Option("--unit", help="Only this unit, by name or number; may be given again.")] = None,
    git: Annotated[bool, typer.Option("--git", help="Commit what was done there; other files stay out of it.")] = False,
) -> None:
    """Make or update the bundle that students of a graded class receive: no solutions, no keys, and nobody's work touched."""
    from litu.authoring.publishing.bundle import publish as make_bundle
    from litu.authoring.publishing.git import commit
    from litu.authoring.publishing.update import MANIFEST

    course = Course.find()
    is_new = not (folder / MANIFEST).exists()
    there, changes = make_bundle(course, folder, [course.lesson(one).stem for one in unit] if unit else None)
    for change in changes:
        if not (is_new and change.done == "added"):
            print(f"{change.name}: {change.done}")
    count = f"{len(there)} units" if len(there) != 1 else "1 unit"
    print(f"{folder} holds {count}, the data and the package; give it to your students whole.")
    if git:
        done = commit(folder, [change.name for change in changes] + [MANIFEST], f"{course.settings.title}: {', '.join(there)}")
        print("Committed." if done else "Nothing new to commit.")


def links(
    repository: Annotated[str, typer.Argument(help="OWNER/REPOSITORY on GitHub, perhaps with /branch behind it.")],
) -> None:
    """Write links that open START and each unit on Binder into README.md and START."""
    from litu.authoring.parser import read_lesson
    from litu.authoring.publishing.links import Repository, write_links
    from litu.authoring.start_page import write_start_page

    course, wanted = Course.find(), Repository.read(repository)
    lessons = [read_lesson(path) for path in course.lessons()]
    changed = write_links(course, wanted, {lesson.unit: f"{lesson.unit[:2]} · {lesson.title}" for lesson in lessons})
    write_start_page(course)
    print(f"README.md and START {'now lead' if changed else 'lead already'} to {wanted} on Binder: {len(lessons)} units.")


def pages(
    folder: Annotated[Path, typer.Argument(help="Where to put the pages.")],
    units: Annotated[list[str] | None, typer.Argument(help="Units by name or number. All units if none is named.")] = None,
) -> None:
    """Write each unit as a plain web page that is read without Jupyter and without network: everything but the answers."""
    from litu.authoring.publishing.pages import write_pages

    course = Course.find()
    names = [course.lesson(unit).stem for unit in units] if units else course.units()
    write_pages(course, names, folder, lambda unit: print(f"{unit}: written"))
    print(f"Open next: {folder / 'index.html'}")
