"""The ontology as a page: a diagram, classes, properties, code lists, shapes, examples, changes."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, render_template
from markupsafe import Markup
from rdflib import OWL

from peelgraph.graph.export import prefixes
from peelgraph.graph.iris import Iris
from peelgraph.graph.namespaces import rebased
from peelgraph.server.pages.asking import graph_of, once_a_version, rows
from peelgraph.server.pages.lasting import lasting
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.errors import PageNotFound
from peelgraph.server.protocol.negotiation import HTML
from peelgraph.server.site.charts.bars import Said
from peelgraph.server.site.charts.diagram import KIND_OF, Arrow, diagram
from peelgraph.server.site.charts.drawing import markup
from peelgraph.server.site.judgments import QUERIES, Named, named
from peelgraph.server.site.territory import rdf_forms
from peelgraph.server.site.vocabulary import demands, properties, shapes, terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from xml.etree.ElementTree import Element

    from peelgraph.server.pages.terms import Row
    from peelgraph.server.site.vocabulary import Demand, Shape, Term

pages = Blueprint("ontology", __name__, template_folder="templates")
EXAMPLE: Final = re.compile(r"# Example of (pi:\w+)")
KIND_OF_CURIE: Final = "rdfs:subClassOf"
AROUND: Final = "right"
COLUMNS_OF_CHANGES: Final = 4
"""Term, change, reason, replacement."""


@dataclass(frozen=True, slots=True)
class Member:
    """A concept of a code list, with its Welsh label and its place where it has them."""

    concept: Named
    welsh: str
    meaning: str
    rank: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """A concept scheme with its members."""

    scheme: Named
    meaning: str
    members: tuple[Member, ...]
    of_questions: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A file that shows how one class is used."""

    name: str
    term: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the log of changes, under its version."""

    version: str
    term: str
    change: str
    reason: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything the page shows of the version."""

    classes: tuple[Term, ...]
    properties: tuple[Term, ...]
    demands: Mapping[str, Sequence[Demand]]
    shapes: tuple[Shape, ...]
    lists: tuple[CodeList, ...]


@pages.get("/ontology")
def index() -> Response:
    """Return the page of the ontology."""
    return lasting(_index, HTML.header)


@pages.get("/ontology/examples/<example>")
def one_example(example: str) -> Response:
    """Return the page of one example.

    Raises:
        PageNotFound: There is none of that name.
    """
    return lasting(lambda: _example(example), HTML.header)


@once_a_version
def vocabulary() -> Vocabulary:
    """Return the terms, demands, rules and code lists of the version."""
    said, demanded = (
        graph_of(f"{QUERIES}/ontology-graph.rq"),
        graph_of(f"{QUERIES}/shapes-graph.rq"),
    )
    return Vocabulary(
        tuple(terms(said, OWL.Class)),
        tuple(properties(said)),
        demands(demanded),
        tuple(shapes(demanded)),
        tuple(_lists(rows(f"{QUERIES}/code-lists.rq"))),
    )


@cache
def examples() -> Mapping[str, Example]:
    """Return every bundled example by its name."""
    found = {}
    folder = files("peelgraph.ontology.examples")
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        text = path.read_text("utf-8") if path.name.endswith(".ttl") else ""
        if match := EXAMPLE.match(text):
            name = path.name.removesuffix(".ttl")
            found[name] = Example(name, match[1].removeprefix("pi:"), text)
    return found


@cache
def changes() -> tuple[Change, ...]:
    """Return the bundled log of changes, as it stands in its file."""
    text = files("peelgraph.ontology").joinpath("CHANGES.md").read_text("utf-8")
    return tuple(_changes(text))


def pictured() -> tuple[dict[str, tuple[str, int, int]], list[Arrow]]:
    """Return the boxes of the diagram by CURIE of their class, and its arrows."""
    labels = {f"pi:{each.name}": each.label for each in vocabulary().classes}
    boxes = {
        row["class"]: (labels.get(row["class"], row["class"]), int(row["column"]), int(row["row"]))
        for row in _table("ontology-boxes.csv")
    }
    arrows = [
        Arrow(row["from"], _worded(row["property"]), row["to"], row["via"] == AROUND)
        for row in _table("ontology-arrows.csv")
    ]
    return boxes, arrows


def drawn() -> Element:
    """Return the diagram."""
    boxes, arrows = pictured()
    said = Said(
        "ontology",
        "The main classes and what joins them",
        f"{len(boxes)} boxes, one a class, and {len(arrows)} arrows, one a property; a dashed "
        "arrow leads to what a class is a kind of. The list below says the same.",
    )
    return diagram(said, boxes, arrows)


def curie(iri: str) -> str:
    """Return *iri* with a prefix, where one is known."""
    known = prefixes(Iris(this_service().base))
    fitting = [(len(of), prefix, of) for prefix, of in known.items() if iri.startswith(of)]
    if not fitting:
        return iri
    _, prefix, of = max(fitting)
    return f"{prefix}:{iri.removeprefix(of)}"


def _index() -> str:
    known = vocabulary()
    shown = {each.iri: each for each in (*known.classes, *known.properties)}
    boxes, arrows = pictured()
    by_term: dict[str, list[Example]] = {}
    for each in examples().values():
        by_term.setdefault(each.term, []).append(each)
    return render_template(
        "ontology.html",
        trail=[],
        alternates=rdf_forms("/def/inspection"),
        known=known,
        terms=shown,
        children=_children(known.classes),
        used=_used(known),
        diagram=Markup(markup(drawn())),  # noqa: S704 - serialised by ElementTree, which escapes
        boxes={key: label for key, (label, _, _) in boxes.items()},
        arrows=arrows,
        examples=by_term,
        changes=changes(),
        shapes_forms=rdf_forms("/graph/shapes"),
        curie=curie,
        namespace=f"{this_service().base}/def/inspection#",
    )


def _example(name: str) -> str:
    found = examples().get(name)
    if found is None:
        raise PageNotFound(f"there is no example {name[:100]!r}", action="see /ontology#examples")
    return render_template(
        "ontology-example.html",
        trail=[("/ontology", "Ontology")],
        example=found,
        text=rebased(found.text, this_service().base),
    )


def _children(classes: Sequence[Term]) -> dict[str, list[Term]]:
    found: dict[str, list[Term]] = {}
    for each in classes:
        for parent in each.parents:
            found.setdefault(parent, []).append(each)
    return found


def _used(known: Vocabulary) -> dict[str, list[tuple[str, Demand]]]:
    """Return which classes the shapes demand a property of, by its IRI."""
    found: dict[str, list[tuple[str, Demand]]] = {}
    for of, each in known.demands.items():
        for demand in each:
            found.setdefault(demand.path, []).append((of, demand))
    return found


def _lists(found: Sequence[Row]) -> Iterator[CodeList]:
    """Yield the code lists, those that are no set of questions first."""
    members: dict[Named, list[Member]] = {}
    heads: dict[Named, Row] = {}
    for row in found:
        scheme = named(row, "scheme")
        heads.setdefault(scheme, row)
        member = Member(
            named(row, "concept"), _said(row, "welsh"), _said(row, "meaning"), _said(row, "rank")
        )
        if member not in members.setdefault(scheme, []):
            members[scheme].append(member)
    ordered = sorted(heads.items(), key=lambda each: "ordinal" in each[1])
    for scheme, row in ordered:
        meaning = _said(row, "scheme_meaning")
        yield CodeList(scheme, meaning, tuple(members[scheme]), "ordinal" in row)


def _said(row: Row, variable: str) -> str:
    return row[variable].value if variable in row else ""


def _changes(text: str) -> Iterator[Change]:
    version = ""
    for line in text.splitlines():
        if line.startswith("## "):
            version = line.removeprefix("## ").strip()
        cells = [cell.strip().replace("`", "") for cell in line.strip().strip("|").split("|")]
        stands = line.startswith("|") and len(cells) == COLUMNS_OF_CHANGES
        if stands and cells[0] != "term" and set(cells[0]) != {"-"}:
            yield Change(version, *cells)


def _table(name: str) -> list[dict[str, str]]:
    text = files("peelgraph.server.site").joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _worded(name: str) -> str:
    """Return the words on an arrow: the name of the property without its prefix."""
    return KIND_OF if name == KIND_OF_CURIE else name.rpartition(":")[2]
