"""What a page costs that is stored already: its text and a hash, and nothing that comes after."""

from __future__ import annotations

import datetime as dt
import gzip
import html
import zipfile
from functools import partial
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph import ingest as ingesting
from peelgraph.graph import preparation
from peelgraph.graph.capture import capture_file
from peelgraph.graph.ingest import Ingestion, Run, ingest
from peelgraph.graph.iris import Iris
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

IRIS = Iris()
MOMENT = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
# Every step between a page's text and the version in which it stands, where it is called.
STEPS = {
    preparation: (
        "read",
        "corrected",
        "document_graph",
        "provenance_graph",
        "reference_graph",
        "shapes_graph",
        "Validator",
    ),
    ingesting: ("add_revision", "supersede", "derive", "record_findings"),
}


def as_html(text: str) -> bytes:
    """A page of text as HTML."""
    lines = "".join(f"<p>{line}</p>\n" for line in html.escape(text).splitlines())
    return f"<!DOCTYPE html>\n<html><body>\n{lines}</body></html>\n".encode()


def zipped(folder: Path, content: bytes) -> bytes:
    """An archive that holds one page."""
    with zipfile.ZipFile(folder / "made.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("page.txt", content)
    return (folder / "made.zip").read_bytes()


@pytest.fixture
def files(invented_pages: Callable[..., list[Path]], tmp_path: Path) -> list[Path]:
    """Invented pages of real forces: text, HTML, and both compressed."""
    folder = tmp_path / "files"
    made = invented_pages(tmp_path / "made", 4)
    texts = [page.read_text(encoding="utf-8") for page in made]
    folder.mkdir()
    contents = {
        "a.txt": texts[0].encode(),
        "b.html": as_html(texts[1]),
        "c.html.gz": gzip.compress(as_html(texts[2])),
        "d.zip": zipped(tmp_path, texts[3].encode()),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return sorted(folder.iterdir())


def ingested(data: Path, files: list[Path], days: int = 0) -> Ingestion:
    """What ingesting *files* gave."""
    moment = MOMENT + dt.timedelta(days=days)
    run = Run(iris=IRIS, tables=bundled_tables(), moment=moment)
    sources = [(file.name, partial(capture_file, file)) for file in files]
    return ingest(DataFolder(data), sources, run)


def never(step: str) -> Callable[..., None]:
    """Stand in for a step that must not be reached."""

    def reached(*_: object, **__: object) -> None:
        raise AssertionError(step)

    return reached


def test_unchanged_pages_are_captured_and_nothing_else(
    own_data: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand pages may be ingested each night, of which two have changed."""
    first = ingested(own_data, files)
    assert [(each.state, each.error) for each in first.outcomes] == [("landed", None)] * 4
    before = DataFolder(own_data).current().name
    for module, names in STEPS.items():
        for name in names:
            monkeypatch.setattr(module, name, never(name))
    again = ingested(own_data, files, days=1)
    assert [(each.state, each.seconds) for each in again.outcomes] == [("unchanged", {})] * 4
    assert again.version is None
    assert DataFolder(own_data).current().name == before
    files[0].write_bytes(files[0].read_bytes() + b"The invented boats were counted again.\n")
    with pytest.raises(AssertionError, match="read"):
        ingested(own_data, files)
