"""Search by words: what is found, in what order, and that nothing that is typed breaks it."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peelgraph.graph.versions import DataFolder
from peelgraph.server.answering.desk import Desk
from peelgraph.server.site.search import SHOWN
from peelgraph.server.site.searching import index as searching
from peelgraph.server.site.searching.index import Entry, Index, file_address, write_file
from peelgraph.server.site.searching.shelf import Shelf
from peelgraph.server.site.searching.words import MOST_WORDS, search_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient

    from tests.site.reports.conftest import Pages, Seen

ENTRIES = (
    Entry("urn:force", "force", "forces", "Heddlu Dŵr", names="Water Police"),
    Entry(
        "urn:a", "strength", "findings", "Dŵr 2015", "Boats are searched well.", names="Strength"
    ),
    Entry(
        "urn:b", "context", "findings", "Dŵr 2015", "The quays of the harbour.", "Our own words."
    ),
    Entry("urn:c", "theme", "subjects", "workforce", "Officers, staff and their boats."),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """An index of four invented things."""
    path = tmp_path_factory.mktemp("search") / "invented.sqlite"
    assert write_file(path, ENTRIES) == 4
    return Index(file_address(path))


@pytest.fixture(scope="module")
def client(invented: Pages) -> FlaskClient:
    """A client of the application over the invented page."""
    return invented.app.test_client()


def searched(pages: Pages, query: str) -> str:
    """Return the page of a search."""
    return pages.app.test_client().get(f"/search?{query}").get_data(as_text=True)


def iris(index: Index, typed: str, family: str = "") -> list[str]:
    """Return what is found for what is *typed*."""
    return [hit.iri for hit in index.find(search_for(typed), family, 0, 10).hits]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("search", ["urn:a"]),
        ("SEARCHING boats", ["urn:a"]),
        ("boat", ["urn:c", "urn:a"]),
        ("harb", ["urn:b"]),
        ("own words", ["urn:b"]),
        ("strength", ["urn:a"]),
        ("water", ["urn:force"]),
        ("dwr", ["urn:force", "urn:a", "urn:b"]),
        ("dŵr", ["urn:force", "urn:a", "urn:b"]),
        ("the quays of the harbour", ["urn:b"]),
        ("quay boat", ["urn:b", "urn:c", "urn:a"]),
        ("fish", []),
        ("", []),
        ("***", []),
    ],
)
def test_words_find_what_has_them_or_begins_so(index: Index, typed: str, found: list[str]) -> None:
    """Other forms, beginnings, letters with and without marks: people type as they like."""
    assert iris(index, typed) == found


def test_what_only_some_words_find_is_told(index: Index) -> None:
    """A reader must know that not all of the words are in what is shown."""
    assert index.find(search_for("quay boat"), "", 0, 10).all_words is False
    assert index.find(search_for("quay harbour"), "", 0, 10).all_words is True


def test_a_search_is_narrowed_counted_and_paged(index: Index) -> None:
    """The counts are of everything, whatever is shown of it."""
    found = index.find(search_for("boats"), "findings", 0, 10)
    assert [hit.iri for hit in found.hits] == ["urn:a"]
    assert dict(found.counts) == {"findings": 1, "subjects": 1}
    assert [hit.iri for hit in index.find(search_for("boats"), "", 1, 10).hits] == ["urn:a"]


def test_what_was_searched_for_is_marked_in_its_passage(index: Index) -> None:
    """The mark shows why a thing was found."""
    (hit,) = index.find(search_for("search boat"), "", 0, 10).hits
    assert [piece for piece, marked in hit.body if marked] == ["Boats", "searched"]
    assert "".join(piece for piece, _ in hit.body) == "Boats are searched well."


def test_a_word_mistyped_is_offered_as_it_is_known(index: Index) -> None:
    """One letter too many should not end a search."""
    assert index.suggestion(search_for("harbuor")) == "harbour"
    assert index.suggestion(search_for("harbour")) == ""
    assert index.suggestion(search_for("zzzzz")) == ""


def test_a_short_word_is_not_taken_for_another(index: Index) -> None:
    """Who searches for "rape" must not be asked whether "rate" was meant."""
    assert index.suggestion(search_for("wekl")) == ""
    assert index.suggestion(search_for("boatz")) == "boats"


def test_the_name_that_was_searched_for_is_shown(index: Index) -> None:
    """A thing that is listed under another name would seem to be there by mistake."""
    (hit,) = index.find(search_for("water"), "", 0, 10).hits
    assert hit.names == ((("Water", True), (" Police", False)),)
    (hit,) = index.find(search_for("heddlu"), "", 0, 10).hits
    assert hit.names == ()


@given(typed=st.text(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_words(index: Index, typed: str) -> None:
    """Quotes, operators and columns of the engine's own language must never reach it as such."""
    search = search_for(typed)
    assert len(search.words) <= MOST_WORDS
    index.find(search, "", 0, 10)
    index.suggestion(search)


def test_a_search_that_takes_long_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread of the server must not be held by one reader's words."""
    many = (
        Entry(f"urn:{n}", "context", "findings", "boat " * 50, "boat " * 50) for n in range(500)
    )
    write_file(tmp_path / "many.sqlite", many)
    index = Index(file_address(tmp_path / "many.sqlite"))
    assert not index.find(search_for("boat"), "", 0, 10).stopped
    monkeypatch.setattr(searching, "SECONDS", -1.0)
    monkeypatch.setattr(searching, "STEPS", 1)
    assert index.find(search_for("boat"), "", 0, 10).stopped
    assert index.suggestion(search_for("baot")) == ""


def test_an_index_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """Half an index would find half of what there is."""

    def broken() -> object:
        yield ENTRIES[0]
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - the one just raised
        write_file(tmp_path / "search" / "half.sqlite", broken())  # type: ignore[arg-type]
    assert list((tmp_path / "search").iterdir()) == []


def test_a_finding_is_found_with_its_passage(
    client: FlaskClient, seen: Callable[[str], Seen]
) -> None:
    """From words to the sentence that has them, and on to its page."""
    response = client.get("/search?q=invented+neighbours")
    page = seen(response.get_data(as_text=True))
    assert response.status_code == 200
    assert {"invented", "neighbours"} <= {mark.casefold() for mark in page.marks}
    (link,) = {link for link in page.links if link.startswith("/doc/finding/")}
    assert link.startswith("/doc/finding/peel-2015-cumbria/strength-")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("cumbria", "/doc/force/cumbria"),
        ("Heddlu Gwent", "/doc/force/gwent"),
        ("GMP", "/doc/force/greater-manchester"),
        ("E23000032", "/doc/force/kent"),
        ("workforce", "/def/theme/workforce"),
        ("cyfreithlondeb", "/def/pillar/legitimacy"),
        ("Kent 2015", "/doc/report/peel-2015-kent"),
        ("kent efficiency 2016 good", "/data/judgment/peel-2016/kent/efficiency"),
        (
            "effective requires improvement cumbria",
            "/data/judgment/peel-2015/cumbria/effectiveness",
        ),
    ],
)
def test_things_are_found_by_their_names(
    client: FlaskClient, seen: Callable[[str], Seen], typed: str, address: str
) -> None:
    """Forces, themes, pillars, reports and judgments, in English and Welsh, near the top."""
    page = seen(client.get(f"/search?q={quote(typed)}").get_data(as_text=True))
    found = [link for link in page.links if link.startswith(("/doc/", "/def/", "/data/judgment/"))]
    assert address in found[:3]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=",
        "q=%00%01",
        "q=%22%29+OR+NEAR%28%22a%22+%22b%22%2C+5%29+--",
        "q=title%3Aa+%5Ea+-b+%2Bc+%7Bx%7D+*",
        "q=%27%3B+DROP+TABLE+entry%3B",
        "q=%ff%fe",
        "q=%F0%9F%91%AE",
        "q=" + "a%20" * 150,
        "q=" + "a" * 5_000,
        "q=kent&page=0&in=nonsense",
        "q=kent&page=-5",
        "q=kent&page=99999999999999999999",
        "q=kent&page=50&in=forces",
        "q=%E2%80%AEkent",
        "q=<script>alert(1)</script>",
    ],
)
def test_odd_input_is_answered_with_a_page(
    client: FlaskClient, seen: Callable[[str], Seen], query: str
) -> None:
    """A search box is the first thing that is tried; it must never answer with an error."""
    response = client.get(f"/search?{query}")
    page = seen(response.get_data(as_text=True))
    assert response.status_code == 200
    assert "script" not in page.tags


def test_a_force_comes_before_places_that_are_called_like_it(
    kent: Pages, seen: Callable[[str], Seen]
) -> None:
    """Kent Police is what most people who type "Kent" look for."""
    page = seen(kent.app.test_client().get("/search?q=Kent").get_data(as_text=True))
    found = [link for link in page.links if link.startswith(("/doc/force", "/doc/report/"))]
    assert found[0] == "/doc/force/kent"


def test_links_to_findings_tell_them_apart(kent: Pages) -> None:
    """Twenty links that all say "Kent 2015" are no list to choose from."""
    page = searched(kent, "q=Kent&in=findings")
    links = re.findall(r'<a href="/doc/finding/[^"]+"><bdi>(.+?)</bdi></a>', page)
    assert len(links) == SHOWN
    assert len(set(links)) > 0.9 * len(links)
    assert page.count("<mark>Kent</mark> 2015: ") == len(links)


def test_behind_the_last_page_is_the_last_page(kent: Pages) -> None:
    """An empty list would say that nothing was found."""
    pages = [searched(kent, f"q=kent&page={each}") for each in ("50", "999", "9" * 30)]
    for page in pages:
        assert re.search(r"<span>Page (\d+) of \1</span>", page)
        assert "<li><p>" in page


def test_a_search_says_how_many_reports_it_is_of(kent: Pages) -> None:
    """Nothing about custody in one report does not mean that nothing was ever said of it."""
    reach = "Findings are known here of 1 report (Kent Police, PEEL 2015)"
    for query in ("custody", "kent", "kent&in=findings"):
        assert reach in searched(kent, f"q={query}"), query
    assert reach not in searched(kent, "q=kent&in=forces")


def test_search_says_when_it_is_off_or_not_ready(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader is told what to do instead of being shown that there is nothing."""
    monkeypatch.setattr(Shelf, "index", lambda *_: (None, False))
    response = client.get("/search?q=something+new")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "3")
    assert "is being made" in response.get_data(as_text=True)
    monkeypatch.setattr(Desk, "tag", lambda _: None)
    response = client.get("/search?q=something+new")
    assert response.status_code == 200
    assert "Search is off on this server" in response.get_data(as_text=True)


def test_a_browser_can_offer_the_search(client: FlaskClient) -> None:
    """The description names this host, wherever the server runs."""
    response = client.get("/opensearch.xml", headers={"Host": "data.example:8080"})
    assert response.content_type == "application/opensearchdescription+xml"
    expected = '<Url type="text/html" method="get" template="{}"/>'
    address = "http://data.example:8080/search?q={searchTerms}"
    assert expected.format(address) in response.get_data(as_text=True)


def test_the_index_lies_beside_the_versions_and_is_made_anew(
    invented: Pages, client: FlaskClient
) -> None:
    """An index that was damaged or deleted is no loss: everything in it comes from the version."""
    assert invented.data is not None
    data = DataFolder(invented.data)
    path = data.search_file(data.current().name)
    client.get("/search?q=islanders")
    assert path.is_file()
    with closing(sqlite3.connect(path)) as damaged, damaged:
        damaged.execute("UPDATE entry_data SET block = x'00' WHERE id > 10")
    response = client.get("/search?q=islanders+again+and+again")
    assert response.status_code == 200
    assert "/doc/finding/peel-2015-cumbria/" in response.get_data(as_text=True)
    with closing(sqlite3.connect(file_address(path), uri=True)) as connection:
        assert connection.execute("SELECT entries > 1000 FROM about").fetchone() == (1,)


def test_an_index_goes_with_its_version(own_data: Path) -> None:
    """What is pruned must not live on in an index."""
    data = DataFolder(own_data)
    old = "20200101T000000Z-00000000"
    (data.versions_folder / old).mkdir()
    write_file(data.search_file(old), ENTRIES)
    assert data.prune(1) == [old]
    assert not data.search_file(old).exists()


def test_what_is_served_from_a_file_is_found_too(
    served: Callable[[str], Pages], seen: Callable[[str], Seen]
) -> None:
    """Without a folder of versions the index is kept in memory."""
    force = "<https://w3id.org/peelgraph/id/force/atlantis>"
    quads = (
        f"{force} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<https://w3id.org/peelgraph/def/inspection#PoliceForce> .\n"
        f'{force} <http://www.w3.org/2004/02/skos/core#prefLabel> "Atlantis Police"@en .\n'
    )
    client = served(quads).app.test_client()
    page = seen(client.get("/search?q=atlantis").get_data(as_text=True))
    assert "/doc/force/atlantis" in page.links
