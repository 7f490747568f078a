"""What the cases are checked with: the bundled shapes beside an invented reference."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import Dataset, Graph, URIRef

from peelgraph.graph.iris import Iris
from peelgraph.graph.validation import Validator, shapes_graph

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.graph.validation import ValidationReport

FOLDER = Path(__file__).parent


@pytest.fixture(scope="session")
def shapes() -> Graph:
    """All bundled shapes."""
    return shapes_graph(Iris())


@pytest.fixture(scope="session")
def invented_reference() -> Graph:
    """The ontology, the schemes and an invented force, cycle and captured page."""
    graph = Graph()
    ontology = files("peelgraph.ontology")
    schemes = [f for f in (ontology / "schemes").iterdir() if not f.name.startswith("question-")]
    for file in [ontology / "inspection.ttl", *schemes, FOLDER / "reference.ttl"]:
        if file.name.endswith(".ttl"):
            graph.parse(data=file.read_text(encoding="utf-8"), format="turtle")
    return graph


@pytest.fixture(scope="session")
def validator(invented_reference: Graph, shapes: Graph) -> Validator:
    """The shapes over the invented reference data."""
    return Validator(invented_reference, shapes)


@pytest.fixture(scope="session")
def report_on() -> Callable[[Path, Validator], ValidationReport]:
    """Return a validator's report on a case's file; on TriG, that across its graphs."""

    def reported(case: Path, validator: Validator) -> ValidationReport:
        if case.suffix == ".ttl":
            return validator.report_on(Graph().parse(case, format="turtle"))
        dataset = Dataset()
        dataset.parse(case, format="trig")
        graphs = {URIRef(str(each.identifier)): each for each in dataset.graphs() if len(each)}
        return validator.report_across(graphs, Iris())

    return reported
