"""The teaching model of unit 03: its numbers, thresholds and signs as worked out beforehand."""

from dataclasses import replace

import numpy as np
import pytest
from places import DATA
from scipy.optimize import brentq, minimize_scalar

from litu import load
from litu.errors import LituError
from litu.rural_industry import (
    PATTERNS,
    cheaper_transport_helps,
    equilibrium,
    explorer,
    largest_technology_gap,
    migrants,
    pattern,
    pattern_map,
    rural_industry,
    scenario,
    survival_transport_cost,
    with_land_tie,
)
from litu.rural_industry.charts import COSTS, GAPS

EXPECTED = {
    "coast": (0.25, 0.34375, "both"),
    "West, bad roads": (0.25, 0.34375, "both"),
    "West, roads only": (0.25, 0, "urbanisation only"),
    "West, half the technology": (0.25, 0.109375, "both"),
    "West, training only": (0.25, 0, "urbanisation only"),
    "West, half technology and training": (0.25, 0.2391, "both"),
    "West, full technology": (0.25, 0.34375, "both"),
    "coast, hukou barrier": (0.125, 0.5121, "both"),
    "coast, stronger city": (0.375, 0.1512, "both"),
    "closed city": (0, 0.6686, "rural industry only"),
    "closed city, weak technology": (0, 0, "core-periphery"),
    "high technology": (0.25, 0.5, "both"),
    "high technology, better road": (0.25, 0.3344, "both"),
    "high technology, best road": (0.25, 0.5453, "both"),
}
near = pytest.approx


@pytest.fixture(autouse=True)
def _published_data(monkeypatch):
    monkeypatch.setenv("LITU_DATA", str(DATA))


def draws(number: int = 400):
    """Economies with random policies, as one economy of arrays; the fixed parameters stay."""
    random = np.random.default_rng(2012)
    between = {
        "technology_gap": (0, 0.4),
        "transport_cost": (0.05, 0.8),
        "training_cost": (0, 0.05),
        "hukou_cost": (0, 0.15),
        "city_income": (0.1, 0.25),
    }
    return scenario(**{name: random.uniform(low, high, number) for name, (low, high) in between.items()})


def test_every_scenario_has_its_expected_result():
    """The table of scenarios and the list above name the same cases."""
    assert list(load("model_scenarios")["scenario"]) == list(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_scenarios(name):
    """Migrants, rural industry and pattern of each scenario."""
    moved, founded, expected = EXPECTED[name]
    found = equilibrium(scenario(name))
    assert (found.migrants, found.rural_industry) == (near(moved), near(founded, abs=5e-5))
    assert found.farmers_left == near(1 - found.migrants - found.rural_industry)
    assert pattern(found.migrants, found.rural_industry) == expected


def test_baseline_by_hand():
    """Every number of the hand solution of the coast is exact."""
    found = equilibrium(scenario("coast"))
    assert found.city_choke_price == near(0.4)
    assert found.export_profit == 0
    assert found.rural_choke_price == near(0.5)


def test_arrays_give_what_single_numbers_give():
    """The model works element by element."""
    economies = draws(50)
    whole = rural_industry(economies)
    policies = ("technology_gap", "transport_cost", "training_cost", "hukou_cost", "city_income")
    single = [rural_industry(replace(economies, **{name: getattr(economies, name)[i] for name in policies})) for i in range(50)]
    assert whole == near(single)


def test_survival_cost_by_formula_and_by_root():
    """τ* is five thirds of m at the baseline, and rural firms vanish exactly there."""
    assert survival_transport_cost(scenario("West, bad roads")) == near(5 / 12)
    assert survival_transport_cost(scenario(technology_gap=0.12)) == near(0.2)
    for gap in (0.2, 0.25, 0.3):
        west = scenario(technology_gap=gap)
        root = brentq(lambda cost: rural_industry(replace(west, transport_cost=cost)) - 1e-9, 0.2, 0.8)  # noqa: B023
        assert survival_transport_cost(west) == near(root, abs=1e-6)


def test_largest_gap():
    """m* is .21 on the coast's roads, and the inverse of τ*."""
    assert largest_technology_gap(scenario("coast")) == near(0.21)
    for cost in (0.4, 0.5):
        west = scenario(transport_cost=cost)
        assert survival_transport_cost(replace(west, technology_gap=largest_technology_gap(west))) == near(cost)


def test_a_good_firm_meets_a_u_shape():
    """With high technology rural industry is lowest at τ = .1786: below it firms export."""
    least = minimize_scalar(
        lambda cost: rural_industry(scenario("high technology", transport_cost=cost)), bounds=(0.05, 0.35), method="bounded"
    )
    assert (least.x, least.fun) == (near(0.1786, abs=1e-3), near(0.3311, abs=5e-5))


def test_both_rise_together():
    """A lower barrier and better technology raise migration and rural industry at once."""
    before = equilibrium(scenario(technology_gap=0.25, transport_cost=0.45, hukou_cost=0.08))
    after = equilibrium(scenario(technology_gap=0.10, transport_cost=0.45))
    assert (before.migrants, after.migrants) == (near(0.05), near(0.25))
    assert (before.rural_industry, after.rural_industry) == (near(0.3146, abs=5e-5), near(0.5312, abs=5e-5))


@pytest.mark.parametrize(("rise", "founded"), [(0, 0.3247), (0.02, 0.2478), (0.05, 0.125)])
def test_training_that_also_pays_in_the_city(rise, founded):
    """Free training raises rural industry, less so when it raises pay in the city too."""
    assert rural_industry(scenario(technology_gap=0.15)) == near(0.1875)
    trained = scenario(technology_gap=0.15, training_cost=0, city_income=0.15 + rise)
    assert rural_industry(trained) == near(founded, abs=5e-5)


def test_counts_of_patterns_on_a_grid():
    """An open city shows two patterns, a closed one the other two."""
    gap, cost = np.meshgrid(np.linspace(0, 0.4, 101), np.linspace(0.1, 0.7, 101))
    counts = {}
    for barrier in (0, 0.11):
        found = equilibrium(scenario(technology_gap=gap, transport_cost=cost, hukou_cost=barrier))
        names, times = np.unique(np.broadcast_to(pattern(found.migrants, found.rural_industry), gap.shape), return_counts=True)
        counts |= dict(zip(names, times, strict=True))
    assert counts == dict(zip(PATTERNS, (6210, 3991, 8580, 1621), strict=True))


@pytest.mark.parametrize(("field", "sign"), [("technology_gap", -1), ("training_cost", -1), ("hukou_cost", 1), ("city_income", -1)])
def test_signs(field, sign):
    """Each of these parameters moves rural industry one way only."""
    economies = draws()
    change = rural_industry(replace(economies, **{field: getattr(economies, field) + 1e-4})) - rural_industry(economies)
    assert (sign * change >= -1e-12).all()
    assert (sign * change > 0).sum() > 100


def test_the_sign_of_a_better_road():
    """Where some but not all villagers found firms, the switch condition tells what a better road does."""
    economies = draws(4000)
    step = 1e-6
    change = rural_industry(replace(economies, transport_cost=economies.transport_cost - step)) - rural_industry(economies)
    inside = (rural_industry(economies) > 0.01) & (np.abs(change) > 1e-9) & (rural_industry(economies) < 1 - migrants(economies) - 0.01)
    helps = cheaper_transport_helps(economies)
    assert inside.sum() > 500
    assert helps[inside].any() and not helps[inside].all()
    assert ((change > 0) == helps)[inside].all()


@pytest.mark.parametrize(
    ("tie", "training_from_land", "expected"),
    [
        (1, 0, (0.2262, 0.3175, 0.4562, 2.1919, 0.1095)),
        (0.5, 0, (0.2633, 0.3609, 0.3757, 2.6614, 0.1183)),
        (0, 0, (0.3002, 0.4202, 0.2796, 3.5762, 0.1332)),
        (0, 20, (0.2933, 0.4499, 0.2568, 3.8943, 0.1378)),
    ],
)
def test_land_tie(tie, training_from_land, expected):
    """A weaker tie to the land moves people, founds firms and makes farms larger."""
    found = with_land_tie(scenario("coast"), tie, training_from_land)
    result = found.equilibrium
    values = (result.migrants, result.rural_industry, result.farmers_left, found.farm_size, found.output_per_farmer)
    assert values == near(expected, abs=5e-5)


def test_land_reform_is_neither_necessary_nor_sufficient():
    """It starts rural industry near the margin only; a small gap needs no reform, a large one is not cured by it."""
    share = {
        (gap, tie): with_land_tie(scenario(technology_gap=gap), tie).equilibrium.rural_industry
        for gap in (0.1, 0.22, 0.25)
        for tie in (1, 0)
    }
    assert share[0.1, 1] > 0
    assert (share[0.22, 1], share[0.22, 0]) == (0, near(0.0768, abs=5e-5))
    assert share[0.25, 0] == 0


def test_errors():
    """What makes no sense is refused with a sentence."""
    with pytest.raises(LituError, match="no scenario 'moon'.*coast"):
        scenario("moon")
    with pytest.raises(ValueError, match="unique equilibrium"):
        scenario(migration_spread=0.05)
    with pytest.raises(ValueError, match="share between 0 and 1"):
        with_land_tie(scenario(), 2)
    with pytest.raises(ValueError, match="2 rows and 3 columns are expected"):
        pattern_map(np.array([["both"]]), [0, 1], [0, 1, 2], row_title="r", column_title="c", title="t", description="d")


def test_explorer_has_one_value_for_each_place_of_the_sliders():
    """Every pair of slider values is a row of the data, so the dot is never lost; without sliders the start is drawn."""
    spec = explorer().to_dict()
    rows = max(spec["datasets"].values(), key=len)
    assert {(row["gap"], row["cost"]) for row in rows} == {(gap, cost) for gap in GAPS for cost in COSTS}
    sliders = {param["name"]: param["bind"] for param in spec["params"]}
    for name, values in (("gap", GAPS), ("cost", COSTS)):
        steps = (sliders[name]["max"] - sliders[name]["min"]) / sliders[name]["step"]
        assert steps == near(len(values) - 1)


def test_pattern_map_without_an_answer_is_an_empty_grid():
    """An array not yet made gives tiles without letters and says what to do."""
    spec = pattern_map(..., [0, 1], [0, 1, 2], row_title="r", column_title="c", title="t", description="d").to_dict()
    assert "Fill `patterns` first" in spec["title"]["subtitle"]
