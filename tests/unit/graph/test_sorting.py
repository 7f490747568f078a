"""Sorting on disk gives what sorting in memory gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.sorting import merge_into, sort_file

if TYPE_CHECKING:
    from pathlib import Path

WORDS = ["b", "a", "ab", "a b", "é", "ż", "😀", "\uffff", "a", "z" * 1000]


@pytest.mark.parametrize("run_lines", [1, 3, 100])
def test_order_is_that_of_code_points_however_small_the_runs(
    tmp_path: Path, run_lines: int
) -> None:
    """A version's digest must not depend on how much memory the machine has."""
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_text("".join(f"{word}\n" for word in WORDS), encoding="utf-8", newline="\n")
    sort_file(source, target, run_lines=run_lines)
    assert target.read_text(encoding="utf-8").split("\n")[:-1] == sorted(WORDS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


def test_nothing_sorts_to_nothing(tmp_path: Path) -> None:
    """An empty store has an empty file, not none."""
    source, target = tmp_path / "in", tmp_path / "out"
    source.touch()
    sort_file(source, target)
    assert target.read_bytes() == b""


def test_merging_keeps_the_order(tmp_path: Path) -> None:
    """What a version says of itself is known last and stands in its place."""
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(b"a\nc\n")
    merge_into(target, source, [b"b\n", b"d\n"])
    assert target.read_bytes() == b"a\nb\nc\nd\n"
