"""What only a terminal shows: tables, bars and colours."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from peelgraph.server.cli.screen import progress

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

COLOUR = re.compile(rb"\x1b\[[\d;]*(?:3[0-7]|9[0-7])m")


def on_a_terminal(*arguments: str | Path, **environment: str) -> tuple[int, bytes]:
    """Run the program on a pseudo-terminal; return its code and what the terminal got."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "peelgraph.server.cli", *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120", **environment},
    )
    os.close(theirs)
    seen = bytearray()
    try:
        while piece := os.read(ours, 65536):
            seen += piece
    except OSError:  # how the end of a pseudo-terminal looks
        pass
    finally:
        os.close(ours)
    return process.wait(120), bytes(seen)


def test_table_on_a_terminal_and_no_colour_if_not_wanted(tmp_path: Path) -> None:
    """NO_COLOR is a promise to people who cannot read colours."""
    arguments = ("doctor", "--port", "0", "--data", tmp_path / "data")
    code, coloured = on_a_terminal(*arguments)
    assert code == 0
    assert "│".encode() in coloured
    assert COLOUR.search(coloured)
    code, plain = on_a_terminal(*arguments, NO_COLOR="1")
    assert "│".encode() in plain
    assert not COLOUR.search(plain)


def test_query_is_a_table_on_a_terminal(built_data: Path) -> None:
    """People get a table, programs CSV; IRIs of ours are shortened."""
    text = "SELECT ?a { VALUES ?a { <https://w3id.org/peelgraph/id/force/kent> } }"
    code, seen = on_a_terminal("query", text, "--data", built_data)
    assert code == 0
    assert "│ /id/force/kent │".encode() in seen


def test_several_sources_end_in_a_table_on_a_terminal(built_data: Path, tmp_path: Path) -> None:
    """What became of hundreds of pages is seen at a glance, after the bar is gone."""
    pages = [tmp_path / "soup.txt", tmp_path / "salad.txt"]
    for page in pages:
        page.write_text("A recipe.", encoding="utf-8")
    code, seen = on_a_terminal("ingest", *pages, "--dry-run", "--data", built_data)
    assert code == 3
    plain = re.sub(r"\x1b\[[\d;?]*\w", "", seen.decode())
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in plain.splitlines()]
    assert ["refused", "2", "", "", "", ""] in rows
    assert ["landed", "0", "0", "0", "0", "0"] in rows
    assert ["all", "2", "", "", "", ""] in rows


def test_progress_bar_only_where_it_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """A log file must not fill with bars."""
    with progress("ingesting", 3, shown=False) as step:
        step("one")
    assert capsys.readouterr() == ("", "")
