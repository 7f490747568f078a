"""Pages about things, and the tables in them."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser

from peelgraph.graph.settings import Settings
from peelgraph.server.app import create_app, start_engine
from peelgraph.server.site.documents import page_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask.testing import FlaskClient


@pytest.fixture(scope="session")
def page_text() -> Callable[[FlaskClient, str], str]:
    """Make the page about the thing at a document address, as it is written."""

    def make(client: FlaskClient, address: str) -> str:
        with client.application.test_request_context(address):
            page = page_at(address)
            assert page is not None, address
            return page()

    return make


@pytest.fixture(scope="session")
def page_of(
    page_text: Callable[[FlaskClient, str], str],
) -> Callable[[FlaskClient, str], LexborHTMLParser]:
    """Make the page about the thing at a document address, and read it."""
    return lambda client, address: LexborHTMLParser(page_text(client, address))


@pytest.fixture(scope="session")
def table_in() -> Callable[[LexborHTMLParser, str], dict[str, list[str]]]:
    """Read a table: the letters or words of each row by its heading."""

    def read(page: LexborHTMLParser, selector: str) -> dict[str, list[str]]:
        (table,) = page.css(selector)
        rows = {}
        for row in table.css("tbody tr"):
            heading = row.css_first("th")
            assert heading is not None
            cells = [(each.css_first(".grade") or each).text(strip=True) for each in row.css("td")]
            rows[heading.text(strip=True)] = cells
        return rows

    return read


@pytest.fixture(scope="session")
def kent_client(kent_data: Path) -> Iterator[FlaskClient]:
    """A client of the application over what is bundled and the Kent 2015 page, without limits."""
    settings = Settings(data=kent_data, workers=1, client_seconds=0, client_errors=0)
    with closing(start_engine(settings)) as engine:
        yield create_app(settings, engine).test_client()
