"""CPU seconds for a whole version against the bundled shapes: pySHACL beside the Rust engine.

The version is the bundled one and copies of one invented page, each under another report's name,
until it has the triples asked for. Both engines check the same graph in the same run.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rdflib import Graph, URIRef

from peelgraph.graph import read_report
from peelgraph.graph.build import united
from peelgraph.graph.bundled import bundled_graphs
from peelgraph.graph.iris import Iris
from peelgraph.graph.mapping.document import document_graph
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.validation import PYSHACL, RUST, Checking, Validator, shapes_graph

sys.path.insert(0, str(Path(__file__).parent))
from pages import pages

if TYPE_CHECKING:
    from rdflib.term import Node

    from peelgraph.graph.validation import ValidationReport


def version_of(size: int) -> Graph:
    """Return the bundled graphs and invented documents, together at least *size* triples."""
    iris, tables = Iris(), bundled_tables()
    bundled = bundled_graphs(tables, iris)
    bundled.pop(iris.graph("shapes"))
    whole = united(bundled.values())
    _, text = next(pages(1, sentences=150))
    report = read_report(text)
    document = list(document_graph(report, tables, iris))
    number = 0
    while len(whole) < size:
        number += 1
        for triple in document:
            subject, predicate, value = (renamed(term, report.slug, number) for term in triple)
            whole.add((subject, predicate, value))
    return whole


def renamed(term: Node, slug: str, number: int) -> Node:
    """Return *term* as copy *number* of the document has it; what documents share stays."""
    text = str(term)
    return URIRef(text.replace(slug, f"{slug}-{number}")) if isinstance(term, URIRef) else term


def timed(graph: Graph, engine: str) -> tuple[ValidationReport, float, float]:
    """Return an engine's report on *graph*, and the CPU seconds of making ready and of checking."""
    started = time.process_time()
    validator = Validator(Graph(), shapes_graph(Iris()), Checking(engine))
    ready = time.process_time()
    report = validator.report_on(graph)
    return report, ready - started, time.process_time() - ready


def main() -> None:
    """Print the CPU seconds of both engines, their ratio, and whether they found the same."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, default=100_000, help="size of the version")
    options = parser.parse_args()
    graph = version_of(options.triples)
    rust, rust_ready, rust_seconds = timed(graph, RUST)
    referee, ready, seconds = timed(graph, PYSHACL)
    print(
        f"{len(graph)} triples: pyshacl {ready:.2f} + {seconds:.2f} s, rust {rust_ready:.2f} + "
        f"{rust_seconds:.2f} s, ratio {(ready + seconds) / (rust_ready + rust_seconds):.1f}; "
        f"{len(referee.results)} results, {'equal' if rust == referee else 'NOT EQUAL'}"
    )
    for remark in rust.remarks:
        print(remark)


if __name__ == "__main__":
    main()
