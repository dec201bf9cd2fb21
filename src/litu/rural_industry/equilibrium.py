"""The five steps of the model in closed form, and the patterns that can come out.

Demand is linear (Ottaviano, Tabuchi and Thisse 2002; Melitz and Ottaviano 2008): in a market with choke price
p̂ a firm of delivered cost c < p̂ charges (p̂ + c)/2 and earns (p̂ - c)²/(4δ) from each consumer, where
p̂ = (2αδ + γ Σ costs) / (2δ + γ · number of varieties). Rural varieties are left out of the city's p̂.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from litu.rural_industry.economy import Economy, Value

PATTERNS = ("both", "urbanisation only", "rural industry only", "core-periphery")
"""The four patterns: people move to the city, found rural firms, do both, or neither."""
NOBODY = 1e-9
"""A share of people below this counts as nobody."""


@dataclass(frozen=True)
class Equilibrium:
    """What comes out. People in units of the first farmers, prices in units of the farm good."""

    migrants: Value
    rural_industry: Value
    farmers_left: Value
    city_choke_price: Value
    export_profit: Value
    """What one rural firm earns in the city."""
    rural_choke_price: Value
    """The price at which a rural firm just pays: technology gap plus twice the mark-up it needs."""


def migrants(economy: Economy) -> Value:
    """Return x, the farmers who move to the city: those whose personal cost is below the gain from moving."""
    e = economy
    gain_of_first = e.city_income + e.city_income_per_person * e.city_people - e.farm_income - e.hukou_cost
    return np.clip(gain_of_first / (e.migration_spread / e.farmers - e.city_income_per_person), 0, e.farmers)


def city_choke_price(economy: Economy) -> Value:
    """Return P, the price at which nobody in the city buys any more."""
    e = economy
    return 2 * e.alpha * e.delta / (2 * e.delta + e.gamma * (e.city_people + migrants(e)))


def export_profit(economy: Economy) -> Value:
    """Return what a rural firm earns in the city: 0 when its delivered cost m + τ is above the choke price there."""
    e = economy
    margin = np.maximum(city_choke_price(e) - e.technology_gap - e.transport_cost, 0)
    return (e.city_people + migrants(e)) * margin**2 / (4 * e.delta)


def required_markup(economy: Economy) -> Value:
    """Return the mark-up at which a rural firm earns a farmer's income and the cost of training; 0 when exports alone pay.

    Each of the L - x villagers left leaves (mark-up)²/δ with the firm.
    """
    e = economy
    needed = np.maximum(e.farm_income + e.training_cost - export_profit(e), 0)
    return np.sqrt(e.delta * needed / np.maximum(e.farmers - migrants(e), NOBODY))


def rural_industry(economy: Economy) -> Value:
    """Return n, the farmers who found rural firms: as many as bring the rural choke price down to the one they need."""
    e, markup = economy, required_markup(economy)
    choke = e.technology_gap + 2 * markup
    imports = e.gamma * (e.city_people + migrants(e)) * np.maximum(choke - e.transport_cost, 0)
    firms = (2 * e.delta * (e.alpha - choke) - imports) / (2 * e.gamma * np.maximum(markup, NOBODY))
    villagers = e.farmers - migrants(e)
    return np.where(markup > 0, np.clip(firms, 0, villagers), villagers)[()]


def pattern(moved: Value, founded: Value) -> np.ndarray:
    """Return which of the four patterns holds, as text or an array of texts, for migrants and founders of rural firms."""
    city, village = np.asarray(moved) > NOBODY, np.asarray(founded) > NOBODY
    return np.select([city & village, city, village], PATTERNS[:3], PATTERNS[3])[()]


def equilibrium(economy: Economy) -> Equilibrium:
    """Return the model's unique equilibrium."""
    moved, founded = migrants(economy), rural_industry(economy)
    return Equilibrium(
        migrants=moved,
        rural_industry=founded,
        farmers_left=economy.farmers - moved - founded,
        city_choke_price=city_choke_price(economy),
        export_profit=export_profit(economy),
        rural_choke_price=economy.technology_gap + 2 * required_markup(economy),
    )
