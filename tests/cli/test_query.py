"""`peelgraph query`: where the question comes from, and how the answer is written."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ended

VALUES = "SELECT ?b ?a { VALUES (?a ?b) { ('x,y' 1) (UNDEF <http://example.org/z>) } }"
CONSTRUCT = "CONSTRUCT { <http://example.org/a> <http://example.org/b> 'c' } {}"


def test_csv_is_exactly_the_query_s_own_variables_in_its_order(
    peelgraph: Callable[..., Ended], built_data: Path
) -> None:
    """What reads it knows the standard and nothing of this program."""
    ended = peelgraph("query", VALUES, "--format", "csv", "--data", built_data)
    assert ended.code == 0
    assert ended.out == 'b,a\r\n1,"x,y"\r\nhttp://example.org/z,\r\n'
    assert peelgraph("query", VALUES, "--data", built_data).out == ended.out


@pytest.mark.parametrize("source", ["stdin", "file"])
def test_query_comes_from_a_file_or_standard_input(
    source: str, peelgraph: Callable[..., Ended], built_data: Path, tmp_path: Path
) -> None:
    """Long queries do not fit a command line."""
    file = tmp_path / "question.rq"
    file.write_text("ASK {}")
    given = "-" if source == "stdin" else f"@{file}"
    ended = peelgraph("query", given, "--json", "--data", built_data, stdin=b"ASK {}")
    assert ended.json["boolean"] is True


def test_saved_query_answers_with_its_parameters_bound_as_terms(
    peelgraph: Callable[..., Ended], built_data: Path
) -> None:
    """The question that the whole project is about."""
    arguments = ("query", "force-grades", "-p", "force=kent", "-p", "cycle=peel-2015")
    ended = peelgraph(*arguments, "--data", built_data)
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert ended.code == 0
    grades = {row["criterion_name"]: row["grade_name"] for row in rows}
    assert grades["effectiveness"] == "good"
    assert grades["efficiency"] == "good"
    assert grades["legitimacy"] == "outstanding"


def test_value_of_a_parameter_is_never_read_as_a_query(
    peelgraph: Callable[..., Ended], built_data: Path
) -> None:
    """An injected brace is a value that names no force."""
    ended = peelgraph("query", "force-grades", "--param", "force=kent> } #", "--data", built_data)
    assert ended.code == 2
    assert "cannot be the parameter" in ended.err


def test_unknown_name_names_the_nearest(peelgraph: Callable[..., Ended], built_data: Path) -> None:
    """A typing mistake should cost one look."""
    ended = peelgraph("query", "force-grade", "--data", built_data, "--json")
    assert ended.code == 2
    assert ended.problem["type"] == "/problems/unknown-query"
    assert "force-grades" in ended.problem["expected"]


def test_missing_and_malformed_parameters_are_usage(
    peelgraph: Callable[..., Ended], built_data: Path
) -> None:
    """Each says what it would have been."""
    for wrong in (
        ("force-document",),
        ("force-grades", "--param", "kent"),
        ("force-grades", "--param", "colour=blue"),
        ("ASK {}", "--param", "force=kent"),
        (),
    ):
        ended = peelgraph("query", *wrong, "--data", built_data)
        assert ended.code == 2, wrong
        assert ended.out == ""


def test_graph_comes_as_turtle_or_as_asked(
    peelgraph: Callable[..., Ended], built_data: Path
) -> None:
    """CSV of a graph does not exist: it is refused, not guessed."""
    for format_, syntax in (
        (None, "turtle"),
        ("turtle", "turtle"),
        ("nt", "nt"),
        ("rdf", "xml"),
        ("jsonld", "json-ld"),
    ):
        asked = ("--format", format_) if format_ else ()
        ended = peelgraph("query", CONSTRUCT, *asked, "--data", built_data)
        assert len(Graph().parse(data=ended.out, format=syntax)) == 1
    assert json.loads(peelgraph("query", CONSTRUCT, "--json", "--data", built_data).out)
    refused = peelgraph("query", CONSTRUCT, "--format", "csv", "--data", built_data)
    assert refused.code == 2
    assert "turtle" in refused.err
    assert peelgraph("query", "ASK {}", "--format", "turtle", "--data", built_data).code == 2


@pytest.mark.parametrize("format_", ["json", "xml", "tsv", "table"])
def test_other_formats(format_: str, peelgraph: Callable[..., Ended], built_data: Path) -> None:
    """Each is written without a fault and holds the value."""
    ended = peelgraph("query", VALUES, "--format", format_, "--data", built_data)
    assert ended.code == 0
    assert "x,y" in ended.out


def test_refused_queries_are_usage(peelgraph: Callable[..., Ended], built_data: Path) -> None:
    """No network, no depth, no nonsense; the place is in the query."""
    for text in ("SELECT {", "ASK { SERVICE <http://example.org/> {} }", "ASK { " + "{" * 200):
        ended = peelgraph("query", text, "--data", built_data)
        assert ended.code == 2
        assert "line 1" in ended.err


def test_missing_query_file_is_input(peelgraph: Callable[..., Ended], built_data: Path) -> None:
    """3, as every missing input."""
    assert peelgraph("query", "@none.rq", "--data", built_data).code == 3


def test_list_tells_names_questions_and_parameters(peelgraph: Callable[..., Ended]) -> None:
    """It needs no version: one can look before building."""
    listed = peelgraph("query", "--list", "--json").json
    assert listed["schema"] == "peelgraph/queries/1"
    by_name = {each["name"]: each for each in listed["queries"]}
    assert set(by_name["force-grades"]) == {"name", "question", "about", "parameters"}
    assert by_name["force-grades"]["parameters"][0]["name"] == "force"
    assert by_name["force-grades"]["question"] in peelgraph("query", "--list").out


def test_forces_and_cycles_may_be_given_by_name_and_unknown_ones_are_told(
    peelgraph: Callable[..., Ended], built_data: Path
) -> None:
    """An empty table would look like a force without grades."""
    named = ("-p", "force=Kent Police", "-p", "cycle=2015", "--data", built_data)
    slugs = ("-p", "force=kent", "-p", "cycle=peel-2015", "--data", built_data)
    assert peelgraph("query", "force-grades", *named).out == (
        peelgraph("query", "force-grades", *slugs).out
    )
    unknown = peelgraph("query", "force-grades", "-p", "force=kentt", "--data", built_data)
    assert unknown.code == 3
    assert "Kent Police" in unknown.err


def test_a_name_too_long_is_no_fault_of_the_program(
    peelgraph: Callable[..., Ended], built_data: Path
) -> None:
    """The machine's refusals are told in a sentence."""
    assert peelgraph("query", f"@{'a' * 400}.rq", "--data", built_data).code == 3
    assert peelgraph("read", f"{'a' * 400}.txt").code == 3
