"""The pages of versions and downloads, what differs between versions, and what robots read."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from rdflib import RDFS, Graph, Literal, URIRef

from peelgraph.graph.dumps import make_dumps
from peelgraph.graph.iris import Iris
from peelgraph.graph.load import RdfSource, load
from peelgraph.graph.settings import Settings
from peelgraph.graph.store import RdfSyntax
from peelgraph.graph.versions import DataFolder
from peelgraph.server.app import create_app, start_engine
from peelgraph.server.site import discovery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

    from peelgraph.graph.dumps import Dumps

IRIS = Iris()
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
HOSTILE = '<script>alert("x")</script>\u202e'


@pytest.fixture(scope="module")
def two_versions(
    built_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[FlaskClient, str, str]]:
    """A client over two versions, the newer with a graph of hostile statements; their names."""
    folder = tmp_path_factory.mktemp("two") / "data"
    shutil.copytree(built_data, folder, symlinks=True)
    data = DataFolder(folder)
    old, notes = data.current().name, Graph()
    for n in range(150):
        notes.add((URIRef(f"http://example.org/{n}"), RDFS.label, Literal(f"{HOSTILE} {n}")))
    notes.add((URIRef("http://example.org/x"), RDFS.seeAlso, URIRef("javascript:alert(1)")))
    source = RdfSource("notes.nt", notes.serialize(format="nt").encode(), RdfSyntax.NT)
    moment = dt.datetime(2026, 1, 3, tzinfo=dt.UTC)
    loaded = load(data, [source], IRIS, moment, URIRef("urn:x:notes"))
    assert loaded.version is not None
    make_dumps(data, loaded.version.name)
    settings = Settings(data=folder, workers=1)
    with closing(start_engine(settings)) as engine:
        yield create_app(settings, engine).test_client(), old, loaded.version.name


def page(client: FlaskClient, address: str) -> str:
    """Return the page at *address*, which is there."""
    response = client.get(address, headers={"Accept": "text/html"})
    assert response.status_code == 200
    return response.get_data(as_text=True)


def xml_at(client: FlaskClient, address: str, **headers: str) -> ET.Element:
    """Return the document at *address*."""
    return ET.fromstring(client.get(address, headers=headers).get_data())  # noqa: S314 - our own


def test_the_page_of_downloads_has_every_file_and_how_to_cite(
    built_client: FlaskClient, dumps: Dumps
) -> None:
    """With size and digest, and each link leads to a file."""
    text = page(built_client, "/data")
    for file in (*dumps.of_kind("version"), *dumps.of_kind("table")):
        assert f'href="/dumps/{dumps.version}{file.path}"' in text
        assert file.sha256 in text
    assert f"https://w3id.org/peelgraph/data/versions/{dumps.version}" in text
    assert "Open Government Licence" in text
    assert "warnings" in text
    for path in set(re.findall(r'href="(/dumps/[^"]+|/data/[^"]+|/catalogue[^"]*)"', text)):
        with built_client.get(path) as response:
            assert response.status_code == 200, path


def test_the_page_of_a_version_links_the_files_of_each_graph(
    built_client: FlaskClient, dumps: Dumps
) -> None:
    """One report or one code list can be had alone."""
    text = page(built_client, f"/data/versions/{dumps.version}")
    for file in dumps.of_kind("graph"):
        assert f'href="/dumps/{dumps.version}{file.path}"' in text
    assert f"{dumps.counts.triples:,}" in text
    assert built_client.get("/data/versions/20260101T000000Z-00000000").status_code == 404


def test_checksums_are_those_of_the_files(built_client: FlaskClient, dumps: Dumps) -> None:
    """In the form that sha256sum checks."""
    text = built_client.get(f"/dumps/{dumps.version}/SHA256SUMS").get_data(as_text=True)
    lines = dict(reversed(line.split("  ")) for line in text.splitlines())
    lasts = [f"{dumps.version}{file.path}".rpartition("/")[2] for file in dumps.files]
    names = [1 + (lasts.count(each) == 1) for each in lasts]
    files = zip(dumps.files, names, strict=True)
    assert len(lines) == sum(n * (2 if file.packed_size else 1) for file, n in files)
    with built_client.get(f"/dumps/{dumps.version}/judgments.csv.gz") as response:
        digest = hashlib.sha256(response.get_data()).hexdigest()
        saved = f"peelgraph-{dumps.version}-judgments.csv.gz"
        assert saved in response.headers["Content-Disposition"]
    assert lines[saved] == digest


@pytest.mark.parametrize("saved_by", ["browser", "curl"])
def test_checksums_are_used_as_the_page_says(
    built_client: FlaskClient,
    dumps: Dumps,
    needed_program: Callable[[str], str],
    tmp_path: Path,
    saved_by: str,
) -> None:
    """Files saved under either name beside the sums are checked, and a wrong one is found."""
    folder = f"/dumps/{dumps.version}"
    paths = ("/SHA256SUMS", "/judgments.csv", "/findings.parquet", ".ttl.gz", "/graph/ontology.ttl")
    for path in paths:
        with built_client.get(f"{folder}{path}") as response:
            name = f"{folder}{path}".rpartition("/")[2]
            if saved_by == "browser" and path != "/SHA256SUMS":
                name = response.headers["Content-Disposition"].partition("filename=")[2].strip('"')
                assert name.startswith("peelgraph-")
            (tmp_path / name).write_bytes(response.get_data())
    command = [needed_program("sha256sum"), "--check", "--ignore-missing", "SHA256SUMS"]
    told = html.unescape(page(built_client, "/data"))
    assert f"<code>{' '.join(['sha256sum', *command[1:]])}</code>" in told
    checked = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert checked.stdout.count(": OK") == len(paths) - 1
    (tmp_path / name).write_text("another", encoding="utf-8")
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 1


def test_pages_are_kept_until_versions_change(built_client: FlaskClient, dumps: Dumps) -> None:
    """A browser that has them asks in a few bytes."""
    for address in ("/data", f"/data/versions/{dumps.version}", "/sitemap.xml"):
        etag = built_client.get(address).headers["ETag"]
        again = built_client.get(address, headers={"If-None-Match": etag})
        assert again.status_code == 304


def test_a_difference_is_counted_and_its_first_statements_are_shown(
    two_versions: tuple[FlaskClient, str, str],
) -> None:
    """Both ways, bounded, and hostile text is text."""
    client, old, new = two_versions
    text = page(client, f"/data/diff/{old}/{new}")
    assert "urn:x:notes" in text
    assert '<td class="num">151</td>' in text
    assert text.count("<tr>") < 250
    assert "The first 100 of" in text
    assert "<script>" not in text
    assert 'href="javascript' not in text
    assert "&lt;script&gt;" in text
    back = page(client, f"/data/diff/{new}/{old}")
    assert "<h2>Removed</h2>" in back
    assert f'href="/data/diff/{old}/{new}"' in page(client, "/data")
    assert client.get(f"/data/diff/{old}/{old}").status_code == 404
    assert client.get(f"/data/diff/{old[:8]}/{new}").status_code == 404


def test_files_of_graphs_that_stayed_are_shared(
    two_versions: tuple[FlaskClient, str, str],
) -> None:
    """A version of a thousand pages must not be written anew for one more."""
    client, old, new = two_versions
    data = client.application.extensions["peelgraph"].dumps.data
    make_dumps(data, old)
    shutil.rmtree(data.dumps_folder / new)
    again = make_dumps(data, new)
    force = again.by_path["/graph/reference/force.ttl"]
    kept = data.dumps_folder / new / f"{force.path[1:]}.gz"
    assert kept.samefile(data.dumps_folder / old / f"{force.path[1:]}.gz")
    shutil.rmtree(data.dumps_folder / old)
    before = {each.path: (each.sha256, each.packed_sha256) for each in again.files}
    shutil.rmtree(data.dumps_folder / new)
    made = make_dumps(data, new)
    assert {each.path: (each.sha256, each.packed_sha256) for each in made.files} == before


def test_a_graph_of_any_name_has_files(two_versions: tuple[FlaskClient, str, str]) -> None:
    """Its name becomes a digest where it could not be a path."""
    client, _, new = two_versions
    text = page(client, f"/data/versions/{new}")
    found = re.findall(rf'href="(/dumps/{new}/other/[0-9a-f]+\.ttl)"', text)
    assert len(found) == 1
    with client.get(found[0]) as response:
        assert len(Graph().parse(data=response.get_data(), format="turtle")) == 151


def test_the_site_map_names_pages_that_are_there(built_client: FlaskClient, dumps: Dumps) -> None:
    """A crawler that finds dead links does not come back."""
    assert dumps.files
    root = xml_at(built_client, "/sitemap.xml")
    found = [each.text or "" for each in root.findall("s:url/s:loc", SITEMAP)]
    assert "http://localhost/doc/force/kent" in found
    assert "http://localhost/data/judgment/peel-2015/kent/legitimacy" in found
    assert len(found) == len(set(found)) > 1900
    assert all(each.startswith("http://localhost/") for each in found)
    assert built_client.get("/sitemap-9.xml").status_code == 404
    base = "http://localhost"
    assert {f"{base}/{each}" for each in ("charts", "quality", "findings", "q/")} <= set(found)
    assert f"{base}/def/theme/fair-treatment" in found
    assert f"{base}/q/version-changes" in found
    parts = ("/data/judgment/", "/doc/", "/dumps/")
    pages = [each for each in found if not each.removeprefix(base).startswith(parts)]
    assert len(pages) > 50
    for address in pages:
        assert built_client.get(address, headers={"Accept": "text/html"}).status_code == 200


def test_a_large_site_map_comes_in_parts(
    built_client: FlaskClient, dumps: Dumps, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protocol allows fifty thousand addresses in a file."""
    assert dumps.files
    whole = xml_at(built_client, "/sitemap.xml")
    wanted = [each.text for each in whole.findall("s:url/s:loc", SITEMAP)]
    monkeypatch.setattr(discovery, "MOST", 500)
    index = xml_at(built_client, "/sitemap.xml?parts")
    parts = [each.text or "" for each in index.findall("s:sitemap/s:loc", SITEMAP)]
    assert len(parts) == -(-len(wanted) // 500)
    found: list[str | None] = []
    for part in parts:
        listed = xml_at(built_client, part)
        found.extend(each.text for each in listed.findall("s:url/s:loc", SITEMAP))
    assert found == wanted


def test_robots_and_search_know_the_host(client: FlaskClient) -> None:
    """Both hold addresses of the host that was asked."""
    robots = client.get("/robots.txt", headers={"Host": "peel.example"}).get_data(as_text=True)
    assert "Sitemap: http://peel.example/sitemap.xml" in robots
    assert "Disallow: /sparql" in robots
    description = client.get("/opensearch.xml", headers={"Host": "peel.example"})
    assert description.content_type.startswith("application/opensearchdescription+xml")
    root = xml_at(client, "/opensearch.xml", Host="peel.example")
    name = "{http://a9.com/-/spec/opensearch/1.1/}Url"
    assert root.findall(name)[0].get("template") == "http://peel.example/search?q={searchTerms}"
    assert "/opensearch.xml" in client.get("/").get_data(as_text=True)


def test_a_served_file_has_no_versions_and_says_so(client: FlaskClient) -> None:
    """The link in the head of each page leads somewhere all the same."""
    assert "no versions" in page(client, "/data")
    assert client.get("/catalogue").status_code == 404
    assert client.get("/sitemap.xml").status_code == 200


@pytest.mark.parametrize("asked", ["20260101T000000Z-00000000", "x", "%2e%2e"])
def test_what_is_no_version_is_404(built_client: FlaskClient, dumps: Dumps, asked: str) -> None:
    """In every address that names one."""
    for address in (
        f"/data/versions/{asked}",
        f"/data/diff/{asked}/{dumps.version}",
        f"/data/diff/{dumps.version}/{asked}",
        f"/dumps/{asked}/SHA256SUMS",
    ):
        assert built_client.get(address).status_code == 404
