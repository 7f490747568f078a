"""What is counted of a version: one pass over its sorted lines, memory for terms of vocabularies.

Lines are sorted by subject, so that distinct triples and subjects are counted without keeping any.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

from rdflib import RDF, SH

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPE: Final = f"<{RDF.type}>".encode()
SEVERITY: Final = f"<{SH.resultSeverity}>".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the union of a version's graphs comes to.

    Args:
        triples: Distinct triples.
        subjects: Distinct subjects.
        entities: Distinct subjects below the base.
        classes: Distinct instances of each class.
        properties: Distinct triples with each property.
        property_subjects: Distinct subjects of each property.
        severities: Results of the shapes by severity.
        graphs: Triples of each named graph.
    """

    triples: int
    subjects: int
    entities: int
    classes: dict[str, int]
    properties: dict[str, int]
    property_subjects: dict[str, int]
    severities: dict[str, int]
    graphs: dict[str, int] = field(default_factory=dict[str, int])

    def as_dict(self) -> dict[str, Any]:
        """Return it as values of JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Return what :meth:`as_dict` told."""
        return cls(**told)


class Counting:
    """Takes the distinct triples of a version in their order."""

    def __init__(self, base: str) -> None:
        self._ours = f"<{base}/".encode()
        self._subject = b""
        self._seen: set[bytes] = set()
        self._triples = self._subjects = self._entities = 0
        self._classes, self._properties = Counter[bytes](), Counter[bytes]()
        self._describing, self._severities = Counter[bytes](), Counter[bytes]()

    def take(self, triple: bytes) -> None:
        """Count one line of N-Triples."""
        subject, predicate, value = triple.split(b" ", 2)
        if subject != self._subject:
            self._begin(subject)
        self._triples += 1
        self._properties[predicate] += 1
        if predicate not in self._seen:
            self._seen.add(predicate)
            self._describing[predicate] += 1
        if predicate == TYPE:
            self._classes[value] += 1
        elif predicate == SEVERITY:
            self._severities[value] += 1

    def _begin(self, subject: bytes) -> None:
        self._subject = subject
        self._seen.clear()
        self._subjects += 1
        self._entities += subject.startswith(self._ours)

    def counts(self, graphs: Mapping[str, int]) -> Counts:
        """Return what was counted."""
        return Counts(
            triples=self._triples,
            subjects=self._subjects,
            entities=self._entities,
            classes=_named(self._classes, ending=3),
            properties=_named(self._properties),
            property_subjects=_named(self._describing),
            severities=_named(self._severities, ending=3),
            graphs=dict(graphs),
        )


def _named(counted: Mapping[bytes, int], ending: int = 0) -> dict[str, int]:
    """Return counts by IRI; *ending* characters follow the term."""
    terms = {term[: len(term) - ending] if ending else term: n for term, n in counted.items()}
    return {term[1:-1].decode(): n for term, n in sorted(terms.items()) if term.startswith(b"<")}
