"""`peelgraph export`."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.versions import DataFolder
from peelgraph.server.cli.export import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ended

FORCES = "https://w3id.org/peelgraph/graph/reference/force"


def test_default_is_the_version_s_own_quads(
    peelgraph: Callable[..., Ended], built_data: Path
) -> None:
    """The dump is what the manifest's checksum is of."""
    ended = peelgraph("export", "--data", built_data)
    manifest = DataFolder(built_data).current().manifest
    assert hashlib.sha256(ended.out.encode()).hexdigest() == manifest.quads_sha256


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_is_the_same_bytes_twice(
    format_: str, peelgraph: Callable[..., Ended], built_data: Path, tmp_path: Path
) -> None:
    """Exports are compared by checksum; here once to a file and once to standard output."""
    file = tmp_path / f"export.{format_}"
    asked = ("--graph", FORCES) if format_ != "csv" else ()
    arguments = ("export", "--format", format_, *asked, "--data", built_data)
    first = peelgraph(*arguments, "-o", file, "--json").json
    assert set(first) == {"schema", "version", "format", "graph", "file", "bytes", "sha256"}
    second = peelgraph(*arguments)
    assert second.code == 0
    assert second.out.encode() == file.read_bytes()
    assert hashlib.sha256(second.out.encode()).hexdigest() == first["sha256"]


def test_csv_is_the_table_of_judgments(peelgraph: Callable[..., Ended], built_data: Path) -> None:
    """One row a judgment, the way a spreadsheet wants it."""
    ended = peelgraph("export", "--format", "csv", "--data", built_data)
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert len(rows) >= 1100
    assert {"force_name", "cycle_name", "criterion_name", "grade_name"} <= set(rows[0])
    assert len({row["force"] for row in rows}) == 43


def test_unknown_graph_and_graph_of_a_table_are_usage(
    peelgraph: Callable[..., Ended], built_data: Path
) -> None:
    """Nothing is written for them, not even an empty file."""
    unknown = peelgraph("export", "--graph", "http://example.org/none", "--data", built_data)
    assert (unknown.code, unknown.out) == (2, "")
    table = peelgraph("export", "--format", "csv", "--graph", FORCES, "--data", built_data)
    assert table.code == 2


def test_file_is_replaced_whole_or_not_at_all(
    peelgraph: Callable[..., Ended], built_data: Path, tmp_path: Path
) -> None:
    """Whoever reads the old file while the new one is written sees one of them."""
    file = tmp_path / "export.nt"
    file.write_text("old")
    assert peelgraph("export", "-f", "nt", "-o", file, "--data", built_data).code == 0
    assert file.read_text(encoding="utf-8").startswith("<")
    assert [each.name for each in tmp_path.iterdir()] == ["export.nt"]
    nowhere = tmp_path / "none" / "export.nt"
    ended = peelgraph("export", "-f", "nt", "-o", nowhere, "--data", built_data)
    assert ended.code == 4
    assert str(nowhere) in ended.err


def test_note_about_the_file_is_left_out_when_quiet(
    peelgraph: Callable[..., Ended], built_data: Path, tmp_path: Path
) -> None:
    """--quiet says nothing but results and errors."""
    arguments = ("export", "--graph", FORCES, "-o", tmp_path / "x.nq", "--data", built_data)
    assert "SHA-256" in peelgraph(*arguments).err
    quiet = peelgraph(*arguments, "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
