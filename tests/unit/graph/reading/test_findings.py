"""Findings, context and furniture of whole pages: where they stand and what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.model import StatementType
from peelgraph.graph.reading.coverage import coverage, coverage_counts

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.graph.model import Report, Statement

FINDINGS = {"strength", "area-for-improvement", "cause-of-concern", "recommendation"}


def with_text(report: Report, words: str) -> list[Statement]:
    """The statements whose passage has *words*, without places and figures."""
    return [
        each
        for each in report.statements
        if words in each.passage.text and each.type not in {"place", "figure"}
    ]


@pytest.fixture(scope="module")
def page(page_2015: str, reading: Callable[..., Report]) -> Callable[[str, str], Report]:
    """A function that reads the invented page with *new* after the first line that is *old*."""
    return lambda old, new: reading(page_2015.replace(f"\n{old}\n", f"\n{old}\n{new}\n", 1))


def test_a_finding_takes_the_pillar_of_its_section(page: Callable[[str, str], Report]) -> None:
    """Money matters in a section on effectiveness are still found under effectiveness."""
    report = page("Its boats are slow.", "The force is good at saving money on investigations.")
    (finding,) = with_text(report, "saving money")
    assert (finding.type, finding.criterion) == (StatementType.STRENGTH, "effectiveness")
    assert finding.themes == ("investigating-crime",)
    assert finding.method == "finding-cue/1"


def test_a_finding_without_a_pillars_section_goes_by_its_words(
    page: Callable[[str, str], Report],
) -> None:
    """The inspector's own observations run through all pillars."""
    report = page("HMI's observations", "The force has robust financial plans.")
    (finding,) = with_text(report, "robust financial plans")
    assert (finding.criterion, finding.themes) == ("efficiency", ("resources-and-planning",))


def test_a_sentence_that_goes_on_keeps_the_theme_before_it(
    page: Callable[[str, str], Report],
) -> None:
    """A sentence that begins with a pronoun has no theme of its own."""
    words = "The force investigates boat theft well and is good at it. It does so quickly."
    (second,) = with_text(page("Its boats are slow.", words), "It does so quickly")
    assert second.themes == ("investigating-crime",)


def test_a_finding_that_stands_twice_has_one_id_and_two_places(
    page: Callable[[str, str], Report],
) -> None:
    """A summary that repeats the detail is no second finding; punctuation makes no difference."""
    said = "The force is good at mooring, which is rare."
    again = "The force is good at mooring; which is rare."
    first, second = with_text(
        page("HMI's observations", said + "\n" + "Its radios work.\n" + again), "good at mooring"
    )
    assert first.id == second.id
    assert first.passage.start < second.passage.start
    assert first.criterion == second.criterion


def test_criticism_beside_a_grade_is_a_finding_too(page: Callable[[str, str], Report]) -> None:
    """A grade would otherwise swallow the rest of its sentence."""
    text = "HMIC judges Wessmarch Police to be outstanding, although its records of boats are poor."
    report = page("Last updated 20/10/2015", text)
    found = {(each.type.value, each.passage.text) for each in with_text(report, "records of boats")}
    assert ("area-for-improvement", "its records of boats are poor") in found
    assert ("grade", text) in found


def test_descriptions_headings_and_labels_are_no_findings(
    invented: Callable[[str], Report],
) -> None:
    """A good ferry is no praise of the force, and a heading says nothing."""
    report = invented("wessmarch-2015.txt")
    kinds = {each.passage.text: each.type.value for each in report.statements}
    assert kinds["The invented county has 12 islands and one bridge, where a good ferry runs."] == (
        "context"
    )
    assert kinds["Skip to content"] == kinds["HMI's observations"] == "furniture"
    assert kinds["Population"] == "furniture"  # no figure is made up for an empty label


def test_every_sentence_of_the_real_page_is_accounted_for(kent: Report) -> None:
    """Nothing is dropped silently; the page names no cause of concern and has no key figures."""
    counts = coverage_counts(coverage(kent))
    assert counts["sentences"] == counts["accounted"] == 171
    assert "cause-of-concern" not in counts
    assert "recommendation" not in counts
    facts = [each for each in kent.statements if each.passage.section == "key-facts"]
    assert {each.type.value for each in facts} <= {"furniture", "date"}


def test_the_two_names_of_one_model_do_not_make_it_a_finding(kent: Report) -> None:
    """A sentence that only says what a thing is called praises nothing."""
    (named,) = with_text(kent, "known as the Kent Policing Model")
    assert named.type is StatementType.CONTEXT


@pytest.mark.parametrize(
    ("change", "kinds_of"),
    [
        (
            ("is good at disrupting the activity", "is poor at disrupting the activity"),
            ({"strength"}, {"area-for-improvement"}),
        ),
        (
            ("There has been some notable work", "There has been no notable work"),
            ({"strength"}, {"area-for-improvement"}),
        ),
        (
            ("effective but there are backlogs", "effective and there are no backlogs"),
            ({"strength", "area-for-improvement"}, {"strength"}),
        ),
        (
            ("is a well led force", "is not a well led force"),
            ({"strength"}, {"area-for-improvement"}),
        ),
    ],
)
def test_one_altered_sentence_alters_its_finding(
    change: tuple[str, str],
    kinds_of: tuple[set[str], set[str]],
    kent_2015_text: str,
    reading: Callable[..., Report],
) -> None:
    """The rules read the page; they do not know it."""
    (old, new), (before, after) = change, kinds_of

    def kinds(text: str, words: str) -> set[str]:
        """The findings that share a word with the first place of *words*."""
        start = text.index(words)
        end = start + len(words)
        spans = [(s.type.value, s.passage.start, s.passage.end) for s in reading(text).statements]
        return {kind for kind, a, b in spans if a < end and b > start and kind in FINDINGS}

    assert kinds(kent_2015_text, old) == before
    assert kinds(kent_2015_text.replace(old, new), new) == after
