"""The home page: its numbers, its ways in, and what machines read in it."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import closing
from typing import TYPE_CHECKING, NoReturn

import pytest
from rdflib import Graph

from peelgraph.graph.errors import QueryTimeout
from peelgraph.graph.settings import Settings
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.versions import DataFolder
from peelgraph.server.app import create_app, start_engine
from peelgraph.server.site import home

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

HTML = {"Accept": "text/html"}
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def test_the_four_numbers_are_those_of_the_tables(built_client: FlaskClient) -> None:
    """The first thing that a journalist copies."""
    tables = bundled_tables()
    text = built_client.get("/", headers=HTML).text
    found = dict(re.findall(r"<dt>([a-z ]+)</dt><dd>([0-9,]+)</dd>", text))
    assert found == {
        "police forces": str(len({row.force for row in tables.grades})),
        "inspections": found["inspections"],
        "judgements": f"{len(tables.grades):,}",
        "findings with their passage": str(len({row.id for row in tables.findings})),
    }
    assert int(found["inspections"]) > 600


def test_doors_lead_to_pages(built_client: FlaskClient) -> None:
    """Four ways in, and what programs look for."""
    text = built_client.get("/", headers=HTML).text
    for address in ("/forces", "/grades", "/query", "/data", "/sparql", "/void", "/charts"):
        assert f'href="{address}"' in text
    assert 'action="/search"' in text
    assert text.count("<svg") == 1
    assert "Open Government Licence" in text


def test_the_picture_says_that_newer_cycles_judge_areas(built_client: FlaskClient) -> None:
    """Who sees the last grades of the pillars must not take them for the last grades."""
    text = built_client.get("/", headers=HTML).text
    under = text.partition("<figcaption>")[2].partition("</figcaption>")[0]
    for cycle in ("peel-2021-22", "peel-2023-25"):
        assert f'href="/grades?cycle={cycle}"' in under


def test_one_number_of_statements_is_told(built_client: FlaskClient) -> None:
    """A statement in two graphs counts twice or once; each number says which."""
    (home,) = re.findall(r"([0-9,]+) statements in", built_client.get("/", headers=HTML).text)
    data = built_client.get("/data", headers=HTML).text
    numbers = dict(re.findall(r"<dt>([^<]+)</dt><dd>([0-9,]+)</dd>", data))
    assert numbers["statements, each in its named graph"] == home
    once = numbers["statements when what stands in several graphs is counted once"]
    assert int(once.replace(",", "")) < int(home.replace(",", ""))


def test_search_engines_find_a_dataset(built_client: FlaskClient) -> None:
    """schema.org Dataset, as a graph that says what it must."""
    text = built_client.get("/", headers={**HTML, "Host": "peel.example"}).text
    (written,) = SCRIPT.findall(text)
    described = json.loads(written)
    assert described["@context"] == "https://schema.org"
    assert described["@type"] == "Dataset"
    assert described["license"].startswith("http://www.nationalarchives.gov.uk/")
    addresses = [each["contentUrl"] for each in described["distribution"]]
    assert all(each.startswith("http://peel.example/") for each in addresses)
    for each in described["distribution"]:
        with built_client.get(each["contentUrl"].removeprefix("http://peel.example")) as whole:
            assert whole.status_code == 200
            assert whole.mimetype == each["encodingFormat"]
    described["@context"] = {"@vocab": "https://schema.org/"}
    assert len(Graph().parse(data=json.dumps(described), format="json-ld")) > 12


def test_the_home_page_says_what_is_new(kent_data: Path) -> None:
    """A version with a page more, against the one before."""
    with closing(start_engine(Settings(data=kent_data, workers=1))) as engine:
        text = create_app(Settings(data=kent_data), engine).test_client().get("/").text
    assert "Against the version before" in text
    assert "statements more" in text
    assert "New: what was read from <a " in text


def test_a_first_version_is_called_so(built_client: FlaskClient) -> None:
    """There is nothing to compare it with."""
    assert "It is the first here." in built_client.get("/", headers=HTML).text


def test_a_version_whose_parent_is_gone_still_has_its_page(kent_data: Path, tmp_path: Path) -> None:
    """Old versions are pruned; the newest must not miss them."""
    copy = tmp_path / "pruned"
    beside = shutil.ignore_patterns("dumps", "search")  # a server may be making them
    shutil.copytree(kent_data, copy, symlinks=True, ignore=beside)
    parent = DataFolder(copy).current().manifest.parent
    assert parent is not None
    shutil.rmtree(copy / "versions" / parent)
    with closing(start_engine(Settings(data=copy, workers=1))) as engine:
        text = create_app(Settings(data=copy), engine).test_client().get("/").text
    assert "It is the first here." in text


def test_a_busy_engine_leaves_a_page_that_says_what_this_is(
    built_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without numbers, and not kept: the next visitor may have them."""

    def busy(*_: object, **__: object) -> NoReturn:
        raise QueryTimeout("made up")

    built_client.get("/")
    with monkeypatch.context() as patched:
        patched.setattr(home, "_whole", busy)
        text = built_client.get("/?busy", headers=HTML)
    assert text.status_code == 200
    assert "<dl" not in text.text
    assert "ETag" not in text.headers
    assert 'href="/forces"' in text.text
    assert '<dl class="counts">' in built_client.get("/?busy", headers=HTML).text


@pytest.mark.parametrize("address", ["/", "/charts", "/themes", "/ontology", "/quality"])
def test_pages_without_data_say_so(small_quads: Path, address: str) -> None:
    """Any file can be served: a page must not take its data for ours."""
    with closing(start_engine(Settings(workers=1), small_quads)) as engine:
        response = create_app(Settings(), engine).test_client().get(address, headers=HTML)
    assert response.status_code == 200
    assert "<h1>" in response.text
