"""The police forces of the version, and what addresses may say of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import UsageError
from peelgraph.graph.iris import Iris, slug
from peelgraph.server.pages.asking import once_a_version, rows
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.errors import PageNotFound, RequestError
from peelgraph.server.site.judgments import QUERIES, Named, named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rdflib import URIRef

    from peelgraph.server.pages.terms import Row

TERRITORIAL: Final = "territorial"
RDF_FORMS: Final = (
    ("text/turtle", "ttl"),
    ("application/ld+json", "jsonld"),
    ("application/n-triples", "nt"),
    ("application/rdf+xml", "rdf"),
)
FOLLOWING: Final = ("utm_", "fbclid", "gclid", "msclkid", "mc_")
"""How the names begin that others add to an address to see where a reader came from."""
NOWHERE: Final = Named("", "", "")


@dataclass(frozen=True, slots=True)
class Force:
    """A police force.

    Args:
        iri: Of the force.
        slug: The last part of it.
        name: In English.
        welsh: Its name in Welsh, where it has one.
        territorial: Whether it polices an area, as the 43 that are inspected do.
        country: England or Wales; of another kind of force the countries it works in.
        region: The region of England, or Wales.
    """

    iri: str
    slug: str
    name: str
    welsh: str
    territorial: bool
    country: Named
    region: Named


@once_a_version
def forces() -> tuple[Force, ...]:
    """Return every force by its name."""
    found: dict[str, Force] = {}
    for row in rows(f"{QUERIES}/forces.rq"):
        force = _force(row)
        found.setdefault(force.iri, force)
    return tuple(found.values())


def territorial_forces() -> tuple[Force, ...]:
    """Return the forces that police an area, by their names."""
    return tuple(force for force in forces() if force.territorial)


def force_iri(force: str) -> URIRef:
    """Return the IRI of the force that an address names.

    Raises:
        PageNotFound: It can be no force's.
    """
    return _iri(lambda iris: iris.force(force))


def cycle_iri(cycle: str) -> URIRef:
    """Return the IRI of the cycle that an address names.

    Raises:
        PageNotFound: It can be no cycle's.
    """
    return _iri(lambda iris: iris.cycle(cycle))


def rdf_forms(document: str) -> list[tuple[str, str]]:
    """Return the media type and the address of each form in which programs read a document."""
    return [(media_type, f"{document}.{extension}") for media_type, extension in RDF_FORMS]


def one_of(parameter: str, value: str, known: Iterable[str]) -> str:
    """Return the *value* that a *parameter* of an address has, where it is known or nothing.

    Raises:
        RequestError: It is something else: no row would be a wrong answer to a misspelt word.
    """
    choices = list(known)
    if value and value not in choices:
        raise RequestError(
            f"there is no {parameter} {value[:100]!r} here",
            place=parameter,
            expected="one of " + ", ".join(choices) if choices else "nothing",
        )
    return value


def no_other(given: Iterable[str], known: Iterable[str]) -> None:
    """Refuse an address with a parameter that means nothing here: the answer would ignore it.

    Raises:
        RequestError: One of the names *given* is none of the *known*.
    """
    names = list(known)
    for each in given:
        if each not in names and not each.startswith(FOLLOWING):
            raise RequestError(
                f"there is no parameter {each[:100]!r} here",
                place=each[:100],
                expected="one of " + ", ".join(names),
            )


def _iri(make: Callable[[Iris], URIRef]) -> URIRef:
    try:
        return make(Iris(this_service().base))
    except UsageError as error:
        raise PageNotFound("no address of this kind has such a part") from error


def _force(row: Row) -> Force:
    force = named(row, "force")
    return Force(
        force.iri,
        force.slug,
        force.label,
        row["welsh_name"].value if "welsh_name" in row else "",
        "kind" in row and row["kind"].value.rpartition("/")[2] == TERRITORIAL,
        _place(row, "country"),
        _place(row, "region"),
    )


def _place(row: Row, variable: str) -> Named:
    """Return a country or region; addresses have its name in them, not its code."""
    if variable not in row:
        return NOWHERE
    place = named(row, variable)
    try:
        return Named(place.iri, slug(place.label), place.label)
    except UsageError:
        return place
