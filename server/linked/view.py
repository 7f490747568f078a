"""A description as its page shows it: properties and values, and what points here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import RDF, RDFS, SKOS

from peelgraph.server.linked.assembling import page_query
from peelgraph.server.linked.context import prefixes
from peelgraph.server.linked.forms import address
from peelgraph.server.linked.names import term_name
from peelgraph.server.site.wording import last, local

if TYPE_CHECKING:
    from collections.abc import Iterable

    from peelgraph.server.linked.describing import Description, Links
    from peelgraph.server.linked.names import Names
    from peelgraph.server.pages.terms import Term

LONGEST: Final = 2000
"""Characters of a label or value that are shown."""
SHOWN: Final = 100
"""Links of one property that the page about a thing shows; its own page shows more."""
FIRST: Final = (str(RDF.type), str(SKOS.prefLabel), str(RDFS.label))


@dataclass(frozen=True, slots=True)
class Shown:
    """A value: its words, where they lead, their language and type, and whether they are cut."""

    text: str
    href: str = ""
    language: str = ""
    datatype: str = ""
    cut: bool = False
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A property and its values.

    Args:
        label: Of the property.
        property: Its IRI.
        values: Those shown.
        count: How many there are.
        more: Where all are; empty where these are all.
    """

    label: str
    property: str
    values: tuple[Shown, ...]
    count: int
    more: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """The page about a thing.

    Args:
        title: What it is called.
        language: Of the title, if it is not English.
        iri: Its IRI.
        kinds: What it is.
        lines: What is said of it.
        parts: What is said of each of its parts, under the part's name.
        incoming: What points to it.
        graphs: The graphs that say so.
        complete: Whether every property is here.
    """

    title: str
    language: str
    iri: str
    kinds: tuple[Shown, ...]
    lines: tuple[Line, ...]
    parts: tuple[tuple[str, tuple[Line, ...]], ...]
    incoming: tuple[Line, ...]
    graphs: tuple[Shown, ...]
    complete: bool


def view_of(found: Description, path: str, query: str) -> View:
    """Return the page about what was *found*; *path* and *query* are its address."""
    own = [(by, value) for subject, by, value in found.statements if subject.value == found.iri]
    title, language = _title(found, own)
    return View(
        title,
        language,
        found.iri,
        tuple(shown(value, found.names) for by, value in own if by.value == str(RDF.type)),
        _lines(own, found.names) + _pages(found.outgoing, found.names, path, query),
        tuple(_parts(found)),
        _pages(found.incoming, found.names, path, query),
        tuple(Shown(last_two(each), local(each), is_link=True) for each in found.graphs),
        found.complete,
    )


def last_two(iri: str) -> str:
    """Return the end of an IRI, by which a graph is told from others."""
    return iri.partition("/graph/")[2] or iri


def shown(term: Term, names: Names) -> Shown:
    """Return how *term* is shown: a thing by its name, a literal by its text."""
    if term.kind == "uri":
        naming = names.get(term.value)
        label = naming.best() if naming else None
        text = label.value if label else _term_or_address(term.value)
        language = label.language if label and not label.language.startswith("en") else ""
        return Shown(
            text[:LONGEST], local(term.value), language, "", len(text) > LONGEST, is_link=True
        )
    if term.kind == "bnode":
        return Shown(f"part {term.value[:12]}")
    datatype = (
        "" if term.datatype in {"", "http://www.w3.org/2001/XMLSchema#string"} else term.datatype
    )
    language = "" if term.language.startswith("en") else term.language
    href = local(term.value) if datatype.endswith("#anyURI") else ""
    return Shown(
        term.value[:LONGEST],
        href,
        language,
        last(datatype) if datatype else "",
        len(term.value) > LONGEST,
        bool(href),
    )


def _term_or_address(iri: str) -> str:
    return term_name(iri) if iri.startswith(tuple(prefixes().values())) else iri


def _title(found: Description, own: list[tuple[Term, Term]]) -> tuple[str, str]:
    named = found.names.get(found.iri)
    if named and (label := named.best()):
        return label.value[:LONGEST], "" if label.language.startswith("en") else label.language
    for by in (*FIRST[1:], "http://purl.org/dc/terms/title"):
        said = [value for property_, value in own if property_.value == by and value.value]
        if said:
            best = min(said, key=lambda each: (not each.language.startswith("en"), each.value))
            return best.value[:LONGEST], "" if best.language[:2] in {"", "en"} else best.language
    return found.iri[:LONGEST], ""


def _lines(said: Iterable[tuple[Term, Term]], names: Names) -> tuple[Line, ...]:
    by_property: dict[str, list[Shown]] = {}
    for by, value in said:
        by_property.setdefault(by.value, []).append(shown(value, names))
    lines = [
        Line(term_name(by), by, tuple(values), len(values)) for by, values in by_property.items()
    ]
    return tuple(sorted(lines, key=_place))


def _place(line: Line) -> tuple[int, str]:
    return (FIRST.index(line.property) if line.property in FIRST else len(FIRST), line.label)


def _parts(found: Description) -> Iterable[tuple[str, tuple[Line, ...]]]:
    subjects = dict.fromkeys(s.value for s, _, _ in found.statements if s.value != found.iri)
    for subject in subjects:
        said = [(by, value) for s, by, value in found.statements if s.value == subject]
        name = found.names.get(subject)
        label = name.best() if name else None
        yield (label.value if label else last(subject))[:LONGEST], _lines(said, found.names)


def _pages(pages: Iterable[Links], names: Names, path: str, query: str) -> tuple[Line, ...]:
    lines = [
        Line(
            term_name(links.property),
            links.property,
            tuple(shown(other, names) for other in links.others[:SHOWN]),
            links.count,
            _all_of(links, path, query) if links.count > SHOWN else "",
        )
        for links in pages
    ]
    return tuple(sorted(lines, key=lambda line: line.label))


def _all_of(links: Links, path: str, query: str) -> str:
    """Return the address of the first page of all the links by one property."""
    first = page_query(links.property, "", inverse=links.inverse)
    return address(path, query=f"{query}&{first}" if query else first)


def links_shown(links: Links, names: Names, path: str, query: str) -> dict[str, object]:
    """Return what the page of links by one property shows: values, how many, what comes next."""
    following = page_query(links.property, links.next, inverse=links.inverse)
    return {
        "values": tuple(shown(other, names) for other in links.others),
        "count": links.count,
        "next": address(path, query=f"{query}&{following}" if query else following)
        if links.next
        else "",
        "back": address(path, query=query),
    }
