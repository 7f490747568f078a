"""Chooses the format of an answer from an ``Accept`` header."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from peelgraph.server.protocol.errors import NotAcceptable

QUALITY: Final = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
RANGE: Final = re.compile(r"([!#$%&'*+\-.^_`|~\w]+)/([!#$%&'*+\-.^_`|~\w]+)")
QUOTED: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"')
LONGEST: Final = 8192
REMEMBERED: Final = 300
"""Characters up to which a header is worth remembering."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format on offer.

    Args:
        media_type: Its own media type.
        header: The ``Content-Type`` it is sent with.
        aliases: Other types by which clients ask for it.
        name: What people call it.
        iri: Its identifier in the W3C's list of formats.
    """

    media_type: str
    header: str
    aliases: tuple[str, ...]
    name: str
    iri: str


FORMATS_IRI: Final = "http://www.w3.org/ns/formats/"
JSON: Final = Format(
    "application/sparql-results+json",
    "application/sparql-results+json",
    ("application/json",),
    "JSON",
    f"{FORMATS_IRI}SPARQL_Results_JSON",
)
XML: Final = Format(
    "application/sparql-results+xml",
    "application/sparql-results+xml",
    ("application/xml", "text/xml"),
    "XML",
    f"{FORMATS_IRI}SPARQL_Results_XML",
)
CSV: Final = Format(
    "text/csv", "text/csv; charset=utf-8", (), "CSV", f"{FORMATS_IRI}SPARQL_Results_CSV"
)
TSV: Final = Format(
    "text/tab-separated-values",
    "text/tab-separated-values; charset=utf-8",
    (),
    "TSV",
    f"{FORMATS_IRI}SPARQL_Results_TSV",
)
TURTLE: Final = Format(
    "text/turtle",
    "text/turtle; charset=utf-8",
    ("application/x-turtle",),
    "Turtle",
    f"{FORMATS_IRI}Turtle",
)
N_TRIPLES: Final = Format(
    "application/n-triples", "application/n-triples", (), "N-Triples", f"{FORMATS_IRI}N-Triples"
)
RDF_XML: Final = Format(
    "application/rdf+xml",
    "application/rdf+xml",
    ("application/xml", "text/xml"),
    "RDF/XML",
    f"{FORMATS_IRI}RDF_XML",
)
JSON_LD: Final = Format(
    "application/ld+json",
    "application/ld+json",
    ("application/json",),
    "JSON-LD",
    f"{FORMATS_IRI}JSON-LD",
)
SOLUTIONS: Final = (JSON, XML, CSV, TSV)
GRAPHS: Final = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD)
HTML: Final = Format(
    "text/html", "text/html; charset=utf-8", ("application/xhtml+xml",), "HTML", ""
)
PROBLEM: Final = Format(
    "application/problem+json",
    "application/problem+json",
    ("application/json",),
    "Problem details",
    "",
)


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One part of an ``Accept`` header."""

    kind: str
    subtype: str
    quality: float
    charset: str | None = None

    def rank(self, media_type: str) -> int:
        """Return how closely the range names *media_type*: 0 not at all, 3 exactly."""
        kind, _, subtype = media_type.partition("/")
        if self.charset not in {None, "utf-8", "utf8"}:
            return 0
        if (self.kind, self.subtype) == (kind, subtype):
            return 3
        if (self.kind, self.subtype) == (kind, "*"):
            return 2
        return 1 if (self.kind, self.subtype) == ("*", "*") else 0


def media_ranges(accept: str) -> list[MediaRange]:
    """Return the ranges of an ``Accept`` header; what is malformed is left out.

    >>> media_ranges("text/csv;q=0.5, */*;q=0")
    [MediaRange(kind='text', subtype='csv', quality=0.5, charset=None), \
MediaRange(kind='*', subtype='*', quality=0.0, charset=None)]
    """
    plain = QUOTED.sub(_without_divider, accept[:LONGEST])
    ranges = (_media_range(part) for part in plain.split(","))
    return [each for each in ranges if each is not None]


def _without_divider(quoted: re.Match[str]) -> str:
    """Return a quoted parameter, emptied where it would be taken for several parts."""
    return '""' if "," in quoted[0] or ";" in quoted[0] else quoted[0]


def _media_range(part: str) -> MediaRange | None:
    name, *parameters = (piece.strip() for piece in part.split(";"))
    matched = RANGE.fullmatch(name.lower())
    if matched is None:
        return None
    quality, charset = 1.0, None
    for parameter in parameters:
        key, _, value = (piece.strip().lower() for piece in parameter.partition("="))
        if key == "q":
            if not QUALITY.fullmatch(value):
                return None
            quality = float(value)
        elif key == "charset":
            charset = value.strip('"')
    return MediaRange(matched[1], matched[2], quality, charset)


def _quality(media_type: str, ranges: list[MediaRange]) -> float:
    """Return the quality that the closest range gives *media_type*."""
    closest = max(ranges, key=lambda each: (each.rank(media_type), each.quality))
    return closest.quality if closest.rank(media_type) else 0.0


def choose(accept: str, offered: tuple[Format, ...]) -> tuple[Format, str]:
    """Return the best of the formats *offered* and the ``Content-Type`` to send it with.

    A client that names only an alias (``application/json``) is answered under that name. Among
    equals the format offered first wins.

    Raises:
        NotAcceptable: The header leaves none of them.

    >>> choose("application/json;q=0.9, text/csv;q=0.8", SOLUTIONS)[1]
    'application/json'
    """
    if len(accept) <= REMEMBERED:
        return _remembered(accept, offered)
    return _chosen(accept, offered)


@lru_cache(maxsize=512)
def _remembered(accept: str, offered: tuple[Format, ...]) -> tuple[Format, str]:
    """Clients send the same few headers all day."""
    return _chosen(accept, offered)


def _chosen(accept: str, offered: tuple[Format, ...]) -> tuple[Format, str]:
    ranges = media_ranges(accept)
    if not ranges:
        return offered[0], offered[0].header
    best: tuple[float, Format, str] | None = None
    for each in offered:
        quality, header = _best_name(each, ranges)
        if quality > 0 and (best is None or quality > best[0]):
            best = (quality, each, header)
    if best is None:
        raise NotAcceptable(
            "none of the accepted media types is on offer",
            available=tuple(each.media_type for each in offered),
        )
    return best[1], best[2]


def _best_name(offered: Format, ranges: list[MediaRange]) -> tuple[float, str]:
    quality = _quality(offered.media_type, ranges)
    header = offered.header
    for alias in offered.aliases:
        exact = [each for each in ranges if each.rank(alias) == 3]  # noqa: PLR2004 - exactly named
        if exact and exact[0].quality > quality:
            quality, header = exact[0].quality, alias
    return quality, header


def prefers_html(accept: str) -> bool:
    """Return whether the client is a browser: it names HTML, and above what programs read.

    >>> prefers_html("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
    True
    >>> prefers_html("*/*")
    False
    """
    ranges = media_ranges(accept)
    named = [each.quality for each in ranges if each.rank("text/html") == 3]  # noqa: PLR2004 - named
    if not named or max(named) == 0:
        return False
    programs = ("application/problem+json", "application/json", "application/sparql-results+json")
    rivals = [r.quality for r in ranges for p in programs if r.rank(p) == 3]  # noqa: PLR2004 - named
    return max(named) >= max(rivals, default=0.0)
