"""The set of all things of a kind, in pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from rdflib import DCTERMS, FOAF, ORG, PROV, RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import GEO

from peelgraph.server.linked.assembling import HYDRA, add_document, add_names
from peelgraph.server.linked.describing import PAGE
from peelgraph.server.linked.names import QUERIES, Names, take
from peelgraph.server.pages.asking import rows
from peelgraph.server.pages.service import this_service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peelgraph.server.pages.terms import Term


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of things.

    Args:
        slug: By which its set is addressed.
        label: What they are called, as a plural.
        of: Their class: a term of the ontology, or an IRI.
        section: Of their addresses.
    """

    slug: str
    label: str
    of: str | URIRef
    section: str = "id"


KINDS: Final[Mapping[str, Kind]] = {
    kind.slug: kind
    for kind in (
        Kind("force", "Police forces", "PoliceForce"),
        Kind("inspectorate", "Inspectorates", "Inspectorate"),
        Kind("local-policing-body", "Local policing bodies", "LocalPolicingBody"),
        Kind("change", "Changes of organisations", ORG.ChangeEvent),
        Kind("person", "People", FOAF.Person),
        Kind("post", "Posts", ORG.Post),
        Kind("agent", "Publishers", FOAF.Agent),
        Kind("software", "Software", PROV.SoftwareAgent),
        Kind("programme", "Programmes of inspection", "Programme"),
        Kind("cycle", "Cycles of inspections", "Cycle"),
        Kind("inspection", "Inspections", "Inspection"),
        Kind("judgment", "Judgements", "Judgment", "data"),
        Kind("report", "Reports", "Report"),
        Kind("finding", "Findings", "Finding"),
        Kind("figure", "Stated figures", "StatedFigure"),
        Kind("plan-priority", "Priorities of policing plans", "PlanPriority"),
        Kind("response", "Responses to reports", "BodyResponse"),
        Kind("monitoring", "Stages of monitoring", "MonitoringStage"),
        Kind("collaboration", "Collaborations", ORG.OrganizationalCollaboration),
        Kind("comparability", "Comparabilities of cycles", "Comparability"),
        Kind("geometry", "Outlines and centroids of areas", GEO.Geometry),
        Kind("activity", "Load activities", "LoadActivity"),
    )
}
"""By slug; the order is that of lists of them."""


@dataclass(slots=True)
class Page:
    """One page of a set.

    Args:
        kind: The kind.
        iri: Of the set.
        of: The class of its members.
        after: After which thing it begins; empty for the first page.
        size: How many things the set has.
        members: Those of this page.
        names: What they are called.
        next: After which thing the next page begins; empty where this is the last.
    """

    kind: Kind
    iri: str
    of: URIRef
    after: str
    size: int
    members: tuple[Term, ...]
    names: Names
    next: str

    @property
    def address(self) -> str:
        """The address of this page below the base."""
        return page_address(self.iri, self.after)


def page_address(iri: str, after: str) -> str:
    """Return the address of the page of a set that begins after a thing."""
    return f"{iri}?{urlencode({'after': after})}" if after else iri


def set_iri(kind: Kind) -> str:
    """Return the IRI of the set of a kind."""
    return f"{this_service().base}/id/{kind.slug}"


def class_of(kind: Kind) -> URIRef:
    """Return the IRI of the class of a kind."""
    if isinstance(kind.of, URIRef):
        return kind.of
    return URIRef(f"{this_service().base}/def/inspection#{kind.of}")


def page_of_set(kind: Kind, after: str) -> Page:
    """Return the page of a set that begins after the thing with the IRI *after*."""
    base, of = this_service().base, class_of(kind)
    asked = {
        "class": of,
        "start": Literal(f"{base}/{kind.section}/{kind.slug}/"),
    }
    sizes = rows(f"{QUERIES}/kind-size.rq", **asked)
    found = rows(f"{QUERIES}/kind-members.rq", **asked, after=Literal(after))
    members, names = tuple(row["other"] for row in found[:PAGE]), Names()
    if members:
        last = Literal(members[-1].value)
        take(names, rows(f"{QUERIES}/kind-names.rq", **asked, after=Literal(after), last=last))
    following = members[-1].value if len(found) > PAGE else ""
    size = int(sizes[0]["members"].value) if sizes else 0
    return Page(kind, set_iri(kind), of, after, size, members, names, following)


def graph_of_set(page: Page) -> Graph:
    """Return a page of a set as a graph, in the words of Hydra."""
    graph, whole = Graph(), URIRef(page.iri)
    graph.add((whole, RDF.type, HYDRA.Collection))
    graph.add((whole, RDFS.label, Literal(page.kind.label, lang="en")))
    graph.add((whole, DCTERMS.title, Literal(page.kind.label, lang="en")))
    graph.add((whole, HYDRA.totalItems, Literal(page.size)))
    for member in page.members:
        graph.add((whole, HYDRA.member, URIRef(member.value)))
        graph.add((URIRef(member.value), RDF.type, page.of))
    add_names(graph, page.names)
    add_document(graph, page.iri, page.iri)
    if page.next or page.after:
        view = URIRef(page.address)
        if view != whole:
            graph.add((view, RDFS.label, Literal(f"{page.kind.label}, one page", lang="en")))
        graph.add((whole, HYDRA.view, view))
        graph.add((view, RDF.type, HYDRA.PartialCollectionView))
        graph.add((view, HYDRA.first, whole))
        if page.next:
            graph.add((view, HYDRA.next, URIRef(page_address(page.iri, page.next))))
    return graph
