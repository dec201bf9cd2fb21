"""The reference dataset and the functions that hand it to learners."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from frictionless import Package
from places import DATA

from litu.dataset import tables
from litu.dataset.checksums import layout, seal
from litu.dataset.tables import DataError, Description, describe, find_data, load

PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
TABLES = [resource["name"] for resource in PACKAGE["resources"]]
COLUMNS = {r["name"]: [field["name"] for field in r["schema"]["fields"]] for r in PACKAGE["resources"]}
CLAIMS = {"000": 30, "001": 8, "002": 8, "003": 70}


@pytest.fixture(autouse=True)
def _published_data(monkeypatch):
    monkeypatch.setenv("LITU_DATA", str(DATA))


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the dataset that a test may spoil; `load` reads it."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    monkeypatch.setenv("LITU_DATA", str(folder))
    return folder


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# The package


def test_package_is_valid():
    """Types, limits, keys, foreign keys, hashes and sizes of all tables hold."""
    report = Package(str(DATA / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("claims", "000-04,000,", "000-04,009,"),
        ("tve_points", "S104", "S999"),
        ("claims", ",K12,", ",K99,"),
        ("census_provinces", "Jilin,", "Jillin,"),
        ("claims", "003-2e,", "003-2z,"),
    ],
)
def test_dangling_reference_is_found(copy, table, old, new):
    """A document, source, audit, province or section that does not exist fails the validation."""
    edit(copy / f"{table}.csv", old, new)
    seal(copy)
    report = Package(str(copy / "datapackage.json")).validate()
    assert "foreign-key" in {kind for (kind,) in report.flatten(["type"])}


def test_package_lists_exactly_the_files():
    """Every CSV file has a schema, and every schema has its file."""
    assert {path.stem for path in DATA.glob("*.csv")} == set(TABLES)
    assert all(resource["path"] == f"{resource['name']}.csv" for resource in PACKAGE["resources"])


def test_every_column_has_title_meaning_and_unit():
    """No column is left unexplained."""
    for resource in PACKAGE["resources"]:
        assert resource["title"] and resource["description"]
        for field in resource["schema"]["fields"]:
            assert field["title"] and field["unit"], (resource["name"], field["name"])
            assert field["description"].endswith("."), (resource["name"], field["name"])


def test_codebook_explains_every_table_and_no_other():
    """The codebook has one entry per table."""
    text = (DATA / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\*\*`(\w+)`\*\*", text)) == sorted(TABLES)


def test_seal_changes_nothing_on_the_published_package(copy):
    """Hashes, sizes and layout of the package are those that `seal` writes."""
    before = (copy / "datapackage.json").read_bytes()
    assert seal(copy) == []
    assert (copy / "datapackage.json").read_bytes() == before


def test_seal_accepts_an_edited_table(copy):
    """After an intended edit, `seal` names the table and `load` reads it again."""
    edit(copy / "assumptions.csv", ",12,", ",15,")
    assert seal(copy) == ["assumptions"]
    assert load("assumptions").set_index("name")["value"]["bicycle_km_per_hour"] == 15


def test_seal_names_a_missing_table(copy):
    """A table in the package without a file is an error, not an empty entry."""
    (copy / "audits.csv").unlink()
    with pytest.raises(DataError, match="audits.csv"):
        seal(copy)


def test_layout_is_json():
    """The layout changes white space only."""
    assert json.loads(layout(PACKAGE)) == PACKAGE


# The rules of the content


def test_every_claim_is_there():
    """The claims of each document run from 01 to the last without a gap."""
    expected = [f"{document}-{i:02d}" for document, n in CLAIMS.items() for i in range(1, n + 1)]
    assert list(load("claims")["claim"]) == expected


def test_claims_have_a_figure_exactly_when_they_say_so():
    """A range or a fall has two ends and no value, a figure or a year has a value, a date, a period or words have none."""
    claims = load("claims")
    two_ends = claims["qualifier"].isin(["range", "fall"])
    assert claims.loc[two_ends, ["low", "high"]].notna().all(axis=None)
    assert claims.loc[~two_ends, ["low", "high"]].isna().all(axis=None)
    assert (claims["value"].notna() == (claims["kind"].isin(["figure", "year"]) & ~two_ends)).all()
    assert (claims.loc[claims["kind"].isin(["year", "date", "period"]), "unit"] == "none").all()
    assert ((claims["qualifier"] == "none") == claims["kind"].isin(["words", "period"])).all()


def test_every_province_column_has_the_grid_as_parent():
    """A name of a province is spelt as in the tile grid; the Corps of Xinjiang is the one name beside it."""
    for resource in PACKAGE["resources"]:
        parents = {key["fields"][0]: key["reference"]["resource"] for key in resource["schema"].get("foreignKeys", [])}
        if "province" in COLUMNS[resource["name"]] and resource["name"] not in ("province_grid", "characteristic_towns_provinces"):
            assert parents["province"] == "province_grid", resource["name"]
    beside = set(load("characteristic_towns_provinces")["province"]) - set(load("province_grid")["province"])
    assert beside == {"Xinjiang Production and Construction Corps"}


def test_every_table_has_a_key():
    """A row of every table can be named."""
    assert [resource["name"] for resource in PACKAGE["resources"] if not resource["schema"].get("primaryKey")] == []


def test_paragraphs_agree_with_the_sections():
    """Documents 001 and 002 are cited by paragraph: the number stands in the key of the section too."""
    claims = load("claims")
    counted = claims[claims["section"].str.fullmatch(r"00[12]-[0-9]+") & claims["paragraph"].notna()]
    assert (counted["section"].str[4:].astype(int) == counted["paragraph"]).all()
    sheet = load("coding_sheet")
    assert set(sheet["document"] + "-" + sheet["paragraph"].astype(str)) <= set(load("sections")["section"])


def test_claims_and_audits_name_each_other():
    """The audit of a claim lists the claim among those it tests."""
    tested = load("audits").set_index("audit")["claims"].str.split()
    for claim in load("claims").query("audit != ''").itertuples():
        assert claim.claim in tested[claim.audit]


def test_the_fourteen_inconsistencies_are_audits():
    """Each number from 1 to 14 belongs to one audit."""
    assert sorted(load("audits")["inconsistency"].dropna()) == list(range(1, 15))


def test_shares_of_one_vintage_fit_the_nation():
    """Weighted by people, the provinces come within half a point of the share first published for the nation."""
    provinces = load("urban_provinces").query("vintage == 'first published' and status == 'sourced'").dropna(subset=["population_10k"])
    nation = load("urban_china_points").query("place == 'China'").set_index(["year", "definition"])["urban_percent"]
    for year, published, number in ((2005, nation[2005, "year-end, revised"], 31), (2011, nation[2011, "year-end, first published"], 31)):
        rows = provinces[provinces["year"] == year]
        mean = (rows["urban_percent"] * rows["population_10k"]).sum() / rows["population_10k"].sum()
        assert len(rows) == number and mean == pytest.approx(published, abs=0.5)


def test_an_exact_duplicate_of_a_vintage_is_not_kept():
    """A province has at most one share of one vintage in a year, and a census share is a share of a census year."""
    shares = load("urban_provinces")
    assert not shares.duplicated(["province", "year", "vintage"]).any()
    assert set(shares.query("vintage == 'census'")["year"]) <= {1982, 1990, 2000, 2010, 2020}
    assert (shares.query("vintage == 'after census 2020'")["year"] >= 2020).all()


def test_towns_have_a_letter_of_their_own():
    """The count of Taobao towns has a confidence letter exactly when it has a figure."""
    national = load("taobao_national")
    assert (national["towns"].notna() == (national["towns_confidence"] != "")).all()


def test_the_licence_is_named():
    """The package names its licence and leaves out the documents."""
    (licence,) = PACKAGE["licenses"]
    assert licence["name"] == "CC-BY-4.0" and "documents themselves are not covered" in licence["title"]


@pytest.mark.parametrize("name", [name for name in TABLES if "confidence" in COLUMNS[name]])
def test_confidence_is_never_worse_than_tested(name):
    """A figure is read (A, B) or reconstructed and tested (C); nothing else is published."""
    table = load(name)
    assert set(table["confidence"]) <= {"A", "B", "C"}
    if "status" not in table:
        assert "C" not in set(table["confidence"])
        return
    reconstructed = table["status"] == "reconstructed"
    assert (reconstructed == (table["confidence"] == "C")).all()
    assert (reconstructed == (table["how"] != "")).all()


def test_ids_inside_texts_exist():
    """Claims named by audits and sources named in further columns are rows of their tables."""
    claims, sources = set(load("claims")["claim"]), set(load("sources")["source"])
    for text in load("audits")["claims"]:
        assert set(text.split()) <= claims
    for name in TABLES:
        table = load(name)
        if "also" in COLUMNS[name]:
            assert set(" ".join(table["also"]).split()) <= sources, name
        for column in {"note", "how"} & set(COLUMNS[name]):
            named = {word for text in table[column] for word in re.findall(r"\b(?:S\d{2,3}|D00\d)\b", text)}
            assert named <= sources, (name, column)


def test_every_source_is_used():
    """The list of sources holds no text that no figure rests on, the four documents apart."""
    text = " ".join(
        load(name)[column].str.cat(sep=" ")
        for name in TABLES
        if name != "sources"
        for column in {"source", "also", "note", "how"} & set(COLUMNS[name])
    )
    used = set(re.findall(r"\b(?:S\d{2,3}|D00\d)\b", text))
    assert set(load("sources")["source"]) - used <= {"D000", "D001", "D002", "D003"}


@pytest.mark.parametrize(("year", "total", "with_villages"), [(2014, 211, 10), (2016, 1311, 18)])
def test_complete_provinces_add_up(year, total, with_villages):
    """In the two complete years 31 units add up to the national count."""
    rows = load("taobao_provinces").query("year == @year")
    assert (len(rows), rows["villages"].sum(), (rows["villages"] > 0).sum()) == (31, total, with_villages)


def test_coders_disagree_honestly():
    """The two coders agree well beyond chance and far from fully."""
    sheet = load("coding_sheet")
    agreement = (sheet["coder_a"] == sheet["coder_b"]).mean()
    shares = [sheet[column].value_counts(normalize=True) for column in ("coder_a", "coder_b")]
    chance = (shares[0] * shares[1]).sum()
    assert 0.60 < (agreement - chance) / (1 - chance) < 0.75


# load


def test_types_hold_no_surprise():
    """Whole columns are int64, columns with gaps float64, dates dates, and missing text is ''."""
    national, provinces = load("taobao_national"), load("taobao_provinces")
    assert national["villages"].dtype == "int64"
    assert national["towns"].dtype == "float64"
    assert load("assumptions")["value"].dtype == "float64"
    assert pd.api.types.is_datetime64_any_dtype(load("census_provinces")["date"])
    assert (provinces.loc[provinces["status"] == "sourced", "how"] == "").all()


@pytest.mark.parametrize("name", TABLES)
def test_text_has_no_gaps_of_another_kind(name):
    """Every text column holds strings only."""
    table = load(name)
    for field in next(r for r in PACKAGE["resources"] if r["name"] == name)["schema"]["fields"]:
        if field["type"] == "string":
            assert table[field["name"]].map(type).eq(str).all()


def test_load_returns_a_fresh_copy():
    """What a learner does to a table does not reach the next cell that loads it."""
    spoilt = load("claims")
    spoilt.loc[:, "value"] = 0
    assert load("claims").set_index("claim")["value"]["000-15"] == 300000


def test_unknown_table_names_close_ones():
    """A misspelt name is answered with the tables that are meant."""
    with pytest.raises(DataError, match="no table 'claim'.*'claims'"):
        load("claim")


def test_unknown_table_without_close_name_lists_all():
    """A name like no other is answered with the list of tables."""
    with pytest.raises(DataError, match="documents, sources, claims"):
        load("zzz")


def test_missing_file(copy):
    """A missing CSV file is named, with the way to get it back."""
    (copy / "claims.csv").unlink()
    with pytest.raises(DataError, match=r"claims\.csv.*is missing.*git restore data/claims\.csv"):
        load("claims")


def test_edited_file_is_refused_even_after_a_good_load(copy):
    """A changed figure is noticed by the hash although the table was read before."""
    load("claims")
    edit(copy / "claims.csv", "300000", "400000")
    with pytest.raises(DataError, match=r"claims\.csv is not the published table"):
        load("claims")


def test_renamed_column_is_named(copy):
    """A renamed column is told by both names, even when the package was sealed again."""
    edit(copy / "claims.csv", ",value,", ",figure,")
    seal(copy)
    with pytest.raises(DataError, match=r"lacks the column 'value' \(it has 'figure' instead\)"):
        load("claims")


def test_empty_file(copy):
    """An emptied CSV file gives a plain message."""
    (copy / "audits.csv").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="lacks the column 'audit'"):
        load("audits")


def test_windows_line_ends_are_the_same_table(copy):
    """A checkout that turned line ends into those of Windows still loads."""
    path = copy / "claims.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(load("claims")) == sum(CLAIMS.values())


def test_broken_package(copy):
    """A package file that is no JSON is named."""
    (copy / "datapackage.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match=r"datapackage\.json is not a readable data package"):
        load("claims")


def test_messages_are_one_sentence(copy):
    """A message is a single sentence that ends with a full stop and has no line break."""
    (copy / "claims.csv").unlink()
    for name in ("claims", "claim", "zzz"):
        with pytest.raises(DataError) as caught:
            load(name)
        message = str(caught.value)
        assert message[-1] in ".?" and ". " not in message and "\n" not in message


# find_data


def test_data_is_found_above_the_working_folder(copy, monkeypatch):
    """Without LITU_DATA the nearest data folder above a notebook is taken."""
    monkeypatch.delenv("LITU_DATA")
    notebook = copy.parent / "release" / "01-southern-jiangsu"
    notebook.mkdir(parents=True)
    monkeypatch.chdir(notebook)
    assert find_data() == copy


def test_another_project_s_data_is_passed_over(copy, monkeypatch):
    """A nearer data folder whose package names no course is not the dataset."""
    monkeypatch.delenv("LITU_DATA")
    theirs = copy.parent / "project" / "data"
    theirs.mkdir(parents=True)
    (theirs / "datapackage.json").write_text('{"name": "fish", "resources": [{"name": "claims", "path": "claims.csv"}]}', encoding="utf-8")
    monkeypatch.chdir(theirs.parent)
    assert find_data() == copy


def test_an_editable_install_finds_the_checkout(tmp_path, monkeypatch):
    """Far from any course folder the dataset is the one beside the sources."""
    monkeypatch.delenv("LITU_DATA")
    monkeypatch.chdir(tmp_path)
    assert find_data() == DATA


def test_no_data_lists_the_places_tried(tmp_path, monkeypatch):
    """When nothing is found, the message lists where was looked."""
    monkeypatch.delenv("LITU_DATA")
    monkeypatch.setattr(tables, "CHECKOUT", tmp_path / "none")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=re.escape(str(tmp_path / "data")) + ".*install litu again"):
        find_data()


def test_wrong_variable_is_named(tmp_path, monkeypatch):
    """A LITU_DATA that names a folder without the package is told so, not passed over."""
    monkeypatch.setenv("LITU_DATA", str(tmp_path))
    with pytest.raises(DataError, match="LITU_DATA"):
        load("claims")


# describe


class Tables(HTMLParser):
    """Collects what a screen reader needs from a table."""

    def __init__(self, text: str):
        super().__init__()
        self.open: list[str] = []
        self.scopes: list[str] = []
        self.captions = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.captions += tag == "caption"
        if tag == "th":
            self.scopes.append(dict(attrs)["scope"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", TABLES)
def test_description_is_an_accessible_table(name):
    """Tags are closed, every table has a caption, every header cell a scope, every column a row."""
    description = describe(name)
    parsed = Tables(description._repr_html_())
    assert parsed.open == []
    assert parsed.captions == description._repr_html_().count("<table>")
    assert parsed.scopes.count("row") == len(description.columns) + len(description.sources)
    assert set(parsed.scopes) == {"col", "row"}


def test_description_names_units_and_sources():
    """Units and the publishers behind a table are shown in HTML and in plain text."""
    for text in (repr(describe("tve_employment")), describe("tve_employment")._repr_html_()):
        assert "10,000 persons" in text
        assert "National Bureau of Statistics of China" in text
        assert "1996" in text and "1996.0" not in text


def test_description_is_escaped():
    """Text from the package cannot become markup."""
    nasty = "<script>alert('x')</script> & more"
    shown = Description("t", nasty, nasty, ((nasty, nasty, nasty),), ((nasty, nasty),))._repr_html_()
    assert "<script>" not in shown and "&lt;script&gt;" in shown and "&amp; more" in shown
