"""Carries out updates over a small data folder, each in a child that may be killed on the way.

Run: kill_batches.py DATA. For every line of standard input, ``STEP REQUEST TEXT``, the child is
killed just before that of its operations on DATA's files (0: none), and a line says how the child
ended and how many of them it came to.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from peelgraph.graph.versions import DataFolder
from peelgraph.graph.writing.batch import carry_out
from peelgraph.graph.writing.ground import Ground, prepared
from peelgraph.graph.writing.model import Change, Kind, Task

HELD = 10**9
OPERATIONS = {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink"}


def main() -> None:
    """Obey line by line."""
    data, ground = DataFolder(Path(sys.argv[1])), None
    for line in sys.stdin:
        step, request, text = line.split(maxsplit=2)
        ground = prepared(data, HELD, ground)
        gc.collect()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            batch(data, ground, change(request, text), int(step), writing)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            counted = pipe.read().count("\n")
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)} {counted}\n")
        sys.stdout.flush()


def change(request: str, text: str) -> Change:
    """An update."""
    return Change(kind=Kind.UPDATE, text=text, base="http://example.org/", request=request)


def batch(data: DataFolder, ground: Ground, wanted: Change, step: int, writing: int) -> NoReturn:
    """Carry out *wanted* and end, or be killed before operation *step*."""
    done = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal done
        if event not in OPERATIONS or not str(arguments[0]).startswith(str(data.path)):
            return
        done += 1
        if done == step:
            os.kill(os.getpid(), signal.SIGKILL)
        os.write(writing, b"\n")

    code = 1
    try:
        sys.addaudithook(watch)
        carry_out(data, ground, Task([wanted], 0, 0, 10.0, 0), lambda: None)
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
