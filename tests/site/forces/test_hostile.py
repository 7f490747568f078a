"""What strangers put into data is text on every page: it runs nothing and reaches nothing."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser

from peelgraph.graph.settings import Settings
from peelgraph.server.app import create_app, start_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient

    Pages = Callable[[FlaskClient, str], LexborHTMLParser]

MARKUP = 'script:not([type="application/ld+json"]), style, iframe, img, [onmouseover], [x], [style]'
SCRIPT = "<script>alert(1)</script>"
ATTRIBUTE = "' onmouseover='alert(1)' x=\\\""
BIDI = "\u202egnp.exe\u202c"
LONG = "w" * 100_000
DATASET = Path(__file__).with_name("hostile.ttl")


@pytest.fixture(scope="session")
def hostile_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client over a small file in which every label and address is hostile; all is made up."""
    file = tmp_path_factory.mktemp("hostile") / "hostile.ttl"
    label = f"=1+1 {SCRIPT} {ATTRIBUTE} {BIDI} {LONG}"
    written = DATASET.read_text(encoding="utf-8").replace("LABEL", label)
    file.write_text(written, encoding="utf-8")
    settings = Settings(workers=1, client_errors=0, client_seconds=0)
    with closing(start_engine(settings, file)) as engine:
        yield create_app(settings, engine).test_client()


@pytest.fixture(scope="session")
def hostile_pages(hostile_client: FlaskClient, page_of: Pages) -> dict[str, LexborHTMLParser]:
    """Every page of these sections over that file, by address."""
    documents = [
        "/doc/force/wessmarch",
        "/doc/inspection/peel-2015/wessmarch",
        "/doc/inspection/peel-2015/wessmarch/legitimacy",
    ]
    addresses = ["/forces", "/grades", "/grades?cycle=peel-2016", "/compare?force=wessmarch"]
    made = {address: page_of(hostile_client, address) for address in documents}
    for address in addresses:
        response = hostile_client.get(address, headers={"Accept": "text/html"})
        assert response.status_code == 200, response.text
        made[address] = LexborHTMLParser(response.text)
    return made


def test_no_label_becomes_markup(hostile_pages: dict[str, LexborHTMLParser]) -> None:
    """It is shown as what it is."""
    for address, page in hostile_pages.items():
        assert not page.css(MARKUP), address
        assert SCRIPT in page.css("main")[0].text(), address


def test_no_link_leads_where_a_browser_runs_something(
    hostile_pages: dict[str, LexborHTMLParser],
) -> None:
    """``javascript:`` and ``data:`` are shown as text."""
    for address, page in hostile_pages.items():
        links = [str(each.attributes["href"]) for each in page.css("[href]")]
        assert links, address
        assert not [each for each in links if not each.startswith(("/", "#", "https://"))], address


def test_other_data_about_its_area_is_named(hostile_pages: dict[str, LexborHTMLParser]) -> None:
    """Where there are observations of another dataset, and nowhere else."""
    text = " ".join(hostile_pages["/doc/force/wessmarch"].css("main")[0].text().split())
    assert "Other data about its area" in text
    assert ": 1 observation," in text


def test_long_labels_are_cut_and_turned_text_is_kept_apart(
    hostile_pages: dict[str, LexborHTMLParser],
) -> None:
    """A page stays readable, and what is written backwards turns nothing around it."""
    for address, page in hostile_pages.items():
        assert len(page.html or "") < 600_000, address
        heading = page.css("h1")[0]
        if BIDI in heading.text():
            assert heading.css("bdi"), address
    for row in hostile_pages["/forces"].css("tbody th"):
        assert BIDI in row.css("bdi")[0].text()


def test_a_spreadsheet_runs_nothing(hostile_client: FlaskClient) -> None:
    """A label that begins as a formula would is marked there, and exact for programs."""
    excel = hostile_client.get("/grades.csv?excel=1").get_data(as_text=True)
    assert excel.startswith("\ufeffforce,")
    assert f"wessmarch,\"'=1+1 {SCRIPT}" in excel
    assert f'wessmarch,"=1+1 {SCRIPT}' in hostile_client.get("/grades.csv").text
