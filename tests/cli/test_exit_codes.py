"""Each exit code, reached on the way a user would reach it."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from peelgraph.graph.errors import DataBusy, PeelgraphError
from peelgraph.server.cli import build as build_command

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from conftest import Ended

PROBLEM_KEYS = {"schema", "type", "title", "detail", "place", "expected", "action"}


def test_unknown_option_is_usage(peelgraph: Callable[..., Ended]) -> None:
    """2, as every shell program has it."""
    ended = peelgraph("build", "--nonsense")
    assert ended.code == 2
    assert ended.out == ""
    assert "--nonsense" in ended.err
    assert "peelgraph build --help" in ended.err


def test_unknown_command_is_usage_and_json_if_asked(peelgraph: Callable[..., Ended]) -> None:
    """A program that asked for JSON gets its errors so, even those of parsing."""
    ended = peelgraph("--json", "bild")
    assert ended.code == 2
    assert set(ended.problem) == PROBLEM_KEYS
    assert ended.problem["schema"] == "peelgraph/error/1"
    assert ended.problem["type"] == "/problems/usage"


def test_wrong_setting_of_the_environment_is_usage(
    peelgraph: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A setting is checked wherever it comes from, and the error names its variable."""
    monkeypatch.setenv("PEELGRAPH_PORT", "eighty")
    ended = peelgraph("doctor")
    assert ended.code == 2
    assert "'eighty'" in ended.err


def test_missing_file_is_input(peelgraph: Callable[..., Ended], tmp_path: Path) -> None:
    """3, and not the 1 that would say the data is wrong."""
    ended = peelgraph("validate", tmp_path / "none.ttl")
    assert ended.code == 3
    assert str(tmp_path / "none.ttl") in ended.err


def test_bad_rdf_is_input_with_file_and_line(
    peelgraph: Callable[..., Ended], tmp_path: Path
) -> None:
    """The line is what one needs to mend a file."""
    bad = tmp_path / "bad.ttl"
    bad.write_text("<http://example.org/a> <http://example.org/b> 1 .\n\nnonsense\n")
    ended = peelgraph("--json", "validate", bad)
    assert ended.code == 3
    assert ended.problem["type"] == "/problems/rdf-syntax"
    assert ended.problem["place"] == f"{bad}, line 3"


def test_folder_without_version_is_a_version_problem(
    peelgraph: Callable[..., Ended], tmp_path: Path
) -> None:
    """4, with what to do."""
    ended = peelgraph("export", "--data", tmp_path)
    assert ended.code == 4
    assert "peelgraph build" in ended.err


def test_query_past_its_time_is_a_limit(peelgraph: Callable[..., Ended], built_data: Path) -> None:
    """6, so that a script can try again with more time."""
    cross_join = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    ended = peelgraph("query", cross_join, "--timeout", "0.3", "--data", built_data, "--json")
    assert ended.code == 6
    assert ended.out == ""
    assert ended.problem["type"] == "/problems/query-timeout"


def test_fault_of_the_program_is_70_in_one_line(
    peelgraph: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A user sees one line; whoever mends it sees the traceback with -v."""

    def broken(*_: object, **__: object) -> None:
        raise KeyError("broken\nin two lines")

    monkeypatch.setattr(build_command, "build", broken)
    short = peelgraph("build", "--data", tmp_path)
    assert short.code == 70
    assert len(short.err.splitlines()) == 1
    assert "KeyError" in short.err
    assert "Traceback" in peelgraph("-v", "build", "--data", tmp_path).err
    as_json = peelgraph("build", "--data", tmp_path, "--json")
    assert as_json.code == 70
    assert set(as_json.problem) == PROBLEM_KEYS


def test_error_is_one_block_of_what_where_and_what_to_do(
    peelgraph: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The four parts stand in the same order in every error."""

    def busy(*_: object, **__: object) -> PeelgraphError:
        raise DataBusy("another writes", place="/here", expected="nobody", action="wait")

    monkeypatch.setattr(build_command, "build", busy)
    ended = peelgraph("build", "--data", tmp_path)
    assert ended.code == 4
    assert ended.err.splitlines() == [
        "Error: Data folder busy",
        "  found     another writes",
        "  place     /here",
        "  expected  nobody",
        "  to do     wait",
    ]


def test_ctrl_c_is_130_without_traceback(
    started: Callable[..., subprocess.Popen[bytes]], own_data: Path
) -> None:
    """An impatient user sees a sentence; the data is as it was."""
    cross_join = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    process = started("-v", "query", cross_join, "--timeout", "60", "--data", own_data)
    assert process.stderr is not None
    assert process.stderr.readline().startswith(b"asking ")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert b"Interrupted" in err


def test_closed_pipe_is_quiet(
    started: Callable[..., subprocess.Popen[bytes]], built_data: Path
) -> None:
    """`peelgraph export | head` is a thing that people do."""
    process = started("export", "--data", built_data)
    assert process.stdout is not None
    assert process.stdout.read(10)
    process.stdout.close()
    assert process.stderr is not None
    err = process.stderr.read()
    assert (process.wait(120), err) == (0, b"")
    process.stderr.close()
    assert process.stdin is not None
    process.stdin.close()


def test_both_positions_of_common_options_work(
    peelgraph: Callable[..., Ended], built_data: Path
) -> None:
    """Nobody should have to remember on which side of the command an option stands."""
    before = peelgraph("--data", built_data, "--json", "versions", "list")
    after = peelgraph("versions", "list", "--data", built_data, "--json")
    between = peelgraph("versions", "--json", "list", "--data", built_data)
    assert before.code == after.code == between.code == 0
    assert before.json == after.json == between.json


def test_option_wins_over_environment_and_the_nearest_option_wins(
    peelgraph: Callable[..., Ended], built_data: Path, tmp_path: Path
) -> None:
    """Flag, then environment, then default."""
    arguments = ("versions", "list", "--json")
    assert peelgraph(*arguments, PEELGRAPH_DATA=str(built_data)).json["current"]
    flagged = peelgraph(*arguments, "--data", built_data, PEELGRAPH_DATA=str(tmp_path))
    assert flagged.json["current"]
    nearest = peelgraph("--data", tmp_path, *arguments, "--data", built_data)
    assert nearest.json["current"]


def test_control_characters_of_input_do_not_reach_the_terminal(
    peelgraph: Callable[..., Ended], tmp_path: Path
) -> None:
    """A file's name or content must not be able to drive the terminal."""
    ended = peelgraph("validate", tmp_path / "\x1b[31mred.ttl")
    assert ended.code == 3
    assert "\x1b" not in ended.err
    assert "\\x1b[31mred.ttl" in ended.err
