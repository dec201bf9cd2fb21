"""What is given in the model: the parameters of both regions, by scenario."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from litu import load
from litu.errors import LituError

Value = float | np.ndarray
"""A number, or an array of numbers: the model works element by element."""


@dataclass(frozen=True)
class Economy:
    """A rural and an urban region. People are counted in units of the first farmers, money in units of the farm good.

    The first five fields differ between the scenarios of the table ``model_scenarios``; the others are rows
    ``m1_...`` of the table ``assumptions``. A field may hold an array; arrays must fit one another.
    """

    technology_gap: Value
    """m: unit cost of a rural firm above that of an urban one, which is 0."""
    transport_cost: Value
    """τ: cost of shipping one unit between the regions."""
    training_cost: Value
    """s: what setting up a rural firm and its training cost."""
    hukou_cost: Value
    """h: cost of moving that every migrant bears."""
    city_income: Value
    """w₀: income in a city that is empty."""
    farmers: Value
    """L: farmers before anybody leaves."""
    city_people: Value
    """N₀: people in the city at the start; each runs one urban firm."""
    alpha: Value
    """α: what a buyer would pay for the first unit."""
    delta: Value
    """δ: how unlike the varieties are."""
    gamma: Value
    """γ: how far the varieties replace one another."""
    farm_income: Value
    """y: income of a farmer."""
    city_income_per_person: Value
    """w₁: what one more person adds to income in the city (agglomeration)."""
    migration_spread: Value
    """Θ: personal costs of moving are spread evenly from 0 to Θ."""

    def __post_init__(self) -> None:
        if np.any(np.asarray(self.migration_spread) / self.farmers <= self.city_income_per_person):
            raise ValueError("migration_spread / farmers must exceed city_income_per_person, or migration has no unique equilibrium")


def scenario(name: str = "coast", **changes: Value) -> Economy:
    """Return the economy of one row of ``model_scenarios``, with ``changes`` to fields of ``Economy``.

    Raises ``LituError`` when there is no such scenario.
    """
    scenarios = load("model_scenarios").set_index("scenario").drop(columns="meaning")
    if name not in scenarios.index:
        raise LituError(f"There is no scenario {name!r}. There are: {', '.join(scenarios.index)}.")
    economy = Economy(**scenarios.loc[name].astype(float).to_dict(), **constants("m1_"))
    return replace(economy, **changes)


def constants(prefix: str) -> dict[str, float]:
    """Return the rows of ``assumptions`` whose name begins with ``prefix``, by the rest of the name."""
    values = load("assumptions").set_index("name")["value"]
    return {name.removeprefix(prefix): float(value) for name, value in values.items() if name.startswith(prefix)}
