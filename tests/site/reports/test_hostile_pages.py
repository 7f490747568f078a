"""Hostile data on the pages of reports and findings: shown as text, bounded, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.site.reports.conftest import Pages, Seen

BASE = "https://w3id.org/peelgraph"
PI = f"{BASE}/def/inspection#"
PROV = "http://www.w3.org/ns/prov#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OA = "http://www.w3.org/ns/oa#"
VERSION = f"{BASE}/id/report/peel-2015-kent/version/bf6ea9beedad"
FINDING = f"{BASE}/id/finding/peel-2015-kent/strength-0000000000"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\" \u202e\u2066 ' {{ 7 * 7 }}"
LONG = "x" * 1_000_000
ADDRESS = "/doc/report/peel-2015-kent/version/bf6ea9beedad"


def literal(text: str | int) -> str:
    """Return *text* as N-Quads write it."""
    if isinstance(text, int):
        return f'"{text}"^^<http://www.w3.org/2001/XMLSchema#integer>'
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def quads() -> Iterator[str]:
    """Yield a report, a version, its sections and passages, all of them out to do harm."""
    a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    report = f"<{BASE}/id/report/peel-2015-kent>"
    yield f"{report} {a} <{PI}Report> ."
    yield f"{report} <http://purl.org/dc/terms/title> {literal(HOSTILE)} ."
    yield f"{report} <http://xmlns.com/foaf/0.1/page> <javascript:alert(1)> ."
    yield f"{report} <{PI}currentVersion> <{VERSION}> ."
    yield f"<{VERSION}> <http://purl.org/dc/terms/isVersionOf> {report} ."
    yield f"<{VERSION}> <{PI}sha256> {literal('../../../etc/passwd')} ."
    yield f"<{VERSION}> <{PI}characterCount> {literal('many')} ."
    yield f"<{VERSION}> <http://purl.org/dc/terms/source> <data:text/html,x> ."
    section = f"<{VERSION}/section/one>"
    yield f"{section} <http://purl.org/dc/terms/isPartOf> <{VERSION}> ."
    yield f"{section} <{PI}heading> {literal(HOSTILE)} ."
    yield f"{section} <{PI}start> {literal(0)} ."
    yield f"{section} <{PI}end> {literal(90)} ."
    places = [(0, 90), (10, 40), (30, 60), (30, 60), (5, 5), (-4, 3), (80, 10**30), (200, 10)]
    for number, (start, end) in enumerate(places):
        passage = f"<{VERSION}/passage/{start}-{end}-{number}>"
        yield f"{passage} <{OA}hasSource> <{VERSION}> ."
        yield f"{passage} <{OA}hasSelector> <urn:position:{number}> ."
        yield f"<urn:position:{number}> <{OA}start> {literal(start)} ."
        yield f"<urn:position:{number}> <{OA}end> {literal(end)} ."
        yield f"<{FINDING}> <{PI}evidence> {passage} ."
        if number < 2:
            yield f"{passage} <{OA}hasSelector> <urn:quote:{number}> ."
            yield f"<urn:quote:{number}> <{OA}exact> {literal((HOSTILE * 3)[start:end])} ."
    yield f"<{FINDING}> {a} <{PI}Strength> ."
    yield f"<{FINDING}> <http://www.w3.org/2000/01/rdf-schema#label> {literal(HOSTILE + LONG)} ."
    yield f"<{FINDING}> <{PI}statement> {literal(HOSTILE + LONG)} ."
    yield f"<{FINDING}> <{PI}summary> {literal(HOSTILE + LONG)} ."
    yield f"<{FINDING}> <{PI}theme> <javascript:alert(2)> ."
    yield f"<{FINDING}> <{PI}findingType> <{BASE}/def/finding-type/strength> ."
    yield f"<{FINDING}> <{PI}force> <{BASE}/id/force/kent> ."
    yield f"<{FINDING}> <{PI}cycle> <{BASE}/id/cycle/peel-2015> ."
    yield f"<{FINDING}> <{PI}extractionMethod> {literal(HOSTILE)} ."
    yield f"<{FINDING}> <{PI}confidence> {literal(HOSTILE)} ."
    provenance = f"<{BASE}/graph/provenance>"
    yield f"<{FINDING}> <{PROV}wasAttributedTo> <urn:reviewer> {provenance} ."
    yield f"<{FINDING}> <{PROV}generatedAtTime> {literal('2026-11-25T00:00:00Z')} {provenance} ."
    yield f"<{FINDING}> <{RDFS}comment> {literal('Seen. ' + HOSTILE)} {provenance} ."
    yield f"<urn:reviewer> <{RDFS}label> {literal('A. Reviewer' + HOSTILE)} {provenance} ."


@pytest.fixture(scope="module")
def hostile(served: Callable[[str], Pages]) -> Pages:
    """The application over data that nobody should publish."""
    return served("\n".join(quads()) + "\n")


@pytest.mark.parametrize(
    "address",
    [
        "/doc/report/peel-2015-kent",
        ADDRESS,
        f"{ADDRESS}/section/one",
        f"{ADDRESS}/passage/10-40",
        "/doc/finding/peel-2015-kent/strength-0000000000",
    ],
)
def test_nothing_of_the_data_becomes_part_of_a_page(
    hostile: Pages, seen: Callable[[str], Seen], address: str
) -> None:
    """Labels, quotations and addresses come from whoever wrote them."""
    html = hostile.page(address)
    page = seen(html)
    assert not {"script", "img"} & set(page.tags)
    assert "49" not in html.partition("<main")[2].partition("{{")[2][:12]
    schemes = {link.partition(":")[0] for link in page.links if ":" in link.partition("/")[0]}
    assert schemes <= {"http", "https"}
    assert len(html) < 200_000


def test_overlapping_passages_keep_the_text(hostile: Pages, seen: Callable[[str], Seen]) -> None:
    """Passages that cross are cut; the words between stay as they are, once."""
    page = seen(hostile.page(ADDRESS))
    assert "".join((HOSTILE * 3)[:90].split()) in "".join(page.article.split())
    assert page.ids.count("c30-60") == 1


def test_who_reviewed_a_finding_is_told(hostile: Pages, seen: Callable[[str], Seen]) -> None:
    """A correction by a person is part of how a statement was made."""
    html = hostile.page("/doc/finding/peel-2015-kent/strength-0000000000")
    assert "by <bdi>A. Reviewer" in html
    assert '<time datetime="2026-11-25T00:00:00Z">25 November 2026</time>' in html
    assert "Seen. &lt;script&gt;" in html
    assert "script" not in seen(html).tags


def test_the_lists_hold_what_the_pages_do(hostile: Pages, seen: Callable[[str], Seen]) -> None:
    """The list of findings and the search show the same data."""
    client = hostile.app.test_client()
    for address in ("/findings", "/search?q=alert", "/search?q=onerror&in=findings"):
        response = client.get(address)
        page = seen(response.get_data(as_text=True))
        assert response.status_code == 200
        assert not {"script", "img"} & set(page.tags)
        assert len(response.data) < 200_000
