"""Whatever a version says, these pages show it as text, and their charts stay whole."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from selectolax.lexbor import LexborHTMLParser

from peelgraph.graph.settings import Settings
from peelgraph.server.app import create_app, start_engine
from peelgraph.server.site.documents import page_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

SCRIPT = "<script>alert(1)</script>"
LABEL = f"=1+1 {SCRIPT} ' onmouseover='alert(1)' x=\\\" \\u0001 \u202egnp.exe\u202c " + "w" * 50_000
HTML = {"Accept": "text/html"}
PAGES = ("/", "/charts", "/charts/force", "/charts/movement", "/themes", "/ontology", "/quality")
THEME = "/def/theme/odd"


@pytest.fixture(scope="module")
def hostile_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client over a small file in which everything is hostile; all is made up."""
    file = tmp_path_factory.mktemp("hostile") / "hostile.trig"
    written = Path(__file__).with_name("hostile.trig").read_text(encoding="utf-8")
    file.write_text(written.replace("LABEL", LABEL), encoding="utf-8")
    settings = Settings(workers=1, client_errors=0, client_seconds=0)
    with closing(start_engine(settings, file)) as engine:
        yield create_app(settings, engine).test_client()


@pytest.fixture(scope="module")
def texts(hostile_client: FlaskClient) -> dict[str, str]:
    """Every page of these sections, by address."""
    made = {}
    for address in PAGES:
        response = hostile_client.get(address, headers=HTML)
        assert response.status_code == 200, response.text[-2000:]
        made[address] = response.text
    with hostile_client.application.test_request_context(THEME):
        page = page_at(THEME)
        assert page is not None
        made[THEME] = page()
    return made


def test_no_label_becomes_markup(texts: dict[str, str]) -> None:
    """It is shown as what it is."""
    for address, text in texts.items():
        page = LexborHTMLParser(text)
        scripts = [each.attributes for each in page.css("script")]
        assert scripts in ([], [{"type": "application/ld+json"}]), address
        assert not page.css("style, iframe, img, [onmouseover], [style]"), address
        if address != "/":
            assert "alert(1)</script>" in page.css("main")[0].text(), address


def test_no_link_leads_where_a_browser_runs_something(texts: dict[str, str]) -> None:
    """``javascript:`` and ``data:`` are shown as text."""
    for address, text in texts.items():
        links = [str(each.attributes["href"]) for each in LexborHTMLParser(text).css("[href]")]
        assert len(links) > 10, address
        allowed = ("/", "#", "http://", "https://", "mailto:")
        assert [each for each in links if not each.startswith(allowed)] == [], address


def test_no_label_fills_a_page(texts: dict[str, str]) -> None:
    """Each is cut where it is shown."""
    for address, text in texts.items():
        assert "w" * 2001 not in text, address


def test_charts_are_whole(hostile_client: FlaskClient) -> None:
    """Also where a grade is of no known scale, and a label has what XML does not take."""
    for chart in ("force", "distribution", "themes"):
        response = hostile_client.get(f"/charts/{chart}.svg")
        assert response.status_code == 200, response.text[-2000:]
        root = ET.fromstring(response.data)  # noqa: S314 - our own server's
        assert "alert(1)" in "".join(root.itertext())
        assert hostile_client.get(f"/charts/{chart}.png").data.startswith(b"\x89PNG")
        sheet = hostile_client.get(f"/charts/{chart}.csv?excel=1").text
        assert ",=1+1" not in sheet
        assert "'=1+1" in sheet
    refused = hostile_client.get("/charts/movement.svg")
    assert refused.status_code == 400, "grades of two scales do not compare, whatever is claimed"
