"""The matrix of grades: what is shown, filtered and sorted, and what is taken away."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser

from peelgraph.graph.tables import bundled_tables
from peelgraph.server.site.judgments import LETTERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    Tables = Callable[[LexborHTMLParser, str], dict[str, list[str]]]

TABLE = "table.dense"
DASH = LETTERS["not-graded"]


def page_at(client: FlaskClient, address: str) -> LexborHTMLParser:
    """The page at *address*."""
    response = client.get(address, headers={"Accept": "text/html"})
    assert response.status_code == 200, response.text
    return LexborHTMLParser(response.text)


def rows_at(client: FlaskClient, address: str) -> list[dict[str, str]]:
    """The CSV at *address*."""
    response = client.get(address)
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.text, newline="")))


def test_every_force_has_a_letter_for_every_pillar(
    built_client: FlaskClient, table_in: Tables
) -> None:
    """As the bundled tables have them; what is not known is a dot, never a blank."""
    shown = table_in(page_at(built_client, "/grades"), TABLE)
    assert len(shown) == 43
    assert shown["Kent Police"] == [
        *(DASH, "G", "G", "G", "G"),
        *("G", "G", "G", "G", "O"),
        *(DASH, "O", "O", "O", "O"),
    ]
    letters = [letter for cells in shown.values() for letter in cells]
    assert "" not in letters
    pillars = {"effectiveness", "efficiency", "legitimacy"}
    known = [row for row in bundled_tables().grades if row.criterion in pillars]
    assert len(letters) - letters.count("·") == len(known)
    assert letters.count("I") == sum(row.grade == "inadequate" for row in known)


def test_a_filter_shows_what_it_says(built_client: FlaskClient, table_in: Tables) -> None:
    """By cycle and criterion, grade and country."""
    address = "/grades?cycle=peel-2018-19&criterion=legitimacy&grade=requires-improvement"
    shown = table_in(page_at(built_client, address), TABLE)
    expected = [
        row
        for row in bundled_tables().grades
        if (row.cycle, row.criterion, row.grade)
        == ("peel-2018-19", "legitimacy", "requires-improvement")
    ]
    assert len(shown) == len(expected) > 0
    assert set(map(tuple, shown.values())) == {("RI",)}
    wales = table_in(page_at(built_client, "/grades?country=wales"), TABLE)
    assert [name.partition(" ")[0] for name in wales] == ["Dyfed-Powys", "Gwent", "North", "South"]


@pytest.mark.parametrize("grade", LETTERS)
def test_a_grade_is_looked_for_in_every_cycle_and_criterion(
    built_client: FlaskClient, table_in: Tables, grade: str
) -> None:
    """Areas of the newest cycles and questions too: a force left out would be a wrong answer."""
    given = [row for row in bundled_tables().grades if row.grade == grade]
    page = page_at(built_client, f"/grades?grade={grade}")
    shown = table_in(page, TABLE)
    forces = {row.force for row in given}
    assert len(shown) == len(forces)
    assert page.css("#table")[0].text().startswith(f"{len(forces)} of 43 forces")
    rows = rows_at(built_client, f"/grades.csv?grade={grade}")
    keys = {(row["force"], row["cycle"], row["criterion"]) for row in rows if row["grade"] == grade}
    assert keys == {row.key for row in given}
    columns = page.css(f"{TABLE} thead tr:last-child th")
    assert len(columns) - 1 == len({row.key[1:] for row in given}), "no column without the grade"


def test_questions_of_two_cycles_stand_apart(built_client: FlaskClient) -> None:
    """The third question on effectiveness is on another matter in each cycle."""
    page = page_at(built_client, "/grades?grade=outstanding")
    heads = [each.text(strip=True).casefold() for each in page.css(f"{TABLE} th.group[colspan]")]
    tables = bundled_tables()
    asked = {
        (row.cycle, tables.questions[row.cycle][row.criterion].label.casefold())
        for row in tables.grades
        if row.grade == "outstanding" and row.criterion[-1].isdigit()
    }
    assert len(asked) > 5
    for label in {label for _, label in asked}:
        assert heads.count(label) == sum(each == label for _, each in asked), label


def test_the_count_says_what_is_counted_and_leads_to_the_rest(built_client: FlaskClient) -> None:
    """The pillars ended with a cycle; who reads no more must not take them for all there is."""
    page = page_at(built_client, "/grades?country=wales")
    said = page.css("#table")[0].text()
    assert said.endswith("4 of 43 forces: pillars, PEEL 2014 to PEEL 2018/19")
    links = [str(each.attributes["href"]) for each in page.css("#table + p a")]
    assert links == [
        "/grades?cycle=peel-2021-22&country=wales",
        "/grades?cycle=peel-2023-25&country=wales",
    ]
    assert all(page_at(built_client, link).css(TABLE) for link in links)
    assert not page_at(built_client, "/grades?cycle=peel-2015").css("#table + p")


def test_one_force_is_shown_with_all_that_is_known_of_it(
    built_client: FlaskClient, table_in: Tables
) -> None:
    """The way up from each judgement of a force leads there."""
    page = page_at(built_client, "/grades?force=kent")
    (cells,) = table_in(page, TABLE).values()
    known = [row for row in bundled_tables().grades if row.force == "kent"]
    assert len([cell for cell in cells if cell != "·"]) == len(known) == len(cells)
    rows = rows_at(built_client, "/grades.csv?force=kent")
    assert {row["force"] for row in rows} == {"kent"}
    judgment = built_client.get(
        "/data/judgment/peel-2015/kent/legitimacy", headers={"Accept": "text/html"}
    )
    assert 'href="/grades?force=kent"' in judgment.text


def test_titles_tell_filters_apart(built_client: FlaskClient) -> None:
    """A tab or a bookmark is known by its title."""
    every = "/grades?cycle=peel-2015&criterion=legitimacy&grade=good&country=wales&sort=best"
    titles = {
        "/grades": "Grades",
        "/grades?force=kent": "Grades: Kent Police",
        every: "Grades: PEEL 2015, Legitimacy, Good, Wales, Best first",
    }
    for address, title in titles.items():
        page = page_at(built_client, address)
        assert page.css("title")[0].text().split(" – ") == [title, "peelgraph"]  # noqa: RUF001
        assert page.css("h1")[0].text() == title


def test_every_mark_is_in_the_key(built_client: FlaskClient) -> None:
    """Letters and steps alike, wherever grades stand in cells."""
    for address in ("/grades", "/grades?grade=inadequate", "/grades?force=greater-manchester"):
        page = page_at(built_client, address)
        explained = " ".join(each.text() for each in page.css("ul.key")).split()
        marks = {each.text(strip=True) for each in page.css(f"{TABLE} .step")}
        letters = {each.text(strip=True) for each in page.css(f"{TABLE} .grade, {TABLE} .none")}
        assert letters <= set(explained)
        assert {mark.strip("()") for mark in marks} <= {each.strip("()") for each in explained}


def test_a_force_that_was_not_inspected_has_its_own_mark_and_no_step(
    built_client: FlaskClient,
) -> None:
    """Where there is no grade nothing compares, and why there is none is said."""
    page = page_at(built_client, "/grades?force=greater-manchester&criterion=efficiency")
    cells = page.css(f"{TABLE} tbody td")
    not_inspected, after = cells[3], cells[4]
    assert not_inspected.text(strip=True) == "NI"
    (said,) = {each.attributes["title"] for each in not_inspected.css("abbr")}
    assert said == "not graded: not inspected"
    assert after.text(strip=True) == "RI", "no step from what was not inspected"


def test_best_first_goes_by_the_column_of_the_map(
    built_client: FlaskClient, table_in: Tables
) -> None:
    """Ranks are of one scale, and what has no grade comes last."""
    best = table_in(
        page_at(built_client, "/grades?cycle=peel-2017&criterion=legitimacy&sort=best"), TABLE
    )
    order = ["O", "G", "RI", "I", DASH, "NI", "·"]
    places = [order.index(cells[-1]) for cells in best.values()]
    assert places == sorted(places)
    assert next(iter(best)) == "Kent Police"
    worst = table_in(
        page_at(built_client, "/grades?cycle=peel-2017&criterion=legitimacy&sort=worst"), TABLE
    )
    graded = [place for cells in worst.values() if (place := order.index(cells[-1])) < 4]
    assert graded == sorted(graded, reverse=True)
    page = page_at(built_client, "/grades?sort=worst")
    assert "Effectiveness, PEEL 2018/19" in page.css("figcaption")[0].text()
    assert "worst first in effectiveness, PEEL 2018/19" in page.css("#table")[0].text()
    assert next(iter(table_in(page, TABLE))) == "Cleveland Police", "alone inadequate in it"
    assert worst["Greater Manchester Police"] == ["NI"], "it was not inspected"
    assert list(worst).index("Greater Manchester Police") >= len(graded)


def test_the_csv_is_exactly_what_is_shown(built_client: FlaskClient, table_in: Tables) -> None:
    """The same judgments, in the same order."""
    query = "?cycle=peel-2015&country=wales&sort=best"
    page = page_at(built_client, f"/grades{query}")
    letters = [cell for cells in table_in(page, TABLE).values() for cell in cells if cell != "·"]
    rows = rows_at(built_client, f"/grades.csv{query}")
    assert [row["letter"] for row in rows] == letters
    assert {row["cycle"] for row in rows} == {"peel-2015"}
    assert rows[0]["judgment"].startswith("https://w3id.org/peelgraph/data/judgment/peel-2015/")
    (link,) = {str(each.attributes["href"]) for each in page.css('a[href^="/grades.csv"]')[:1]}
    assert link == "/grades.csv?cycle=peel-2015&country=wales&sort=best"


def test_the_csv_is_plain_and_the_one_for_excel_has_its_mark(built_client: FlaskClient) -> None:
    """No byte order mark for programs; lines end as the standard says."""
    plain = built_client.get("/grades.csv?cycle=peel-2015")
    assert plain.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert plain.headers["Content-Disposition"].startswith("attachment")
    assert plain.data.startswith(b"force,force_name,cycle,")
    lines = 1 + sum(row.cycle == "peel-2015" for row in bundled_tables().grades)
    assert plain.data.count(b"\r\n") == plain.data.count(b"\n") == lines
    excel = built_client.get("/grades.csv?cycle=peel-2015&excel=1")
    assert excel.data == b"\xef\xbb\xbf" + plain.data


def test_the_json_says_what_was_asked(built_client: FlaskClient) -> None:
    """An object a judgment, with its rank as a number."""
    address = "/grades.json?cycle=peel-2015&criterion=legitimacy&grade=outstanding"
    said = built_client.get(address).get_json()
    assert said["parameters"]["criterion"] == "legitimacy"
    kent = next(each for each in said["judgments"] if each["force"] == "kent")
    assert (kent["grade"], kent["rank"], kent["status"]) == ("outstanding", 4, "awarded")
    assert len(said["judgments"]) == len(rows_at(built_client, address.replace("json", "csv")))


def test_the_map_has_a_tile_for_each_force(built_client: FlaskClient) -> None:
    """Each with its abbreviation, its letter, its grade in words, and a link."""
    page = page_at(built_client, "/grades?cycle=peel-2018-19&criterion=efficiency")
    tiles = page.css("svg.tiles a")
    assert len(tiles) == 43
    kent = next(each for each in tiles if "Kent" in str(each.attributes["aria-label"]))
    assert kent.attributes["href"] == "/data/judgment/peel-2018-19/kent/efficiency"
    assert kent.css("title")[0].text() == "Kent Police: outstanding"
    assert [each.text() for each in kent.css("text")] == ["KEN", "O"]
    assert "Efficiency, PEEL 2018/19" in page.css("figcaption")[0].text()


def test_the_query_behind_it_runs(built_client: FlaskClient) -> None:
    """The link gives what the page was made of."""
    page = page_at(built_client, "/grades")
    query = page.css("pre code")[0].text()
    answer = built_client.get("/sparql", query_string={"query": query})
    assert len(answer.get_json(force=True)["results"]["bindings"]) == len(bundled_tables().grades)
    ask = str(page.css('a[href^="/sparql?query="]')[0].attributes["href"])
    assert built_client.get(ask).status_code == 200


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("cycle", "peel-1999"),
        ("criterion", "courage"),
        ("grade", "excellent"),
        ("force", "nowhere"),
        ("forse", "kent"),
        ("country", "scotland"),
        ("sort", "random"),
    ],
)
@pytest.mark.parametrize("form", ["", ".csv", ".json"])
def test_a_misspelt_parameter_is_refused(
    built_client: FlaskClient, form: str, parameter: str, value: str
) -> None:
    """No grades would be an answer, and a wrong one."""
    response = built_client.get(f"/grades{form}?{parameter}={value}")
    assert response.status_code == 400
    assert response.get_json()["place"] == parameter
