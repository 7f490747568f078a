"""`peelgraph read` and `peelgraph ingest`, on the real page and on what is none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rdflib import PROV, Dataset, Graph

from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conftest import Ended
    from rdflib.term import Node

PAGES = Path(__file__).parent.parent / "data"
STATEMENT_KEYS = {
    "type",
    "id",
    "start",
    "end",
    "text",
    "section",
    "method",
    "confidence",
    "criterion",
    "themes",
}
OUTCOME_KEYS = {"source", "state", "report", "counts", "warnings", "seconds", "error"}


def with_offsets(value: Any) -> int:  # noqa: ANN401 - any JSON
    """How many objects of a JSON value have a start or an end."""
    if isinstance(value, list):
        return sum(map(with_offsets, value))
    if isinstance(value, dict):
        return ("start" in value or "end" in value) + sum(map(with_offsets, value.values()))
    return 0


def test_read_gives_report_sections_and_statements(
    peelgraph: Callable[..., Ended], kent_2015_path: Path, kent_2015_text: str
) -> None:
    """Programs rely on these words: each is checked here and nowhere promised twice."""
    ended = peelgraph("read", kent_2015_path)
    read = ended.json
    assert ended.code == 0
    assert set(read) == {"schema", "report", "sections", "statements"}
    assert set(read["report"]) == {
        "slug",
        "title",
        "force",
        "cycle",
        "inspectorate",
        "issued",
        "sha256",
        "character_count",
        "warnings",
    }
    assert read["report"]["character_count"] == len(kent_2015_text)
    for statement in read["statements"]:
        assert set(statement) >= STATEMENT_KEYS
        assert statement["text"] == kent_2015_text[statement["start"] : statement["end"]]
    assert with_offsets(read) == len(read["sections"]) + len(read["statements"])
    grades = {
        (each["start"], each["end"]): (each["criterion"], each["cycle"], each["grade"])
        for each in read["statements"]
        if each["type"] == "grade"
    }
    assert grades[414, 509] == ("effectiveness", "peel-2015", "good")
    assert grades[510, 605] == ("efficiency", "peel-2015", "good")
    assert grades[606, 709] == ("legitimacy", "peel-2015", "outstanding")


def without_clock(graph: Iterable[tuple[Node, ...]]) -> set[tuple[Node, ...]]:
    """The triples of a graph but for the moment at which a page was captured."""
    return {triple[:3] for triple in graph if triple[1] != PROV.generatedAtTime}


def test_read_as_rdf_holds_the_same_triples_in_both_forms(
    peelgraph: Callable[..., Ended], kent_2015_path: Path
) -> None:
    """TriG adds the graph's name and nothing else; standard input is as good as a file."""
    turtle = peelgraph("read", kent_2015_path, "--format", "turtle")
    page = kent_2015_path.read_bytes()
    trig = peelgraph("read", "-", "--format", "trig", stdin=page)
    triples = Graph().parse(data=turtle.out, format="turtle")
    dataset = Dataset()
    dataset.parse(data=trig.out, format="trig")
    (quads,) = (graph for graph in dataset.graphs() if len(graph))
    assert str(quads.identifier).endswith("/graph/document/peel-2015-kent/bf6ea9beedad")
    assert without_clock(quads) == without_clock(triples)


def test_coverage_prints_each_sentence_with_its_kind_and_the_counts(
    peelgraph: Callable[..., Ended], kent_2015_path: Path
) -> None:
    """A person sees at a glance what was made of a page, and that nothing was left out."""
    ended = peelgraph("read", kent_2015_path, "--coverage")
    lines = ended.out.splitlines()
    assert ended.code == 0
    assert "strength             | Kent Police is a well led force." in lines
    assert "furniture            | Description of force area" in lines
    assert lines[-1].split()[1] == "strength"
    counts = peelgraph("read", kent_2015_path, "--coverage", "--json").json
    assert set(counts) == {"schema", "sentences", "accounted", "kinds"}
    assert counts["sentences"] == counts["accounted"] > 150
    assert f"{counts['sentences']:>6} sentences" in lines
    assert f"{counts['kinds']['context']:>6} context" in lines


def test_ingest_lands_the_good_and_names_the_bad(
    peelgraph: Callable[..., Ended], own_data: Path, kent_2015_path: Path, tmp_path: Path
) -> None:
    """1: some did not land, the others have; the same page again is nothing new and 0."""
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "b.txt").write_bytes(kent_2015_path.read_bytes())
    (sources / "a.txt").write_text("A recipe for soup.")
    ended = peelgraph("ingest", sources, "--data", own_data)
    version = DataFolder(own_data).current()
    assert ended.code == 1
    assert ended.out.splitlines()[0].startswith(f"{sources}/b.txt: landed: peel-2015-kent: ")
    assert ended.out.splitlines()[-1] == f"Published {version.name}"
    refused = next(line for line in ended.err.splitlines() if "refused" in line)
    assert refused.startswith(f"{sources}/a.txt: refused: ")
    again = peelgraph("ingest", kent_2015_path, "--json", "--data", own_data)
    assert again.code == 0
    assert set(again.json) == {
        "schema",
        "version",
        "published",
        "dry_run",
        "quads",
        "publishing_seconds",
        "summary",
        "outcomes",
    }
    assert again.json["version"] is None
    assert [set(each) for each in again.json["outcomes"]] == [OUTCOME_KEYS]
    assert again.json["outcomes"][0]["state"] == "unchanged"


def test_several_sources_end_in_a_summary(
    peelgraph: Callable[..., Ended], own_data: Path, tmp_path: Path
) -> None:
    """Who ingests hundreds looks at the end; the lines of results stay one a source."""
    soup = tmp_path / "soup.txt"
    soup.write_text("A recipe for soup.")
    dry = ("--force", "hampshire", "--dry-run", "--data", own_data)
    page = PAGES / "wessmarch-2014.txt"
    both = peelgraph("ingest", page, soup, *dry, "--json")
    summary = both.json["summary"]
    assert summary.pop("seconds") > 0
    assert summary == {
        "sources": 2,
        "states": {"landed": 1, "unchanged": 0, "refused": 1},
        "counts": both.json["outcomes"][0]["counts"],
    }
    assert summary["counts"]["judgments"] > 0
    assert "all: " not in both.err
    ended = peelgraph("ingest", soup, tmp_path / "none.txt", *dry)
    landed, unchanged, refused, everything = ended.err.splitlines()[-4:]
    assert landed == "landed: 0 sources: 0 judgments, 0 findings, 0 passages, 0 warnings"
    assert (unchanged, refused) == ("unchanged: 0 sources", "refused: 2 sources")
    assert everything.startswith("all: 2 sources in ")
    quiet = peelgraph("ingest", soup, tmp_path / "none.txt", *dry, "--quiet")
    assert quiet.out == ended.out == "Nothing new\n"
    assert [line.split(": ")[1] for line in quiet.err.splitlines()] == ["refused", "refused"]
    assert "all: " not in peelgraph("ingest", soup, *dry).err


def test_dry_run_writes_what_would_be_asserted_and_keeps_nothing(
    peelgraph: Callable[..., Ended], small_data: Path, kent_2015_path: Path, tmp_path: Path
) -> None:
    """Neither a version nor a captured page; the shared folder would be spoilt for others."""
    file = tmp_path / "asserted.trig"
    before = sorted(each.name for each in small_data.rglob("*"))
    arguments = ("ingest", kent_2015_path, "--dry-run", "--output", file, "--json")
    ended = peelgraph(*arguments, "--data", small_data)
    assert ended.code == 0
    assert (ended.json["published"], ended.json["dry_run"]) == (False, True)
    (outcome,) = ended.json["outcomes"]
    assert outcome["state"] == "landed"
    assert set(outcome["counts"]) == {"judgments", "findings", "passages", "warnings"}
    assert {"reading", "mapping", "shacl"} <= set(outcome["seconds"])
    assert sorted(each.name for each in small_data.rglob("*")) == before
    dataset = Dataset()
    dataset.parse(data=file.read_text(encoding="utf-8"), format="trig")
    assert [len(graph) > 0 for graph in dataset.graphs() if "document" in graph.identifier]


def test_page_that_contradicts_a_known_grade_is_1_and_names_both_graphs(
    peelgraph: Callable[..., Ended], small_data: Path, kent_2015_text: str
) -> None:
    """Two grades on one judgment: nobody but a person can say which is right."""
    page = kent_2015_text.replace("reducing crime is good.", "reducing crime is inadequate.", 1)
    ended = peelgraph("ingest", "-", "--dry-run", "--data", small_data, stdin=page.encode())
    assert ended.code == 1
    assert "/graph/facts/grades" in ended.err
    assert "/graph/document/peel-2015-kent/" in ended.err


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", 3), (b"\x00\x01\x02\xff", 3), (b"%PDF-1.4", 3), (b"A recipe for soup.", 3)],
)
def test_what_is_no_report_is_3_in_one_block(
    content: bytes, code: int, peelgraph: Callable[..., Ended], small_data: Path, tmp_path: Path
) -> None:
    """What was found and what was expected; nothing stored."""
    file = tmp_path / "page.txt"
    file.write_bytes(content)
    ended = peelgraph("ingest", file, "--dry-run", "--data", small_data)
    assert ended.code == code
    assert "found" in ended.err
    assert "expected" in ended.err
    assert peelgraph("read", file).code == code


def test_sources_that_are_not_there_or_cannot_be_fetched(
    peelgraph: Callable[..., Ended], small_data: Path, tmp_path: Path
) -> None:
    """One address is a network matter; several sources of which none can be read are input."""
    dry = ("--dry-run", "--data", small_data)
    assert peelgraph("ingest", tmp_path / "none.txt", *dry).code == 3
    assert peelgraph("ingest", tmp_path, *dry).code == 3
    address = peelgraph("ingest", "https://example.org/kent", *dry)
    assert address.code == 5
    assert "add the host" in address.err
    assert peelgraph("ingest", tmp_path / "a.txt", tmp_path / "b.txt", *dry).code == 3
    assert peelgraph("read", "https://example.org/kent").code == 5
