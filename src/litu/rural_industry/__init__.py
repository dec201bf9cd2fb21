"""A stylised teaching model of migration and rural industry, in the spirit of Song, Thisse and Zhu (2012).

One urban and one rural region; a farmer goes on farming, starts a firm in the countryside, or moves to the
city. This architecture follows an abstract that we take to be the paper's; functional forms and numbers are
the course's own and illustrate, they are not estimated.
"""

from litu.rural_industry.charts import explorer, pattern_map
from litu.rural_industry.economy import Economy, scenario
from litu.rural_industry.equilibrium import PATTERNS, Equilibrium, equilibrium, migrants, pattern, rural_industry
from litu.rural_industry.land import LandReform, with_land_tie
from litu.rural_industry.thresholds import cheaper_transport_helps, largest_technology_gap, survival_transport_cost

__all__ = [
    "PATTERNS",
    "Economy",
    "Equilibrium",
    "LandReform",
    "cheaper_transport_helps",
    "equilibrium",
    "explorer",
    "largest_technology_gap",
    "migrants",
    "pattern",
    "pattern_map",
    "rural_industry",
    "scenario",
    "survival_transport_cost",
    "with_land_tie",
]
