"""The findings of the Kent 2015 page as facts: where each stands, and what it says in our words."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.model import StatementType, hash10, normalised
from peelgraph.graph.reading.wording import folded
from peelgraph.graph.reports import read_report

if TYPE_CHECKING:
    from peelgraph.graph.tables import Tables
    from peelgraph.graph.tables.rows import FindingRow

GOLD = Path(__file__).parents[3] / "gold" / "kent-2015.csv"
KENT = "peel-2015-kent"
FINDING_TYPES = (
    StatementType.STRENGTH,
    StatementType.AREA_FOR_IMPROVEMENT,
    StatementType.CAUSE_OF_CONCERN,
    StatementType.RECOMMENDATION,
    StatementType.INNOVATIVE_PRACTICE,
    StatementType.LOOK_AHEAD,
)
NAMES = (  # of schemes, models and themes: what a thing is called cannot be said in other words
    *("Best Use of Stop and Search", "Code of Ethics", "South Eastern region"),
    *("Kent Operating Model", "Kent Policing Model", "police and crime plan"),
    *("serious and organised crime", "child sexual exploitation", "areas for improvement"),
)
RUN = 4  # as many words in a row as may not be shared with the page


@pytest.fixture
def kent(tables: Tables) -> list[FindingRow]:
    """The tabulated findings of the page."""
    return [row for row in tables.findings if row.report == KENT]


def words_of(text: str) -> list[str]:
    """Return the words of *text* in lower case, without punctuation."""
    return re.findall(r"[^\W_]+", text.casefold())


def runs_of(words: list[str], length: int) -> set[tuple[str, ...]]:
    """Return every run of *length* words."""
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def test_findings_are_those_of_the_gold_standard(kent: list[FindingRow]) -> None:
    """The same places, types, criteria and themes: two annotations of one page would drift."""
    with GOLD.open(encoding="utf-8", newline="") as lines:
        gold = {
            (int(line["start"]), int(line["end"]), line["type"], line["criterion"], line["theme"])
            for line in csv.DictReader(lines)
            if line["type"] in FINDING_TYPES
        }
    assert {(r.start, r.end, r.type, r.criterion, " ".join(r.themes)) for r in kent} == gold
    assert len(kent) == len(gold)


def test_version_is_the_captured_page(tables: Tables, kent_2015_text: str) -> None:
    """Offsets mean nothing in another text."""
    report = read_report(kent_2015_text)
    (capture,) = tables.captures.values()
    assert capture.report == report.slug == KENT
    assert (capture.sha256, capture.sha12) == (report.version.sha256, report.version.sha12)
    assert capture.characters == len(kent_2015_text)


def test_digest_is_that_of_the_words_at_the_offsets(
    kent: list[FindingRow], kent_2015_text: str
) -> None:
    """A wrong offset or a wrong digest would tell of a sentence that is not there."""
    for row in kent:
        said = kent_2015_text[row.start : row.end]
        words = " ".join(re.findall(r"\w+", folded(said)))
        key = normalised(said) if row.type == StatementType.LOOK_AHEAD else words
        assert hash10(key) == row.digest, row


def test_digest_gives_the_id_that_reading_gives(
    kent: list[FindingRow], kent_2015_text: str
) -> None:
    """The page's own graph must speak of the same findings, or each would be listed twice."""
    read = {
        (said.passage.start, said.passage.end, said.type): said.id
        for said in read_report(kent_2015_text).statements
    }
    ids = [(row.id, read.get((row.start, row.end, StatementType(row.type)))) for row in kent]
    assert [pair for pair in ids if pair[1] and pair[0] != pair[1]] == []
    assert sum(1 for _, found in ids if found) >= 85


def test_sections_are_those_that_reading_finds(tables: Tables, kent_2015_text: str) -> None:
    """A section with two headings or two ends would break its shape once the page is ingested."""
    read = {section.slug: section for section in read_report(kent_2015_text).sections}
    for row in tables.sections:
        section = read[row.slug]
        assert (row.heading, row.kind) == (section.heading, section.kind)
        assert (row.order, row.start, row.end) == (section.order, section.start, section.end)
    assert {row.slug for row in tables.sections} == {row.section for row in tables.findings}


def test_summary_quotes_nothing(kent: list[FindingRow], kent_2015_text: str) -> None:
    """Sentences of reports are not bundled: names apart, no four words in a row are the page's."""
    page = runs_of(words_of(kent_2015_text), RUN)
    for row in kent:
        own = row.summary
        for name in NAMES:
            own = own.replace(name, " name ")
        shared = {run for run in runs_of(words_of(own), RUN) if run in page}
        assert not shared, (row.summary, shared)


def test_summary_is_one_sentence_and_no_other_findings(kent: list[FindingRow]) -> None:
    """A list of findings is read by its summaries; two alike could not be told apart."""
    summaries = {row.id: row.summary for row in kent}
    assert len(set(summaries.values())) == len(summaries)
    for summary in summaries.values():
        assert re.fullmatch(r"[A-Z][^.!?]*(?:\d\.\d[^.!?]*)?\.", summary), summary
        assert len(summary) <= 140
