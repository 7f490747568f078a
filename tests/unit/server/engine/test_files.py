"""What ``serve --dataset`` takes: files by extension, compressed or not, and why not the others."""

from __future__ import annotations

import bz2
import gc
import gzip
import io
import lzma
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.errors import PeelgraphError, RdfSyntaxError, SourceUnreadable
from peelgraph.server.engine.interface import Limits, Query
from peelgraph.server.engine.pool import WorkerPool
from peelgraph.server.engine.source import rdf_file

if TYPE_CHECKING:
    from pathlib import Path

XML = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="a:">
<rdf:Description rdf:about="s"><p:p rdf:resource="a:o"/></rdf:Description></rdf:RDF>"""
RELATIVE = b"<s> <a:p> <a:o> ."
LIMITS = Limits(timeout=10.0, memory_bytes=256 * 1024 * 1024, result_bytes=1_000_000)
ALL = Query("SELECT ?s { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }")


def zipped(*members: tuple[str, bytes]) -> bytes:
    """A zip archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


TAKEN = {
    "a.owl": XML,
    "a.turtle": RELATIVE,
    "a.OWL.gz": gzip.compress(XML),
    "a.ttl.gz": gzip.compress(RELATIVE),
    "a.trig.gz": gzip.compress(b"<a:g> { " + RELATIVE + b" }"),
    "a.ttl.bz2": bz2.compress(RELATIVE),
    "a.ttl.xz": lzma.compress(RELATIVE),
    "a.zip": zipped(("in/it.ttl", RELATIVE)),
    "a.nt.gz": gzip.compress(b"<a:s> <a:p> <a:o> .\n"),
    "a.nq.gz": gzip.compress(b"<a:s> <a:p> <a:o> <a:g> .\n"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_file_is_served_compressed_or_not(tmp_path: Path, name: str) -> None:
    """Relative addresses count from where the file lies, not from where it was unpacked."""
    path = tmp_path / name
    path.write_bytes(TAKEN[name])
    locate = rdf_file(path)
    unpacked = locate().rdf_file
    with closing(WorkerPool(locate, workers=1, union=False)) as pool:
        answer = pool.answer(ALL, "text/csv", LIMITS).read().decode().split()
    lies = tmp_path.as_uri() + "/s"
    assert answer == ["s", "a:s" if name in {"a.nt.gz", "a.nq.gz"} else lies]
    if unpacked != path:
        assert unpacked.is_file(), "a template that is started again reads it once more"
        del pool, locate
        gc.collect()
        assert not unpacked.parent.exists()


REFUSED: dict[str, tuple[bytes, type[PeelgraphError], str]] = {
    "a.rar": (b"", RdfSyntaxError, "no RDF format has the extension .rar"),
    "a": (b"", RdfSyntaxError, "(none)"),
    "a.doc.gz": (gzip.compress(b"x"), RdfSyntaxError, "no RDF format has the extension .doc"),
    "a.gz": (gzip.compress(RELATIVE), RdfSyntaxError, "(none)"),
    "a.ttl.gz": (gzip.compress(b"<a:s> <a:p>"), RdfSyntaxError, "does not parse"),
    "b.ttl.gz": (gzip.compress(RELATIVE)[:-9], SourceUnreadable, "damaged"),
    "c.ttl.gz": (gzip.compress(b" " * 10_000_000), SourceUnreadable, "100 times"),
    "a.zip": (zipped(("a.ttl", RELATIVE), ("b.ttl", RELATIVE)), SourceUnreadable, "holds 2 files"),
    "b.zip": (zipped(), SourceUnreadable, "holds 0 files"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_served_is_said_of_the_file_that_was_named(
    tmp_path: Path, name: str
) -> None:
    """Where, what was expected, and nothing of where it was unpacked."""
    content, error, said = REFUSED[name]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error) as caught:
        WorkerPool(rdf_file(path), workers=1, union=False)
    assert said in caught.value.found
    assert caught.value.place == str(path)
    assert caught.value.expected
    if error is RdfSyntaxError:
        assert "owl" in caught.value.expected
        assert ".gz" in caught.value.expected
