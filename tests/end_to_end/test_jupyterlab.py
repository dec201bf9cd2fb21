"""A student's first minutes, in real JupyterLab in real Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import chromium, open_notebook, published, run_all_cells, running_lab
from places import REPOSITORY

UNIT = "04-taobao-villages"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def student_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle as students of a class get it."""
    return published(tmp_path_factory.mktemp("student") / "course")


@pytest.fixture(scope="module")
def lab(student_copy: Path) -> Iterator[str]:
    """The address of a running JupyterLab over the student's release folder."""
    with running_lab(student_copy / "release", student_copy.parent / "state") as (address, token):
        yield f"{address}/lab/tree/{UNIT}/{UNIT}.ipynb?token={token}"


def test_student_types_a_wrong_answer_and_reads_why(lab: str, tmp_path: Path) -> None:
    """In JupyterLab a fresh unit runs to its end, and a wrong answer draws the message about its slip."""
    with chromium() as browser:
        page = open_notebook(browser, lab)
        editor = page.locator(".jp-CodeCell .cm-content", has_text="# Exercise jobs-2016 (")
        editor.wait_for(timeout=120_000)
        editor.click()
        page.keyboard.press("Control+End")
        page.keyboard.type("\njobs_2016 = 1311 * 2.8")
        run_all_cells(page)
        first = page.locator("[role=status]", has_text="jobs-2016: wrong")
        first.wait_for(timeout=180_000)
        last = list(json.loads((REPOSITORY / "release" / UNIT / "checks.json").read_text(encoding="utf-8"))["exercises"])[-1]
        page.locator("[role=status]", has_text=f"{last}: not started").wait_for(timeout=180_000, state="attached")
        said = first.text_content()
        page.locator(".jp-CodeCell .cm-content", has_text='check("jobs-2016"').scroll_into_view_if_needed()
        page.mouse.move(700, 700)
        page.mouse.wheel(0, 500)
        page.wait_for_timeout(1_500)  # JupyterLab draws cells as they come into view
        picture = tmp_path / "unit-04.png"
        page.screenshot(path=str(picture))
        errors = page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']").count()

    assert "You multiplied the villages" in said
    assert "840" not in said
    assert errors == 0
    assert picture.stat().st_size > 10_000


def test_a_learner_meets_start_and_no_tools_of_a_teacher(student_copy: Path) -> None:
    """With the bundle's settings JupyterLab opens on START beside its contents, without a teacher's tools or news; nothing opened is changed."""
    with running_lab(student_copy, student_copy.parent / "state-lab", config="lab/jupyter_lab_config.py") as (address, token):
        with chromium() as browser:
            page = open_notebook(browser, f"{address}/?token={token}")
            contents = page.locator(".jp-TableOfContents:visible")
            contents.get_by_text("How it works, in one minute").wait_for(timeout=60_000)
            wide = contents.bounding_box()["width"]
            page.get_by_role("link", name="04 · ").first.click()
            contents.get_by_text("Exercise B1. Rebuild the jobs").wait_for(timeout=60_000)
            page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-KernelName", has_text="Python 3").wait_for(
                timeout=60_000, state="attached"
            )
            page.get_by_text("| Idle").wait_for(timeout=60_000)
            changed = page.locator(".lm-TabBar-tab.jp-mod-dirty").count()
            page.get_by_role("tab", name="START.ipynb").first.click()
            menus = page.locator("[role=menubar] [role=menuitem]").all_inner_texts()
            run_all_cells(page)
            page.get_by_role("region", name="Your progress").get_by_role("link", name="04 · ").wait_for(timeout=120_000)
            shown = page.content()

    assert "START.ipynb" in page.url
    assert changed == 0 and wide > 250
    assert "Run" in menus and "Nbgrader" not in menus
    assert not [words for words in ("Formgrader", "Create Assignment", "Jupyter news") if words in shown]


def test_a_teacher_keeps_the_tools(student_copy: Path) -> None:
    """Without those settings, as an instructor starts JupyterLab, the menu of nbgrader is there."""
    with running_lab(student_copy / "release", student_copy.parent / "state-teacher") as (address, token), chromium() as browser:
        page = open_notebook(browser, f"{address}/lab/tree/START.ipynb?token={token}")
        page.get_by_role("menuitem", name="Nbgrader").wait_for(timeout=60_000)
