"""Downloads of a version: every form is there, whole and in parts, and says the same."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import shutil
import time
from contextlib import closing
from typing import TYPE_CHECKING

import arro3.io
import pytest
from pyoxigraph import RdfFormat, parse

from peelgraph.graph.dumps import dumps_of
from peelgraph.graph.settings import Settings
from peelgraph.graph.versions import DataFolder
from peelgraph.server.app import create_app, start_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

    from peelgraph.graph.dumps import Dumps

FORMATS = {
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".ttl": RdfFormat.TURTLE,
    ".jsonld": RdfFormat.JSON_LD,
}


def body(client: FlaskClient, address: str, **headers: str) -> bytes:
    """Return what is at *address*, which is there."""
    with client.get(address, headers=headers) as response:
        assert response.status_code in {200, 206}, response.get_data(as_text=True)
        return response.get_data()


def test_every_file_is_what_the_listing_says(built_client: FlaskClient, dumps: Dumps) -> None:
    """A size or digest that is wrong makes the others worthless too."""
    assert len(dumps.files) > 100
    assert {each.kind for each in dumps.files} == {"version", "table", "graph"}
    for file in dumps.files:
        address = f"/dumps/{dumps.version}{file.path}"
        plain = body(built_client, address)
        assert (len(plain), hashlib.sha256(plain).hexdigest()) == (file.size, file.sha256)
        if file.packed_size:
            packed = body(built_client, f"{address}.gz")
            assert hashlib.sha256(packed).hexdigest() == file.packed_sha256
            assert len(packed) == file.packed_size
            assert packed[4:8] == bytes(4), "no time"
            assert gzip.decompress(packed) == plain


@pytest.mark.parametrize("ending", FORMATS)
def test_a_whole_dump_equals_the_endpoint_s_content(
    built_client: FlaskClient, dumps: Dumps, built_data: Path, ending: str
) -> None:
    """Whoever takes the data away must get all of it, and nothing else."""
    quads = set(parse(path=DataFolder(built_data).current().quads_file, format=RdfFormat.N_QUADS))
    found = list(
        parse(body(built_client, f"/dumps/{dumps.version}{ending}"), format=FORMATS[ending])
    )
    if ending in {".nq", ".trig"}:
        assert set(found) == quads
        assert len(found) == len(quads)
        return
    assert {each.triple for each in found} == {each.triple for each in quads}
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    counted = built_client.get("/sparql", query_string={"query": query}).get_json(force=True)
    assert int(counted["results"]["bindings"][0]["n"]["value"]) == len(found)


def test_every_graph_s_dumps_equal_the_graph(
    built_client: FlaskClient, dumps: Dumps, built_data: Path
) -> None:
    """All four forms of each graph, against the version's own store."""
    quads = list(parse(path=DataFolder(built_data).current().quads_file, format=RdfFormat.N_QUADS))
    names = set()
    for file in dumps.of_kind("graph"):
        wanted = {q.triple for q in quads if q.graph_name.value == file.graph}
        content = body(built_client, f"/dumps/{dumps.version}{file.path}")
        found = {each.triple for each in parse(content, format=FORMATS[f".{file.ending}"])}
        assert found == wanted, file.path
        names.add(file.graph)
    assert names == {q.graph_name.value for q in quads}


def test_ranges_of_a_file_that_is_kept_packed(built_client: FlaskClient, dumps: Dumps) -> None:
    """A broken download goes on where it stopped."""
    address = f"/dumps/{dumps.version}.ttl"
    whole = body(built_client, address)
    for asked, wanted in (
        ("bytes=0-99", whole[:100]),
        ("bytes=300000-300009", whole[300000:300010]),
        ("bytes=-50", whole[-50:]),
        (f"bytes={len(whole) - 5}-", whole[-5:]),
    ):
        with built_client.get(address, headers={"Range": asked}) as part:
            assert part.status_code == 206
            assert part.get_data() == wanted
            assert part.headers["Content-Range"].endswith(f"/{len(whole)}")
    with built_client.get(address, headers={"Range": "bytes=99999999-"}) as part:
        assert part.status_code == 416


def test_a_dump_is_named_and_never_changes(built_client: FlaskClient, dumps: Dumps) -> None:
    """Caches may keep it for ever; what is saved has a name that says what it is."""
    for ending, media_type in (
        (".ttl", "text/turtle; charset=utf-8"),
        (".ttl.gz", "application/gzip"),
    ):
        with built_client.get(f"/dumps/{dumps.version}{ending}") as response:
            headers = response.headers
        assert headers["Content-Type"] == media_type
        assert "immutable" in headers["Cache-Control"]
        assert headers["Accept-Ranges"] == "bytes"
        assert f"peelgraph-{dumps.version}{ending}" in headers["Content-Disposition"]
        asked = {"If-None-Match": headers["ETag"]}
        with built_client.get(f"/dumps/{dumps.version}{ending}", headers=asked) as again:
            assert again.status_code == 304
        with built_client.head(f"/dumps/{dumps.version}{ending}") as head:
            assert head.headers["Content-Length"] == headers["Content-Length"]


@pytest.mark.parametrize("name", ["judgments", "findings"])
def test_the_tables_say_the_same_in_each_form(
    built_client: FlaskClient, dumps: Dumps, name: str
) -> None:
    """CSV, its description and Parquet have the same columns and cells."""
    address = f"/dumps/{dumps.version}/{name}"
    with built_client.get(f"{address}.csv") as response:
        text = response.get_data(as_text=True)
        assert f"{name}.csv-metadata.json" in response.headers["Link"]
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    described = json.loads(body(built_client, f"{address}.csv-metadata.json"))
    columns = [each["name"] for each in described["tableSchema"]["columns"]]
    assert described["url"] == f"{name}.csv"
    assert list(rows[0]) == columns
    keys = [row[columns[0]] for row in rows]
    assert keys == sorted(set(keys))
    table = arro3.io.read_parquet(io.BytesIO(body(built_client, f"{address}.parquet"))).read_all()
    assert table.column_names == columns
    for column in columns:
        cells = ["" if cell.as_py() is None else cell.as_py() for cell in table.column(column)]
        given = [row[column] for row in rows]
        numbers = isinstance(next((c for c in cells if c != ""), ""), (int, float))
        assert cells == ([float(g) if g else "" for g in given] if numbers else given), column


def test_the_judgments_table_has_every_judgment(built_client: FlaskClient, dumps: Dumps) -> None:
    """What a spreadsheet lacks, its user never misses."""
    text = body(built_client, f"/dumps/{dumps.version}/judgments.csv").decode()
    query = """PREFIX pi: <https://w3id.org/peelgraph/def/inspection#>
        SELECT (COUNT(DISTINCT ?j) AS ?n) { ?j a pi:Judgment }"""
    counted = built_client.get("/sparql", query_string={"query": query}).get_json(force=True)
    number = int(counted["results"]["bindings"][0]["n"]["value"])
    assert number > 1100
    assert text.count("\r\n") == number + 1


@pytest.mark.parametrize(
    "path",
    [
        ".rdf",
        ".ttl.zip",
        "/judgments",
        "/../manifest.json",
        "/graph/none.ttl",
        "/files.json",
        ".gz",
    ],
)
def test_what_is_no_file_is_404(built_client: FlaskClient, dumps: Dumps, path: str) -> None:
    """Nothing but what is listed can be had from the data folder."""
    assert built_client.get(f"/dumps/{dumps.version}{path}").status_code == 404


@pytest.fixture
def bare_client(built_data: Path, tmp_path: Path) -> Iterator[FlaskClient]:
    """A client over a version whose files have not been made."""
    copy = tmp_path / "data"
    shutil.copytree(built_data, copy, symlinks=True, ignore=lambda *_: ["dumps"])
    with closing(start_engine(Settings(data=copy, workers=1))) as engine:
        yield create_app(Settings(data=copy, workers=1), engine).test_client()


def test_missing_files_are_made_when_they_are_asked_for(bare_client: FlaskClient) -> None:
    """Versions made by writes over HTTP have none until then; a client is told to come again."""
    data = bare_client.application.extensions["peelgraph"].dumps.data
    address = f"/dumps/{data.current().name}/graph/reference/force.ttl"
    until = time.monotonic() + 200
    while True:
        with bare_client.get(address) as response:
            if response.status_code == 200:
                break
            assert response.status_code == 503
            assert response.get_json(force=True)["type"] == "/problems/dumps-pending"
            assert int(response.headers["Retry-After"]) > 0
        assert time.monotonic() < until
    assert dumps_of(data, data.current().name) is not None
