"""A learner's hour in real JupyterLab in real Chromium, with no name resolution: by mouse, enlarged, narrow, by keyboard, in the dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe import in_our_parts, outside_our_parts
from browser import WHOLE_PAGE, chromium, published, running_lab, wait_until_run
from learner_at_lab import Learner
from places import REPOSITORY

from litu.course import Course
from litu.grading.demo.sample_class import CLASS, hand_in

UNIT = "04-taobao-villages"
SETTINGS = {
    **WHOLE_PAGE,
    "@jupyterlab/apputils-extension/themes": {"adaptive-theme": True},
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
}
"""The theme follows the system, so that one lab serves light and dark; each test finds the unit as it was handed out."""
KNOWN = Path(__file__).parent / "jupyterlab_barriers.txt"
WINDOWS = {
    "zoom": {"viewport": {"width": 683, "height": 450}, "device_scale_factor": 2},  # 1366 × 900 at 200 %
    "narrow": {"viewport": {"width": 360, "height": 800}},
    "dark": {"color_scheme": "dark"},
}
TOLD = """import altair as alt, pandas as pd, litu
lists = pd.DataFrame({"year": [2014, 2015, 2016], "villages": [212, 780, 1311]})
litu.describe(alt.Chart(lists, title="Lists").mark_line().encode(x="year:O", y="villages:Q"))"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A learner's JupyterLab over a bundle, with a solved copy of the unit beside the fresh one."""
    folder = published(tmp_path_factory.mktemp("walk") / "course")
    hand_in(Course(REPOSITORY, REPOSITORY), UNIT, folder.parent / "solved", CLASS[:1])
    (folder.parent / "solved" / CLASS[0].name / UNIT / f"{UNIT}.ipynb").rename(folder / "release" / UNIT / "solved.ipynb")
    with running_lab(folder, folder.parent / "state", SETTINGS, config="lab/jupyter_lab_config.py") as (address, token):
        yield address, token


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for all tests of this file."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def all_run(lab: tuple[str, str], browser: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What `progress()` says at the end of the solved copy, whose cells have all run and which is saved with all that they show."""
    learner = Learner(browser, lab, tmp_path_factory.mktemp("all-run"))
    learner.open(f"{UNIT}/solved.ipynb")
    learner.menu("Run", "Run All Cells")
    wait_until_run(learner.page)
    said = learner.note("Progress.")
    learner.menu("File", "Save Notebook")
    learner.look("saved")
    learner.page.context.close()
    return said


@pytest.fixture
def learner(lab: tuple[str, str], browser: Any, tmp_path: Path) -> Iterator[Callable[..., Learner]]:
    """A function that seats a learner at a window; what each window showed last is kept as a picture."""
    seated: list[Learner] = []

    def seat(**window: Any) -> Learner:
        seated.append(Learner(browser, lab, tmp_path, **window))
        return seated[-1]

    yield seat
    for number, one in enumerate(seated):
        one.look(f"last-{number}")
        one.page.context.close()


def answer_wrong_then_right(learner: Learner) -> dict[str, str]:
    """Work on the first exercise of part B as the page says; return what each step said."""
    said = {}
    learner.click_into("import altair as alt")
    learner.run()
    learner.write_at_end("# Exercise jobs-2016 (", "jobs_2016 = 1311 * 2.8")
    learner.run()
    said["wrong"] = learner.note("jobs-2016: wrong")
    learner.look("wrong")
    learner.uncomment_and_run('hint("jobs-2016")', 1)
    said["hint"] = learner.note("Hint ")
    learner.write_at_end("# Exercise jobs-2016 (", 'jobs_2016 = stated["000-15"] * stated["000-14"]')
    learner.run()
    said["right"] = learner.note("jobs-2016: right")
    learner.look("right")
    return said


def test_from_start_to_the_last_check(all_run: str, learner: Callable[..., Learner]) -> None:
    """START leads to the unit; a slip is named, a hint helps, a pass tells what was found; a solved copy reaches all, and a restart keeps it."""
    first = learner()
    first.open("START.ipynb")
    first.follow("04 · ")
    said = answer_wrong_then_right(first)
    first.click_into('rule = pd.DataFrame({"households"')
    first.run()
    first.page.get_by_role("img", name="Small villages come in by the lower door").wait_for(timeout=60_000)
    first.look("chart")

    second = learner()
    second.open(f"{UNIT}/solved.ipynb")
    second.menu("Kernel", "Restart Kernel and Clear")
    second.page.get_by_role("button", name="Confirm Kernel Restart").click()
    second.click_into("progress()")
    second.run()
    again = second.note("Progress.")
    second.look("progress")
    second.open("START.ipynb")
    second.click_into("start()")
    second.run()
    second.look("start")
    row = second.page.get_by_role("region", name="Your progress").get_by_role("row", name="04 · ").inner_text()

    assert "You multiplied the villages" in said["wrong"] and "840" not in said["wrong"]
    assert "must be in jobs" in said["hint"]
    assert "The product meets the printed figure" in said["right"]
    done, marked = all_run.split("Progress. ")[1].split(" exercises right")[0].split(" of ")
    assert done == marked and int(done) > 10
    assert f"{done} of {marked} exercises right" in again
    assert "done" in row and f"{done} of {marked} right" in row


@pytest.mark.parametrize("window", WINDOWS)
def test_in_other_windows(window: str, all_run: str, learner: Callable[..., Learner]) -> None:
    """Enlarged, narrow and dark the same steps work; nothing of ours is cut, covered, scrolled sideways or hard to read."""
    faults: dict[str, list[str]] = {}
    one = learner(**WINDOWS[window])
    one.open("START.ipynb")
    one.click_into("start()")
    one.run()
    one.look("start")
    faults["START"] = one.layout_faults() + in_our_parts(one.page)
    contrasts = [one.weakest_contrast()]
    one.follow("04 · ")
    said = answer_wrong_then_right(one)
    faults["notes"] = one.layout_faults()
    contrasts.append(one.weakest_contrast())
    one.open(f"{UNIT}/solved.ipynb")
    faults["all outputs"] = one.layout_faults() + in_our_parts(one.page)
    contrasts.append(one.weakest_contrast())
    for number, text in enumerate(("rule = pd.DataFrame", "draw.places(", "draw.tile_map(", "evidence[", "progress()")):
        one.cell(text).locator(".jp-OutputArea-output").first.scroll_into_view_if_needed()
        one.look(f"output-{number}")

    assert "wrong" in said["wrong"] and "right" in said["right"]
    assert not any(faults.values()), faults
    assert min(contrasts) >= 4.5


def test_jupyterlab_has_no_new_barriers(all_run: str, learner: Callable[..., Learner]) -> None:
    """What axe-core finds in JupyterLab's own parts is what the list says; what it finds in an output is told apart from that."""
    one = learner()
    one.open(f"{UNIT}/solved.ipynb")
    known = {line for line in KNOWN.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")}

    found = outside_our_parts(one.page)
    one.cell("progress()").locator(".jp-OutputArea-output").first.evaluate("output => output.append(document.createElement('img'))")

    assert found - known == set()
    assert in_our_parts(one.page) == ["image-alt (critical): <img>"]


def test_with_the_keyboard_only(learner: Callable[..., Learner]) -> None:
    """From START a unit is opened, cells are run, a line is written, and a part to unfold is unfolded, without the mouse."""
    one = learner()
    one.open("START.ipynb")
    keys = one.page.keyboard
    one.tab_to("04 · Taobao villages")
    one.look("link")
    keys.press("Enter")
    one.wait_for_unit()
    for _ in range(3):
        keys.press("Shift+Enter")
    one.page.get_by_role("img", name="The places of this unit").wait_for(timeout=60_000)
    keys.press("Escape")
    for key in ("b", "Enter"):
        keys.press(key)
    keys.insert_text(TOLD)
    one.run()
    one.page.locator("details summary").first.wait_for(timeout=60_000)
    one.look("ran")
    keys.press("ArrowUp")
    one.tab_to("The data of this chart as a table")
    keys.press("Enter")
    one.page.locator("details[open] table").wait_for(timeout=10_000)
    one.look("unfolded")
