"""`peelgraph serve`: a real process, a real answer, an orderly end."""

from __future__ import annotations

import json
import signal
import socket
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ended


def fetched(address: str) -> bytes:
    """What a server on this machine answers; anything but a 2xx raises."""
    with urlopen(address, timeout=60) as answer:  # noqa: S310 - the address is our own server's
        content: bytes = answer.read()
    return content


def ended_by(process: subprocess.Popen[bytes], number: int) -> tuple[int, bytes, bytes]:
    """Send a signal; return the exit code and what was still written."""
    process.send_signal(number)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_last_line_is_the_address_and_it_answers(
    started: Callable[..., subprocess.Popen[bytes]], built_data: Path
) -> None:
    """Scripts wait for this line; SIGTERM ends with 0."""
    process = started("serve", "--port", "0", "--workers", "1", "--data", built_data)
    assert process.stdout is not None
    line = process.stdout.readline().decode()
    assert line.startswith("Serving http://127.0.0.1:")
    assert line.endswith("/\n")
    assert fetched(f"{line.split()[1]}readyz")
    code, out, log = ended_by(process, signal.SIGTERM)
    assert (code, out) == (0, b"")
    assert json.loads(log)["path"] == "/readyz", "one line a request, no terminal: as JSON"


def test_dataset_is_served_plain_and_told_as_json(
    started: Callable[..., subprocess.Popen[bytes]], notes: Path
) -> None:
    """With --json the line is an object; a dataset's default graph is the standard's own."""
    process = started("serve", "--dataset", notes, "--port", "0", "--workers", "1", "--json")
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    assert set(told) == {"schema", "address", "data", "workers"}
    query = "sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%22one%22%20%7D"
    assert b"true" in fetched(told["address"] + query)
    assert ended_by(process, signal.SIGINT)[0] == 0


def test_busy_port_is_4(peelgraph: Callable[..., Ended], built_data: Path) -> None:
    """The address is named, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = peelgraph("serve", "--port", str(port), "--data", built_data)
    assert ended.code == 4
    assert f"127.0.0.1:{port}" in ended.err
    assert "--port" in ended.err


@pytest.mark.parametrize(
    "wrong",
    [
        ("--workers", "0"),
        ("--port", "70000"),
        ("--timeout", "0"),
        ("--default-graph", "both"),
        ("--engine", "ftp://example.org/"),
        ("--log", "loud"),
        ("--log-file", "/nowhere/at/all.log"),
        ("--log-queries", "all"),
    ],
)
def test_values_out_of_range_are_usage(
    wrong: tuple[str, str], peelgraph: Callable[..., Ended], built_data: Path
) -> None:
    """Refused before anything starts."""
    ended = peelgraph("serve", "--port", "0", *wrong, "--data", built_data)
    assert ended.code == 2
    assert wrong[0] in ended.err


def test_missing_dataset_is_3(peelgraph: Callable[..., Ended], tmp_path: Path) -> None:
    """Nothing is built for a dataset."""
    ended = peelgraph("serve", "--dataset", tmp_path / "none.nq", "--port", "0", "--data", tmp_path)
    assert ended.code == 3
    assert list(tmp_path.iterdir()) == []
