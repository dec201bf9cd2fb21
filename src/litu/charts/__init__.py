"""Altair charts graded by meaning: what a Vega-Lite spec draws, held against what was wanted."""

from litu.charts.check import faults
from litu.charts.faults import Fault, share
from litu.charts.meaning import ChartMeaning, meaning

__all__ = ["ChartMeaning", "Fault", "faults", "meaning", "share"]
