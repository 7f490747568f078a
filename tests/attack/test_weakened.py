"""Each protection is taken out once, and the attack that it is there for gets through.

A test that passes whatever the server does would be no protection of anything. The tests of the
table are run as they stand, on a build with one protection less, and must fail as it says.
"""

from __future__ import annotations

import contextlib
import csv
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
WEAKENED = Path(__file__).parent / "hostile" / "weakened"
MOST_MEMORY = 6 * 1024**3
PATIENCE = 250
ENDLESS = 45
"""Seconds after which a test is ended that without the protection has no end of its own."""
LINES = (Path(__file__).parent / "weakened.csv").read_text(encoding="utf-8").splitlines()
TABLE = list(csv.DictReader(LINES))
"""Threat, what is taken out, the test that must fail, and what its failure says."""
QUICK = {"no checker", "early comparison"}


def rows() -> list[object]:
    """The table; what takes more than some seconds only at full counts."""
    return [
        pytest.param(
            row["weakness"],
            row["test"],
            row["says"],
            id=f"{row['threat']} {row['weakness']} {number}",
            marks=[] if row["weakness"] in QUICK else pytest.mark.soak,
        )
        for number, row in enumerate(TABLE)
    ]


def bounded() -> None:
    """Keep a weakened build from hurting the machine; runs in the child."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, resource.RLIM_INFINITY))
    os.nice(5)


def of_a_browser() -> None:
    """Do without the bound: a browser sets terabytes of addresses aside, and uses none of them."""
    os.nice(5)


@pytest.mark.parametrize(("weakness", "test", "says"), rows())
@pytest.mark.timeout(2 * PATIENCE)
def test_a_weakened_build_fails(weakness: str, test: str, says: str, tmp_path: Path) -> None:
    """The test sees the protection that is missing."""
    command = [sys.executable, "-m", "pytest", str(TESTS / test), "--soak", "-p", "no:randomly"]
    seconds = ENDLESS if "Timeout" in says else PATIENCE
    running = subprocess.Popen(
        [*command, "-q", "-x", "-rN", f"--timeout={seconds}", f"--basetemp={tmp_path / 'run'}"],
        cwd=TESTS.parent,
        env=os.environ
        | {"PYTHONPATH": str(WEAKENED), "PEELGRAPH_WEAKENED": weakness, "PEELGRAPH_STORM": "20"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=of_a_browser if test.startswith("browser/") else bounded,  # noqa: PLW1509 - a test, in a process without threads
        start_new_session=True,
    )
    try:
        output, _ = running.communicate(timeout=PATIENCE)
    finally:  # a weakened server may not end by itself
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
    assert running.returncode == 1, output
    told = (line.lstrip(" |") for line in output.splitlines())
    lines = [line for line in told if line.startswith(("E ", "AssertionError"))]
    assert any(word in line for line in lines for word in says.split("|")), output
