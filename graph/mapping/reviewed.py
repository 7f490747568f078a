"""Who corrected what a page was read to say, and when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from rdflib import RDF, RDFS, XSD, Graph, Literal
from rdflib.namespace import PROV

from peelgraph.graph.iris import slug
from peelgraph.graph.mapping.label import label
from peelgraph.graph.review import METHOD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.model import Report
    from peelgraph.graph.review import Correction


def reviewed_graph(
    document: Graph, report: Report, corrections: Iterable[Correction], iris: Iris
) -> Graph:
    """Return who reviewed which nodes of a *document*'s graph, and on what day.

    These are the nodes that rest on a corrected passage and were made by a review, or are named
    after the statement that was found right: a finding that a table knows keeps its own method.

    Graphs: belongs in ``/graph/provenance``.
    """
    graph, pi = Graph(), iris.pi
    reviewed = set(document.subjects(pi.extractionMethod, Literal(METHOD)))
    for each in corrections:
        passage = iris.passage(report.slug, report.version.sha12, each.start, each.end)
        person = iris.reviewer(slug(each.reviewer))
        day = dt.date.fromisoformat(each.date)
        moment = Literal(f"{day}T00:00:00Z", datatype=XSD.dateTime, normalize=False)
        named = f"-{each.id.rpartition('-')[2]}"
        for node in set(document.subjects(pi.evidence, passage)):
            if node not in reviewed and not str(node).endswith(named):
                continue
            graph.add((node, PROV.wasAttributedTo, person))
            graph.add((node, PROV.generatedAtTime, moment))
            if each.comment:
                graph.add((node, RDFS.comment, Literal(each.comment, lang="en")))
            graph.add((person, RDF.type, PROV.Person))
            graph.add((person, *label(each.reviewer)))
    return graph
