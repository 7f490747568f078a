"""What things, properties and classes are and are called, as far as answers have said it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS

from peelgraph.server.pages.asking import once_a_version, rows
from peelgraph.server.site.wording import last

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from peelgraph.server.pages.terms import Row, Term

QUERIES: Final = "peelgraph.server.linked.queries"
LABELS: Final = {
    "preferred": str(SKOS.prefLabel),
    "name": str(RDFS.label),
    "title": str(DCTERMS.title),
}
"""Variables of the queries that ask for names, the best first, and the properties they hold."""
CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(slots=True)
class Naming:
    """What one thing is called and what it is.

    Args:
        labels: What was said by property, each literal once.
        kinds: IRIs of its classes, each once, in the order they came.
    """

    labels: dict[str, dict[Term, None]] = field(default_factory=dict[str, "dict[Term, None]"])
    kinds: dict[str, None] = field(default_factory=dict[str, None])

    def best(self) -> Term | None:
        """Return the label to show: English, else one without a language, else any."""
        said = [term for name in LABELS for term in self.labels.get(name, ())]
        return min(said, key=_foreign, default=None)


Names = dict[str, Naming]
"""By IRI."""


def _foreign(term: Term) -> int:
    if term.language == "en":
        return 0
    return 1 if term.language.startswith("en-") else 2 if not term.language else 3


def take(names: Names, found: Iterable[Row]) -> None:
    """Add to *names* what the rows of a query that asks for them say."""
    for row in found:
        naming = names.setdefault(row["other"].value, Naming())
        if "kind" in row and row["kind"].kind == "uri":
            naming.kinds[row["kind"].value] = None
        for variable in LABELS:
            if variable in row and row[variable].kind == "literal":
                naming.labels.setdefault(variable, {})[row[variable]] = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the ontology says of one of its terms, or of one that it reuses.

    Args:
        label: English where there is one.
        kinds: Its types.
        ranges: What its values are.
    """

    label: str
    kinds: frozenset[str]
    ranges: frozenset[str]

    @property
    def links(self) -> bool:
        """Whether it is a property whose values are things."""
        return str(OWL.ObjectProperty) in self.kinds


@once_a_version
def vocabulary() -> Mapping[str, Known]:
    """Return every term that the ontology defines, by IRI."""
    gathered: dict[str, list[Row]] = {}
    for row in rows(f"{QUERIES}/property-names.rq"):
        gathered.setdefault(row["term"].value, []).append(row)
    return {iri: _known(found) for iri, found in gathered.items()}


def _known(found: list[Row]) -> Known:
    label = min((row["name"] for row in found), key=_foreign)
    return Known(
        label.value,
        frozenset(row["kind"].value for row in found),
        frozenset(row["range"].value for row in found if "range" in row),
    )


PLAIN: Final = {str(RDF.type): "is a", str(RDFS.label): "label", str(SKOS.prefLabel): "name"}

SPELT: Final = re.compile(r"\bjudgment(?=s?\b)")


def words(iri: str) -> str:
    """Return the last part of a term's *iri* as words.

    >>> words("http://www.w3.org/ns/prov#wasDerivedFrom"), words("http://purl.org/dc/terms/title")
    ('was derived from', 'title')
    """
    return CAMEL.sub(" ", last(iri)).replace("-", " ").replace("_", " ").lower() or iri


def term_name(iri: str) -> str:
    """Return what a property or class is called on pages."""
    known = vocabulary().get(iri)
    return PLAIN.get(iri) or SPELT.sub("judgement", known.label if known else words(iri))
