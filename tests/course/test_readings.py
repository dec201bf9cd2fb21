"""The tables that hold readings of the documents: keys, lists and maps fit together."""

import re

import pytest
from places import DATA

from litu.dataset.tables import load

TABLES = {path.stem for path in DATA.glob("*.csv")}


@pytest.fixture(autouse=True)
def _published_data(monkeypatch):
    monkeypatch.setenv("LITU_DATA", str(DATA))


@pytest.mark.parametrize(("table", "column"), [("claims_use", "tables"), ("advantages_tests", "table"), ("small_town_meanings", "table")])
def test_lists_of_tables_resolve(table, column):
    """Every table named in a list is a table of the dataset."""
    assert set(" ".join(load(table)[column]).split()) <= TABLES


def test_lists_of_documents_resolve():
    """Places name documents that exist."""
    assert set(" ".join(load("places")["document"]).split()) <= set(load("documents")["document"])


def test_every_claim_has_its_use():
    """Each claim is worked with in a unit, or the table says why it is not."""
    use = load("claims_use").set_index("claim")
    assert list(use.index) == list(load("claims")["claim"])
    assert ((use["unit"] == "") == (use["untestable_because"] != "")).all()
    assert ((use["unit"] == "") == (use["test"] == "")).all()
    assert ((use["unit"] == "") == (use["part"] == "")).all()


def test_tiles_do_not_overlap():
    """31 provinces stand on 31 tiles."""
    grid = load("province_grid")
    assert len(grid) == len(grid[["row", "column"]].drop_duplicates()) == grid["characters"].nunique() == 31


def test_regions_are_the_same_in_both_tables():
    """A province belongs to one region wherever a table says so."""
    region = load("province_grid").set_index("province")["region"]
    villages = load("taobao_provinces")
    assert (villages["region"] == villages["province"].map(region)).all()


@pytest.mark.parametrize("name", sorted(load("arguments")["argument"].unique()))
def test_steps_run_without_a_gap(name):
    """A chain of argument is numbered from 1."""
    steps = load("arguments").query("argument == @name")["step"]
    assert list(steps) == list(range(1, len(steps) + 1))


def test_argument_map_starts_from_grounds_and_positions():
    """Every position of the map is a row of the positions, and each of them has an arrow."""
    positions, edges = load("debate_positions"), load("debate_edges")
    nodes = set(edges["from"]) | set(edges["to"])
    assert set(positions["position"]) <= nodes
    assert {node for node in nodes if re.fullmatch("P[0-9]|T", node)} == set(positions["position"])


def test_chains_of_sale_use_the_nodes_of_their_chain():
    """A link of the old chain joins nodes of the old chain; every node has a link."""
    chains = load("sales_chain_nodes").set_index("node")["chain"].str.split()
    edges = load("sales_chain_edges")
    for edge in edges.itertuples(index=False):
        assert edge[0] in chains[edge[1]] and edge[0] in chains[edge[2]], edge
    assert set(edges["from"]) | set(edges["to"]) == set(chains.index)


def test_inferred_links_touch_a_lost_line():
    """No link counts as printed when one of its ends was filled in by the course."""
    status = load("sales_chain_nodes").set_index("node")["status"]
    edges = load("sales_chain_edges").query("status == 'printed'")
    assert "inferred" not in set(edges["from"].map(status)) | set(edges["to"].map(status))


def test_every_ill_and_advantage_is_paired():
    """Each of the five ills and five advantages stands in a pair, each ill with one nearest advantage."""
    pairs, items = load("ills_pairs"), load("advantages_ills")
    assert set(pairs["ill"]) | set(pairs["advantage"]) == set(items["item"])
    assert sorted(pairs.query("defensible == 'yes'")["ill"]) == sorted(items.query("kind == 'ill'")["item"])


def test_feasible_advantages_name_a_table():
    """An advantage that can be tested names the table, another one none."""
    tests = load("advantages_tests")
    assert ((tests["feasible"] == "yes") == (tests["table"] != "")).all()


def test_counts_of_the_meanings_stand_in_the_tables_named():
    """Every count beside a meaning of small town is a figure of the tables named or of a claim."""
    townships = load("grassroots_units").query("unit_kind == 'townships and towns'").set_index("year")["number"]
    derived = townships[1990] - load("towns_designated").set_index("year")["towns"][1990]
    for row in load("small_town_meanings").itertuples():
        known = {derived} | set(load("claims")["value"].dropna())
        for name in row.table.split():
            known |= set(load(name).select_dtypes("number").stack())
        counts = re.findall(r"(?<!in )\b\d[\d,]*", re.sub(r"in \d{4}", "", row.figures))
        assert {float(count.replace(",", "")) for count in counts} <= {float(value) for value in known}, row.meaning
