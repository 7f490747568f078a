"""The README's own commands do what it says, run as they stand there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.settings import Settings, setting_help
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKOUT = Path(__file__).parent.parent.parent
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def block(language: str, word: str) -> str:
    """The one block in *language* that has *word*."""
    found = [text for kind, text in BLOCKS if kind == language and word in text]
    assert len(found) == 1, (language, word, len(found))
    return str(found[0])


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run shell *script* in *folder*, as a newcomer's terminal would."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-euc", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.fixture
def newcomer(built_data: Path, kent_2015_path: Path, tmp_path: Path) -> Path:
    """A folder as it is after the first command, with the page saved beside it."""
    shutil.copytree(built_data, tmp_path / "peelgraph-data", symlinks=True)
    shutil.copy(kent_2015_path, tmp_path / "kent-2015.txt")
    return tmp_path


def test_the_first_query_has_the_answer_that_is_shown(
    built_data: Path, started_servers: Callable[..., object], tmp_path: Path
) -> None:
    """The first thing anybody tries must work to the letter."""
    server = started_servers(DataFolder(built_data).current().quads_file)
    address = server.address.rstrip("/")  # type: ignore[attr-defined]  # a RunningServer of conftest
    script = block("sh", "--data-urlencode").replace("http://127.0.0.1:8080", address)
    done = run(script, tmp_path)
    assert done.stdout.splitlines() == block("csv", "legitimacy").splitlines(), done.stderr
    script = block("sh", "/q/force-grades.csv").replace("http://127.0.0.1:8080", address)
    done = run(script, tmp_path)
    assert ",outstanding,awarded" in done.stdout, (done.stdout, done.stderr)


def test_the_sentence_behind_a_grade_is_two_commands_away(newcomer: Path) -> None:
    """Ingest the page, ask for the evidence."""
    script = block("sh", "peelgraph ingest").replace(".venv/bin/", "")
    done = run(script, newcomer)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("The extent to which Kent Police is") == 3


def test_the_python_example_runs(newcomer: Path) -> None:
    """A notebook user pastes it first and reads about it later."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-W", "ignore", "-c", block("python", "open_version")],
        cwd=newcomer,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("['The extent to which")


def test_the_table_of_settings_is_the_program_s_own() -> None:
    """One truth, shown in two places, must stay one."""
    for name, text in setting_help().items():
        default = getattr(Settings(), name)
        shown = "none" if default == "" else f"`{default}`"
        assert f"| `{name}` | {shown} | {text} |" in README
