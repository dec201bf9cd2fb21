"""JupyterLab as a student runs it, and Chromium without the internet."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from places import REPOSITORY

ALONE = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)  # fmt: skip
"""Chromium keeps to itself, and knows no name but this machine's."""
WHOLE_PAGE = {
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"checkForUpdates": False, "fetchNews": "false"},
}
"""Settings of JupyterLab that put all cells of a notebook on the page, and no question above it."""
AT_REST = """() => {
  const prompts = [...document.querySelectorAll(".jp-Notebook .jp-CodeCell .jp-InputPrompt")].map(prompt => prompt.textContent);
  return prompts.some(prompt => /\\d/.test(prompt)) && !prompts.some(prompt => prompt.includes("*"));
}"""
"""Whether cells have run and none is running or waiting."""


def published(folder: Path) -> Path:
    """Return a folder with the bundle as students of a class get it: no answer key in reach."""
    subprocess.run([sys.executable, "-m", "litu.cli", "publish", str(folder)], cwd=REPOSITORY, check=True, capture_output=True)
    return folder


@contextmanager
def running_lab(folder: Path, state: Path, settings: dict[str, Any] | None = None, config: str = "") -> Iterator[tuple[str, str]]:
    """Run JupyterLab over a folder; yield its address and its token.

    `state` takes all that it writes; `settings` are JupyterLab's own, by the name of the plug-in; `config` is a file given to it.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    for name, values in (settings or {}).items():
        path = state / "lab" / "user-settings" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--allow-root",
            f"--port={port}",
            f"--IdentityProvider.token={token}",
            *([f"--config={config}"] if config else []),
        ],
        cwd=folder,
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
        yield address, token
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def chromium() -> Iterator[Any]:
    """Yield a browser that reaches this machine only; skip the test where there is none."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed (Debian package chromium)")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(ALONE))
        yield browser
        browser.close()


def open_notebook(browser: Any, address: str) -> Any:
    """Open a notebook in JupyterLab and return the page once its kernel is ready: asked to run sooner, it wants to know which."""
    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    page.goto(address, timeout=120_000)
    wait_until_ready(page)
    return page


def wait_until_ready(page: Any) -> None:
    """Wait until the notebook that a page opens is there, with a kernel that waits for work."""
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=120_000, state="attached")
    page.get_by_text("| Idle").wait_for(timeout=120_000)


def run_all_cells(page: Any) -> None:
    """Ask JupyterLab to run all cells of the open notebook."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def wait_until_run(page: Any, milliseconds: float = 60_000) -> None:
    """Wait until all cells that were asked for have run."""
    page.wait_for_function(AT_REST, timeout=milliseconds)
