"""Which thing an address names: known, elsewhere, withdrawn, or not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import DCTERMS, OWL, URIRef
from werkzeug.urls import iri_to_uri

from peelgraph.graph.iris import ABSOLUTE
from peelgraph.graph.published import last_published
from peelgraph.server.linked.describing import counts, is_known
from peelgraph.server.linked.forms import split_extension
from peelgraph.server.linked.names import QUERIES
from peelgraph.server.pages.asking import rows
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.errors import Gone, PageNotFound
from peelgraph.server.site.wording import local

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST: Final = 2000
"""Characters that an IRI may have to be looked for."""
WITHDRAWN: Final = frozenset({str(DCTERMS.isReplacedBy), str(OWL.deprecated)})


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that the store knows, and where its document is.

    Args:
        iri: Of the thing.
        path: Of its document on this host, without extension.
        extension: Of the form that the address asks for; empty where it names none.
    """

    iri: str
    path: str
    extension: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The address is written in another way than the thing's own: the path of that one."""

    path: str


def found(section: str, rest: str) -> Thing | Elsewhere:
    """Return what the address ``/section/rest`` names.

    An address that is a thing's own wins over one that names a form of it by an extension.

    Raises:
        Gone: It was published once.
        PageNotFound: Nothing is known of it.
    """
    names = "id" if section == "doc" else section
    base = this_service().base
    stem, extension = split_extension(rest)
    for path, form in ((rest, ""), (stem, extension))[: 2 if extension else 1]:
        iri = f"{base}/{names}/{path}"
        if _known(iri):
            refuse_withdrawn(iri)
            return Thing(iri, f"/{document_section(section)}/{path}", form)
    return _another_way(section, rest) or _missing(
        [f"{base}/{names}/{each}" for each in (rest, stem)]
    )


def document_section(section: str) -> str:
    """Return the section of addresses in which the documents about things of one stand."""
    return "doc" if section == "id" else section


def _another_way(section: str, rest: str) -> Elsewhere | None:
    """Return where the thing is whose address was written with capitals or a slash at its end."""
    base, names = this_service().base, "id" if section == "doc" else section
    for way in (rest.rstrip("/"), rest.rstrip("/").lower()):
        if way and way != rest and _known(f"{base}/{names}/{split_extension(way)[0]}"):
            return Elsewhere(f"/{section}/{way}")
    return None


def _known(iri: str) -> bool:
    return len(iri) <= LONGEST and bool(ABSOLUTE.fullmatch(iri)) and is_known(iri)


def foreign(iri: str) -> Thing:
    """Return the thing with an IRI that is none of ours.

    Raises:
        PageNotFound: Nothing is known of it.
    """
    if not _known(iri):
        raise PageNotFound("nothing is known of that IRI", place="iri")
    return Thing(iri, "/doc")


def refuse_withdrawn(iri: str) -> None:
    """Refuse to describe what was withdrawn: it is said of it that something replaces it.

    Raises:
        Gone: It was.
    """
    if WITHDRAWN.isdisjoint(counts(iri, inverse=False)):
        return
    found_rows = rows(f"{QUERIES}/replaced-by.rq", thing=URIRef(iri))
    replacements = [row["replacement"].value for row in found_rows if "replacement" in row]
    if replacements or any(row.get("deprecated") for row in found_rows):
        raise Gone("this was withdrawn", replaced_by=_addresses(replacements))


def _addresses(iris: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(iri_to_uri(href) for iri in iris if (href := local(iri))))


def _missing(iris: list[str]) -> Thing:
    """Raise what fits an address that names nothing now.

    Raises:
        Gone: An earlier version had it.
        PageNotFound: None had, as far as versions are kept.
    """
    service = this_service()
    served = service.engine.version()
    if served is not None and not service.settings.engine:
        for iri in dict.fromkeys(iris):
            version = last_published(service.settings.data, iri, besides=served)
            if version is not None:
                raise Gone(
                    f"this was published in version {version} and is not in the version served now",
                    replaced_by=_addresses(_said_to_replace(iri)),
                )
    raise PageNotFound(f"nothing is known of {iris[-1][:LONGEST]}")


def _said_to_replace(iri: str) -> list[str]:
    if not ABSOLUTE.fullmatch(iri):
        return []
    found_rows = rows(f"{QUERIES}/replaced-by.rq", thing=URIRef(iri))
    return [row["replacement"].value for row in found_rows if "replacement" in row]
