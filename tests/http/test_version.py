"""The application over a published version: its numbers, its dump, and what the catalogue says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rdflib import DCAT

from peelgraph.graph.iris import Iris
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


def test_the_home_page_counts_the_forces_that_are_inspected(built_client: FlaskClient) -> None:
    """43 forces are inspected; the others are in the data only to be told apart."""
    page = built_client.get("/").get_data(as_text=True)
    assert "<dt>police forces</dt><dd>43</dd>" in page
    assert "<dt>judgements</dt><dd>1,19" in page


def test_the_dump_that_the_catalogue_names_is_there(
    built_client: FlaskClient, built_data: Path
) -> None:
    """A harvester follows downloadURL; a dead link ends its trust."""
    version = DataFolder(built_data).current()
    catalogue = version.store().graph(Iris().graph("catalogue"))
    address = str(next(catalogue.objects(None, DCAT.downloadURL)))
    path = address.removeprefix(Iris().base)
    with built_client.get(path) as response:
        assert response.status_code == 200
        assert response.content_type == "application/n-quads"
        assert response.get_data() == version.quads_file.read_bytes()
        etag = response.headers["ETag"]
    with built_client.get(path, headers={"If-None-Match": etag}) as again:
        assert again.status_code == 304
    with built_client.get(path, headers={"Range": "bytes=0-99"}) as part:
        assert part.status_code == 206
        assert part.get_data() == version.quads_file.read_bytes()[:100]


@pytest.mark.parametrize("name", ["none", "2026", "..%2fcurrent", "20261123T101500Z-00000000"])
def test_an_unknown_dump_is_404(built_client: FlaskClient, name: str) -> None:
    """The start of a name is enough on the command line, not in an address that is kept."""
    assert built_client.get(f"/dumps/{name}.nq").status_code == 404


def test_a_served_file_has_no_dumps(client: FlaskClient) -> None:
    """A data folder beside the served file is none of its visitors' business."""
    assert client.get("/dumps/20261123T101500Z-00000000.nq").status_code == 404
