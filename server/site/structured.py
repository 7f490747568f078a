"""What pages say to search engines: schema.org statements in the page, which no script runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from peelgraph.graph.iris import LICENCE, Iris
from peelgraph.server.pages.service import this_service

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Flask

VOCABULARY: Final = "https://schema.org"
ESCAPED: Final = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
"""What could end the element, or a line of script, as JSON writes it too."""


def register(app: Flask) -> None:
    """Give the templates of *app* what makes such statements."""
    makers = (
        structured,
        structured_page,
        structured_force,
        structured_judgment,
        structured_dataset,
    )
    named: dict[str, object] = {make.__name__: make for make in makers}
    app.context_processor(lambda: named)


def structured(said: Mapping[str, object]) -> Markup:
    """Return *said*, an object in the words of schema.org, as a block of data for a page's head.

    >>> str(structured({"name": "</script>"})).count("</script>")
    1
    """
    text = json.dumps({"@context": VOCABULARY, **said}, ensure_ascii=False)
    for character, escape in ESCAPED.items():
        text = text.replace(character, escape)
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(text))  # noqa: S704 - escaped above


def structured_page(name: str, iri: str, kinds: Iterable[str] = ()) -> Markup:
    """Return what the page about any thing says: what it is about, and under which licence."""
    about = {"@type": "Thing", "@id": iri, "name": name, "additionalType": list(kinds)}
    return structured(
        {
            "@type": "WebPage",
            "name": name,
            "license": str(LICENCE),
            "isPartOf": {"@id": _dataset()},
            "about": about,
        }
    )


def structured_force(name: str, iri: str, same: Iterable[str] = (), area: str = "") -> Markup:
    """Return what the page about a force says.

    Args:
        name: What it is called.
        iri: Its IRI.
        same: IRIs of the same force elsewhere.
        area: What its area is called.
    """
    said: dict[str, object] = {"@type": "GovernmentOrganization", "@id": iri, "name": name}
    if same := list(same):
        said["sameAs"] = same
    if area:
        said["areaServed"] = area
    return structured(said)


def structured_judgment(  # noqa: PLR0913 - what a review has
    iri: str,
    name: str,
    *,
    force: tuple[str, str],
    grade: str,
    rank: int | None,
    best: int,
    issued: str = "",
) -> Markup:
    """Return what the page about a judgment says: a review, with its rating where it has one.

    Args:
        iri: Of the judgment.
        name: What it is called.
        force: IRI and name of the force.
        grade: Its words.
        rank: Its place on its scale, 1 the worst; ``None`` where it is no grade.
        best: The best place of the scale.
        issued: When it was published, as far as is known.
    """
    said: dict[str, object] = {
        "@type": "Review",
        "@id": iri,
        "name": name,
        "itemReviewed": {"@type": "GovernmentOrganization", "@id": force[0], "name": force[1]},
        "reviewBody": grade,
    }
    if rank is not None:
        rating = {"@type": "Rating", "ratingValue": rank, "bestRating": best, "worstRating": 1}
        said["reviewRating"] = {**rating, "alternateName": grade}
    if issued:
        said["datePublished"] = issued
    return structured(said)


def structured_dataset(endpoint: str) -> Markup:
    """Return what the home page says: the dataset, its licence, and how it can be had."""
    service = this_service()
    version = service.engine.version()
    said: dict[str, object] = {
        "@type": "Dataset",
        "@id": _dataset(),
        "name": "Police inspections in England and Wales: grades, findings and their evidence",
        "description": "Every PEEL grade known for the 43 territorial police forces of England "
        "and Wales since 2014, with the page or the sentence that it was read from.",
        "url": f"{service.base}/",
        "license": str(LICENCE),
        "creator": {"@type": "Organization", "name": "peelgraph contributors"},
        "isAccessibleForFree": True,
        "spatialCoverage": "England and Wales",
        "temporalCoverage": "2014/..",
        "keywords": ["police", "inspection", "PEEL", "HMICFRS", "linked data"],
    }
    if version:
        dump = endpoint.removesuffix("sparql") + f"dumps/{version}.nq"
        said["version"] = version
        said["distribution"] = [
            {
                "@type": "DataDownload",
                "encodingFormat": "application/n-quads",
                "contentUrl": dump,
                "license": str(LICENCE),
            }
        ]
    return structured(said)


def _dataset() -> str:
    return str(Iris(this_service().base).data_item("peelgraph"))
