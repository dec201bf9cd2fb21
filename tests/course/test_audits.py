"""The audits K1 to K22 recomputed: figures come from data/, results are what the audits table says."""

from math import log, sqrt

import pandas as pd
import pytest
from places import DATA

from litu.dataset.tables import load

near = pytest.approx


@pytest.fixture(autouse=True)
def _published_data(monkeypatch):
    monkeypatch.setenv("LITU_DATA", str(DATA))


@pytest.fixture
def stated():
    """The stated values by claim."""
    return load("claims").set_index("claim")["value"]


def pick(table: str, value: str = "value", **where: object) -> float:
    """Return the one figure of a table that meets all conditions."""
    rows = load(table)
    for column, wanted in where.items():
        rows = rows[rows[column] == wanted]
    (figure,) = rows[value]
    return figure


def test_every_audit_has_a_test():
    """Each audit of the dataset is recomputed below."""
    names = {name.split("_")[1] for name in globals() if name.startswith("test_k")}
    assert {audit.lower() for audit in load("audits")["audit"]} == names


def test_k1_the_projection_is_ten_years_old(stated):
    """Only the 2007 revision comes near 70 %; at the pace of 2018-2050 it is reached about 2055."""
    table = load("urban_projections").query("year == 2050").set_index("revision")
    assert table["urban_percent"].to_dict() == {2007: 69.6, 2014: 66, 2018: 68}
    assert 100 * table["urban_million"][2007] / table["total_million"][2007] == near(69.6, abs=0.05)
    now = pick("urban_world", "urban_percent", place="World", year=2018)
    pace = (table["urban_percent"][2018] - now) / (2050 - 2018)
    assert 2050 + (stated["000-02"] - table["urban_percent"][2018]) / pace == near(2055, abs=0.5)


def test_k1b_nine_tenths_of_people_in_asia_and_africa(stated):
    """The printed 90 % is the projected share of added urban people, of other places."""
    rows = load("local_figures").query("series == 'share_of_urban_people_added'")
    assert set(rows["value"]) == {stated["000-03"]}
    assert set(rows["place"]) == {"Asia and Africa"}


def test_k2_rural_firms_rose_before_the_1990s():
    """Two thirds of the rise of 1978-95 came before 1989, on either definition."""
    jobs = load("tve_employment").set_index("year")
    total = jobs["total_10k"] / 100
    assert total[1988] - total[1978] == near(67.2, abs=0.05)
    assert total[1995] - total[1988] == near(33.1, abs=0.1)
    narrow = (jobs["township_10k"] + jobs["village_10k"]) / 100
    assert [round(narrow[year], 1) for year in (1978, 1988, 1995)] == [28.3, 48.9, 60.6]
    assert (narrow[1988] - narrow[1978]) / (narrow[1995] - narrow[1978]) == near(0.64, abs=0.005)


def test_k3_half_urban_was_2010(stated):
    """The share first published passes one half after 2010 and is 57.35 % in 2016."""
    share = load("urban_china_points").query("place == 'China' and definition == 'year-end, first published'")
    share = share.set_index("year")["urban_percent"]
    assert (share[2010], share[2011], share[2016]) == (49.95, 51.27, 57.35)
    assert (share.loc[2010:] - stated["000-05"]).abs().idxmin() == 2010


def test_k4_the_count_is_of_august(stated):
    """The national list holds the printed counts, at the end of August 2016."""
    list_2016 = load("taobao_national").set_index("year").loc[2016]
    assert (list_2016["towns"], list_2016["villages"]) == (stated["000-09"], stated["000-10"])
    assert list_2016["reference_month"] == 8
    assert "end of 2016" in load("claims").set_index("claim")["period"]["000-10"]


def test_k5_jobs_are_a_multiplication(stated):
    """Jobs are stores times 4.0 in 2013-14 and times 2.8 from 2016, to rounding."""
    assert stated["000-15"] * stated["000-14"] == near(stated["000-16"])
    economy = load("taobao_economy").query("place == 'China'").pivot_table(index="year", columns="series", values="value")
    ratio = (economy["jobs"] / economy["stores"]).dropna()
    assert ratio.round(1).to_dict() == {2013: 4.0, 2014: 4.0, 2016: 2.8, 2019: 2.8, 2020: 2.8}
    assert economy["jobs_per_store"].dropna().to_dict() == ratio.round(1).to_dict()


def test_k5b_stores_per_village_fall():
    """The mean village has 750, 332, 256 and 229 stores."""
    stores = load("taobao_economy").query("series == 'stores' and scope == 'villages'").set_index("year")["value"]
    villages = load("taobao_national").set_index("year")["villages"]
    assert (stores / villages).dropna().round().to_dict() == {2013: 750, 2014: 332, 2015: 256, 2016: 229}


def test_k6_eighty_percent_of_ten(stated):
    """18 villages after +80 % were exactly 10, and are 1.4 % of all."""
    before = stated["000-17"] / (1 + stated["000-18"] / 100)
    assert before == near(10)
    assert pick("taobao_economy", series="poverty_county_villages", scope="state list", year=2015) == near(before)
    assert 100 * stated["000-17"] / stated["000-10"] == near(1.4, abs=0.05)
    assert pick("taobao_economy", series="poverty_county_villages", scope="state and province lists", year=2015) == 176


def test_k7_idea_or_programme(stated):
    """The name is of 2014; the first list, of 37 towns, is of June 2015."""
    events = load("characteristic_towns").set_index("event")
    assert events["year"]["concept first named"] == 2014
    assert events["date"]["first provincial list"] == "2015-06-04"
    assert events["value"]["first provincial list"] == 37
    assert events["year"]["first provincial list"] == stated["001-02"]


def test_k8_the_gap_narrowed_first():
    """The income ratio has its minimum in 1983 and its maximum in 2007 and 2009."""
    ratio = load("income_gap").query("basis == 'two surveys' and year >= 1978").set_index("year")["ratio"]
    assert (ratio[1978], ratio.idxmin(), ratio.min(), ratio.max()) == (2.57, 1983, 1.82, 3.33)
    assert list(ratio[ratio == ratio.max()].index) == [2007, 2009]
    assert ratio[2012] < ratio[2011] < ratio[2010] < ratio[2009]


def test_income_ratios_are_income_ratios():
    """Every printed ratio is the ratio of the incomes beside it, to rounding."""
    rows = load("income_gap").dropna(subset=["urban_yuan", "rural_yuan"])
    assert ((rows["urban_yuan"] / rows["rural_yuan"] - rows["ratio"]).abs() < 0.006).all()


def test_k9_twelve_thousand_towns(stated):
    """The official number passes 11,392 and 11,882 on its way to the printed 12,000."""
    towns = load("towns_designated").set_index("year")["towns"]
    assert (towns[1990], towns[1991]) == (11392, 11882)
    assert towns[1991] < stated["003-01"] < towns[1992]


def test_k9b_market_towns_are_townships(stated):
    """Townships and towns less towns leave 44,446 in 1990."""
    both = pick("grassroots_units", "number", unit_kind="townships and towns", year=1990)
    townships = both - pick("towns_designated", "towns", year=1990)
    assert townships == 44446
    assert townships > stated["003-02"]


def central_liaoning(stated: pd.Series, of_region: str, of_province_city: str) -> tuple[float, float, float]:
    """Return the population of region, province and provincial cities in millions."""
    region = stated["003-09"] / (stated[of_region] / 100)
    return region, region / (stated["003-07"] / 100), stated["003-09"] / (stated[of_province_city] / 100)


def liaoning_between_censuses(years_after_1982: float) -> float:
    """Return the population of Liaoning in millions on a geometric path from 1982 to 1990."""
    census = load("census_provinces").query("province == 'Liaoning'").set_index("date")["population"] / 1e6
    start, end = census["1982-07-01"], census["1990-07-01"]
    return start * (end / start) ** (years_after_1982 / 8)


def test_k10_the_swap_fits(stated):
    """As printed the province has 51.3 million people, swapped 37.8, as the censuses say for 1987."""
    assert central_liaoning(stated, "003-10", "003-11") == near((18.32, 51.32, 13.49), abs=0.005)
    assert central_liaoning(stated, "003-11", "003-10") == near((13.49, 37.79, 18.32), abs=0.005)
    assert [round(liaoning_between_censuses(years), 2) for years in (4.5, 5, 5.5)] == [37.78, 38.01, 38.25]
    assert central_liaoning(stated, "003-10", "003-11")[1] / liaoning_between_censuses(0) == near(1.44, abs=0.005)


def test_k10b_the_census_table_has_the_order_of_the_swap(stated):
    """Five municipalities: 35.92 % of the province, cities 69.9 % of their own and 49.5 % of the provincial city people."""
    five = load("liaoning_municipalities")
    people, in_counties = five["population_1990"].sum(), five["in_counties_1990"].sum()
    province = pick("census_provinces", "population", province="Liaoning", date=pd.Timestamp("1990-07-01"))
    assert (people, people - in_counties) == (14175444, 9913756)
    assert 100 * people / province == near(35.92, abs=0.005)
    of_region = 100 * (people - in_counties) / people
    of_province = 100 * (people - in_counties) / pick("local_figures", series="city_population", place="Liaoning")
    assert (of_region, of_province) == near((69.9, 49.5), abs=0.05)
    assert of_region > of_province and stated["003-10"] < stated["003-11"]


def test_k10c_density_and_industry(stated):
    """The swap gives the density of the censuses, the print does not; output per head is 1.64 times the mean."""
    density = load("local_figures").query("series == 'population_density'").set_index("year")["value"]
    census = pick("census_provinces", "population", province="Liaoning", date=pd.Timestamp("1990-07-01"))
    area = census / density[1990]
    assert area == near(146147, abs=1)
    printed = central_liaoning(stated, "003-10", "003-11")[1] * 1e6 / area
    swapped = central_liaoning(stated, "003-11", "003-10")[1] * 1e6 / area
    assert (printed, swapped) == near((351, 259), abs=0.6)
    assert density[1982] < swapped < density[1990] < printed
    area_share, people, output = stated["003-06"], stated["003-07"], stated["003-08"]
    assert people / area_share == near(2.10, abs=0.005)
    assert (people / area_share) / ((100 - people) / (100 - area_share)) == near(2.71, abs=0.005)
    assert output / people == near(1.64, abs=0.005)
    assert (output / people) / ((100 - output) / (100 - people)) == near(2.54, abs=0.005)


def spacing(density: float) -> tuple[float, float, float]:
    """Return the spacing in km on a square and a hexagonal lattice and the mean of a random pattern."""
    return 1 / sqrt(density), sqrt(2 / (sqrt(3) * density)), 0.5 / sqrt(density)


def test_k11_wujin_fits(stated):
    """471 villages per 100 km2 and less than 500 m between them go together."""
    density = stated["003-16"] / stated["003-15"]
    assert 100 * density == near(470.96, abs=0.005)
    assert round(100 * density) == stated["003-18"]
    assert stated["003-16"] * stated["003-17"] == 1237147
    assert density * stated["003-17"] == near(702, abs=0.5)
    assert spacing(density) == near((0.461, 0.495, 0.230), abs=0.0005)
    assert 1000 * spacing(density)[1] < stated["003-19"]


def test_k12_qianan_fails(stated):
    """4 to 5 km exceed the 3.68 km that the stated density allows; a detour of 1.2 to 1.4 would do."""
    density = stated["003-21"] / stated["003-20"]
    assert 100 * density == near(8.51, abs=0.005)
    assert stated["003-21"] * stated["003-22"] == 206736
    assert density * stated["003-22"] == near(60.3, abs=0.05)
    assert spacing(density) == near((3.43, 3.68, 1.71), abs=0.01)
    range_ = load("claims").set_index("claim").loc["003-24"]
    assert range_["low"] > max(spacing(density))
    area = stated["003-20"]
    hexagonal = {km: area * 2 / (sqrt(3) * km**2) for km in (range_["low"], range_["high"])}
    assert (int(hexagonal[4]), int(area / 4**2), int(hexagonal[5]), int(area / 5**2)) == (247, 214, 158, 137)
    factors = load("assumptions").set_index("name")["value"]
    assert range_["low"] / spacing(density)[0] == near(factors["detour_factor_low"], abs=0.04)
    assert range_["high"] / spacing(density)[1] == near(factors["detour_factor_high"], abs=0.05)


def wenzhou(**where: object) -> float:
    return pick("local_figures", place="Wenzhou", year=1986, **where)


def test_k13_almost_half_counts_those_already_there(stated):
    """48.6 % with the people already in towns, 21.0 % without."""
    arrivals = stated["003-27"] * stated["003-29"]
    assert arrivals == 231855
    in_five_years = 5 * arrivals / 1e6
    rural, total = wenzhou(series="rural_population"), wenzhou(series="population")
    assert (stated["003-28"] + in_five_years) / rural == near(0.486, abs=0.0005)
    assert in_five_years / rural == near(0.210, abs=0.0005)
    assert (stated["003-28"] + in_five_years) / total == near(0.432, abs=0.0005)
    assert stated["003-28"] * 1e6 / stated["003-27"] == near(17471, abs=1)


def test_k13b_the_rate_is_no_long_mean(stated):
    """At 2,665 a year the towns would have filled in 6.6 years; over 15 years at most 1,930 fit."""
    people = stated["003-28"] * 1e6
    assert people / (stated["003-27"] * stated["003-29"]) == near(6.6, abs=0.05)
    years = load("assumptions").set_index("name")["value"]["wenzhou_years_1972_1987"]
    assert years * stated["003-29"] == 39975
    assert years * stated["003-29"] > people / stated["003-27"]
    assert people / years / ((stated["003-26"] + stated["003-27"]) / 2) == near(1930, abs=1)


def test_k13c_town_people_are_not_non_rural(stated):
    """24.5 % live in towns but only 11.1 % are non-rural."""
    total, rural = wenzhou(series="population"), wenzhou(series="rural_population")
    assert stated["003-28"] / total == near(0.245, abs=0.0005)
    assert 1 - rural / total == near(0.111, abs=0.0005)
    assert stated["003-28"] - (total - rural) == near(0.83, abs=0.005)


def test_k14_longgang_fits_itself_and_not_the_others(stated):
    """Investment, households and floor space go together; founding figures differ by source."""
    from_peasants = stated["003-37"] * stated["003-38"]
    assert from_peasants == near(137.1, abs=0.05)
    capital = load("claims").set_index("claim").loc["003-39"]
    households = [from_peasants * 1e6 / capital["high"], from_peasants * 1e6 / capital["low"]]
    assert households == near([4571, 6857], abs=1)
    assert [stated["003-34"] / n for n in households] == near([125, 83], abs=0.5)
    assert stated["003-37"] * 1e6 / stated["003-34"] == near(281, abs=0.5)
    assert stated["003-37"] * 1e6 / stated["003-36"] == near(123077, abs=1)
    assert stated["003-32"] / stated["003-31"] == 5
    others = load("local_figures").query("series == 'founding_population'")["value"]
    assert sorted(others) == [5000, 6000, 6039] and others.min() > stated["003-32"]
    assert load("local_figures").set_index("series")["date"]["town_established"] < "1984-04"


def test_k15_labour_of_jiangsu(stated):
    """3.40 million left farming; Changzhou would lie at 51 %; the nation at 20.8 %."""
    assert stated["003-44"] * stated["003-45"] == near(3.40, abs=0.005)
    assert 3 * 100 * stated["003-45"] - stated["003-41"] - stated["003-42"] == near(51)
    nation = pick("rural_labour", "nonfarm_percent", year=1987)
    assert nation == 20.8
    assert stated["003-40"] / nation == near(2, abs=0.05)


def test_k16_six_million_are_few(stated):
    """Six million are 1.5 % of the rural labourers of 1987."""
    labourers = pick("rural_labour", "labourers_10k", year=1987) / 100
    share = 100 * stated["003-49"] / labourers
    assert share == near(1.5, abs=0.05)
    assert stated["003-50"] / share == near(13, abs=0.05)


def test_k17_three_urban_shares_of_1982(stated):
    """Stated shares add up to 100; census, territory and United Nations differ."""
    assert stated["003-51"] + stated["003-52"] == near(100)
    shares = load("urban_china_points").query("year == 1982").set_index("definition")["urban_percent"]
    assert shares["census"] == stated["003-52"]
    assert shares.round(1).to_dict() == {"census": 20.6, "territory of cities and towns": 20.8, "United Nations": 20.9}


def test_k18_the_definition_of_1984():
    """24.3, 25.3 and 46.6 % for 1987; the widest was 20.8 in 1982."""
    shares = load("urban_china_points").query("place == 'China'").set_index(["year", "definition"])["urban_percent"]
    assert shares[1987].round(1).to_dict() == {
        "year-end, yearbook 1998": 25.3,
        "United Nations": 24.3,
        "territory of cities and towns": 46.6,
    }
    assert shares[1982, "territory of cities and towns"] == 20.8


def test_k19_praise_without_a_figure(stated):
    """The article prints no figure; 419 towns were struck off when it appeared."""
    assert stated["001-05"] == 0
    removed = load("characteristic_towns").query("kind == 'removal'")
    assert (list(removed["value"]), list(removed["year"])) == ([419], [2019])


def test_k20_a_printed_pair_adds_up_to_101():
    """The millions of 1987 give 74.7 and 25.3 %."""
    people = load("urban_china_yearbook").set_index("year").loc[1987]
    shares = 100 * people[["rural_million", "urban_million"]] / people["total_million"]
    assert shares.round(1).tolist() == [74.7, 25.3]
    assert 75.7 + 25.3 == near(101)


def test_k21_a_revision_is_no_growth():
    """3.3 points from 60.60 to 63.89, of which 1.2 remain when 2019 is revised as well."""
    shares = load("urban_china_points").query("place == 'China'").set_index(["year", "definition"])["urban_percent"]
    assert shares[2020, "census"] - shares[2019, "year-end, first published"] == near(3.3, abs=0.05)
    assert shares[2020, "census"] - shares[2019, "year-end, revised"] == near(1.2, abs=0.05)


def test_k22_jobs_stopped_growing():
    """Up 8.4 % in 1988, down 1.9 and 1.1 % in the years after."""
    change = 100 * load("tve_employment").set_index("year")["total_10k"].pct_change()
    assert change.loc[1988:1990].round(1).tolist() == [8.4, -1.9, -1.1]


def test_growth_published_in_2015_uses_the_later_count():
    """+267.9 % is 780 over 212, not over 211; the doubling takes about half a year."""
    villages = load("taobao_national").set_index("year")["villages"]
    later = pick("taobao_economy", series="villages_other_count", year=2014)
    assert 100 * (villages[2015] / later - 1) == near(267.9, abs=0.05)
    assert 100 * (villages[2015] / villages[2014] - 1) == near(269.7, abs=0.05)
    assert log(2) / log(villages[2015] / later) == near(0.53, abs=0.005)
