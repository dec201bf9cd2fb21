"""The command line of the course: build, verify, grade, publish."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from litu.cli import classes, grading, handing_in, handouts, upkeep
from litu.course import Course
from litu.errors import LituError
from litu.grading.results.plain_text import plain

app = typer.Typer(
    help="Build a course of notebooks, test its checks, grade a class.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
console = Console()

Units = Annotated[list[str] | None, typer.Argument(help="Units by name or number, for example 04. All units if none is named.")]


def chosen(course: Course, units: list[str] | None) -> list[str]:
    """Return the full names of the units asked for, all of them if none is."""
    return [course.lesson(unit).stem for unit in units] if units else course.units()


@app.command()
def build(
    units: Units = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail when a built file is stale.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Build also what has not changed.")] = False,
) -> None:
    """Make source/, release/ and the answer keys from course/."""
    from litu.authoring.build import build as build_units
    from litu.authoring.build import stale_files

    course = Course.find()
    names = chosen(course, units)
    if check:
        stale = list(stale_files(course, names))
        if stale:
            raise LituError(f"Stale: {', '.join(stale)}; run `litu build` and commit what it changes.")
        units_are = "1 unit is" if len(names) == 1 else f"{len(names)} units are"
        console.print(f"{units_are} fresh: source/, release/ and grading/keys/ are what course/ says.")
        return
    with Progress(console=console) as progress:
        task = progress.add_task("Building", total=len(names))

        def tell(unit: str, built: bool) -> None:
            progress.advance(task)
            progress.console.print(f"{unit}: {'built' if built else 'unchanged'}", highlight=False)

        build_units(course, names, force=force, tell=tell)


@app.command()
def verify(
    units: Units = None,
    public: Annotated[bool, typer.Option("--public/--no-public", help="Try the slow checks of the student copy too.")] = True,
) -> None:
    """Hold every check against its bank of right and wrong answers."""
    from litu.authoring.bank.verify import Report, check_unit, read_built

    course = Course.find()
    names = chosen(course, units)
    table = Table("unit", "exercises", "mistakes", "equivalents", "faults noticed", "failures", title="The checks and their bank")
    total = Report()
    with Progress(console=console, transient=True) as progress:
        for unit in names:
            part = Report()
            task = progress.add_task(unit, total=len(read_built(course, unit)[0].exercises))
            for report in check_unit(course, unit, public=public):
                part.add(report)
                progress.advance(task)
            counts = part.exercises, part.mistakes, part.equivalents, f"{part.score:.1%}", len(part.failures)
            table.add_row(unit, *map(str, counts))
            total.add(part)
    console.print(table)
    for survivor in total.survivors:
        console.print(f"not noticed: {survivor}", highlight=False, markup=False, soft_wrap=True)
    for failure in total.failures:
        console.print(f"failure: {failure}", highlight=False, markup=False, soft_wrap=True)
    console.print(total.line(), highlight=False, soft_wrap=True)
    if total.failures:
        raise typer.Exit(1)


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="Where to put the course; must not exist yet or be empty.")],
    title: Annotated[str, typer.Option("--title", help="The course's title.")] = "A course of your own",
) -> None:
    """Write a small course of your own to begin with: one unit, one table, the settings."""
    from litu.authoring.starter import write_course

    write_course(folder, title)
    console.print(f"{folder} holds a course of one unit. Next: cd {folder}, then make demo; README.md says what is where.", highlight=False)


app.command()(grading.grade)
app.command()(grading.due)
app.command()(grading.demo)
app.command()(handouts.publish)
app.command()(handouts.links)
app.command()(handouts.pages)
app.command()(handing_in.pack)
app.command()(handing_in.unpack)
app.command()(classes.mark)
app.command()(classes.report)
app.command()(upkeep.forget)
app.command()(upkeep.doctor)
app.add_typer(upkeep.gradebook, name="gradebook")
app.command()(classes.collect)
app.command()(classes.export)

data_app = typer.Typer(help="Look after the reference dataset.", no_args_is_help=True)
app.add_typer(data_app, name="data")


@data_app.command("seal")
def data_seal() -> None:
    """Write the checksums of data/*.csv into datapackage.json after a table was changed on purpose."""
    from litu.dataset.checksums import seal

    seal(Course.find().data)
    console.print("data/datapackage.json holds the checksums of the tables as they are now.")


def main() -> None:
    """Run the command line; a user's mistake ends in one sentence and exit code 1."""
    try:
        app(standalone_mode=True)
    except LituError as error:
        Console(stderr=True).print(f"litu: {plain(str(error), 5000)}", style="bold red", highlight=False, markup=False, soft_wrap=True)
        sys.exit(1)
