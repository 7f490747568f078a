"""Literals in the one form in which the store keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import SKOS, XSD, Literal

if TYPE_CHECKING:
    from rdflib import URIRef

DATE_TYPES: Final = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}


def partial_date(text: str) -> Literal:
    """Return a day, month or year as ``xsd:date``, ``xsd:gYearMonth`` or ``xsd:gYear``.

    >>> partial_date("2016-02").datatype
    rdflib.term.URIRef('http://www.w3.org/2001/XMLSchema#gYearMonth')
    """
    return Literal(text, datatype=DATE_TYPES[len(text)], normalize=False)


def preferred(text: str, language: str = "en") -> tuple[URIRef, Literal]:
    """Return predicate and object of the label of an organisation, cycle or concept."""
    return SKOS.prefLabel, Literal(text, lang=language)
