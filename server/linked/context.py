"""The JSON-LD context: short names for what our statements use, made from the ontology."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rdflib import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, QB, RDF, RDFS, SKOS, VOID, XSD, URIRef

from peelgraph.graph.namespaces import DQV, OA, SD, XKOS
from peelgraph.server.linked.assembling import HYDRA
from peelgraph.server.linked.names import vocabulary
from peelgraph.server.pages.asking import once_a_version
from peelgraph.server.pages.service import this_service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib import Graph

    from peelgraph.server.linked.names import Known

PREFIXES: Final[Mapping[str, str]] = {
    "dcat": str(DCAT),
    "dct": str(DCTERMS),
    "dqv": str(DQV),
    "foaf": str(FOAF),
    "hydra": str(HYDRA),
    "oa": str(OA),
    "org": str(ORG),
    "owl": str(OWL),
    "prov": str(PROV),
    "qb": str(QB),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "sd": str(SD),
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": str(SKOS),
    "void": str(VOID),
    "xkos": str(XKOS),
    "xsd": str(XSD),
}
LANGUAGES: Final = {"@container": "@language"}
LINK: Final = {"@type": "@id"}
REUSED: Final[Mapping[str, tuple[URIRef, Mapping[str, str]]]] = {
    "label": (RDFS.label, LANGUAGES),
    "comment": (RDFS.comment, LANGUAGES),
    "seeAlso": (RDFS.seeAlso, LINK),
    "isDefinedBy": (RDFS.isDefinedBy, LINK),
    "prefLabel": (SKOS.prefLabel, LANGUAGES),
    "altLabel": (SKOS.altLabel, LANGUAGES),
    "definition": (SKOS.definition, LANGUAGES),
    "scopeNote": (SKOS.scopeNote, LANGUAGES),
    "notation": (SKOS.notation, {}),
    "inScheme": (SKOS.inScheme, LINK),
    "topConceptOf": (SKOS.topConceptOf, LINK),
    "hasTopConcept": (SKOS.hasTopConcept, LINK),
    "broadMatch": (SKOS.broadMatch, LINK),
    "exactMatch": (SKOS.exactMatch, LINK),
    "relatedMatch": (SKOS.relatedMatch, LINK),
    "title": (DCTERMS.title, LANGUAGES),
    "description": (DCTERMS.description, LANGUAGES),
    "issued": (DCTERMS.issued, {"@type": str(XSD.date)}),
    "license": (DCTERMS.license, LINK),
    "publisher": (DCTERMS.publisher, LINK),
    "source": (DCTERMS.source, LINK),
    "isPartOf": (DCTERMS.isPartOf, LINK),
    "isVersionOf": (DCTERMS.isVersionOf, LINK),
    "temporal": (DCTERMS.temporal, LINK),
    "isReplacedBy": (DCTERMS.isReplacedBy, LINK),
    "dataSet": (QB.dataSet, LINK),
    "primaryTopic": (FOAF.primaryTopic, LINK),
    "page": (FOAF.page, LINK),
    "wasGeneratedBy": (PROV.wasGeneratedBy, LINK),
    "wasAssociatedWith": (PROV.wasAssociatedWith, LINK),
    "wasDerivedFrom": (PROV.wasDerivedFrom, LINK),
    "wasRevisionOf": (PROV.wasRevisionOf, LINK),
    "hasSource": (OA.hasSource, LINK),
    "hasSelector": (OA.hasSelector, LINK),
    "exact": (OA.exact, {}),
    "prefix": (OA.prefix, {}),
    "suffix": (OA.suffix, {}),
    "changedBy": (ORG.changedBy, LINK),
    "hasMember": (ORG.hasMember, LINK),
    "member": (HYDRA.member, LINK),
    "totalItems": (HYDRA.totalItems, {}),
}
"""Short names of what we reuse; a term of the ontology of the same name takes precedence."""

Context = dict[str, Any]


def prefixes() -> dict[str, str]:
    """Return the prefixes that documents are written with."""
    return {"pi": f"{this_service().base}/def/inspection#", **PREFIXES}


@once_a_version
def context() -> Context:
    """Return the whole context."""
    ours = prefixes()["pi"]
    terms: Context = {name: _definition(iri, extra) for name, (iri, extra) in REUSED.items()}
    for iri, known in vocabulary().items():
        if iri.startswith(ours):
            terms[iri.removeprefix(ours)] = _definition(iri, LINK if known.links else _typed(known))
    return {**prefixes(), **dict(sorted(terms.items()))}


def _definition(iri: str, extra: Mapping[str, str]) -> str | dict[str, str]:
    return {"@id": str(iri), **extra} if extra else str(iri)


def _typed(known: Known) -> Mapping[str, str]:
    """Return which type the values of a property have, where they have one of numbers or dates."""
    types = sorted(each for each in known.ranges if each.startswith(str(XSD)))
    typed = len(types) == 1 and types[0] != str(XSD.string)
    return {"@type": types[0]} if typed else {}


def context_for(graph: Graph) -> Context:
    """Return what of the context *graph* uses, so that reading it takes nothing from elsewhere."""
    used = {str(by) for by in graph.predicates()}
    used |= {str(kind) for kind in graph.objects(None, RDF.type)}
    used |= {str(getattr(each, "datatype", "") or "") for each in graph.objects()}
    whole, known = context(), prefixes()
    chosen = {
        name: said
        for name, said in whole.items()
        if name not in known and (said["@id"] if isinstance(said, dict) else said) in used
    }
    begun = {name: iri for name, iri in known.items() if any(each.startswith(iri) for each in used)}
    return {**begun, **chosen}
