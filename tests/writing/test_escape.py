"""An update that got past every check still reaches nothing outside its process."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.errors import PeelgraphError, QueryForbidden
from peelgraph.graph.writing.model import Change, Kind
from peelgraph.graph.writing.writer import Bounds, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from peelgraph.graph.versions import DataFolder

MEBIBYTE = 1024 * 1024
SPELLINGS = (
    "LOAD <http://127.0.0.1:{port}/x>",
    "load <http://localhost:{port}/x> into graph <a:g>",
    "DROP ALL; LOAD <http://127.0.0.1:{port}/x>",
    "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
    """INSERT {{ <a:s> <a:p> 1 }} WHERE {{ FILTER EXISTS {{
    SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }} }}""",
)


@pytest.fixture(scope="module")
def writer(scratch: DataFolder) -> Iterator[tuple[Writer, DataFolder]]:
    """A writer that is asked directly: no text is checked before it."""
    bounds = Bounds(
        memory=1024 * MEBIBYTE, seconds=60, patience=30, waiting=8, held=1024 * MEBIBYTE, keep=0
    )
    with closing(Writer(scratch.path, bounds)) as made:
        yield made, scratch


def update(text: str) -> Change:
    """An update that nobody has looked at."""
    return Change(kind=Kind.UPDATE, text=text, base="http://example.org/", request=text)


@pytest.mark.parametrize("spelling", range(len(SPELLINGS)))
def test_no_packet_leaves(
    writer: tuple[Writer, DataFolder], listener: Callable[[], int], spelling: int
) -> None:
    """The fixture fails where anything connects to it."""
    with suppress(QueryForbidden):  # within EXISTS the engine goes on without it
        writer[0].write(update(SPELLINGS[spelling].format(port=listener())))


def test_no_file_is_read(writer: tuple[Writer, DataFolder], tmp_path: Path) -> None:
    """LOAD of a file address would publish whatever the server may read."""
    asked, data = writer
    secret = tmp_path / "secret.ttl"
    secret.write_text("<a:secret> <a:p> 'told' .", encoding="utf-8")
    with pytest.raises(PeelgraphError):
        asked.write(update(f"LOAD <{secret.as_uri()}>"))
    assert "secret" not in data.current().quads_file.read_text(encoding="utf-8")


def test_deep_nesting_ends_the_child_alone(writer: tuple[Writer, DataFolder]) -> None:
    """The scribe and the writer live on, and the next change lands."""
    asked, _ = writer
    deep = "INSERT { <a:s> <a:p> 1 } WHERE { " + "{" * 5000 + "}" * 5000 + " }"
    with pytest.raises(PeelgraphError) as caught:
        asked.write(update(deep))
    assert caught.value.slug == "query-crashed"
    assert asked.write(update("INSERT DATA { <a:s> <a:p> 2 }")).published


def test_threads_of_the_engine_use_up_no_limit(scratch: DataFolder) -> None:
    """They reserve addresses, which is no memory: an update of one triple is a small one."""
    bounds = Bounds(
        memory=250 * MEBIBYTE, seconds=60, patience=30, waiting=8, held=1024 * MEBIBYTE, keep=0
    )
    with closing(Writer(scratch.path, bounds)) as writer:
        assert writer.write(update("INSERT DATA { <a:s> <a:p> 3 }")).published
