"""What is computed from the other graphs of a version: shortcuts and measures of quality."""

from __future__ import annotations

from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING

from rdflib import RDF, RDFS, XSD, Graph, Literal, URIRef

from peelgraph.graph.namespaces import DQV, rebased

if TYPE_CHECKING:
    from peelgraph.graph.iris import Iris
    from peelgraph.graph.store import Store


def rule(name: str, iris: Iris) -> str:
    """Return the text of a bundled derivation query, under the base in use."""
    text = (files("peelgraph.graph") / "rules" / f"{name}.rq").read_text(encoding="utf-8")
    return rebased(text, iris.base)


def latest_judgments(store: Store, iris: Iris) -> Graph:
    """Return force ``pi:latestJudgment`` judgment for the newest cycle of each criterion."""
    graph = Graph()
    newest: dict[tuple[str, str], tuple[int, str]] = {}
    for force, criterion, ordinal, judgment in store.solutions(rule("judgments", iris)):
        key, dated = (force, criterion), (int(ordinal), judgment)
        newest[key] = max(dated, newest.get(key, dated))
    for (force, _criterion), (_ordinal, judgment) in newest.items():
        graph.add((URIRef(force), iris.pi.latestJudgment, URIRef(judgment)))
    return graph


def quality_graph(store: Store, iris: Iris) -> Graph:
    """Return the share of judgments that show what they rest on, as a DQV measurement."""
    needing, having = (int(n) for n in store.solutions(rule("evidence", iris))[0])
    share = Decimal(having) / Decimal(needing) if needing else Decimal(1)
    metric, measurement = (
        iris.quality("judgments-with-evidence", "metric"),
        iris.quality("judgments-with-evidence", "measurement"),
    )
    graph = Graph()
    graph.add((metric, RDF.type, DQV.Metric))
    graph.add((metric, RDFS.label, Literal("share of judgments with evidence", lang="en")))
    graph.add((measurement, RDF.type, DQV.QualityMeasurement))
    graph.add((measurement, RDFS.label, Literal(f"{having} of {needing} judgments", lang="en")))
    graph.add((measurement, DQV.isMeasurementOf, metric))
    graph.add((measurement, DQV.computedOn, iris.data_item("peelgraph")))
    value = Literal(f"{share:.4f}", datatype=XSD.decimal)
    graph.add((measurement, DQV.value, value))
    return graph
