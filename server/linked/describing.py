"""What the store says of one thing: all of it where that is little, else pages of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdflib import Literal, URIRef

from peelgraph.server.linked.names import QUERIES, Names, take
from peelgraph.server.pages.asking import rows

if TYPE_CHECKING:
    from peelgraph.server.pages.terms import Row, Term

PAGE: Final = 1000
"""Links of one property that one document holds; the queries ask for one more."""
WHOLE: Final = 5000
"""Statements of a thing up to which all of them are asked for at once."""
LONGEST: Final = 1000
"""Characters of a value after which a page begins: an address has its limits."""
PROPERTIES: Final = 50
"""Properties of which one document holds links, each way, where they are too many together."""


@dataclass(frozen=True, slots=True)
class Links:
    """One page of the statements that a thing has by one property, or is the value of.

    Args:
        property: IRI of the property.
        inverse: The thing is the value.
        count: How many there are in all.
        others: The values, or the things that have the thing as value.
        next: After which one the next page begins; empty where there is none.
    """

    property: str
    inverse: bool
    count: int
    others: tuple[Term, ...]
    next: str = ""

    def begun(self, after: str) -> Links:
        """Return what an address is made of that names the page which begins after *after*."""
        return Links(self.property, self.inverse, self.count, (), after)


@dataclass(slots=True)
class Description:
    """What is known of a thing.

    Args:
        iri: The thing.
        statements: Subject, property and value: of the thing, and of what is part of it.
        outgoing: The thing's values by property; each page of one that has too many.
        incoming: What points to it, by property.
        names: What these are called.
        graphs: The named graphs that say something of it.
        complete: Not even the names of all its properties were too many.
    """

    iri: str
    statements: tuple[tuple[Term, Term, Term], ...]
    outgoing: tuple[Links, ...]
    incoming: tuple[Links, ...]
    names: Names = field(default_factory=Names)
    graphs: tuple[str, ...] = ()
    complete: bool = True


def _ask(query: str, **terms: URIRef | Literal) -> tuple[Row, ...]:
    return rows(f"{QUERIES}/{query}.rq", **terms)


def counts(iri: str, *, inverse: bool) -> dict[str, int]:
    """Return how many statements a thing has, or is the value of, by property."""
    found = _ask("counts-in" if inverse else "counts-out", thing=URIRef(iri))
    return {row["property"].value: int(row["links"].value) for row in found}


def is_known(iri: str) -> bool:
    """Return whether the store says anything of *iri*."""
    return bool(counts(iri, inverse=False) or counts(iri, inverse=True))


def described(iri: str) -> Description:
    """Return what the store says of *iri*."""
    thing, names = URIRef(iri), Names()
    out, into = counts(iri, inverse=False), counts(iri, inverse=True)
    statements, outgoing = _outgoing(thing, out, names)
    return Description(
        iri,
        statements,
        outgoing,
        _incoming(thing, into, names),
        names,
        tuple(row["graph"].value for row in _ask("stated-in", thing=thing)),
        complete=max(len(out), len(into)) <= PROPERTIES or _small(out, into),
    )


def _small(out: dict[str, int], into: dict[str, int]) -> bool:
    return sum(out.values()) <= WHOLE and sum(into.values()) <= PAGE


def _outgoing(
    thing: URIRef, out: dict[str, int], names: Names
) -> tuple[tuple[tuple[Term, Term, Term], ...], tuple[Links, ...]]:
    if sum(out.values()) > WHOLE:
        chosen = list(out.items())[:PROPERTIES]
        return (), tuple(
            page_of(str(thing), each, "", names, inverse=False, count=count)
            for each, count in chosen
        )
    if not out:
        return (), ()
    take(names, _ask("names-out", thing=thing))
    found = _ask("statements", thing=thing)
    return tuple((row["subject"], row["property"], row["value"]) for row in found), ()


def _incoming(thing: URIRef, into: dict[str, int], names: Names) -> tuple[Links, ...]:
    if sum(into.values()) > PAGE:
        chosen = list(into.items())[:PROPERTIES]
        return tuple(
            page_of(str(thing), each, "", names, inverse=True, count=count)
            for each, count in chosen
        )
    if not into:
        return ()
    take(names, _ask("names-in", thing=thing))
    by_property: dict[str, list[Term]] = {}
    for row in _ask("links-in", thing=thing):
        by_property.setdefault(row["property"].value, []).append(row["other"])
    return tuple(
        Links(each, inverse=True, count=len(others), others=tuple(others))
        for each, others in by_property.items()
    )


def page_of(  # noqa: PLR0913 - what names one page
    iri: str, by: str, after: str, names: Names, *, inverse: bool, count: int
) -> Links:
    """Return the page of a thing's links by one property that begins after *after*.

    Args:
        iri: The thing.
        by: The property.
        after: What the page before ended with; empty for the first.
        names: Where it is noted what is on the page.
        inverse: The thing is the value.
        count: How many links there are in all.
    """
    way = "in" if inverse else "out"
    asked: dict[str, URIRef | Literal] = {
        "thing": URIRef(iri),
        "property": URIRef(by),
        "after": Literal(after),
    }
    found = [row["other"] for row in _ask(f"page-{way}", **asked)]
    kept, more = _without_rest(found), len(found) > PAGE
    if not kept:
        return Links(by, inverse, count, ())
    ending = kept[-1].value
    take(names, _ask(f"page-names-{way}", **asked, last=Literal(ending)))
    return Links(by, inverse, count, tuple(kept), ending[:LONGEST] if more else "")


def _without_rest(found: list[Term]) -> list[Term]:
    """Return those of one page; literals of one text, in languages, are not parted by its end."""
    if len(found) <= PAGE:
        return found
    kept = [term for term in found[:PAGE] if term.value != found[PAGE].value]
    return kept or found[:PAGE]
