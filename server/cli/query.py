"""``peelgraph query``: a query, a file of one, or a saved one, over the current version."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from peelgraph.graph.errors import SourceMissing, SourceUnreadable, UsageError
from peelgraph.graph.export import prefixes
from peelgraph.graph.iris import SLUG, Iris
from peelgraph.graph.saved import bound, known_slugs, saved_queries, saved_query
from peelgraph.server.cli.asking import asked
from peelgraph.server.cli.calls import Call, Command, pass_call, setting_options
from peelgraph.server.cli.screen import print_table, write_result
from peelgraph.server.engine.interface import Query
from peelgraph.server.protocol import negotiation
from peelgraph.server.protocol.tokens import outline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peelgraph.graph.settings import Settings
    from peelgraph.server.protocol.tokens import Outline

SOLUTION_FORMATS: Final = {
    "csv": negotiation.CSV,
    "tsv": negotiation.TSV,
    "json": negotiation.JSON,
    "xml": negotiation.XML,
}
GRAPH_FORMATS: Final = {
    "turtle": negotiation.TURTLE,
    "nt": negotiation.N_TRIPLES,
    "rdf": negotiation.RDF_XML,
    "jsonld": negotiation.JSON_LD,
}
TABLE: Final = "table"


@setting_options("timeout", "memory")
@click.command(
    "query",
    cls=Command,
    examples=(
        "peelgraph query force-grades --param force=kent --param cycle=peel-2015",
        "peelgraph query 'SELECT DISTINCT ?graph { GRAPH ?graph { ?s ?p ?o } }'",
        "peelgraph query @question.rq --format json > answer.json",
        "echo 'ASK {}' | peelgraph query -",
        "peelgraph query --list",
    ),
)
@click.argument("query", required=False)
@click.option(
    "--param",
    "-p",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of a saved query; may be given several times.",
)
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice([TABLE, *SOLUTION_FORMATS, *GRAPH_FORMATS]),
    help="How to write the answer: a table on a terminal, else CSV; Turtle where it is a graph.",
)
@click.option("--list", "listing", is_flag=True, help="List the saved queries and their questions.")
@pass_call
def command(  # noqa: PLR0913 - one argument an option
    call: Call,
    *,
    query: str | None,
    params: tuple[str, ...],
    format_: str | None,
    timeout: float | None,
    memory: int | None,
    listing: bool,
) -> None:
    """Ask the current version a question.

    QUERY is SPARQL, @FILE, the name of a saved query, or - for standard input. It runs in a
    process of its own with a time and memory limit and no network, over the union of all graphs.
    """
    settings = call.settings(timeout=timeout, memory=memory)
    if listing:
        list_saved(call)
        return
    if query is None:
        raise UsageError(
            "there is no query", place="peelgraph query", action="list the saved ones with --list"
        )
    version = call.folder().current()
    iris = Iris(version.manifest.base)
    asking = query_of(query, parameters_of(params), settings, iris)
    outlined = outline(asking.text, settings.query_depth)
    asking = replace(asking, own_graphs=outlined.own_graphs, union=not outlined.own_dataset)
    chosen = chosen_format(format_, outlined, as_json=call.json)
    call.detail(f"asking {version.name}")
    answer = asked(version, asking, media_type_of(chosen), settings)
    if chosen == TABLE:
        show_answer(answer, iris)
    else:
        write_result(answer)


def list_saved(call: Call) -> None:
    """Print name, question and parameters of every saved query."""
    queries = saved_queries().values()
    if call.json:
        listed = [
            {
                "name": each.name,
                "question": each.question,
                "about": each.about,
                "parameters": [
                    {
                        "name": p.name,
                        "kind": p.kind.value,
                        "required": p.required,
                        "example": p.example,
                    }
                    for p in each.parameters
                ],
            }
            for each in queries
        ]
        call.answer("queries/1", {"queries": listed}, "")
        return
    rows = [
        (each.name, each.question, ", ".join(p.name for p in each.parameters)) for each in queries
    ]
    print_table(("name", "question", "parameters"), rows)


def query_of(given: str, parameters: Mapping[str, str], settings: Settings, iris: Iris) -> Query:
    """Return what to ask: the text *given*, that of a file, or a saved query with its terms.

    Raises:
        UnknownQuery: *given* looks like a name and no saved query has it.
        UsageError: parameters are given for a query that is not a saved one.
    """
    if SLUG.fullmatch(given):
        saved = saved_query(given, iris.base)
        terms = bound(saved, known_slugs(saved, parameters), iris)
        substitutions = tuple(sorted((name, term.n3()) for name, term in terms.items()))
        return Query(saved.text, union=True, substitutions=substitutions)
    if parameters:
        raise UsageError(
            "only a saved query has parameters",
            place="--param",
            expected="the name of a saved query",
            action="list them with `peelgraph query --list`",
        )
    return Query(text_of(given, settings.query_bytes), union=True)


def text_of(given: str, limit: int) -> str:
    """Return the query's text: *given* itself, or that of ``@FILE`` or of standard input."""
    if given == "-":
        content, place = sys.stdin.buffer.read(limit + 1), "standard input"
    elif given.startswith("@"):
        place = given[1:]
        try:
            content = Path(place).read_bytes()
        except OSError as error:
            raise SourceMissing(
                f"the query file cannot be read: {error.strerror}", place=place
            ) from error
    else:
        content, place = given.encode(errors="surrogateescape"), "QUERY"
    if len(content) > limit:
        raise UsageError(f"the query is longer than {limit} bytes", place=place)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceUnreadable("the query is not UTF-8 text", place=place) from error


def parameters_of(params: tuple[str, ...]) -> dict[str, str]:
    """Return ``name=value`` arguments as a dictionary."""
    pairs: dict[str, str] = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals or not name:
            raise UsageError(f"{param!r} is no parameter", place="--param", expected="NAME=VALUE")
        pairs[name] = value
    return pairs


def chosen_format(wanted: str | None, outlined: Outline, *, as_json: bool) -> str:
    """Return the format to answer in, of those that the query's form allows."""
    offered = GRAPH_FORMATS if outlined.gives_graph else {TABLE: None, **SOLUTION_FORMATS}
    if wanted is None:
        if as_json:
            return "jsonld" if outlined.gives_graph else "json"
        if outlined.gives_graph:
            return "turtle"
        return TABLE if sys.stdout.isatty() else "csv"
    if wanted not in offered:
        raise UsageError(
            f"the answer cannot be written as {wanted}",
            place="--format",
            expected=f"one of {', '.join(offered)} for a {(outlined.form or 'query').upper()}",
        )
    return wanted


def media_type_of(chosen: str) -> str:
    """Return the media type that the engine is asked for; a table is made of JSON."""
    if chosen == TABLE:
        return negotiation.JSON.media_type
    return {**SOLUTION_FORMATS, **GRAPH_FORMATS}[chosen].media_type


def show_answer(answer: bytes, iris: Iris) -> None:
    """Print SPARQL JSON results as a table, IRIs shortened by the usual prefixes."""
    results: dict[str, Any] = json.loads(answer)
    if "boolean" in results:
        write_result("yes\n" if results["boolean"] else "no\n")
        return
    shortened = {iri: f"{prefix}:" for prefix, iri in prefixes(iris).items()}
    shortened[f"{iris.base}/"] = "/"
    variables = results["head"]["vars"]
    rows = [
        [_cell(row.get(variable), shortened) for variable in variables]
        for row in results["results"]["bindings"]
    ]
    print_table(variables, rows)


def _cell(term: Mapping[str, str] | None, shortened: Mapping[str, str]) -> str:
    if term is None:
        return ""
    if term["type"] == "uri":
        for namespace, short in shortened.items():
            if term["value"].startswith(namespace):
                return short + term["value"].removeprefix(namespace)
    return term["value"]
