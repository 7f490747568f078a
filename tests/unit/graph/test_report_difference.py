"""A difference is told in statements: what else the text did is of no interest."""

from __future__ import annotations

import pytest

from peelgraph.graph.capture import captured_text
from peelgraph.graph.errors import UsageError
from peelgraph.graph.model import JudgmentStatement, Passage, Report, Statement, StatementType
from peelgraph.graph.report_difference import Change, report_difference


def report(*sentences: tuple[str, str], offset: int = 0, slug: str = "peel-2015-x") -> Report:
    """A report that states each sentence as the kind given; ``grade:good`` is a judgment."""
    text = " " * offset + " ".join(words for words, _ in sentences)
    statements = []
    start = offset
    for words, kind in sentences:
        passage = Passage.of(text, start, start + len(words), "overview")
        statements.append(statement(passage, kind))
        start += len(words) + 1
    return Report(
        slug=slug,
        title="Wessmarch 2015",
        force="wessmarch",
        cycle="peel-2015",
        inspectorate="hmic",
        version=captured_text(text),
        sections=(),
        statements=tuple(statements),
    )


def statement(passage: Passage, kind: str) -> Statement:
    """One statement of the kind."""
    name, _, value = kind.partition(":")
    if name != "grade":
        return Statement(
            type=StatementType(name),
            passage=passage,
            method="test/1",
            confidence=1,
            themes=tuple(value.split()),
        )
    return JudgmentStatement(
        type=StatementType.GRADE,
        passage=passage,
        method="test/1",
        confidence=1,
        criterion="efficiency",
        cycle="peel-2015",
        grade=value,
        status="awarded",
        key=f"peel-2015 efficiency {value}",
    )


GOOD = ("Efficiency is good.", "grade:good")
DOGS = ("The invented force feeds its dogs well every day.", "strength")
CATS = ("It should count its cats.", "area-for-improvement")


def only(changes: tuple[Change, ...]) -> Change:
    """The one change."""
    (change,) = changes
    return change


def test_the_same_statements_do_not_differ() -> None:
    """Furniture comes and goes with the site."""
    menu = ("Skip to content", "furniture")
    assert report_difference(report(GOOD, DOGS), report(GOOD, DOGS, menu)) == ()


def test_another_grade_is_one_change_with_both_values() -> None:
    """Nobody should have to find the pair among what was added and removed."""
    worse = ("Efficiency is inadequate now.", "grade:inadequate")
    change = only(report_difference(report(DOGS, GOOD), report(DOGS, worse)))
    assert change.kind == "changed"
    assert change.aspects == {"grade": ("good", "inadequate")}


def test_what_is_new_was_added_and_what_is_gone_removed() -> None:
    """In the order of the page."""
    changes = report_difference(report(CATS, GOOD), report(GOOD, DOGS))
    assert [(c.kind, c.statement.type.value) for c in changes] == [
        ("moved", "grade"),
        ("removed", "area-for-improvement"),
        ("added", "strength"),
    ]


def test_a_statement_elsewhere_on_the_page_has_only_moved() -> None:
    """A new paragraph above it changes nothing that it says."""
    change = only(report_difference(report(DOGS), report(DOGS, offset=7)))
    assert (change.kind, change.aspects) == ("moved", {})
    assert change.old is not None
    assert change.new is not None
    assert change.new.spans[0][0] - change.old.spans[0][0] == 7


def test_a_statement_said_once_more_has_another_place() -> None:
    """The summary that repeats a finding makes no second finding."""
    change = only(report_difference(report(DOGS), report(DOGS, DOGS)))
    assert change.kind == "moved"
    assert change.new is not None
    assert len(change.new.places) == 2


def test_a_reworded_sentence_is_a_change_and_another_sentence_is_not() -> None:
    """From six words in ten on; type and themes are compared as well."""
    reworded = (
        "The invented force feeds its dogs badly every day.",
        "area-for-improvement:workforce",
    )
    change = only(report_difference(report(DOGS), report(reworded)))
    assert change.kind == "changed"
    assert change.aspects == {
        "type": ("strength", "area-for-improvement"),
        "themes": ("", "workforce"),
    }
    same_kind = (DOGS[0].replace("well", "twice"), "strength")
    change = only(report_difference(report(DOGS), report(same_kind)))
    assert change.aspects == {"text": (DOGS[0], same_kind[0])}
    assert {c.kind for c in report_difference(report(DOGS), report(CATS))} == {"added", "removed"}


def test_a_report_that_was_not_there_is_added_whole() -> None:
    """Two versions of a data folder need not hold the same reports."""
    assert [c.kind for c in report_difference(None, report(GOOD, DOGS))] == ["added", "added"]
    assert [c.kind for c in report_difference(report(GOOD), None)] == ["removed"]


def test_two_reports_cannot_be_compared() -> None:
    """All would differ, and nothing would be said."""
    with pytest.raises(UsageError, match="are two reports"):
        report_difference(report(GOOD), report(GOOD, slug="peel-2016-x"))
