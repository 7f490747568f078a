"""`peelgraph review`: uncertain statements out, corrections in, with who made them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import PROV, URIRef

from peelgraph.graph.iris import Iris
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Ended

PAGE = Path(__file__).parent.parent / "data" / "wessmarch-2014.txt"
IRIS = Iris()
REPORT = "peel-2014-hampshire"
ANSWER = {"verdict": "right", "reviewer": "Ann Other", "date": "2026-11-23", "comment": "Looked."}


@pytest.fixture
def data(own_data: Path, peelgraph: Callable[..., Ended]) -> Path:
    """A data folder with an invented page in it."""
    ended = peelgraph("ingest", PAGE, "--force", "hampshire", "--data", own_data)
    assert ended.code == 0, ended.err
    return own_data


def rows(content: str) -> list[dict[str, str]]:
    """The rows of a review file."""
    return list(csv.DictReader(io.StringIO(content, newline="")))


def written(path: Path, answered: list[dict[str, str]]) -> Path:
    """A review file with these rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(answered[0]))
        writer.writeheader()
        writer.writerows(answered)
    return path


def graph_of(data: Path) -> tuple[set[URIRef], dict[str, object]]:
    """What was reviewed, and what the provenance says of it."""
    dataset = DataFolder(data).current().store().dataset()
    nodes = {
        node
        for node in dataset.subjects(IRIS.pi.extractionMethod)
        if isinstance(node, URIRef)
        and str(dataset.value(node, IRIS.pi.extractionMethod)) == "reviewed/1"
    }
    told: dict[str, object] = {}
    for node in nodes:
        told["who"] = dataset.value(node, PROV.wasAttributedTo)
        told["when"] = str(dataset.value(node, PROV.generatedAtTime))[:10]
        told["confidence"] = str(dataset.value(node, IRIS.pi.confidence))
    return nodes, told


def test_a_correction_is_kept_applied_and_attributed(
    peelgraph: Callable[..., Ended], data: Path, tmp_path: Path
) -> None:
    """It stays after another ingest of the page, and the statement asks for no review again."""
    out = peelgraph("review", "--threshold", "1", "--data", data)
    assert out.code == 0
    asked = rows(out.out)
    grade = next(row for row in asked if row["type"] == "grade")
    file = written(
        tmp_path / "answers.csv", [row | ANSWER if row is grade else row for row in asked]
    )
    applied = peelgraph("review", "--apply", file, "--data", data, "--json")
    assert applied.code == 0, applied.err
    assert applied.json["corrections"] == 1
    assert applied.json["published"]
    for _ in range(2):
        nodes, told = graph_of(data)
        assert len(nodes) == 1
        assert told == {
            "who": IRIS.reviewer("ann-other"),
            "when": "2026-11-23",
            "confidence": "1",
        }
        peelgraph("ingest", PAGE, "--force", "hampshire", "--data", data)
    rehearsed = ("--dry-run", "--output", tmp_path / "asserted.trig", "--data", data)
    assert peelgraph("ingest", PAGE, "--force", "hampshire", *rehearsed).code == 0
    assert "reviewed/1" in (tmp_path / "asserted.trig").read_text(encoding="utf-8")
    left = rows(peelgraph("review", "--threshold", "1", "--data", data).out)
    assert {row["id"] for row in left} == {row["id"] for row in asked if row is not grade}
    again = peelgraph("review", "--apply", file, "--data", data, "--json")
    assert (again.code, again.json["published"]) == (0, False)


def test_one_bad_row_and_nothing_is_applied(
    peelgraph: Callable[..., Ended], data: Path, tmp_path: Path
) -> None:
    """3, with file and line; neither a version nor a correction comes of the good rows."""
    before = DataFolder(data).current().name
    asked = rows(peelgraph("review", "--threshold", "1", "--data", data).out)
    assert len(asked) >= 2
    bad = [asked[0] | ANSWER, asked[1] | ANSWER | {"new_type": "poem"}]
    file = written(tmp_path / "answers.csv", bad)
    ended = peelgraph("review", "--apply", file, "--data", data, "--json")
    assert ended.code == 3
    assert ended.problem["place"] == f"{file}:3"
    other = written(tmp_path / "other.csv", [asked[0] | ANSWER | {"sha12": "0" * 12}])
    assert peelgraph("review", "--apply", other, "--data", data).code == 3
    twice = written(tmp_path / "twice.csv", [asked[0] | ANSWER] * 2)
    assert peelgraph("review", "--apply", twice, "--data", data).code == 3
    assert DataFolder(data).current().name == before
    assert not (data / "reviews.json").exists()


def test_a_correction_that_breaks_a_shape_is_not_kept(
    peelgraph: Callable[..., Ended], data: Path, tmp_path: Path
) -> None:
    """A cause of concern comes with a recommendation; the page has none."""
    before = DataFolder(data).current().name
    asked = rows(peelgraph("review", "--threshold", "1", "--data", data).out)
    ahead = next((row for row in asked if row["type"] in {"look-ahead", "strength"}), None)
    assert ahead is not None
    broken = ahead | ANSWER | {"verdict": "change", "new_type": "cause-of-concern"}
    ended = peelgraph("review", "--apply", written(tmp_path / "a.csv", [broken]), "--data", data)
    assert ended.code == 1, ended.err
    assert DataFolder(data).current().name == before
    assert not (data / "reviews.json").exists()


def test_files_are_reviewed_without_a_data_folder(
    peelgraph: Callable[..., Ended], tmp_path: Path
) -> None:
    """To see what the rules are unsure of before anything is kept."""
    file = tmp_path / "uncertain.csv"
    ended = peelgraph(
        "review", PAGE, "--force", "hampshire", "--threshold", "1", "-o", file, "--data", tmp_path
    )
    assert (ended.code, ended.out) == (0, "")
    assert rows(file.read_text(encoding="utf-8"))
    told = peelgraph("review", PAGE, "--force", "hampshire", "--threshold", "1", "--json")
    assert set(told.json) == {"schema", "statements"}
    assert peelgraph("review", PAGE, "--apply", file).code == 2
