"""Forces side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    Tables = Callable[[LexborHTMLParser, str], dict[str, list[str]]]

HTML = {"Accept": "text/html"}


def test_two_forces_side_by_side(built_client: FlaskClient, table_in: Tables) -> None:
    """In the order asked for, with every cycle; 2016 of Essex is not known."""
    response = built_client.get("/compare?force=kent&force=essex", headers=HTML)
    page = LexborHTMLParser(response.text)
    shown = table_in(page, "[aria-labelledby=criterion-1] table")
    assert list(shown) == ["Kent Police", "Essex Police"]
    assert shown["Essex Police"] == ["–", "RI", "·", "G", "G"]  # noqa: RUF001 - as in tables
    areas = table_in(page, "[aria-labelledby=areas-1] table")
    assert areas["Recording data about crime"] == ["O", "O"]
    text = " ".join(page.css("main")[0].text().split())
    assert "PEEL 2021/22 to PEEL 2023–25: not comparable" in text  # noqa: RUF001 - its name
    chosen = [each.attributes["value"] for each in page.css("option[selected]")]
    assert chosen == ["kent", "essex"]
    assert len(page.css("select")) == 3, "room for one more"


def test_three_and_one_and_none(built_client: FlaskClient) -> None:
    """The form alone, one force with room for another, three."""
    assert "Choose two forces" in built_client.get("/compare", headers=HTML).text
    one = LexborHTMLParser(built_client.get("/compare?force=kent&force=", headers=HTML).text)
    assert len(one.css("[aria-labelledby=criterion-1] tbody tr")) == 1
    three = built_client.get("/compare?force=kent&force=essex&force=surrey&force=kent")
    page = LexborHTMLParser(three.text)
    assert len(page.css("[aria-labelledby=criterion-1] tbody tr")) == 3


@pytest.mark.parametrize(
    "query",
    ["force=kent&force=wessmarch", "force=btp", "&".join(f"force={n}" for n in "abcdefghi")],
)
def test_unknown_or_too_many_are_refused(built_client: FlaskClient, query: str) -> None:
    """The British Transport Police have nothing to compare."""
    response = built_client.get(f"/compare?{query}")
    assert response.status_code == 400
    assert response.get_json()["place"] == "force"


def test_nine_forces_are_too_many(built_client: FlaskClient) -> None:
    """More than fit on a screen are in the matrix."""
    names = ["kent", "essex", "surrey", "sussex", "dorset", "durham", "gwent", "norfolk", "suffolk"]
    response = built_client.get("/compare?" + "&".join(f"force={name}" for name in names))
    assert response.status_code == 400
    assert "/grades" in response.get_json()["action"]
