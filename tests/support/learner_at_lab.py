"""What a learner does in an open JupyterLab, by mouse or by keyboard, and what then is on the page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from browser import wait_until_ready, wait_until_run

OURS = "[role=status], .litu-chart, [role=region], .litu-told, table"
"""What the course shows in an output: notes, charts, the map, charts told, tables."""

FRONT = ".jp-NotebookPanel:not(.lm-mod-hidden)"
"""The notebook in front of others."""

LAYOUT = """ours => {
  const shown = node => node.getClientRects().length > 0;
  const faults = [];
  for (const output of [...document.querySelectorAll(".jp-OutputArea-output")].filter(shown)) {
    const parts = [...output.querySelectorAll(ours)].filter(part => !part.parentElement.closest(ours));
    const edge = output.getBoundingClientRect();
    const about = part => part.textContent.trim().slice(0, 60);
    for (const part of parts) {
      const box = part.getBoundingClientRect();
      const moves = part.closest("[tabindex='0']");
      if (box.right > edge.right + 1 && !moves) faults.push(`cut at the right by ${Math.round(box.right - edge.right)}: ${about(part)}`);
      for (const inner of part.querySelectorAll("p, li, th, td, summary, svg, meter, pre"))
        if (!moves && inner.scrollWidth > inner.clientWidth + 1 && getComputedStyle(inner).display !== "inline")
          faults.push(`text is wider than its place: ${about(inner)}`);
    }
    parts.forEach((part, place) => parts.slice(place + 1).forEach(other => {
      const [a, b] = [part.getBoundingClientRect(), other.getBoundingClientRect()];
      if (a.bottom > b.top + 1 && b.bottom > a.top + 1 && a.right > b.left + 1 && b.right > a.left + 1)
        faults.push(`overlap: ${about(part)} / ${about(other)}`);
    }));
  }
  return faults;
}"""
COLOURS = """ours => {
  const ground = node => {
    while (node && /^rgba\\(.*, 0\\)$/.test(getComputedStyle(node).backgroundColor)) node = node.parentElement;
    return node ? getComputedStyle(node).backgroundColor : "rgb(255, 255, 255)";
  };
  const said = [...document.querySelectorAll(".jp-OutputArea-output")].flatMap(output => [...output.querySelectorAll(ours)])
    .flatMap(part => [part, ...part.querySelectorAll("*")])
    .filter(node => [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()));
  return said.filter(node => !node.closest("svg") || node.getAttribute("fill") === "currentColor")
    .map(node => [node.closest("svg") ? getComputedStyle(node).fill : getComputedStyle(node).color, ground(node.closest("svg") || node)]);
}"""


def contrast(one: str, two: str) -> float:
    """Return the contrast of two colours as a browser writes them."""
    from litu.display.palette import contrast as ratio

    return ratio(*("#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3]) for colour in (one, two)))


class Learner:
    """Somebody at JupyterLab: `page` is the window, `pictures` the folder for what was seen."""

    def __init__(self, browser: Any, lab: tuple[str, str], pictures: Path, **window: Any) -> None:
        self.page = browser.new_context(**{"viewport": {"width": 1366, "height": 900}, **window}).new_page()
        self.address, self.token = lab
        self.pictures = pictures

    def open(self, path: str) -> None:
        """Open a notebook by its address, with no tab of earlier; where there is little room, close the side bar, as anybody would."""
        self.page.goto(f"{self.address}/lab/tree/{path}?reset&token={self.token}", timeout=120_000)
        wait_until_ready(self.page)
        if self.page.viewport_size["width"] < 500:
            self.page.keyboard.press("Control+b")

    def follow(self, name: str) -> None:
        """Click a link to a unit, and wait until it is there."""
        self.page.get_by_role("link", name=name).first.click()
        self.wait_for_unit()

    def wait_for_unit(self) -> None:
        """Wait until a unit has come to the front, with its kernel: asked to run sooner, JupyterLab wants to know which."""
        self.page.locator(".lm-TabBar-tab.lm-mod-current", has_text=re.compile(r"\d\d-.*ipynb")).first.wait_for(timeout=60_000)
        self.page.locator(f"{FRONT} .jp-CodeCell").first.wait_for(timeout=120_000, state="attached")
        self.page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=120_000)

    def cell(self, text: str) -> Any:
        """Return the cell in front that holds a text, scrolled to."""
        found = self.page.locator(f"{FRONT} .jp-CodeCell", has_text=text).first
        found.scroll_into_view_if_needed(timeout=60_000)
        return found

    def click_into(self, text: str) -> Any:
        """Put the cursor into the cell that holds a text."""
        cell = self.cell(text)
        cell.locator(".cm-content").click()
        return cell

    def write_at_end(self, text: str, lines: str) -> None:
        """Write lines below what stands in the cell that holds a text, and run it."""
        self.click_into(text)
        self.page.keyboard.press("Control+End")
        self.page.keyboard.insert_text(f"\n{lines}")
        self.run()

    def uncomment_and_run(self, text: str, line: int) -> None:
        """Take the # away before a line, counted from 0, of the cell that holds a text, and run it."""
        self.click_into(text)
        for key in ("Control+Home", *["ArrowDown"] * line, "Delete", "Delete"):
            self.page.keyboard.press(key)
        self.run()

    def run(self) -> None:
        """Run the selected cell and go to the next."""
        self.page.keyboard.press("Shift+Enter")
        wait_until_run(self.page)

    def menu(self, menu: str, item: str) -> None:
        """Choose from JupyterLab's menus."""
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=item).first.click()

    def note(self, text: str) -> str:
        """Wait for a note that holds a text, and return all it says."""
        found = self.page.locator(f"{FRONT} [role=status]", has_text=text).first
        found.wait_for(timeout=60_000)
        return str(found.inner_text())

    def look(self, name: str) -> None:
        """Keep a picture of the window."""
        self.page.wait_for_timeout(300)
        self.page.screenshot(path=str(self.pictures / f"{name}.png"))

    def tab_to(self, wanted: str, most: int = 150) -> None:
        """Press Tab until what has the focus holds a text. Raises AssertionError where that never comes."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if wanted in self.page.evaluate("(document.activeElement.textContent || '').slice(0, 400)"):
                return
        raise AssertionError(f"{most} times Tab, and never on {wanted!r}")

    def layout_faults(self) -> list[str]:
        """Return what of ours is cut, covers something, or has to be scrolled sideways."""
        return list(self.page.evaluate(LAYOUT, OURS))

    def weakest_contrast(self) -> float:
        """Return the lowest contrast of a text of ours with its ground."""
        return min(contrast(*pair) for pair in self.page.evaluate(COLOURS, OURS))
