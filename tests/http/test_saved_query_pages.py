"""The pages of saved queries: how far an answer reaches, what is filled in, lines that run."""

from __future__ import annotations

import html
import re
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from rdflib import DCTERMS, PROV, RDFS, XSD

from peelgraph.graph.saved import saved_queries
from peelgraph.graph.settings import Settings
from peelgraph.server.app import create_app, start_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

BROWSER = {"Accept": "text/html"}
REACH = "Findings are known here of 1 report (Kent Police, PEEL 2015): no other report has been"
BASE = "https://w3id.org/peelgraph"
QUERIES = saved_queries()


def page(client: FlaskClient, address: str) -> str:
    """The text of a page, on one line."""
    response = client.get(address, headers=BROWSER)
    assert response.status_code == 200, address
    return html.unescape(" ".join(response.get_data(as_text=True).split()))


@pytest.fixture(scope="module")
def two_captures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of the application over an invented report that was captured three times."""
    path = tmp_path_factory.mktemp("captures") / "captures.nq"
    graph = f"<{BASE}/graph/document/peel-2015-wessmarch/x>"
    report = f"<{BASE}/id/report/peel-2015-wessmarch>"
    lines = [f'{report} <{DCTERMS.title}> "Wessmarch 2015 <b>"@en {graph} .']
    for digest, day in (("aaaaaaaaaaaa", 9), ("bbbbbbbbbbbb", 3), ("cccccccccccc", 6)):
        version = f"<{BASE}/id/report/peel-2015-wessmarch/version/{digest}>"
        moment = f'"2026-05-0{day}T00:00:00Z"^^<{XSD.dateTime}>'
        lines += [
            f"{version} <{DCTERMS.isVersionOf}> {report} {graph} .",
            f'{version} <{RDFS.label}> "captured on {day} May" {graph} .',
            f"{version} <{PROV.generatedAtTime}> {moment} {graph} .",
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = Settings(workers=1, client_seconds=0, memory=256)
    with closing(start_engine(settings, path)) as engine:
        yield create_app(settings, engine).test_client()


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_query_about_reports_says_which_were_read(built_client: FlaskClient, name: str) -> None:
    """No row about a force whose report nobody read must not pass for "nothing was found"."""
    saved = QUERIES[name]
    required = {p.name: p.example for p in saved.parameters if p.required}
    response = built_client.get(f"/q/{name}", headers=BROWSER, query_string=required)
    assert (REACH in response.get_data(as_text=True)) is saved.from_reports
    reads = re.search(
        r"\bpi:(?:AreaForImprovement|CauseOfConcern|Strength|findingType)", saved.text
    )
    assert saved.from_reports or name in {"version-changes", "force-document"} or not reads


def test_no_row_about_what_was_not_read_is_no_answer(built_client: FlaskClient) -> None:
    """Essex has no row because nobody read its report; Kent has none because it has no concern."""
    unread = "No report of this choice has been read"
    for choice in ("force=essex", "cycle=peel-2016", "force=kent&cycle=peel-2017"):
        assert unread in page(built_client, f"/q/open-concerns?{choice}"), choice
    for choice in ("", "force=kent", "cycle=peel-2015"):
        text = page(built_client, f"/q/open-concerns?{choice}")
        assert "0 rows." in text
        assert unread not in text
        assert REACH in text


def test_where_nothing_was_read_that_is_said(client: FlaskClient) -> None:
    """Data without any report have a page too."""
    assert "No report has been read into this version" in page(client, "/q/praise")
    assert "No report has been read into this version" in page(client, "/q/")


def test_the_gallery_asks_each_question_as_it_is_worded(built_client: FlaskClient) -> None:
    """A question about every force with Kent filled in would be answered with one row."""
    text = page(built_client, "/query")
    filled = dict(re.findall(r'<input id="([\w-]+)" name="\w+" value="([^"]*)" maxlength', text))
    assert filled["grades-matrix-cycle"] == "peel-2015"
    assert filled["grades-map-criterion"] == "legitimacy"
    assert filled["force-document-force"] == "kent"
    for name, saved in QUERIES.items():
        for parameter in saved.parameters:
            value = filled[f"{name}-{parameter.name}"]
            expected = "" if name == "version-changes" else parameter.filled
            assert value == expected, (name, parameter.name)
        if re.search(r"Which forces|every force|per force|did forces", saved.question):
            assert filled[f"{name}-force"] == "" if f"{name}-force" in filled else True


@pytest.mark.parametrize("name", ["version-changes", "force-document", "force-grades"])
def test_lines_to_copy_run_as_they_are(
    built_client: FlaskClient, two_captures: FlaskClient, name: str
) -> None:
    """Before anything is chosen, the lines ask for the example, or there are none."""
    for client in (built_client, two_captures):
        text = page(client, f"/q/{name}")
        lines = set(re.findall(rf"http://localhost/q/{name}\.\w+[^'\"<)]*", text))
        assert bool(lines) is (client is two_captures or name != "version-changes")
        for line in lines:
            parts = urlsplit(line)
            asked = client.get(f"{parts.path}?{parts.query}")
            assert asked.status_code == 200, line


def test_captured_versions_are_chosen_from_those_held(two_captures: FlaskClient) -> None:
    """The earliest first, under the title of their report; the example is the first two."""
    text = page(two_captures, "/q/version-changes")
    assert '<optgroup label="Wessmarch 2015 <b>">' in text
    options = re.findall(r'<option value="([^"]+)">([^<]+)</option>', text)
    held = [f"peel-2015-wessmarch/{letter * 12}" for letter in "bca"]
    assert [value for value, _ in options] == held * 2
    assert options[0][1] == "captured on 3 May"
    example = re.search(r'<a href="(/q/version-changes\?[^"]+)">see an example', text)
    assert example is not None
    assert "0 rows" in page(two_captures, example[1])
    assert "norchester" not in text


def test_where_no_report_was_captured_twice_that_is_said(built_client: FlaskClient) -> None:
    """There is nothing to choose and no example."""
    text = page(built_client, "/q/version-changes")
    assert "so there is nothing to compare yet" in text
    assert "see an example" not in text
    assert "norchester" not in text


def test_the_gallery_says_which_questions_wait(built_client: FlaskClient) -> None:
    """Who looks for crime, officers or districts learns that they are not here yet."""
    text = page(built_client, "/q/")
    assert "wait for those data: recorded crime, officers per head" in text
    assert 'href="/q/grades-carried-over"' in text
