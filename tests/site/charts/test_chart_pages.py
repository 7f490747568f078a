"""Charts of the bundled grades: their numbers are those of the tables, and what they refuse."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from peelgraph.graph.settings import Settings
from peelgraph.graph.tables import bundled_tables
from peelgraph.server.app import create_app, start_engine

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

SVG = "{http://www.w3.org/2000/svg}"
PILLARS = ("effectiveness", "efficiency", "legitimacy")
NAMES = ("force", "distribution", "movement", "themes")
COMPARED = [("peel-2014", "peel-2015"), ("peel-2015", "peel-2016"), ("peel-2016", "peel-2017")]
COMPARED += [("peel-2017", "peel-2018-19")]
GRADED = {(row.cycle, row.criterion, row.force): row.grade for row in bundled_tables().grades}
HTML = {"Accept": "text/html"}


def table(client: FlaskClient, address: str) -> list[dict[str, str]]:
    """The rows of a CSV."""
    response = client.get(address)
    assert response.status_code == 200, response.text
    assert "attachment" in response.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(response.text)))


def parts(client: FlaskClient, address: str) -> list[tuple[str, str, int]]:
    """What each part of a drawing says to a pointer: of what, which part, how many."""
    root = ET.fromstring(client.get(address).data)  # noqa: S314 - our own server's
    told = [each.findtext(f"{SVG}title") or "" for each in root.iter(f"{SVG}rect")]
    found = [re.fullmatch(r"(.+): (.+) ([0-9]+)", each) for each in told]
    return [(each[1], each[2], int(each[3])) for each in found if each]


def test_every_chart_has_its_page_and_its_files(built_client: FlaskClient) -> None:
    """A chart without its table is a picture that nobody can check."""
    listed = built_client.get("/charts", headers=HTML).text
    for name in NAMES:
        page = built_client.get(f"/charts/{name}", headers=HTML).text
        for text in (listed, page):
            assert text.count(f'aria-labelledby="{name}-title {name}-about"') == 1
            assert f"/charts/{name}.svg" in text
            assert f"/charts/{name}.png" in text
            assert f"/charts/{name}.csv" in text
        assert "The table behind it" in page
        assert " style=" not in page
        picture = built_client.get(f"/charts/{name}.png")
        assert (picture.status_code, picture.content_type) == (200, "image/png")
        assert picture.data.startswith(b"\x89PNG")


@pytest.mark.parametrize("address", ["/charts", "/charts/force", "/charts/themes.csv?excel=1"])
def test_a_chart_is_known_again(built_client: FlaskClient, address: str) -> None:
    """A version never changes, so nothing is sent or drawn twice."""
    first = built_client.get(address, headers=HTML)
    headers = {**HTML, "If-None-Match": first.headers["ETag"]}
    assert built_client.get(address, headers=headers).status_code == 304


def test_the_spread_of_grades_is_that_of_the_tables(built_client: FlaskClient) -> None:
    """Every number of the chart, counted from the bundled rows."""
    forces = {row.force for row in bundled_tables().grades}
    expected = Counter(
        {
            (cycle, criterion, grade): number
            for (cycle, criterion), grades in _by_criterion(PILLARS).items()
            if set(grades.values()) != {"not-graded"}
            for grade, number in Counter(grades.get(force, "unknown") for force in forces).items()
        }
    )
    rows = table(built_client, "/charts/distribution.csv")
    found = Counter({(r["cycle"], r["criterion"], r["grade"]): int(r["forces"]) for r in rows})
    assert +found == +expected
    assert len({(r["cycle"], r["criterion"]) for r in rows}) == 13
    for row in rows:
        assert row["scale"] == bundled_tables().cycles[row["cycle"]].scale


@pytest.mark.parametrize("cycle", ["", "peel-2015", "peel-2021-22"])
def test_the_drawing_of_the_spread_says_what_its_table_says(
    built_client: FlaskClient, cycle: str
) -> None:
    """A drawing that differs from its table is worse than none."""
    rows = table(built_client, f"/charts/distribution.csv?cycle={cycle}")
    expected = Counter(
        (row["criterion_name"].capitalize(), row["grade_name"], int(row["forces"]))
        for row in rows
        if row["forces"] != "0"
    )
    assert Counter(parts(built_client, f"/charts/distribution.svg?cycle={cycle}")) == expected
    scales = {(row["cycle"], row["criterion"]): set[str]() for row in rows}
    for row in rows:
        scales[row["cycle"], row["criterion"]].add(row["scale"])
    assert all(len(each) == 1 for each in scales.values())


@pytest.mark.parametrize(("first", "second"), COMPARED)
@pytest.mark.parametrize("criterion", PILLARS)
def test_movement_is_that_of_the_tables(
    built_client: FlaskClient, criterion: str, first: str, second: str
) -> None:
    """Who went up, down or stayed, from the ranks of the bundled scales."""
    address = f"criterion={criterion}&to={second}"
    if (first, criterion) in {("peel-2014", "effectiveness"), ("peel-2014", "legitimacy")}:
        assert "first time" in built_client.get(f"/charts/movement?{address}", headers=HTML).text
        assert built_client.get(f"/charts/movement.csv?{address}").status_code == 400
        return
    rows = table(built_client, f"/charts/movement.csv?{address}")
    assert len(rows) == 43
    grades = bundled_tables().scales["four-tier"].grades
    ranks = {code: grade.rank for code, grade in grades.items()}
    for row in rows:
        before = ranks.get(GRADED.get((first, criterion, row["force"]), ""))
        after = ranks.get(GRADED.get((second, criterion, row["force"]), ""))
        if before is None or after is None:
            assert row["change"] == "not known", row
        else:
            assert row["change"] == ("same", "up", "down")[(after > before) - (after < before)]
    known = [row for row in rows if row["change"] != "not known"]
    drawn = ET.fromstring(  # noqa: S314 - our own server's
        built_client.get(f"/charts/movement.svg?{address}").data
    )
    bands = [each.findtext(f"{SVG}title") or "" for each in drawn.iter(f"{SVG}path")]
    pairs = Counter((row["from_grade"], row["to_grade"]) for row in known)
    assert sorted(bands) == sorted(
        f"{a.replace('-', ' ')} to {b.replace('-', ' ')}: {n}" for (a, b), n in pairs.items()
    )


@pytest.mark.parametrize("criterion", PILLARS)
@pytest.mark.parametrize("to", ["peel-2021-22", "peel-2023-25"])
def test_no_movement_is_drawn_where_the_inspectorate_rules_it_out(
    built_client: FlaskClient, criterion: str, to: str
) -> None:
    """'good' of four and 'good' of five are two grades: the chart says why it is not there."""
    query = f"criterion={criterion}&to={to}"
    page = built_client.get(f"/charts/movement?{query}", headers=HTML)
    assert page.status_code == 200
    assert "not comparable" in page.text
    assert "rule" in page.text
    assert "<svg" not in page.text
    for form in ("svg", "png", "csv"):
        refused = built_client.get(f"/charts/movement.{form}?{query}")
        assert refused.status_code == 400
        assert "not comparable" in refused.get_json(force=True)["detail"]


def test_the_strip_of_every_force_is_that_of_the_tables(built_client: FlaskClient) -> None:
    """Each judgment on a pillar is in the strip of its force, with its own grade."""
    found = {}
    for force in {force for _, _, force in GRADED}:
        for row in table(built_client, f"/charts/force.csv?force={force}"):
            found[row["cycle"], row["criterion"], row["force"]] = row["grade"]
    assert found == {key: grade for key, grade in GRADED.items() if key[1] in PILLARS}
    assert len(found) == 629


def test_a_change_is_told_only_where_cycles_compare(built_client: FlaskClient) -> None:
    """Of Kent: 2014 to 2015 with caution for efficiency, first time for the others."""
    rows = table(built_client, "/charts/force.csv?force=kent")
    said = {(r["cycle"], r["criterion"]): (r["comparability"], r["change"]) for r in rows}
    assert said["peel-2015", "efficiency"] == ("comparable with caution", "same")
    assert said["peel-2015", "legitimacy"] == ("first time", "")
    assert said["peel-2018-19", "efficiency"] == ("comparable", "up")
    assert all(not change for level, change in said.values() if level == "first time")
    drawn = built_client.get("/charts/force.svg?force=kent").text
    assert "Then PEEL 2021/22: not comparable." in drawn


def test_findings_by_theme_are_those_of_the_tables(built_client: FlaskClient) -> None:
    """A finding with two themes is counted under both."""
    each = {row.id: row for row in bundled_tables().findings}.values()
    expected = Counter((theme, row.type) for row in each for theme in row.themes or ("",))
    rows = table(built_client, "/charts/themes.csv")
    assert Counter({(r["theme"], r["kind"]): int(r["findings"]) for r in rows}) == expected
    drawn = Counter(
        {(theme, kind): number for theme, kind, number in parts(built_client, "/charts/themes.svg")}
    )
    assert drawn.total() == sum(expected.values())
    assert table(built_client, "/charts/themes.csv?force=kent&cycle=peel-2015") == rows


def test_what_was_not_read_is_not_nought(built_client: FlaskClient) -> None:
    """No report on Dorset was read: that is no proof of no findings."""
    page = built_client.get("/charts/themes?force=dorset", headers=HTML)
    assert page.status_code == 200
    assert "not known" in page.text
    assert built_client.get("/charts/themes.svg?force=dorset").status_code == 400


def test_a_spreadsheet_gets_its_own_csv(built_client: FlaskClient) -> None:
    """Excel takes UTF-8 for something else without a mark."""
    plain, excel = (
        built_client.get(f"/charts/force.csv?force=dyfed-powys{more}").data
        for more in ("", "&excel=1")
    )
    assert excel == "\ufeff".encode() + plain
    assert b"\r\n" in plain


def test_nobody_has_pictures_drawn_without_end(built_data: Path) -> None:
    """Drawing stops all else in a web process: a client pays for it, and for no kept picture."""
    settings = Settings(data=built_data, workers=1, client_seconds=3, client_errors=0)
    with closing(start_engine(settings)) as engine:
        client = create_app(settings, engine).test_client()
        forces = sorted({force for _, _, force in GRADED})
        statuses = [client.get(f"/charts/force.png?force={each}").status_code for each in forces]
        assert statuses[0] == 200
        assert statuses[-1] == 429
        assert client.get(f"/charts/force.svg?force={forces[-1]}").status_code == 200
        assert client.get(f"/charts/force.png?force={forces[0]}").status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/charts/nothing", 404),
        ("/charts/nothing.svg", 404),
        ("/charts/force?force=nowhere", 400),
        ("/charts/distribution.csv?cycle=peel-1999", 400),
        ("/charts/movement?criterion=leadership", 400),
        ("/charts/movement?pillar=legitimacy", 400),
        ("/charts/movement.csv?pillar=legitimacy", 400),
        ("/charts/movement?criterion=legitimacy&utm_source=letter", 200),
        ("/charts/force.csv?force=kent&excel=yes", 400),
    ],
)
def test_what_is_not_there_is_said(built_client: FlaskClient, address: str, status: int) -> None:
    """A misspelt word never gives an empty chart."""
    assert built_client.get(address).status_code == status


def test_steps_are_of_cycles_in_a_row() -> None:
    """The table of comparability and the cycles name the same steps."""
    cycles = sorted(bundled_tables().cycles.values(), key=lambda each: each.ordinal)
    known = {(each.from_cycle, each.to_cycle) for each in bundled_tables().comparabilities}
    assert {(a.slug, b.slug) for a, b in pairwise(cycles)} >= known >= set(COMPARED)


def _by_criterion(criteria: tuple[str, ...]) -> dict[tuple[str, str], dict[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = {}
    for (cycle, criterion, force), grade in GRADED.items():
        if criterion in criteria:
            found.setdefault((cycle, criterion), {})[force] = grade
    return found
