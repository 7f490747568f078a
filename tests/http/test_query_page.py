"""The query page without a browser: its policy, its form, its gallery, its files."""

from __future__ import annotations

import gzip
import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING

from peelgraph.graph.saved import saved_queries
from peelgraph.server.api import assets, editor

if TYPE_CHECKING:
    import pytest
    from flask.testing import FlaskClient

FILES = re.compile(r'(?:src|href)="(/assets/[^"]+)"')


def test_the_page_works_without_script(built_client: FlaskClient) -> None:
    """A form that posts to the endpoint, and every saved query with its own form and SPARQL."""
    page = built_client.get("/query").get_data(as_text=True)
    assert '<form action="/sparql" method="post">' in page
    assert "<textarea" in page
    for name, saved in saved_queries().items():
        assert f'<form class="filters" action="/q/{name}"' in page
        assert saved.question.replace("'", "&#39;") in page
    assert len(saved_queries()) >= 30
    assert "<script>" not in page
    assert " style=" not in page


def test_only_the_query_page_allows_one_style_attribute(built_client: FlaskClient) -> None:
    """The policy is the fixed one, and weaker nowhere else."""
    allowed = "'unsafe-hashes' 'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
    policy = built_client.get("/query").headers["Content-Security-Policy"]
    assert (f"style-src 'self' {allowed};" in policy) is assets.has_editor()
    for address in ("/", "/sparql", "/api", "/q/", "/q/force-grades"):
        other = built_client.get(address, headers={"Accept": "text/html"})
        assert "unsafe" not in other.headers["Content-Security-Policy"], address


def test_files_last_for_ever_under_their_digest(built_client: FlaskClient) -> None:
    """A browser fetches each file once; a new one has a new address."""
    page = built_client.get("/query").get_data(as_text=True)
    addresses = FILES.findall(page)
    assert any("query.css?v=" in each for each in addresses)
    for address in addresses:
        response = built_client.get(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["Cache-Control"]
        zipped = built_client.get(address, headers={"Accept-Encoding": "gzip, br"})
        assert zipped.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(zipped.data) == response.data
        assert zipped.headers["ETag"] != response.headers["ETag"]
        known = built_client.get(address, headers={"If-None-Match": response.headers["ETag"]})
        assert known.status_code == 304
        plain = built_client.get(address.partition("?")[0])
        assert "immutable" not in plain.headers["Cache-Control"]
    assert built_client.get("/assets/editor.json").status_code == 404


def test_the_editor_comes_with_its_licences(
    built_client: FlaskClient, installed_editor: None
) -> None:
    """What is shipped is what was recorded, beside the licences of all it is made of."""
    del installed_editor
    record = json.loads(
        (files("peelgraph.server.api") / "vendor" / "editor.json").read_text("utf-8")
    )
    assert record["version"] == "4.6.2"
    notice = built_client.get("/assets/NOTICE.txt").get_data(as_text=True)
    for name in ("yasgui", "yasqe", "yasr", "codemirror", "jquery", "datatables.net", "n3"):
        assert re.search(rf"^(?:@zazuko/)?{re.escape(name)} \d", notice, re.MULTILINE), name
    assert "Apache License" in notice
    assert "CC BY 4.0" in notice


def test_without_the_editor_the_page_is_a_form_and_says_why(
    built_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An installation without npm must not show a page that does nothing."""
    monkeypatch.setattr(editor, "has_editor", lambda: False)
    page = built_client.get("/query?without")
    text = page.get_data(as_text=True)
    assert "not part of this installation" in text
    assert "yasgui" not in text
    assert "<textarea" in text
    assert "unsafe" not in page.headers["Content-Security-Policy"]
