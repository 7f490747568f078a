"""Exports of a version: whole or one named graph, byte for byte the same on every machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, QB, RDF, RDFS, SH, SKOS, VOID, XSD

from peelgraph.graph.errors import UsageError
from peelgraph.graph.namespaces import DQV, OA, SD, XKOS
from peelgraph.graph.nquads import graph_of, triple_of
from peelgraph.graph.rewriting import serialized
from peelgraph.graph.store import RdfSyntax

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib import Graph, URIRef

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.versions import Version

QUAD_SYNTAXES: Final = (RdfSyntax.NQ, RdfSyntax.TRIG)
FORMATS: Final = tuple(syntax.value for syntax in RdfSyntax)


def prefixes(iris: Iris) -> Mapping[str, str]:
    """Return the prefixes every export and example uses."""
    return {
        "dcat": str(DCAT),
        "dct": str(DCTERMS),
        "dqv": str(DQV),
        "foaf": str(FOAF),
        "oa": str(OA),
        "org": str(ORG),
        "owl": str(OWL),
        "pi": f"{iris.ontology()}#",
        "prov": str(PROV),
        "qb": str(QB),
        "rdf": str(RDF),
        "rdfs": str(RDFS),
        "sd": str(SD),
        "sh": str(SH),
        "skos": str(SKOS),
        "void": str(VOID),
        "xkos": str(XKOS),
        "xsd": str(XSD),
    }


def exported(version: Version, syntax: RdfSyntax, iris: Iris, graph: URIRef | None = None) -> bytes:
    """Return *version*, or one named graph of it, in *syntax*.

    A syntax without named graphs (all but N-Quads and TriG) holds the union of them.

    Raises:
        UsageError: the version has no such named graph.
    """
    lines = version.quads_file.read_text(encoding="utf-8").split("\n")[:-1]
    if graph is not None:
        lines = [line for line in lines if graph_of(f"{line}\n".encode()) == str(graph)]
        if not lines:
            raise UsageError(
                f"version {version.name} has no graph {graph}",
                place="--graph",
                expected="one that `peelgraph versions show` lists",
            )
    if syntax in QUAD_SYNTAXES:
        return written(lines, syntax, iris)
    return written(triples_of(lines), syntax, iris)


def exported_graph(graph: Graph, syntax: RdfSyntax, iris: Iris) -> bytes:
    """Return one rdflib graph in *syntax*, in the same order as a version's export."""
    content = graph.serialize(format="nt")
    return written(sorted(set(content.split("\n")) - {""}), syntax, iris)


def exported_graphs(graphs: Mapping[URIRef, Graph], syntax: RdfSyntax, iris: Iris) -> bytes:
    """Return named graphs, none of which has a blank node, in *syntax*, in a version's order."""
    quads = {
        f"{line.removesuffix(' .')} <{name}> ."
        for name, graph in graphs.items()
        for line in graph.serialize(format="nt").split("\n")
        if line
    }
    return written(sorted(quads), syntax, iris)


def written(lines: list[str], syntax: RdfSyntax, iris: Iris) -> bytes:
    """Return sorted N-Quads or N-Triples *lines* in *syntax*."""
    if syntax in {RdfSyntax.NQ, RdfSyntax.NT}:
        return "".join(f"{line}\n" for line in lines).encode()
    return serialized(lines, syntax, dict(prefixes(iris)))


def triples_of(lines: list[str]) -> list[str]:
    """Return the distinct triples of N-Quads *lines*, sorted, their graph names dropped."""
    return sorted({triple_of(f"{line}\n".encode()).decode()[:-1] for line in lines})
