"""Every address has its headers; pages hold what they must."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from flask.testing import EnvironBuilder
from werkzeug.test import run_wsgi_app

from peelgraph.server.protocol.problems import catalogue

if TYPE_CHECKING:
    from flask.testing import FlaskClient

PAGES = ["/", "/sparql", "/problems/", "/problems/query-timeout", "/status"]
ADDRESSES = [*PAGES, "/livez", "/readyz", "/static/site.css", "/static/icon.svg", "/nothing-here"]
HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "DELETE"])
def test_every_answer_carries_the_security_headers(
    client: FlaskClient, address: str, method: str
) -> None:
    """One forgotten route is the one that is found."""
    with client.open(address, method=method) as response:
        headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert {"Accept", "Origin"} <= {name.strip() for name in headers["Vary"].split(",")}
    assert "Server" not in headers


@pytest.mark.parametrize("host", ["<script>", "a b", "a/b", "x:99999999", 'a"b', "[::1"])
def test_a_host_that_is_none_is_refused(client: FlaskClient, host: str) -> None:
    """Pages and descriptions hold addresses made from it."""
    for address in ("/", "/sparql", "/nothing-here"):
        response = client.get(address, headers={"Host": host})
        assert response.status_code == 400
        assert response.get_json(force=True)["place"] == "Host"


@pytest.mark.parametrize(("protocol", "status"), [("HTTP/1.1", 400), ("HTTP/1.0", 200)])
def test_a_request_without_a_host_is_refused(
    client: FlaskClient, protocol: str, status: int
) -> None:
    """The standard demands one since HTTP/1.1, and no name may be made up for it."""
    environ = EnvironBuilder(app=client.application, path="/livez").get_environ()
    del environ["HTTP_HOST"]
    environ["SERVER_PROTOCOL"] = protocol
    body, answered, _ = run_wsgi_app(client.application, environ)
    assert answered.startswith(str(status))
    assert status == 200 or json.loads(b"".join(body))["place"] == "Host"


@pytest.mark.parametrize(
    ("asked", "sent_to"),
    [
        ("/problems", "/problems/"),
        ("/problems?a=b%20c", "/problems/?a=b%20c"),
        ("//problems//busy", "/problems/busy"),
        ("/problems//busy", "/problems/busy"),
    ],
)
def test_a_redirect_stays_within_the_site(client: FlaskClient, asked: str, sent_to: str) -> None:
    """A cache that kept another host's name would send everyone there."""
    environ = EnvironBuilder(app=client.application, path="/").get_environ()
    path, _, query = asked.partition("?")
    environ.update(PATH_INFO=path, QUERY_STRING=query, HTTP_HOST="evil.example")
    body, status, headers = run_wsgi_app(client.application, environ)
    assert status.startswith("308 ")
    assert headers["Location"] == sent_to
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert b"evil" not in b"".join(body)


class Outline(HTMLParser):
    """What a page is made of: tags, links, and whether every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[dict[str, str | None]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.attributes.append(dict(attrs))
        if tag not in {"meta", "link", "input", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that tags nest."""
        assert self.open.pop() == tag


@pytest.mark.parametrize("address", [*PAGES, "/nothing-here"])
def test_a_page_is_whole_and_needs_no_script(client: FlaskClient, address: str) -> None:
    """Screen readers, small screens and text browsers get the same page."""
    text = client.get(address, headers=HTML).text
    page = Outline()
    page.feed(text)
    assert page.open == []
    assert page.tags.count("h1") == 1
    assert not {"style", "iframe", "img"} & set(page.tags)
    scripts = [
        each for tag, each in zip(page.tags, page.attributes, strict=True) if tag == "script"
    ]
    assert all(each == {"type": "application/ld+json"} for each in scripts), "data, which none runs"
    assert not [each for each in page.attributes if "style" in each or "onclick" in each]
    sources = [each.get("src") or each.get("href") or "" for each in page.attributes]
    outside = [each for each in sources if each.startswith("http")]
    assert all(each.startswith("https://www.nationalarchives.gov.uk/") for each in outside)
    assert 'lang="en-GB"' in text
    assert "not a government website" in text
    assert "Open Government Licence" in text
    assert "#main" in sources


def test_the_home_page_says_how_to_ask(client: FlaskClient) -> None:
    """The address in the example is the one that was asked."""
    text = client.get("/", headers={**HTML, "Host": "peel.example"}).text
    assert "curl -H" in text
    assert "http://peel.example/sparql" in text


def test_the_example_runs_as_it_stands(client: FlaskClient) -> None:
    """An example that fails is worse than none."""
    query = files("peelgraph.server.pages").joinpath("example.rq").read_text()
    assert "'" not in query, "it stands between single quotes in a shell"
    assert client.post("/sparql", data={"query": query}).status_code == 200


def test_live_and_ready(client: FlaskClient) -> None:
    """Ready means that a worker answered."""
    assert client.get("/livez").text == "live\n"
    assert client.get("/readyz").text == "ready\n"
    assert client.get("/readyz").status_code == 200


def test_every_problem_type_is_a_page(client: FlaskClient) -> None:
    """A type is an address that a person may open."""
    for slug, (_, title, _) in catalogue().items():
        assert title in client.get(f"/problems/{slug}").text
    assert client.get("/problems/unknown").status_code == 404


def test_the_style_sheet_is_small() -> None:
    """Pages must open on a bad line."""
    style = files("peelgraph.server.pages").joinpath("static/site.css").read_bytes()
    assert len(style) < 12_000
