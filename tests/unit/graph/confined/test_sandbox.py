"""What a worker has taken away from itself is really gone."""

from __future__ import annotations

import subprocess
import sys

import pytest

from peelgraph.graph.confined import sandbox

needs_filter = pytest.mark.skipif(
    not sandbox.can_filter(), reason="no system call filter is known for this machine"
)
ATTEMPTS = {
    "a socket": "import socket; socket.socket()",
    "a pair of sockets": "import socket; socket.socketpair()",
    "another program": "import os; os.execv('/bin/true', ['true'])",
    "a fork": "import os; os.fork()",
    "a spawned program": "import os; os.posix_spawn('/bin/true', ['true'], {})",
    "a signal": "import os; os.kill(os.getppid(), 0)",
}


def confined(attempt: str) -> subprocess.CompletedProcess[str]:
    """Run *attempt* in a fresh process behind the filter."""
    program = (
        "import socket, encodings.idna\n"
        "from peelgraph.graph.confined.sandbox import refuse_system_calls\n"
        f"refuse_system_calls()\nprint('confined', flush=True)\n{attempt}\nprint('reached')"
    )
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=30
    )


@needs_filter
@pytest.mark.parametrize("name", ATTEMPTS)
def test_the_filter_refuses(name: str) -> None:
    """SERVICE must not leave the machine, nor a parser start anything, though checks are fooled."""
    ended = confined(ATTEMPTS[name])
    assert ended.stdout == "confined\n", ended.stderr
    assert ended.returncode != 0


@needs_filter
def test_the_filter_leaves_ordinary_work_alone() -> None:
    """A store on disk opens files and starts threads behind it."""
    ended = confined(
        "import threading, tempfile\n"
        "t = threading.Thread(target=lambda: tempfile.TemporaryFile().write(b'x'))\n"
        "t.start(); t.join()"
    )
    assert ended.stdout == "confined\nreached\n", ended.stderr


@pytest.mark.parametrize("machine", sandbox.REFUSED)
def test_every_jump_of_the_program_lands_inside(machine: str) -> None:
    """The kernel refuses a program with a wild jump, and jumps are eight bits."""
    program = sandbox.filter_program(machine)
    steps = len(program) // 8
    for number in range(steps):
        when_true, when_false = program[number * 8 + 2], program[number * 8 + 3]
        assert number + 1 + max(when_true, when_false) <= steps


def test_limits_follow_each_query_though_they_are_seldom_set() -> None:
    """One that may have little gets little, also after one that may have much."""
    program = (
        "import resource, time\n"
        "from peelgraph.graph.confined.sandbox import Meter\n"
        "meter = Meter()\n"
        "def show(memory, seconds):\n"
        "    meter.arm(memory, seconds)\n"
        "    spare = resource.getrlimit(resource.RLIMIT_CPU)[0] - time.process_time() - seconds\n"
        "    print(resource.getrlimit(resource.RLIMIT_AS)[0] // 2**20, 1 < spare < 7)\n"
        "show(2**31, 60), show(2**31, 60), show(2**30, 60), show(2**30, 5), show(2**31, 74.5)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    words = ended.stdout.split()
    sizes, enough = [int(each) for each in words[::2]], words[1::2]
    assert enough == ["True"] * 5
    assert [size - sizes[0] for size in sizes] == [0, 0, -1024, -1024, 0]
