"""The list of forces, and its filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from flask.testing import FlaskClient

HTML = {"Accept": "text/html"}


def listed(client: FlaskClient, address: str) -> list[str]:
    """The names in the table at *address*."""
    response = client.get(address, headers=HTML)
    assert response.status_code == 200, response.text
    return [each.text() for each in LexborHTMLParser(response.text).css("table tbody th a")]


def test_the_list_has_the_43_and_the_others_apart(built_client: FlaskClient) -> None:
    """Three forces without an area are no PEEL forces, and are marked."""
    names = listed(built_client, "/forces")
    assert len(names) == 43
    assert "British Transport Police" not in names
    page = LexborHTMLParser(built_client.get("/forces").text)
    assert "British Transport Police" in page.css("main")[0].text()


def test_filters_narrow_the_list(built_client: FlaskClient) -> None:
    """By name, in Welsh too; by country; by region."""
    wales = ["Dyfed-Powys Police", "Gwent Police", "North Wales Police", "South Wales Police"]
    assert listed(built_client, "/forces?country=wales") == wales
    assert listed(built_client, "/forces?q=gogledd") == ["North Wales Police"]
    assert listed(built_client, "/forces?region=london") == [
        "City of London Police",
        "Metropolitan Police Service",
    ]
    assert listed(built_client, "/forces?q=kent&region=london") == []


def test_the_latest_grades_are_letters(built_client: FlaskClient) -> None:
    """Kent's of 2018-19, by the pillar's column."""
    page = LexborHTMLParser(built_client.get("/forces?q=kent").text)
    assert [each.text() for each in page.css("tbody .grade")] == ["G", "O", "O"]
    (href,) = {str(each.attributes["href"]) for each in page.css("tbody td:nth-child(4) a")}
    assert href == "/data/judgment/peel-2018-19/kent/efficiency"


def test_a_grade_of_an_earlier_cycle_says_so(built_client: FlaskClient) -> None:
    """On paper, by touch and by ear too; two grades beside each other may be years apart."""
    page = LexborHTMLParser(built_client.get("/forces").text)
    rows = {each.css("th a")[0].text(): each.css("td") for each in page.css("table tbody tr")}
    shown = [cell.text(separator=" ", strip=True) for cell in rows["Humberside Police"][1:]]
    assert shown == ["G", "RI 2016", "G 2016"]
    assert [cell.text(strip=True) for cell in rows["Kent Police"][1:]] == ["G", "O", "O"]
    assert "of PEEL 2018/19 where no earlier cycle is named" in page.css("caption")[0].text()


def test_a_misspelt_filter_is_refused(built_client: FlaskClient) -> None:
    """An empty list would say that there is no such force."""
    response = built_client.get("/forces?country=scotland")
    assert response.status_code == 400
    assert response.get_json()["expected"] == "one of england, wales"


def test_the_list_is_kept_and_known_again(built_client: FlaskClient) -> None:
    """The page is a function of the version and the address."""
    first = built_client.get("/forces")
    known = built_client.get("/forces", headers={"If-None-Match": first.headers["ETag"]})
    assert known.status_code == 304
    other = built_client.get("/forces?country=wales")
    assert other.headers["ETag"] != first.headers["ETag"]
