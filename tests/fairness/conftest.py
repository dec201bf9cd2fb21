"""Sums the fairness suite up in one line."""

from __future__ import annotations

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how many right notebooks there were and how many got full marks, also beside two processes that take all they can get."""
    reports = [dict(report.user_properties) for group in ("passed", "failed") for report in terminalreporter.stats.get(group, [])]
    fair = [report["fair"] for report in reports if "fair" in report]
    if fair:
        loaded = sum(report.get("loaded", 0) for report in reports)
        terminalreporter.write_line(
            f"{len(fair)} right notebooks written unusually: {sum(fair)} with full marks; {loaded} of them again beside two CPU hogs."
        )
