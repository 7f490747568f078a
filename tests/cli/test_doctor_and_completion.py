"""`peelgraph doctor` and `peelgraph completion`."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from peelgraph.server.cli.program import COMMANDS

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ended

NAMES = [
    "python",
    "packages",
    "data folder",
    "disk",
    "version",
    "staging",
    "limits",
    "network (memory)",
    "network (disk)",
    "port",
]


def states(ended: Ended) -> dict[str, str]:
    """The state of each check, by name."""
    return {each["name"]: each["state"] for each in ended.json["checks"]}


def test_doctor_looks_at_everything_and_no_worker_calls_out(
    peelgraph: Callable[..., Ended], built_data: Path
) -> None:
    """Two workers are asked to call a listener; neither may."""
    ended = peelgraph("doctor", "--port", "0", "--json", "--data", built_data)
    assert ended.code == 0
    assert set(ended.json) == {"schema", "state", "checks"}
    assert {tuple(each) for each in ended.json["checks"]} == {("name", "state", "found", "action")}
    found = states(ended)
    assert list(found) == NAMES
    assert found["network (memory)"] == found["network (disk)"] == found["version"] == "ok"


def test_doctor_finds_what_is_wrong_and_says_what_to_do(
    peelgraph: Callable[..., Ended], own_data: Path
) -> None:
    """A damaged version is a failure; leftovers and a taken port are warnings."""
    (own_data / "current" / "quads.nq").write_bytes(b"")
    (own_data / "versions" / ".staging-1-aa").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = peelgraph("doctor", "--port", port, "--json", "--data", own_data)
    found = states(ended)
    assert ended.code == 4
    assert ended.json["state"] == found["version"] == "fail"
    assert found["staging"] == found["port"] == "warn"
    assert all(each["action"] for each in ended.json["checks"] if each["state"] != "ok")


def test_doctor_of_an_empty_place_only_warns(
    peelgraph: Callable[..., Ended], tmp_path: Path
) -> None:
    """Before the first build nothing is broken; nothing is made by looking."""
    ended = peelgraph("doctor", "--port", "0", "--data", tmp_path / "data")
    assert ended.code == 0
    assert "peelgraph build" in ended.out
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_writes_the_script_of_each_shell(
    shell: str, peelgraph: Callable[..., Ended]
) -> None:
    """As text to be redirected, and as JSON."""
    script = peelgraph("completion", shell).out
    assert "_PEELGRAPH_COMPLETE" in script
    told = peelgraph("completion", shell, "--json").json
    assert told == {"schema": "peelgraph/completion/1", "shell": shell, "script": script}


def test_completion_completes_commands(
    started: Callable[..., subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the script asks the program when a user presses Tab."""
    monkeypatch.setenv("_PEELGRAPH_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "peelgraph ")
    monkeypatch.setenv("COMP_CWORD", "1")
    out, _ = started().communicate(timeout=30)
    assert {line.partition(",")[2] for line in out.decode().splitlines()} >= set(COMMANDS)
