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

ALONE = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)  # fmt: skip
"""Chromium keeps to itself, and knows no name but this machine's."""


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
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=120_000, state="attached")
    page.get_by_text("| Idle").wait_for(timeout=120_000)
    return page


def run_all_cells(page: Any) -> None:
    """Ask JupyterLab to run all cells of the open notebook."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
