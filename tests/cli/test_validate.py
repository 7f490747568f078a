"""`peelgraph validate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDF, SH, Graph

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ended

WRONG = b"<http://example.org/j> a <https://w3id.org/peelgraph/def/inspection#Judgment> ."


def test_current_version_conforms(peelgraph: Callable[..., Ended], built_data: Path) -> None:
    """What is bundled keeps its own rules; warnings alone are no failure."""
    ended = peelgraph("validate", "--json", "--data", built_data)
    assert ended.code == 0
    assert set(ended.json) == {
        "schema",
        "subject",
        "conforms",
        "violations",
        "warnings",
        "results",
        "remarks",
    }
    assert ended.json["conforms"]
    assert ended.json["violations"] == 0


def test_violations_are_1_with_a_table_or_a_report(
    peelgraph: Callable[..., Ended], tmp_path: Path
) -> None:
    """The same results as lines, JSON and SHACL."""
    arguments = ("validate", "-", "--syntax", "ttl", "--data", tmp_path)
    lines = peelgraph(*arguments, stdin=WRONG)
    assert lines.code == 1
    assert lines.out.splitlines()[0] == "severity\tfocusNode\tpath\tvalue\tmessage"
    assert lines.out.splitlines()[1].startswith("Violation\thttp://example.org/j\t")
    assert "does not conform" in lines.err
    turtle = peelgraph(*arguments, "--format", "turtle", stdin=WRONG)
    report = Graph().parse(data=turtle.out, format="turtle")
    found = len(list(report.subjects(RDF.type, SH.ValidationResult)))
    assert (turtle.code, found) == (1, len(lines.out.splitlines()) - 1)


def test_file_that_conforms_is_0(
    peelgraph: Callable[..., Ended], notes: Path, tmp_path: Path
) -> None:
    """Nothing on standard output: there is no result to show."""
    ended = peelgraph("validate", notes, "--data", tmp_path)
    assert (ended.code, ended.out) == (0, "")
    assert "conforms" in ended.err
