"""Compressed sources are read, hostile ones refused by name, and the others still land."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Ended

EXTERNAL = "https://w3id.org/peelgraph/graph/external"
TRIPLE = b'<http://example.org/a> <http://example.org/p> "1" .'


@pytest.fixture(scope="module")
def two_pages(
    invented_pages: Callable[..., list[Path]], tmp_path_factory: pytest.TempPathFactory
) -> list[bytes]:
    """Two invented pages of real forces, which land."""
    return [path.read_bytes() for path in invented_pages(tmp_path_factory.mktemp("pages"), 2)]


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_bad_sources_are_named_and_the_good_ones_land(
    peelgraph: Callable[..., Ended], own_data: Path, two_pages: list[bytes], tmp_path: Path
) -> None:
    """A folder with bombs of several kinds among the pages, some of which are compressed."""
    sources = tmp_path / "sources"
    sources.mkdir()
    first, second = two_pages
    files = {
        "archive.zip": zipped({"in/second.txt": second, "in/cover.jpg": b"\xff\xd8"}),
        "bomb.txt.gz": gzip.compress(bytes(50_000_000)),
        "bomb.zip": zipped({"a.txt": bytes(50_000_000)}),
        "deep.html": b"<div>" * 100_000,
        "empty.zip": zipped({}),
        "first.txt.xz": lzma.compress(first),
        "nested.zip": zipped({"b.txt": gzip.compress(first)}),
        "scan.pdf": b"%PDF-1.4\n" + b"[" * 100_000,
    }
    for name, content in files.items():
        (sources / name).write_bytes(content)
    ended = peelgraph("ingest", sources, "--json", "--data", own_data)
    assert ended.code == 1
    outcomes = {
        str(Path(each["source"]).relative_to(sources)): each for each in ended.json["outcomes"]
    }
    landed = {name for name, each in outcomes.items() if each["state"] == "landed"}
    assert landed == {"archive.zip/in/second.txt", "first.txt.xz"}
    assert set(outcomes) == {*files, "archive.zip/in/second.txt"} - {"archive.zip"}
    for name in set(outcomes) - landed:
        error = outcomes[name]["error"]
        assert error["place"] == str(sources / name), error
        assert error["expected"], error
    assert DataFolder(own_data).current().name == ended.json["version"]


def test_compressed_rdf_is_loaded_under_its_own_name(
    peelgraph: Callable[..., Ended], small_data: Path, tmp_path: Path
) -> None:
    """The graph is named after what is in the file."""
    file = tmp_path / "Field notes.ttl.gz"
    file.write_bytes(gzip.compress(TRIPLE))
    ended = peelgraph("load", file, "--dry-run", "--json", "--data", small_data)
    assert ended.json["graphs"] == {f"{EXTERNAL}/field-notes": 1}


def test_members_of_an_archive_are_loaded_each(
    peelgraph: Callable[..., Ended], small_data: Path, tmp_path: Path
) -> None:
    """Like the files of a folder; one that is no RDF is said to be none."""
    file = tmp_path / "all.zip"
    file.write_bytes(zipped({"x/one.ttl": TRIPLE, "two.nt": TRIPLE}))
    ended = peelgraph("load", file, "--dry-run", "--json", "--data", small_data)
    assert ended.json["graphs"] == {f"{EXTERNAL}/one": 1, f"{EXTERNAL}/two": 1}
    file.write_bytes(zipped({"one.ttl": TRIPLE, "readme.md": b"x"}))
    refused = peelgraph("load", file, "--dry-run", "--data", small_data)
    assert refused.code == 3
    assert f"{file}/readme.md" in refused.err


ENTITIES = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


HOSTILE_RDF = {
    "entities.rdf": (ENTITIES, "DOCTYPE"),
    "entities.rdf.gz": (gzip.compress(ENTITIES), "DOCTYPE"),
    "deep.jsonld": (b"[" * 100_000, "nest deeper"),
    "context.jsonld": (b'{"@context": "http://127.0.0.1:9/x"}', "context on the network"),
    "bomb.nt.bz2": (bz2.compress(bytes(50_000_000)), "100 times"),
}


@pytest.mark.parametrize("command", ["load", "validate"])
@pytest.mark.parametrize("name", HOSTILE_RDF)
def test_hostile_rdf_is_input_and_says_what_is_wrong(
    command: str, name: str, peelgraph: Callable[..., Ended], small_data: Path, tmp_path: Path
) -> None:
    """3, with the file's name; nothing is stored and nothing breaks."""
    content, found = HOSTILE_RDF[name]
    file = tmp_path / name
    file.write_bytes(content)
    ended = peelgraph(command, file, "--data", small_data)
    assert ended.code == 3
    assert found in ended.err
    assert str(file).removesuffix(".gz") in ended.err
    assert len(DataFolder(small_data).versions()) == 1


def test_what_data_imports_is_never_fetched(
    peelgraph: Callable[..., Ended],
    small_data: Path,
    tmp_path: Path,
    listener: Callable[[], int],
) -> None:
    """Neither by the parser nor by the validator, which would if it were asked to."""
    canary = tmp_path / "canary.ttl"
    canary.write_text(
        "<http://example.org/j> a <https://w3id.org/peelgraph/def/inspection#Judgment> .",
        encoding="utf-8",
    )
    file = tmp_path / "data.ttl"
    imports = "<http://www.w3.org/2002/07/owl#imports>"
    addresses = f"<http://127.0.0.1:{listener()}/x>, <{canary.as_uri()}>"
    ontology = "<http://www.w3.org/2002/07/owl#Ontology>"
    file.write_text(f"<http://example.org/o> a {ontology} ; {imports} {addresses} .")
    ended = peelgraph("validate", file, "--data", small_data)
    assert ended.code == 0, ended.err
    assert peelgraph("validate", canary, "--data", small_data).code == 1
