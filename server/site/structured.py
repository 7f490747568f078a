"""What pages say to search engines: schema.org statements in the page, which no script runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from peelgraph.graph.iris import LICENCE, Iris
from peelgraph.server.pages.service import this_service
from peelgraph.server.site.wording import safe_href

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Flask

LONGEST: Final = 2000
"""Characters of a text that are said of it here."""
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
        structured_inspection,
        structured_report,
        structured_finding,
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
    authors: Iterable[tuple[str, str]] = (),
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
        authors: IRI and name of each inspectorate that judged.
    """
    said: dict[str, object] = {
        "@type": "Review",
        "@id": iri,
        "name": name,
        "itemReviewed": _organisation(force),
        "reviewBody": grade,
    }
    if made := [_organisation(each) for each in authors]:
        said["author"] = made
    if rank is not None:
        rating = {"@type": "Rating", "ratingValue": rank, "bestRating": best, "worstRating": 1}
        said["reviewRating"] = {**rating, "alternateName": grade}
    if issued:
        said["datePublished"] = issued
    return structured(said)


def structured_inspection(
    iri: str,
    name: str,
    *,
    force: tuple[str, str],
    authors: Iterable[tuple[str, str]],
    judgments: Iterable[str],
) -> Markup:
    """Return what the page about an inspection says: who assessed whom, and what came of it.

    Args:
        iri: Of the inspection.
        name: What it is called.
        force: IRI and name of the force.
        authors: IRI and name of each inspectorate.
        judgments: IRIs of its judgments.
    """
    said: dict[str, object] = {
        "@type": "AssessAction",
        "@id": iri,
        "name": name,
        "object": _organisation(force),
        "agent": [_organisation(each) for each in authors],
        "result": [{"@type": "Review", "@id": each} for each in judgments],
    }
    return structured({key: value for key, value in said.items() if value})


def structured_report(  # noqa: PLR0913 - what a report has
    iri: str,
    name: str,
    *,
    force: tuple[object, object] | None = None,
    publisher: tuple[object, object] | None = None,
    issued: object = "",
    address: object = "",
) -> Markup:
    """Return what the page about a report says.

    Args:
        iri: Of the report.
        name: Its title.
        force: IRI and name of the force that it is about, where it is about one.
        publisher: IRI and name of the inspectorate.
        issued: When it was published, as far as is known.
        address: Of the page that it was published at.
    """
    said = {
        "@type": "Report",
        "@id": iri,
        "name": name[:LONGEST],
        "about": _organisation(force) if force else None,
        "author": _organisation(publisher) if publisher else None,
        "publisher": _organisation(publisher) if publisher else None,
        "datePublished": str(issued or ""),
        "url": safe_href(address or ""),
        "inLanguage": "en-GB",
    }
    return structured({key: value for key, value in said.items() if value})


def structured_finding(  # noqa: PLR0913 - what a finding has
    iri: str,
    name: str,
    *,
    report: str,
    force: tuple[object, object] | None = None,
    statement: object = "",
    summary: object = "",
) -> Markup:
    """Return what the page about a finding says: a claim, and the report that makes it.

    Args:
        iri: Of the finding.
        name: What it is called.
        report: IRI of the report.
        force: IRI and name of the force that it is about.
        statement: Its words, where they are held.
        summary: The same in words of ours.
    """
    said = {
        "@type": "Claim",
        "@id": iri,
        "name": name[:LONGEST],
        "text": str(statement or "")[:LONGEST],
        "description": str(summary or "")[:LONGEST],
        "about": _organisation(force) if force else None,
        "appearance": {"@type": "Report", "@id": report},
        "isPartOf": {"@id": _dataset()},
    }
    return structured({key: value for key, value in said.items() if value})


def structured_dataset(endpoint: str) -> Markup:
    """Return what the home page and that of the data say: the dataset, and how it can be had."""
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


def _organisation(named: tuple[object, object]) -> dict[str, str]:
    """Return a force or an inspectorate by its IRI and name."""
    iri, name = named
    return {"@type": "GovernmentOrganization", "@id": str(iri), "name": str(name)[:LONGEST]}


def _dataset() -> str:
    return str(Iris(this_service().base).data_item("peelgraph"))
