"""What templates use on every page: addresses on this host, safe links, grades, numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from peelgraph.server.pages.service import this_service
from peelgraph.server.site.judgments import LETTERS

if TYPE_CHECKING:
    from flask import Flask

FOLLOWED: Final = frozenset({"http", "https", "mailto"})
SAFE: Final = "/#?&=%:;,+@!$'()*[]~"


def register(app: Flask) -> None:
    """Give the templates of *app* these filters and names."""
    app.jinja_env.filters.update(
        local=local,
        safe_href=safe_href,
        thousands=thousands,
        last=last,
        letter=letter,
        capital=capital,
    )
    app.context_processor(_everywhere)


def local(iri: object) -> str:
    """Return the address on this host of what *iri* names; its own where it is not ours.

    A thing's page is its document: ``/id/force/kent`` becomes ``/doc/force/kent``; what is named
    within it (``#position``) is shown there without an anchor, but for the ontology's terms. What
    a browser must not follow gives nothing.
    """
    text, base = str(iri), this_service().base
    if not text.startswith(f"{base}/"):
        return safe_href(text)
    path = text.removeprefix(base)
    if not path.startswith("/def/"):
        path = path.partition("#")[0]
    if path.startswith("/id/"):
        path = f"/doc/{path.removeprefix('/id/')}"
    return quote(path, safe=SAFE)


def safe_href(iri: object) -> str:
    """Return *iri* where a browser may follow it, else nothing.

    >>> safe_href("https://example.org/a"), safe_href("javascript:alert(1)"), safe_href("//x/y")
    ('https://example.org/a', '', '')
    """
    text = str(iri)
    try:
        scheme = urlsplit(text).scheme
    except ValueError:
        return ""
    return text if scheme in FOLLOWED else ""


def thousands(number: int) -> str:
    """Return *number* as people read it.

    >>> thousands(1197)
    '1,197'
    """
    return f"{number:,}"


def last(iri: object) -> str:
    """Return the last part of an IRI.

    >>> last("https://w3id.org/peelgraph/def/inspection#Judgment"), last("urn:x:y")
    ('Judgment', 'y')
    """
    return str(iri).rstrip("/").replace("#", "/").replace(":", "/").rpartition("/")[2]


def capital(text: str) -> str:
    """Return *text* with a capital at its beginning, and the rest as it is.

    >>> capital("fair use of stop and search and Taser")
    'Fair use of stop and search and Taser'
    """
    return text[:1].upper() + text[1:]


def letter(grade: str) -> str:
    """Return what stands for the grade with that slug in a narrow cell."""
    return LETTERS.get(grade, "?")


def _everywhere() -> dict[str, object]:
    service = this_service()
    return {"version_name": service.engine.version(), "base_iri": service.base}
