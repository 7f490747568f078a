"""A function runs in a confined process; whatever becomes of that, the caller gets an error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.confined import enclosure as module
from peelgraph.graph.confined import sandbox
from peelgraph.graph.confined.enclosure import MEBIBYTE, Bounds, Enclosure
from peelgraph.graph.errors import ReadingStopped, SourceUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BOUNDS = Bounds(memory=64 * MEBIBYTE, seconds=60, answer=MEBIBYTE)
# A module of what hostile bytes might make a parser do; each content names one.
HOSTILE = """
import ctypes, json, os, signal, socket, threading, time
from peelgraph.graph.errors import QueryTimeout, SourceUnreadable
from peelgraph.graph.confined import child

def does(content, *, place, **options):
    return globals()[content.decode() or "nothing"](place, options)

def nothing(place, options): return json.dumps([place, options]).encode()
def refuses(place, options): raise SourceUnreadable("no", place=place, expected="b", action="c")
def refuses_otherwise(place, options): raise QueryTimeout("no")
def eats_python(place, options): return bytes(10**10)
def eats_c(place, options): ctypes.memset(ctypes.CDLL(None).malloc(10**10), 1, 10**10)
def aborts(place, options): os.abort()
def crashes(place, options): ctypes.string_at(0)
def ends(place, options): os._exit(3)
def raises(place, options): raise KeyError("of the parser's own")
def recurses(place, options): return recurses(place, options)
def sleeps(place, options): time.sleep(60)
def works(place, options):
    while True: pass
def keeps(place, options): globals()["kept"] = bytearray(30 * 1024 * 1024); return b"kept"
def says_much(place, options): return bytes(2 * 1024 * 1024)
def promises(place, options):
    os.write(int(options["pipe"]), child.LENGTHS.pack(9, 2**60)); sleeps(0, 0)
def dribbles(place, options):
    os.write(int(options["pipe"]), child.LENGTHS.pack(9, 9)); sleeps(0, 0)
def lies(place, options):
    os.write(int(options["pipe"]), child.LENGTHS.pack(4, 0) + b"nope"); sleeps(0, 0)
def unlimits(place, options):
    import resource
    resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9))
def opens(place, options): return open(options["file"], "rb").read()
def writes(place, options): open(options["file"], "wb").write(b"x")
def connects(place, options): socket.create_connection(("127.0.0.1", int(options["port"])))
def connects_by_name(place, options): socket.create_connection(("localhost", int(options["port"])))
def forks(place, options): return str(os.fork()).encode()
def executes(place, options): os.execv("/bin/true", ["true"])
def signals(place, options): os.kill(os.getppid(), 0)
def says_on_error(place, options):
    for _ in range(100): os.write(2, bytes(65536))
def pid(place, options): return str(os.getpid()).encode()
"""

LIVE_ON = {"promises", "lies"}  # who says what no process may, and does not end by itself
NEED_FILTER = {"forks", "executes", "signals"}  # what no limit alone refuses to the superuser


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Enclosure]:
    """An enclosure for the functions above."""
    (tmp_path / "hostile.py").write_text(HOSTILE, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with closing(Enclosure("hostile:does", BOUNDS)) as enclosure:
        yield enclosure


def pid_of(enclosure: Enclosure) -> int:
    """The process that answers."""
    return int(enclosure.ask(b"pid", place=""))


def test_one_process_reads_many_sources(hostile: Enclosure) -> None:
    """Starting one for every page would cost more than the page."""
    said = json.loads(hostile.ask(b"", place="a page", syntax="ttl"))
    assert said == ["a page", {"syntax": "ttl"}]
    assert pid_of(hostile) == pid_of(hostile) == hostile.pid != os.getpid()
    with pytest.raises(SourceUnreadable) as raised:
        hostile.ask(b"refuses", place="b.html")
    error = raised.value
    assert (error.found, error.place, error.expected, error.action) == ("no", "b.html", "b", "c")


@pytest.mark.parametrize(
    ("attack", "found"),
    [
        ("eats_python", "more memory to read than the 64 MiB"),
        ("eats_c", "SIGSEGV"),  # what C code makes of no memory is its own affair
        ("aborts", "more memory"),  # how the engine ends when there is none
        ("crashes", "SIGSEGV"),
        ("ends", "exit 3"),
        ("raises", 'KeyError: "of the parser\'s own"'),
        ("recurses", "RecursionError"),
        ("says_much", "ended the process"),
        ("promises", "ended the process"),
        ("lies", "ended the process"),
        ("refuses_otherwise", "QueryTimeout"),
        ("says_on_error", "exit 1"),
    ],
)
def test_what_ends_the_process_is_an_error_of_that_source_alone(
    hostile: Enclosure, attack: str, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run goes on, in a new process, and the error names the source."""
    if attack not in LIVE_ON:
        monkeypatch.setattr(module, "ENDING", 60.0)
    before = pid_of(hostile)
    pipe = str(pipe_of(before))
    with pytest.raises(ReadingStopped, match=found) as raised:
        hostile.ask(attack.encode(), place="bad.pdf", pipe=pipe)
    assert raised.value.place == "bad.pdf"
    assert pid_of(hostile) != before
    assert not Path(f"/proc/{before}").exists()


def pipe_of(pid: int) -> int:
    """The descriptor of the pipe in a confined process: its only socket."""
    for each in Path(f"/proc/{pid}/fd").iterdir():
        if str(each.readlink()).startswith("socket:"):
            return int(each.name)
    raise AssertionError


@pytest.mark.parametrize("attack", ["sleeps", "works", "dribbles"])
def test_what_takes_too_long_is_stopped(hostile: Enclosure, attack: str) -> None:
    """Neither a busy nor a waiting process holds a run up, nor one that begins to answer."""
    pipe = str(pipe_of(pid_of(hostile)))
    hostile._bounds = replace(BOUNDS, seconds=1)  # noqa: SLF001 - for this one alone
    with pytest.raises(ReadingStopped, match="took longer than 1 seconds"):
        hostile.ask(attack.encode(), place="slow", pipe=pipe)
    hostile._bounds = BOUNDS  # noqa: SLF001 - the next may be slow where the machine is busy
    assert pid_of(hostile)


def test_a_process_that_has_grown_is_replaced(hostile: Enclosure) -> None:
    """What one source left behind must not count against the next."""
    before = pid_of(hostile)
    assert hostile.ask(b"keeps", place="") == b"kept"
    assert hostile.pid is None
    assert pid_of(hostile) != before


@pytest.mark.parametrize(
    "attack",
    [
        "opens", "writes", "connects", "connects_by_name", "forks", "executes", "signals",
        "unlimits",
    ],
)  # fmt: skip
def test_nothing_can_be_reached(
    hostile: Enclosure, attack: str, tmp_path: Path, listener: Callable[[], int]
) -> None:
    """A file that takes its parser over finds itself in an empty room."""
    if attack in NEED_FILTER and not sandbox.can_filter():
        pytest.skip("no system call filter is known for this machine")
    canary = tmp_path / "canary"
    canary.write_bytes(b"secret")
    with pytest.raises(ReadingStopped, match=r"Error|exit"):
        hostile.ask(attack.encode(), place="", file=str(canary), port=str(listener()))
    assert canary.read_bytes() == b"secret"
    assert sorted(each.name for each in tmp_path.iterdir()) in (
        ["__pycache__", "canary", "hostile.py"],
        ["canary", "hostile.py"],
    )


def test_threads_take_turns(hostile: Enclosure) -> None:
    """A server asks from many threads, some of which end."""
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda n: hostile.ask(b"", place=str(n)), range(50)))
    assert len(found) == 50
    ended = threading.Thread(target=pid_of, args=(hostile,))
    ended.start()
    ended.join()
    assert pid_of(hostile) == hostile.pid


@pytest.mark.parametrize("busy", [False, True])
def test_it_ends_with_the_process_that_started_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    await_gone: Callable[..., None],
    busy: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """A killed run leaves nothing that still reads."""
    (tmp_path / "hostile.py").write_text(HOSTILE, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    program = (
        "import sys\nfrom peelgraph.graph.confined.enclosure import *\n"
        "e = Enclosure('hostile:does', Bounds(memory=2**26, seconds=60, answer=2**20))\n"
        "print(e.ask(b'pid', place='').decode(), flush=True)\n"
        f"e.ask({b'works' if busy else b''!r}, place='')\nsys.stdin.read()"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with started as parent:
        assert parent.stdout is not None
        confined = int(parent.stdout.readline())
        assert Path(f"/proc/{confined}").exists()
        parent.kill()
        parent.wait()
    await_gone([confined], 60)


def test_a_process_that_cannot_start_is_a_fault_of_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No source is to blame for it."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with pytest.raises(RuntimeError, match="ModuleNotFoundError"):
        Enclosure("no_such_module:does", BOUNDS).ask(b"", place="page")
