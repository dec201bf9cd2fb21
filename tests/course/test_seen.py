"""Every unit's pictures are seen in JupyterLab and in exported pages, with no name resolution and no address in an output."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from browser import WHOLE_PAGE, chromium, open_notebook, published, run_all_cells, running_lab, wait_until_run
from places import REPOSITORY

UNITS = sorted(folder.name for folder in (REPOSITORY / "release").iterdir() if folder.is_dir())
DARK = {**WHOLE_PAGE, "@jupyterlab/apputils-extension/themes": {"theme": "JupyterLab Dark"}}

SEEN = """() => {
  const outputs = [...document.querySelectorAll(".jp-OutputArea-output")];
  const sized = node => { const box = node.getBoundingClientRect(); return box.width > 50 && box.height > 50; };
  const addresses = node => [...node.querySelectorAll("[src], [href]")].flatMap(n => [n.getAttribute("src"), n.getAttribute("href")])
    .filter(value => value && /^(https?:)?\\/\\//.test(value));
  return {
    pictures: outputs.flatMap(o => [...o.querySelectorAll("svg[role=img], .vega-embed svg, img")]).filter(sized).length,
    unnamed: outputs.flatMap(o => [...o.querySelectorAll("svg[role=img]")]).filter(s => !s.getAttribute("aria-labelledby")).length,
    errors: outputs.filter(o => o.dataset.mimeType === "application/vnd.jupyter.error" || /Error loading|not drawn/.test(o.textContent))
      .map(o => o.textContent.slice(0, 200)),
    outside: outputs.flatMap(addresses),
  };
}"""
CONTRAST = """() => [...document.querySelectorAll(".jp-OutputArea-output svg[role=img] text[fill=currentColor]")].map(text => {
  let ground = text.closest(".jp-OutputArea-output");
  while (ground && getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
  return [getComputedStyle(text).fill, ground ? getComputedStyle(ground).backgroundColor : "rgb(255, 255, 255)"];
})"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def student_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle as students of a class get it."""
    return published(tmp_path_factory.mktemp("student") / "course")


@pytest.fixture(scope="module")
def lab(student_copy: Path) -> Iterator[tuple[str, str]]:
    """JupyterLab over the student's units; it puts all cells of a notebook on the page."""
    with running_lab(student_copy / "release", student_copy.parent / "state", WHOLE_PAGE) as (address, token):
        yield address, token


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for all tests of this file."""
    with chromium() as browser:
        yield browser


def run_all(browser: Any, address: str, token: str, path: str) -> Any:
    """Open a notebook, run all its cells and return the page when the kernel has nothing more to do."""
    page = open_notebook(browser, f"{address}/lab/tree/{path}?reset&token={token}")  # no tab of an earlier test
    page.outside = []
    page.on(
        "request",
        lambda request: page.outside.append(request.url) if not re.match(r"(http://127\.0\.0\.1|data:|blob:)", request.url) else None,
    )
    run_all_cells(page)
    wait_until_run(page)
    page.wait_for_timeout(1_500)
    return page


@pytest.mark.parametrize("unit", UNITS)
def test_pictures_of_a_unit_are_seen(unit: str, lab: tuple[str, str], browser: Any, tmp_path: Path) -> None:
    """In JupyterLab a fresh copy's given pictures are drawn and named; no output holds an error or an address; no request leaves the machine."""
    page = run_all(browser, *lab, f"{unit}/{unit}.ipynb")
    seen = page.evaluate(SEEN)
    page.screenshot(path=str(tmp_path / f"{unit}.png"))
    outside = list(page.outside)
    page.close()

    assert seen["pictures"] >= 1
    assert seen["errors"] == [] and seen["outside"] == [] and seen["unnamed"] == 0
    assert outside == []


DRAWINGS = """
import altair as alt
import pandas as pd
from litu import draw, load
table = pd.DataFrame({"year": [2014, 2015, 2016], "villages": [212.0, 780.0, 15000.0], "place": ["a", "b", "a"]})
%%
draw.chain(load("sales_chain_edges").query("chain == 'old'"), title="Chain", description="Boxes.")
%%
draw.argument_map(load("debate_edges"), title="Debate", description="An argument map.")
%%
draw.tile_map(load("province_grid"), "region", title="Regions", description="Four regions.")
%%
alt.Chart(table).mark_line(point=True).encode(x="year:O", y="villages:Q", color="place:N").properties(title="Line", description="A line.")
%%
cut = alt.param(name="cut", value=500, bind=alt.binding_range(min=0, max=1000, name="Cut "))
seen = alt.condition("datum.villages > cut", alt.value(1), alt.value(0.3))
bars = alt.Chart(table).mark_bar().encode(x="year:O", y="villages:Q", opacity=seen)
bars.add_params(cut).properties(title="Moving", description="Bars.")
%%
alt.Chart(table).mark_point().encode(x="year:Q", y="villages:Q").properties(title="Zoom", description="Dots.").interactive()
%%
table
"""


def gallery(path: Path) -> None:
    """Write a notebook that shows one of each kind of picture."""
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in DRAWINGS.split("%%\n")]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


@pytest.mark.parametrize("settings", [WHOLE_PAGE, DARK], ids=["light", "dark"])
def test_one_of_each_kind_is_seen(settings: dict[str, Any], browser: Any, tmp_path: Path) -> None:
    """Drawings, charts and interactive charts are seen, text has a contrast of 4.5:1 in either theme, and a slider redraws its chart."""
    gallery(tmp_path / "gallery.ipynb")
    (tmp_path / "data").symlink_to(REPOSITORY / "data")
    with running_lab(tmp_path, tmp_path / "state", settings) as lab:
        page = run_all(browser, *lab, "gallery.ipynb")
        page.locator(".vega-embed svg").nth(1).wait_for(timeout=60_000, state="attached")
        seen, colours = page.evaluate(SEEN), page.evaluate(CONTRAST)
        bars = ".vega-embed:has(input[type=range]) svg .role-mark path"
        before = page.locator(bars).evaluate_all("bars => bars.map(bar => bar.getAttribute('opacity'))")
        page.locator("input[type=range]").fill("100")
        page.wait_for_timeout(500)
        after = page.locator(bars).evaluate_all("bars => bars.map(bar => bar.getAttribute('opacity'))")
        outside = list(page.outside)
        page.screenshot(path=str(tmp_path / "gallery.png"))
        page.close()

    assert seen["pictures"] == 6 and seen["errors"] == [] and seen["outside"] == [] and outside == []
    assert len(colours) > 50 and min(contrast(*pair) for pair in colours) >= 4.5
    assert before != after
    saved = (tmp_path / "gallery.ipynb").stat().st_size
    assert saved < 2_000_000


def contrast(one: str, two: str) -> float:
    """Return the contrast of two colours as a browser writes them."""
    from litu.display.palette import contrast as ratio

    return ratio(*("#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3]) for colour in (one, two)))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gallery, executed, and its HTML page by nbconvert beside it."""
    folder = tmp_path_factory.mktemp("exported")
    gallery(folder / "gallery.ipynb")
    (folder / "data").symlink_to(REPOSITORY / "data")
    for form in (("notebook", "--execute", "--inplace"), ("html",)):
        subprocess.run([sys.executable, "-m", "nbconvert", "--to", *form, "gallery.ipynb"], cwd=folder, check=True, capture_output=True)
    return folder / "gallery.html"


def test_an_exported_page_shows_everything(exported: Path, browser: Any) -> None:
    """nbconvert's HTML shows the same pictures from its own bytes; the library of the interactive ones is in it once."""
    source = exported.read_text(encoding="utf-8")
    page = browser.new_page()
    page.goto(exported.as_uri(), wait_until="domcontentloaded")
    page.locator(".vega-embed svg").nth(1).wait_for(timeout=60_000, state="attached")
    seen = page.evaluate(SEEN)
    page.close()

    assert seen["pictures"] == 6 and seen["errors"] == [] and seen["outside"] == []
    assert source.count("if (window.lituVega) return;") == 1 and "15,000" in source


def test_without_scripts_the_pictures_stay(exported: Path, browser: Any) -> None:
    """Where no script runs, an interactive chart is its picture."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(exported.as_uri(), wait_until="domcontentloaded")
    names = page.get_by_role("img", name="Moving").count(), page.get_by_role("img", name="Zoom").count()
    shown = page.locator("svg[role=img]").count()
    context.close()

    assert names == (1, 1) and shown == 6


def test_a_notebook_keeps_no_address(exported: Path) -> None:
    """The outputs of an executed notebook hold no address outside of scripts but the names of SVG's own namespaces."""
    cells = json.loads(exported.with_suffix(".ipynb").read_text(encoding="utf-8"))["cells"]
    shown = ["".join(output.get("data", {}).get("text/html", "")) for cell in cells for output in cell["outputs"]]
    bare = [re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL).replace("http://www.w3.org/2000/svg", "") for page in shown]
    assert sum("<svg" in page for page in bare) == 6
    assert not any("://" in page for page in bare)
