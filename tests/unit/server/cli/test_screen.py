"""What is printed, and how files are written."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.errors import DataUnwritable
from peelgraph.server.cli.screen import as_json, print_table, visible, write_file, write_output

if TYPE_CHECKING:
    from pathlib import Path


def test_invisible_characters_are_shown_and_line_ends_kept() -> None:
    """Escape sequences, a right-to-left override and a byte of a file's name."""
    assert visible("a\x1b]0;t\x07\u202eb\udcff\n\tc") == "a\\x1b]0;t\\x07\\u202eb\\udcff\n\tc"


def test_lines_of_a_table_hold_one_row_each(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """A tab or a line end within a cell would make two of it."""
    print_table(("a", "b"), [("x\ty", "1\n2")])
    assert capsysbinary.readouterr().out == b"a\tb\nx y\t1 2\n"


def test_json_names_its_schema_first_and_keeps_letters() -> None:
    """The first key says how to read the rest."""
    text = as_json("thing/1", {"name": "Ynys Môn"})
    assert list(json.loads(text)) == ["schema", "name"]
    assert "Ynys Môn" in text


def test_name_that_is_no_text_survives_json(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """File names are bytes; JSON escapes what is no character."""
    write_output(as_json("x/1", {"file": "\udcff"}).encode(errors="backslashreplace"), "-")
    assert json.loads(capsysbinary.readouterr().out)["file"] == "\udcff"


def test_file_that_cannot_be_replaced_keeps_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk must not cost the export of yesterday."""
    file = tmp_path / "export.nq"
    file.write_bytes(b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataUnwritable, match="No space left"):
        write_file(file, b"new")
    assert file.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["export.nq"]


def test_device_is_written_to_and_not_replaced() -> None:
    """`-o /dev/null` must leave a device behind."""
    assert write_output(b"x", "/dev/null")
    assert not os.path.isfile("/dev/null")  # noqa: PTH113 - the device itself is asked
