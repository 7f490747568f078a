"""What is said of a graph that was loaded: from what, by what, when, under which licence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import PROV, RDF, XSD, Graph, Literal
from rdflib.namespace import DCTERMS

from peelgraph.graph.iris import LICENCE
from peelgraph.graph.mapping.label import label

if TYPE_CHECKING:
    import datetime as dt

    from rdflib import URIRef

    from peelgraph.graph.iris import Iris

SOFTWARE_NAME: Final = "peelgraph"


def loading_graph(  # noqa: PLR0913 - what a loading is
    described: URIRef,
    source: URIRef,
    name: str,
    iris: Iris,
    *,
    kind: str,
    ended: dt.datetime,
    software_version: str,
) -> Graph:
    """Return the description of a loaded graph: source, maker, licence.

    Args:
        described: The graph.
        source: What it was made from.
        name: What that is called.
        iris: The IRIs to mint.
        kind: Of the activity, as it stands in its IRI.
        ended: When loading ended, timezone-aware UTC.
        software_version: The version of this software.

    Graphs: belongs in ``/graph/provenance``, beside the descriptions of other graphs.
    """
    graph, pi = Graph(), iris.pi
    activity, agent = iris.activity(kind, ended), iris.software()

    graph.add((described, RDF.type, PROV.Entity))
    graph.add((described, *label(f"What {name} says")))
    graph.add((described, PROV.wasDerivedFrom, source))
    graph.add((described, PROV.wasGeneratedBy, activity))
    graph.add((described, DCTERMS.license, LICENCE))

    graph.add((activity, RDF.type, pi.LoadActivity))
    graph.add((activity, *label(f"Loading of {name}")))
    graph.add((activity, PROV.used, source))
    graph.add((activity, PROV.wasAssociatedWith, agent))
    graph.add((activity, PROV.endedAtTime, moment_literal(ended)))

    graph.add((agent, RDF.type, PROV.SoftwareAgent))
    graph.add((agent, *label(SOFTWARE_NAME)))
    graph.add((agent, pi.softwareVersion, Literal(software_version)))
    return graph


def moment_literal(moment: dt.datetime) -> Literal:
    """Return a UTC *moment* as ``xsd:dateTime`` in whole seconds, the store's canonical form.

    >>> import datetime as dt
    >>> str(moment_literal(dt.datetime(2026, 11, 23, 10, 15, tzinfo=dt.UTC)))
    '2026-11-23T10:15:00Z'
    """
    return Literal(f"{moment:%Y-%m-%dT%H:%M:%SZ}", datatype=XSD.dateTime, normalize=False)
