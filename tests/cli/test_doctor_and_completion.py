"""`peelgraph doctor` and `peelgraph completion`."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pyoxigraph
import pytest

from peelgraph.graph.versions import Version
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
    "access",
    "disk",
    "version",
    "staging",
    "clock",
    "memory",
    "limits",
    "connections",
    "query editor",
    "network (memory)",
    "network (disk)",
    "way in",
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


def test_doctor_reads_every_quad_when_asked(
    peelgraph: Callable[..., Ended], own_data: Path
) -> None:
    """Checksums and counts agree with a store in which one quad stands for another."""
    deep = ("doctor", "--port", "0", "--json", "--data", own_data, "--deep")
    assert states(peelgraph(*deep))["version"] == "ok"
    store = pyoxigraph.Store(own_data / "current" / "store")
    changed = next(iter(store))
    store.remove(changed)
    other = pyoxigraph.Literal("changed")
    store.add(pyoxigraph.Quad(changed.subject, changed.predicate, other, changed.graph_name))
    store.flush()
    del store
    ended = peelgraph(*deep)
    assert states(peelgraph(*deep[:-1]))["version"] == "ok"
    assert states(ended)["version"] == "fail"
    assert ended.code == 4
    assert "rollback" in ended.out


def test_doctor_reads_each_version_once(
    peelgraph: Callable[..., Ended], own_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that serves is the largest, as a rule, and was read whole before all are."""
    read: list[str] = []
    check = Version.check

    def counted(version: Version) -> None:
        read.append(version.name)
        check(version)

    current = (own_data / "current").resolve()
    (older := current.with_name("20200101T000000Z-00000000")).mkdir()
    for each in ("quads.nq", "store"):
        (older / each).symlink_to(current / each)
    manifest = json.loads((current / "manifest.json").read_text())
    (older / "manifest.json").write_text(json.dumps({**manifest, "name": older.name}))
    monkeypatch.setattr(Version, "check", counted)
    ended = peelgraph("doctor", "--port", "0", "--json", "--data", own_data, "--deep")
    assert states(ended)["version"] == "ok"
    assert sorted(read) == [older.name, current.name]


@pytest.mark.parametrize("name", ["tokens.json", "audit.jsonl", "."])
def test_doctor_finds_what_others_may_read_or_change(
    name: str, peelgraph: Callable[..., Ended], tmp_path: Path
) -> None:
    """Whoever reads the hashes of tokens can try to guess them; whoever writes needs none."""
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    place = data / name
    place.touch()
    place.chmod(0o777 if name == "." else 0o640)
    ended = peelgraph("doctor", "--port", "0", "--json", "--data", data)
    assert states(ended)["access"] == "fail"
    assert "chmod" in ended.out
    place.chmod(0o755 if name == "." else 0o600)
    ended = peelgraph("doctor", "--port", "0", "--json", "--data", data)
    assert states(ended)["access"] == "ok"


WAYS = {
    "warn": ("--host", "0.0.0.0"),  # noqa: S104 - that is what is warned of
    "fail": ("--proxies", "no address"),
    "ok": ("--proxies", "127.0.0.1", "--hosts", "data.example", "--host", "0.0.0.0"),  # noqa: S104 - the same
}


@pytest.mark.parametrize("state", WAYS)
def test_doctor_looks_at_the_way_in(
    state: str, peelgraph: Callable[..., Ended], tmp_path: Path
) -> None:
    """A server that is open to a network, and proxies that nobody named."""
    ended = peelgraph("doctor", "--port", "0", "--json", "--data", tmp_path / "x", *WAYS[state])
    assert states(ended)["way in"] == state


def test_doctor_says_how_the_version_will_be_held(
    peelgraph: Callable[..., Ended], built_data: Path
) -> None:
    """The difference is a factor of three in time, and of ten in memory."""
    doctor = ("doctor", "--port", "0", "--json", "--data", built_data)
    for options, state, told in (
        (("--workers", "1", "--memory", "1"), "ok", "held in memory"),
        (("--workers", "1", "--memory", "1", "--memory-budget", "1"), "ok", "held on disk"),
        (("--workers", "1", "--memory", "900000000"), "warn", "900000000 MiB for queries"),
    ):
        ended = peelgraph(*doctor, *options)
        assert states(ended)["memory"] == state
        assert told in ended.out


def test_doctor_sees_a_version_from_the_future(
    peelgraph: Callable[..., Ended], own_data: Path
) -> None:
    """Versions are ordered by the clock; one that was set back hides new ones behind old."""
    manifest = own_data / "current" / "manifest.json"
    told = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(told | {"published": "2999-01-01T00:00:00Z"}))
    ended = peelgraph("doctor", "--port", "0", "--json", "--data", own_data)
    assert states(ended)["clock"] == "warn"


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
    out, _ = started().communicate(timeout=120)
    assert {line.partition(",")[2] for line in out.decode().splitlines()} >= set(COMMANDS)
