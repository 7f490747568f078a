"""The forms that a document has: which one is asked for, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from peelgraph.server.protocol.negotiation import (
    HTML,
    JSON_LD,
    N_TRIPLES,
    RDF_XML,
    TURTLE,
    Format,
    choose,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

EXTENSIONS: Final[Mapping[str, Format]] = {
    "ttl": TURTLE,
    "jsonld": JSON_LD,
    "nt": N_TRIPLES,
    "rdf": RDF_XML,
    "html": HTML,
}
"""Each form by the extension of its address; who accepts anything gets the first."""
OFFERED: Final = tuple(EXTENSIONS.values())
EXTENSION_OF: Final = {form.media_type: extension for extension, form in EXTENSIONS.items()}
SAFE: Final = "/:@!$&'()*+,;=~-._"
"""What stands in the path of an address as it is."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form that an answer takes.

    Args:
        format: What it is.
        content_type: What it is sent as.
        negotiated: The client's ``Accept`` decided it, not the address.
    """

    format: Format
    content_type: str
    negotiated: bool

    @property
    def extension(self) -> str:
        """The extension of addresses that give this form."""
        return EXTENSION_OF[self.format.media_type]

    @property
    def is_page(self) -> bool:
        """Whether people read it."""
        return self.format is HTML


def form_of(extension: str, accept: str) -> Form:
    """Return the form that an *extension* names; without one, the best that is accepted.

    Raises:
        NotAcceptable: No form is.

    >>> form_of("nt", "text/html").content_type
    'application/n-triples'
    >>> form_of("", "application/json").extension
    'jsonld'
    """
    if extension:
        found = EXTENSIONS[extension]
        return Form(found, found.header, negotiated=False)
    chosen, content_type = choose(accept, OFFERED)
    return Form(chosen, content_type, negotiated=True)


def split_extension(path: str) -> tuple[str, str]:
    """Return *path* without the extension of a form, and the extension.

    >>> split_extension("force/kent.ttl"), split_extension("peelgraph/1.nq"), split_extension(".nt")
    (('force/kent', 'ttl'), ('peelgraph/1.nq', ''), ('.nt', ''))
    """
    stem, dot, extension = path.rpartition(".")
    if dot and stem and not stem.endswith("/") and extension in EXTENSIONS:
        return stem, extension
    return path, ""


def address(path: str, extension: str = "", query: str = "") -> str:
    """Return the address on this host of a form of the document at *path*.

    >>> address("/doc/force/kent", "ttl"), address("/doc", "nt", "iri=urn%3Ax")
    ('/doc/force/kent.ttl', '/doc.nt?iri=urn%3Ax')
    """
    made = quote(path, safe=SAFE) + (f".{extension}" if extension else "")
    return f"{made}?{query}" if query else made


def alternates(path: str, query: str = "") -> list[tuple[str, str]]:
    """Return media type and address of each form of the document at *path*."""
    return [
        (form.media_type, address(path, extension, query)) for extension, form in EXTENSIONS.items()
    ]
