"""A student's first minutes, in real JupyterLab in real Chromium."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
UNIT = "04-taobao-villages"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def student_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle as students of a class get it: no answer key in reach."""
    folder = tmp_path_factory.mktemp("student") / "course"
    subprocess.run([sys.executable, "-m", "litu.cli", "publish", str(folder)], cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def lab(student_copy: Path) -> Iterator[str]:
    """The address of a running JupyterLab over the student's release folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    state = student_copy.parent / "state"
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", f"--IdentityProvider.token={token}"],
        cwd=student_copy / "release",
        env={**os.environ, "XDG_STATE_HOME": str(state), "JUPYTER_CONFIG_DIR": str(state), "HOME": str(state)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api?token={token}", timeout=2)
                break
            except OSError:
                time.sleep(0.5)
        yield f"{address}/lab/tree/{UNIT}/{UNIT}.ipynb?token={token}"
    finally:
        server.terminate()
        server.wait(20)


def test_student_types_a_wrong_answer_and_reads_why(lab: str, tmp_path: Path) -> None:
    """In JupyterLab a fresh unit runs to its end, and a wrong answer draws the message about its slip."""
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed (Debian package chromium)")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(QUIET))
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.goto(lab, timeout=120_000)
        editor = page.locator(".jp-CodeCell .cm-content", has_text="# Exercise jobs-2016 (")
        editor.wait_for(timeout=120_000)
        editor.click()
        page.keyboard.press("Control+End")
        page.keyboard.type("\njobs_2016 = 1311 * 2.8")
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        first = page.locator("[role=status]", has_text="jobs-2016: wrong")
        first.wait_for(timeout=180_000)
        page.locator("[role=status]", has_text="verdicts: not started").wait_for(timeout=180_000, state="attached")
        said = first.text_content()
        page.locator(".jp-CodeCell .cm-content", has_text='check("jobs-2016"').scroll_into_view_if_needed()
        page.mouse.move(700, 700)
        page.mouse.wheel(0, 500)
        page.wait_for_timeout(1_500)  # JupyterLab draws cells as they come into view
        picture = tmp_path / "unit-04.png"
        page.screenshot(path=str(picture))
        errors = page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']").count()
        browser.close()

    assert "You used the number of villages" in said
    assert "840" not in said
    assert errors == 0
    assert picture.stat().st_size > 10_000
