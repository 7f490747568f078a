"""`peelgraph load`: RDF files into graphs of a new version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.dumps import dumps_of, make_dumps
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ended

BASE = "https://w3id.org/peelgraph"
EXTERNAL = f"{BASE}/graph/external/field-notes"


def test_file_lands_in_a_graph_named_after_it_and_twice_changes_nothing(
    peelgraph: Callable[..., Ended], own_data: Path, notes: Path
) -> None:
    """A dry run first, then the load, then the same again."""
    arguments = ("load", notes, "--json", "--data", own_data)
    before = DataFolder(own_data).current().name
    rehearsed = peelgraph(*arguments, "--dry-run").json
    assert set(rehearsed) == {"schema", "version", "published", "dry_run", "graphs"}
    assert (rehearsed["published"], rehearsed["graphs"]) == (False, {EXTERNAL: 2})
    assert DataFolder(own_data).current().name == before
    done = peelgraph(*arguments).json
    current = DataFolder(own_data).current()
    assert (done["published"], done["version"]) == (True, current.name)
    assert current.manifest.graphs[EXTERNAL] == 2
    again = peelgraph("load", notes, "--data", own_data)
    assert (again.code, again.out) == (0, f"{EXTERNAL}: 2 triples\nNothing new\n")


def test_quads_keep_their_graphs_and_blank_nodes_get_names(
    peelgraph: Callable[..., Ended], own_data: Path
) -> None:
    """Nothing published is a blank node."""
    trig = b"<http://example.org/g> { [] <http://example.org/p> 1 } <urn:a:b> <urn:a:c> 2 ."
    ended = peelgraph("load", "-", "--format", "trig", "--data", own_data, stdin=trig)
    assert ended.code == 0
    version = DataFolder(own_data).current()
    assert version.manifest.graphs["http://example.org/g"] == 1
    assert version.manifest.graphs[f"{BASE}/graph/external/standard-input"] == 1
    assert "_:" not in version.quads_file.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["ontology", "shapes", "facts/grades", "provenance", "catalogue"])
def test_graphs_of_the_program_are_refused(
    kind: str, peelgraph: Callable[..., Ended], small_data: Path, notes: Path
) -> None:
    """The next build would silently undo such a load."""
    ended = peelgraph("load", notes, "--graph", f"{BASE}/graph/{kind}", "--data", small_data)
    assert ended.code == 2
    assert kind in ended.err


def test_data_that_breaks_a_shape_is_refused_with_the_node(
    peelgraph: Callable[..., Ended], small_data: Path, tmp_path: Path
) -> None:
    """1, each violation in a line, and nothing stored."""
    file = tmp_path / "wrong.ttl"
    file.write_text(f"<http://example.org/j> a <{BASE}/def/inspection#Judgment> .")
    ended = peelgraph("load", file, "--data", small_data)
    assert ended.code == 1
    assert "http://example.org/j" in ended.err
    as_json = peelgraph("load", file, "--data", small_data, "--json")
    assert as_json.problem["violations"][0]["focusNode"] == "http://example.org/j"
    assert len(DataFolder(small_data).versions()) == 1


def test_unknown_extension_and_unnamed_syntax_say_what_to_do(
    peelgraph: Callable[..., Ended], small_data: Path, tmp_path: Path
) -> None:
    """3 for the file, 2 for the call."""
    file = tmp_path / "notes.docx"
    file.write_bytes(b"PK")
    unknown = peelgraph("load", file, "--data", small_data)
    assert unknown.code == 3
    assert "--format" in unknown.err
    assert peelgraph("load", "-", "--data", small_data).code == 2


def test_relative_or_broken_rdf_is_input(
    peelgraph: Callable[..., Ended], small_data: Path, tmp_path: Path
) -> None:
    """A relative IRI has no meaning in a store; the line says where it is."""
    file = tmp_path / "relative.ttl"
    file.write_text("<http://example.org/a> <http://example.org/b> <c> .\n")
    ended = peelgraph("load", file, "--data", small_data)
    assert ended.code == 3
    assert f"{file}, line 1" in ended.err


def test_graph_name_that_is_no_iri_is_usage(
    peelgraph: Callable[..., Ended], small_data: Path, notes: Path
) -> None:
    """It would otherwise end as a fault deep inside."""
    assert peelgraph("load", notes, "--graph", "my graph", "--data", small_data).code == 2


def test_publishing_makes_the_dumps_and_pruning_removes_them(
    peelgraph: Callable[..., Ended], own_data: Path, tmp_path: Path
) -> None:
    """Whoever asks first would wait for them; what is left of a version would fill the disk."""
    data, notes = DataFolder(own_data), tmp_path / "notes.nt"
    first = data.current().name
    make_dumps(data, first)
    notes.write_text('<http://example.org/a> <http://example.org/b> "c" .\n', encoding="utf-8")
    ended = peelgraph("load", notes, "--data", own_data, PEELGRAPH_DUMPS="publish")
    assert ended.code == 0, ended.err
    dumps = dumps_of(data, data.current().name)
    assert dumps is not None
    assert dumps.counts.graphs["https://w3id.org/peelgraph/graph/external/notes"] == 1
    assert peelgraph("versions", "prune", "--keep", "1", "--data", own_data).code == 0
    assert dumps_of(data, first) is None
    assert not (data.dumps_folder / first).exists()
    assert dumps_of(data, dumps.version) == dumps


def test_dumps_that_cannot_be_written_do_not_undo_a_version(
    peelgraph: Callable[..., Ended], own_data: Path, tmp_path: Path
) -> None:
    """The version is published; a server makes its files when they are asked for."""
    notes = tmp_path / "notes.nt"
    notes.write_text('<http://example.org/a> <http://example.org/b> "d" .\n', encoding="utf-8")
    (own_data / "dumps").write_text("in the way", encoding="utf-8")
    ended = peelgraph("load", notes, "--data", own_data, PEELGRAPH_DUMPS="publish")
    assert ended.code == 0
    assert "Published" in ended.out
    assert "are not there yet" in ended.err
