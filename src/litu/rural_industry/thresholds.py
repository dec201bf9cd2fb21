"""Where rural industry ends, and when a better road helps it: formulas for firms that sell at home."""

from __future__ import annotations

import numpy as np

from litu.rural_industry.economy import Economy, Value
from litu.rural_industry.equilibrium import equilibrium, migrants, required_markup


def _markup_at_home(economy: Economy) -> Value:
    """Return the mark-up that a firm without exports needs, whatever the road."""
    e = economy
    return np.sqrt(e.delta * (e.farm_income + e.training_cost) / (e.farmers - migrants(e)))


def survival_transport_cost(economy: Economy) -> Value:
    """Return τ*, the cost of transport below which no rural firm survives (none exports; goods come from the city)."""
    e = economy
    choke = e.technology_gap + 2 * _markup_at_home(e)
    return choke - 2 * e.delta * (e.alpha - choke) / (e.gamma * (e.city_people + migrants(e)))


def largest_technology_gap(economy: Economy) -> Value:
    """Return m*, the technology gap above which no rural firm survives, at the economy's cost of transport."""
    e, room = economy, 2 * _markup_at_home(economy)
    pressure = e.gamma * (e.city_people + migrants(e))
    return (2 * e.delta * (e.alpha - room) - pressure * (room - e.transport_cost)) / (2 * e.delta + pressure)


def cheaper_transport_helps(economy: Economy) -> Value:
    """Return whether a slightly better road raises rural industry: its firms must export enough to outweigh the imports."""
    e, found = economy, equilibrium(economy)
    margin = found.city_choke_price - e.technology_gap - e.transport_cost
    varieties = e.city_people + found.migrants + found.rural_industry
    outweighed = 2 * e.gamma * required_markup(e) * (e.farmers - found.migrants) / (2 * e.delta + e.gamma * varieties)
    return margin > np.where(found.rural_choke_price > e.transport_cost, outweighed, 0)
