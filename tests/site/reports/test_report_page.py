"""The page of a report: every sentence with what it is read to say, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from peelgraph.server.protocol.errors import PageNotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.site.reports.conftest import Pages, Seen

REPEATED = "The force works well with its invented neighbours to prevent crime."


def test_the_whole_text_is_shown_in_order(
    invented: Pages, invented_version: str, invented_text: str, seen: Callable[[str], Seen]
) -> None:
    """A reader checks what was captured, so no line of it may be missing or moved."""
    article = " ".join(seen(invented.page(invented_version)).article.split())
    at = 0
    for line in invented_text.splitlines():
        # a name within a passage has its number before it; the words stay as they are
        found = article.find(line, at)
        assert found >= 0, line
        at = found + len(line)


def test_each_passage_leads_to_its_note_and_each_note_back(
    invented: Pages, invented_version: str, seen: Callable[[str], Seen]
) -> None:
    """Without script, the only way between a sentence and its statements is by their anchors."""
    page = seen(invented.page(invented_version))
    passages = [name for name in page.ids if name.startswith("c")]
    notes = [name for name in page.ids if name.startswith("n")]
    assert len(passages) > 10
    assert {name[1:] for name in passages} - {"ounts"} == {name[1:] for name in notes}
    assert len(page.ids) == len(set(page.ids))
    within = {link[1:] for link in page.links if link.startswith("#")}
    assert within - {"main"} <= set(page.ids)
    assert {f"n{name[1:]}" for name in passages} - {"nounts"} <= within


def test_a_passage_is_its_exact_words_and_its_note_says_its_kind(
    invented: Pages, invented_version: str, invented_text: str, seen: Callable[[str], Seen]
) -> None:
    """The mark must stand on the words that the graph cites, and say in words what they are."""
    page = seen(invented.page(invented_version))
    first = invented_text.index(REPEATED)
    second = invented_text.index(REPEATED, first + 1)
    for start in (first, second):
        name = f"{start}-{start + len(REPEATED)}"
        assert page.text_of[f"c{name}"] == REPEATED
        assert "Strength" in page.text_of[f"n{name}"]
    grade = invented_text.index("The extent to which Cumbria Constabulary is effective")
    end = invented_text.index("\n", grade)
    assert page.text_of[f"c{grade}-{end}"] == invented_text[grade:end]
    assert "requires improvement" in page.text_of[f"n{grade}-{end}"]


def test_a_name_within_a_sentence_is_marked_within_its_passage(
    invented: Pages, invented_version: str, invented_text: str, seen: Callable[[str], Seen]
) -> None:
    """Overlapping statements must not cut each other's words away."""
    page = seen(invented.page(invented_version))
    start = invented_text.index("The invented county has")
    end = invented_text.index("\n", start)
    figure = invented_text.index("12 islands")
    assert page.text_of[f"c{start}-{end}"] == invented_text[start:end]
    assert page.text_of[f"c{figure}-{figure + len('12 islands')}"] == "12 islands"


def test_markup_in_a_captured_text_is_text(
    invented: Pages, invented_version: str, seen: Callable[[str], Seen]
) -> None:
    """A page of the web is captured as it is; nothing of it may run here."""
    page = seen(invented.page(invented_version))
    assert '<script>alert("pages")</script>' in page.article
    assert "script" not in page.tags


def test_a_kind_can_be_shown_alone(
    invented: Pages, invented_version: str, seen: Callable[[str], Seen]
) -> None:
    """Counting the strengths by eye is what the filter is for."""
    everything = seen(invented.page(invented_version))
    alone = seen(invented.page(f"{invented_version}?kind=strength"))
    assert [n for n in alone.ids if n.startswith("n")] != [
        n for n in everything.ids if n.startswith("n")
    ]
    notes = [text for name, text in alone.text_of.items() if name.startswith("n")]
    assert len(notes) == 3
    assert all("Strength" in note for note in notes)
    assert alone.article.count("Invented officers") == everything.article.count("Invented officers")


def test_the_counts_are_those_of_the_statements(
    invented: Pages, invented_version: str, seen: Callable[[str], Seen]
) -> None:
    """A sentence that stands twice is one finding with two passages."""
    page = " ".join(invented.page(invented_version).split())
    for kind, number in {"Grade": 3, "Area for improvement": 2, "Strength": 2}.items():
        assert f"{kind}</span> {number}</a>" in page
    assert seen(page).article


def test_the_report_shows_the_version_that_counts(
    invented: Pages, invented_version: str, seen: Callable[[str], Seen]
) -> None:
    """A reader of the work gets its text without knowing of versions."""
    work = seen(invented.page("/doc/report/peel-2015-cumbria"))
    version = seen(invented.page(invented_version))
    assert work.article == version.article
    assert invented_version in work.links


def test_a_version_that_was_superseded_says_so_and_keeps_its_text(
    invented: Pages, invented_version: str, seen: Callable[[str], Seen]
) -> None:
    """What a page said before can be cited for ever, but never passes for what it says now."""
    work = seen(invented.page("/doc/report/peel-2015-cumbria"))
    stem = invented_version.rpartition("/")[0]
    versions = {link.partition("#")[0] for link in work.links if link.startswith(f"{stem}/")}
    (earlier,) = versions - {invented_version}
    html = invented.page(earlier)
    assert "This version has been superseded" in html
    assert "paid in shells" in seen(html).article
    assert "This version has been superseded" not in invented.page(invented_version)
    (link,) = {
        link
        for link in seen(html).links
        if link.startswith("/doc/finding/")
        and link not in seen(invented.page(invented_version)).links
        if "/strength-" in link
    }
    assert "This stands in a captured version that has been superseded." in invented.page(link)


def test_a_section_is_its_own_part_of_the_text(
    invented: Pages, invented_version: str, invented_text: str, seen: Callable[[str], Seen]
) -> None:
    """A section's address shows that section alone, and leads to its place in the whole."""
    page = seen(invented.page(f"{invented_version}/section/area-description"))
    assert "The invented county has" in page.article
    assert "paid in fish" not in page.article
    assert f"{invented_version}#s-area-description" in page.links
    assert "paid in fish" in invented_text


def test_a_passage_has_a_page_with_what_it_proves(
    invented: Pages, invented_version: str, invented_text: str, seen: Callable[[str], Seen]
) -> None:
    """The address that the graph cites as evidence must show the evidence."""
    start = invented_text.index(REPEATED)
    place = f"{start}-{start + len(REPEATED)}"
    page = seen(invented.page(f"{invented_version}/passage/{place}"))
    assert page.marks == [REPEATED]
    assert f"{invented_version}#c{place}" in page.links
    assert [link for link in page.links if "/doc/finding/peel-2015-cumbria/strength-" in link]


@pytest.mark.parametrize(
    "address",
    [
        "/doc/report/peel-1066-hastings",
        "/doc/report/peel-2015-cumbria/version/000000000000",
        "{version}/section/of-fish",
        "{version}/passage/1-2",
        "{version}?part=2",
        "{version}?part=x",
        "{version}?part=0",
    ],
)
def test_what_is_not_there_is_not_found(
    invented: Pages, invented_version: str, address: str
) -> None:
    """A wrong address is an error that says so, never an empty page."""
    with pytest.raises(PageNotFound):
        invented.page(address.format(version=invented_version))


def test_what_only_a_table_knows_is_an_outline(
    invented: Pages, seen: Callable[[str], Seen]
) -> None:
    """Sentences are not bundled: their places are, with words of ours, and the page says so."""
    html = invented.page("/doc/report/peel-2015-kent")
    page = seen(html)
    assert "The text of this report is not held here" in html
    assert "c14364-14463" in page.ids
    assert "Characters 14,364 to 14,463" in page.text_of["c14364-14463"]
    assert "Area for improvement" in page.text_of["n14364-14463"]
    assert page.marks == []
