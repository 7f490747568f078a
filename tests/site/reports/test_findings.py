"""Pages of findings and judgments, and the list of findings."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser

from peelgraph.graph.tables import bundled_tables
from peelgraph.server.protocol.errors import PageNotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.site.reports.conftest import Pages, Seen

REPEATED = "The force works well with its invented neighbours to prevent crime."


def finding(pages: Pages, version: str, text: str, words: str, seen: Callable[[str], Seen]) -> str:
    """Return the address of the finding that *words* of the invented page state."""
    start = text.index(words)
    page = seen(pages.page(f"{version}/passage/{start}-{start + len(words)}"))
    return next(link for link in page.links if link.startswith("/doc/finding/"))


def test_a_finding_shows_every_passage_that_states_it(
    invented: Pages, invented_version: str, invented_text: str, seen: Callable[[str], Seen]
) -> None:
    """One thing said twice is one finding, and both places prove it."""
    address = finding(invented, invented_version, invented_text, REPEATED, seen)
    html = invented.page(address)
    page = seen(html)
    # twice in the version that counts, and twice in the one before it
    assert page.marks == [REPEATED] * 4
    assert html.count("This stands in a captured version that has been superseded.") == 2
    first = invented_text.index(REPEATED)
    for start in (first, invented_text.index(REPEATED, first + 1)):
        assert f"{invented_version}#c{start}-{start + len(REPEATED)}" in page.links
    assert "/data/judgment/peel-2015/cumbria/effectiveness" in page.links
    assert "finding-cue" in html
    assert "/doc/force/cumbria" in page.links
    assert '<span lang="cy">cryfder</span>' in html


def test_a_figure_has_a_page_with_its_passage(
    invented: Pages, invented_version: str, invented_text: str, seen: Callable[[str], Seen]
) -> None:
    """A number is quoted with the words around it, like any other statement."""
    start = invented_text.index("12 islands")
    place = f"{start}-{start + len('12 islands')}"
    links = seen(invented.page(f"{invented_version}/passage/{place}")).links
    address = next(link for link in links if link.startswith("/doc/figure/"))
    assert set(seen(invented.page(address)).marks) == {"12 islands"}


def test_a_finding_without_its_words_says_that_the_summary_is_ours(invented: Pages) -> None:
    """Our words must never pass for the inspectorate's."""
    html = invented.page("/doc/finding/peel-2015-kent/afi-084bca4fda")
    assert "the text of the report is not held here" in html
    assert "The words of this passage are not held on this server" in html


@pytest.mark.parametrize(
    "address",
    [
        "/doc/finding/peel-2015-kent/afi-0000000000",
        "/doc/finding/nowhere/%3Cscript%3E",
        "/data/judgment/peel-2015/kent/tidiness",
        "/data/judgment/peel-2015/atlantis/legitimacy",
    ],
)
def test_what_is_not_there_is_not_found(invented: Pages, address: str) -> None:
    """A wrong address is an error that says so."""
    with pytest.raises(PageNotFound):
        invented.page(address)


def test_a_judgment_carried_over_names_what_it_comes_from(
    invented: Pages, seen: Callable[[str], Seen]
) -> None:
    """A grade that stands from an earlier cycle was not inspected anew, and must say so."""
    html = invented.page("/data/judgment/peel-2018-19/kent/efficiency-1")
    page = seen(html)
    assert "carried over" in html
    assert "/data/judgment/peel-2017/kent/efficiency-1" in page.links
    back = invented.page("/data/judgment/peel-2017/kent/efficiency-1")
    assert "/data/judgment/peel-2018-19/kent/efficiency-1" in seen(back).links


@pytest.mark.parametrize(
    ("judgment", "other", "words"),
    [
        ("peel-2016/kent/efficiency", "peel-2015/kent/efficiency", "Comparable."),
        ("peel-2015/kent/efficiency", "peel-2014/kent/efficiency", "Comparable with caution."),
        ("peel-2015/kent/effectiveness", "peel-2014/kent/effectiveness", "First time."),
    ],
)
def test_the_cycle_before_is_told_with_how_far_it_compares(
    invented: Pages, judgment: str, other: str, words: str
) -> None:
    """A step between cycles means nothing without whether the two compare, and why."""
    html = invented.page(f"/data/judgment/{judgment}")
    before = html.partition("<h3>Before</h3>")[2].partition("<h3>After</h3>")[0]
    assert f'href="/data/judgment/{other}"' in before
    assert words in before


def test_the_list_of_findings_is_narrowed_by_its_address(
    invented: Pages, seen: Callable[[str], Seen]
) -> None:
    """What a force's page links to must have just what it says."""
    client = invented.app.test_client()

    def listed(query: str) -> list[str]:
        page = seen(client.get(f"/findings?{query}").get_data(as_text=True))
        return [link for link in page.links if link.startswith("/doc/finding/")]

    everything = listed("force=cumbria")
    strengths = listed("force=cumbria&kind=strength")
    assert len(everything) == 5
    assert len(strengths) == 2
    assert all("/strength-" in link for link in strengths)
    of_pillar = listed("force=cumbria&criterion=legitimacy")
    assert len(of_pillar) == 1
    assert listed("force=cumbria&theme=preventing-crime") == [
        link for link in everything if link in listed("theme=preventing-crime&cycle=peel-2015")
    ]
    assert len(listed("force=cumbria&theme=preventing-crime")) == 1
    assert listed("force=essex") == []


def test_a_long_list_comes_in_pages(invented: Pages, seen: Callable[[str], Seen]) -> None:
    """Every finding is on one page of the list, and beyond the last there is none."""
    client = invented.app.test_client()
    first = seen(client.get("/findings").get_data(as_text=True)).links
    second = seen(client.get("/findings?page=2").get_data(as_text=True)).links
    pages = [
        {link for link in page if link.startswith("/doc/finding/")} for page in (first, second)
    ]
    assert len(pages[0]) == 50
    assert pages[0].isdisjoint(pages[1])
    assert client.get("/findings?page=3").status_code == 404
    assert client.get("/findings?page=99999999999999999999").status_code == 404


def test_the_list_is_there_as_csv(invented: Pages, invented_text: str) -> None:
    """A spreadsheet gets the same findings, with offsets that hold."""
    response = invented.app.test_client().get("/findings.csv?force=cumbria")
    assert response.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True), newline="")))
    assert len(rows) == 5
    for row in rows:
        quoted = invented_text[int(row["start"]) : int(row["end"])]
        assert quoted.casefold() == row["statement"].casefold()
    excel = invented.app.test_client().get("/findings.csv?force=cumbria&excel=1")
    assert excel.data.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    "query",
    [
        *("force=nowhere", "cycle=peel-1999", "theme=zzz", "criterion=courage"),
        *("forse=kent", "pillar=legitimacy"),
    ],
)
@pytest.mark.parametrize("form", ["", ".csv"])
def test_what_names_nothing_is_refused(invented: Pages, form: str, query: str) -> None:
    """No finding would say that there is such a thing and that nothing was found about it."""
    response = invented.app.test_client().get(f"/findings{form}?{query}")
    assert response.status_code == 400
    assert response.get_json()["place"] == query.partition("=")[0]


def test_what_is_asked_in_no_judgment_narrows_too(invented: Pages) -> None:
    """Questions without a grade, themes and cycles of which nothing is known yet are there."""
    client = invented.app.test_client()
    for query in ("criterion=effectiveness-4&cycle=peel-2014", "cycle=peel-2025-27", "force=btp"):
        assert client.get(f"/findings?{query}").status_code == 200


@pytest.mark.parametrize(
    "query", ["kind=grade", "kind=%22%3E", "force=../x", "theme=A", "cycle=%00"]
)
def test_what_cannot_be_meant_is_refused(invented: Pages, query: str) -> None:
    """A filter that is no slug finds nothing, so it is told instead of passed on."""
    assert invented.app.test_client().get(f"/findings?{query}").status_code == 400


def test_context_is_counted_and_listed_beside_findings(
    invented: Pages, seen: Callable[[str], Seen]
) -> None:
    """It informs and finds nothing, so it makes no number of findings greater."""
    client = invented.app.test_client()
    every = seen(client.get("/findings?force=cumbria").get_data(as_text=True))
    address = "/findings?force=cumbria&kind=context"
    assert address in every.links
    assert not [link for link in every.links if "/context-" in link]
    html = client.get(address).get_data(as_text=True)
    alone = [link for link in seen(html).links if link.startswith("/doc/finding/")]
    assert len(alone) == 4
    assert all("/context-" in link for link in alone)
    assert "4 statements of context" in html
    assert "4 statements of context</a>" in invented.page("/doc/force/cumbria")
    inspection = invented.page("/doc/inspection/peel-2015/cumbria")
    assert "5 findings and, besides, 4 statements of context" in inspection
    tabulated = len({row.id for row in bundled_tables().findings})
    home = client.get("/").get_data(as_text=True)
    assert f"<dt>findings with their passage</dt><dd>{tabulated + 5}</dd>" in home


def test_a_list_without_findings_has_no_operators_words(invented: Pages) -> None:
    """A reader can ingest nothing, and an empty list is no list."""
    html = invented.app.test_client().get("/findings?force=essex").get_data(as_text=True)
    assert "0 findings" in html
    assert "ingest" not in html
    assert "<ol class" not in html


def test_a_judgment_leads_to_its_findings_only_where_there_are_some(invented: Pages) -> None:
    """Most reports have not been read: a link to an empty list leads nowhere."""
    read = invented.page("/data/judgment/peel-2015/cumbria/effectiveness")
    address = "/findings?force=cumbria&amp;cycle=peel-2015&amp;criterion=effectiveness"
    assert f'<a href="{address}">2 findings about' in read
    assert "/findings?" not in invented.page("/data/judgment/peel-2015/essex/effectiveness")


def test_each_page_has_a_title_of_its_own(invented: Pages, seen: Callable[[str], Seen]) -> None:
    """Tabs and screen readers tell pages apart by their titles alone."""
    client = invented.app.test_client()
    kinds = ("", "&kind=context", "&kind=strength", "&page=2")
    lists = [f"/findings?cycle=peel-2015{each}" for each in kinds]
    shown = {address: client.get(address).get_data(as_text=True) for address in lists}
    links = {link for html in shown.values() for link in seen(html).links}
    below = "/data/judgment/peel-2015/kent"
    addresses = {link for link in links if link.startswith("/doc/finding/")} | {
        *(f"{below}/{pillar}" for pillar in ("effectiveness", "legitimacy", "efficiency")),
        *(f"/doc/inspection/peel-2015/kent{part}" for part in ("", "/legitimacy")),
        *("/doc/force/kent", "/doc/report/peel-2015-kent", "/doc/report/peel-2015-cumbria"),
    }
    assert len(addresses) > 80
    shown |= {address: invented.page(address) for address in addresses}
    titles = [html.partition("<title>")[2].partition("</title>")[0] for html in shown.values()]
    assert [title for title, times in Counter(titles).items() if times > 1] == []
    headings = {html.partition("<h1>")[2].partition("</h1>")[0] for html in shown.values()}
    assert len(headings) == len(shown) - len(lists) + 1


def test_a_finding_that_a_person_marked_has_one_account_of_it(invented: Pages) -> None:
    """Marked by a person is neither read by a program nor without a person's review."""
    marked = invented.page("/doc/finding/peel-2015-kent/afi-084bca4fda")
    told = marked.partition("<h2>How it was read</h2>")[2].partition("</dl>")[0]
    assert "A person" in told
    assert "Read by" not in told
    assert "Reviewed" not in told


def test_dates_are_written_in_one_way(invented: Pages) -> None:
    """A day as people write it; the ISO form is for programs, in ``datetime``."""
    addresses = [
        "/data/judgment/peel-2015/kent/legitimacy",
        "/doc/report/peel-2015-cumbria",
        "/doc/force/kent",
    ]
    pages = [invented.page(address) for address in addresses]
    client = invented.app.test_client()
    others = ("/", "/data", "/quality", "/status")
    pages += [
        client.get(each, headers={"Accept": "text/html"}).get_data(as_text=True) for each in others
    ]
    for html in pages:
        text = LexborHTMLParser(html).css("main")[0].text()
        assert re.search(r"\b20[0-9]{2}-[01][0-9]-[0-3][0-9]\b", text) is None
    assert "11 February 2016</time>" in pages[0]


def test_the_scale_of_a_grade_is_told_from_its_ends(invented: Pages) -> None:
    """Outstanding is the best of four, not a step from the worst."""
    html = invented.page("/data/judgment/peel-2015/kent/legitimacy")
    assert "4, where 1 is the worst and 4 the best" in html
