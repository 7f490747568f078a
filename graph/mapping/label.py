"""The label that people read: one English ``rdfs:label`` on every node that is minted."""

from __future__ import annotations

from typing import Final

from rdflib import RDFS, Literal, URIRef

LABEL_LENGTH: Final = 80  # code points of a statement that stand in its label


def label(text: str) -> tuple[URIRef, Literal]:
    """Return predicate and object of an English label.

    >>> label("Kent 2015")[1].language
    'en'
    """
    return RDFS.label, Literal(text, lang="en")


def abridged(text: str, length: int = LABEL_LENGTH) -> str:
    """Return *text* on one line, cut after a word where it is longer than *length*.

    >>> abridged("Delivering value for money.", 20)
    'Delivering value…'
    """
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return line[:length].rpartition(" ")[0].rstrip(",;:") + "…"
