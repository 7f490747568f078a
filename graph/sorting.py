"""Sorted files of lines, made and read without holding them in memory."""

from __future__ import annotations

import heapq
from contextlib import ExitStack
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

RUN_LINES: Final = 50_000  # lines sorted in memory at once, some 15 MB of N-Quads


def sort_file(source: Path, target: Path, *, run_lines: int = RUN_LINES) -> None:
    """Write the lines of *source* to *target* in the order of their bytes.

    That is also the order of their code points, as UTF-8 keeps it.

    Args:
        source: A file whose lines all end with a line feed.
        target: The file to write; runs are kept beside it for the time being.
        run_lines: How many lines are held in memory.
    """
    runs: list[Path] = []
    try:
        with source.open("rb") as lines:
            while run := sorted(islice(lines, run_lines)):
                runs.append(target.with_name(f"{target.name}.run{len(runs)}"))
                with runs[-1].open("wb") as file:
                    file.writelines(run)
        if len(runs) == 1:
            runs[0].replace(target)
            return
        with ExitStack() as opened, target.open("wb") as file:
            file.writelines(heapq.merge(*(opened.enter_context(run.open("rb")) for run in runs)))
    finally:
        for run_file in runs:
            run_file.unlink(missing_ok=True)


def merge_into(target: Path, source: Path, more: Iterable[bytes]) -> None:
    """Write the sorted lines of *source* and the sorted lines *more* to *target*, sorted."""
    with source.open("rb") as lines, target.open("wb") as file:
        file.writelines(heapq.merge(lines, more))
