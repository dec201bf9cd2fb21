"""The model with a land tie: what a farmer gives up on leaving depends on whether the plot can be kept, let or sold."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq

from litu.rural_industry.economy import Economy, constants
from litu.rural_industry.equilibrium import Equilibrium, equilibrium


@dataclass(frozen=True)
class LandReform:
    """The equilibrium under a land tie, with what happens on the farms."""

    equilibrium: Equilibrium
    income_given_up: float
    """What a farmer loses on leaving."""
    farm_size: float
    """Land of each farmer who stays, in units of the land of each farmer at the start."""
    output_per_farmer: float


def with_land_tie(economy: Economy, tie: float, training_from_land: float = 0.0) -> LandReform:
    """Return the equilibrium when leavers lose the share ``tie`` of the income from their plot (1: all of it, 0: none).

    Farm output is A·(land)^(1-η)·(farmers)^η with A and η from ``assumptions`` (``land_...``); land is one unit for
    each farmer at the start. The economy's own ``farm_income`` is not used. With ``training_from_land`` ψ > 0, rents
    that leavers keep pay for training: its cost is multiplied by exp(-ψ (1 - tie) · rent). One unknown, the farmers
    who stay, is found by ``brentq``. Numbers only, no arrays. Raises ``ValueError`` when ``tie`` is not between 0 and 1.
    """
    if not 0 <= tie <= 1:
        raise ValueError("tie is a share between 0 and 1")
    land = constants("land_")

    def outcome(stay: float) -> LandReform:
        size = float(economy.farmers) / stay
        product = float(land["output"] * size ** (1 - land["labour_exponent"]))
        rent = (1 - land["labour_exponent"]) * product / size
        given_up = product * float(land["labour_exponent"] + tie * (1 - land["labour_exponent"]))
        training = economy.training_cost * np.exp(-training_from_land * (1 - tie) * rent)
        return LandReform(equilibrium(replace(economy, farm_income=given_up, training_cost=training)), given_up, size, product)

    def too_many_stay(stay: float) -> float:
        return stay - float(outcome(stay).equilibrium.farmers_left)

    all_of_them = float(economy.farmers)
    few = 1e-6 * all_of_them
    if too_many_stay(all_of_them) <= 0:
        return outcome(all_of_them)
    if too_many_stay(few) >= 0:
        return outcome(few)
    return outcome(brentq(too_many_stay, few, all_of_them, xtol=1e-13))
