"""Applying a review file to a data folder: all of its corrections, or none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from peelgraph.graph.capture import Captures
from peelgraph.graph.ingest import ingest
from peelgraph.graph.kept_reports import KeptPage, current_pages, named_in, read_as_kept
from peelgraph.graph.reports import reading_context
from peelgraph.graph.review import Correction, Vocabulary, answered_rows, correction
from peelgraph.graph.reviews import Reviews

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peelgraph.graph.csv_rows import Row
    from peelgraph.graph.model import Report
    from peelgraph.graph.preparation import Run
    from peelgraph.graph.tables import Tables
    from peelgraph.graph.versions import DataFolder, Version


@dataclass(frozen=True, slots=True)
class Applied:
    """The corrections of a review file, and the version made by them, if they changed anything."""

    corrections: tuple[Correction, ...]
    version: Version | None


@dataclass(frozen=True, slots=True)
class _Page:
    """A kept page under review: as the rules read it, and whether it had to be told its name."""

    page: KeptPage
    report: Report
    told: bool


def apply_review(data: DataFolder, content: str, place: str, run: Run) -> Applied:
    """Keep the corrections of a review file and publish a version with them.

    Args:
        data: The data folder; it has a current version.
        content: The file's text.
        place: The file's name, for errors.
        run: What reading the pages again goes by.

    Raises:
        TableError: a row cannot be used; nothing was kept.
        NotConforming: a corrected page breaks a shape; nothing was kept.
        DataBusy: another process is writing.
    """
    corrections, pages = checked(data, content, place, run.tables)
    reviews = Reviews(data.path)
    with data.writing():
        before = reviews.content()
        reviews.keep(corrections)
    try:
        version = _published(data, pages, run)
    except BaseException:
        with data.writing():
            reviews.replace(before)
        raise
    return Applied(tuple(corrections), version)


def checked(
    data: DataFolder, content: str, place: str, tables: Tables
) -> tuple[list[Correction], list[_Page]]:
    """Return the corrections of a review file and the pages that they are of.

    Raises:
        TableError: a row cannot be used.
    """
    vocabulary = vocabulary_of(tables)
    kept = {(page.report, page.sha12): page for page in current_pages(data.current())}
    pages: dict[KeptPage, _Page] = {}
    seen: dict[tuple[str, tuple[int, int, str, str]], Row] = {}
    corrections = []
    for row in answered_rows(content, place=place):
        page = kept.get((row.cells["report"], row.cells["sha12"]))
        if page is None:
            raise row.fault(
                f"no current page {row.cells['report']}/{row.cells['sha12']} is kept here",
                expected="a page that was ingested and not captured anew since",
            )
        if page not in pages:
            pages[page] = _Page(page, *read_as_kept(data, page, tables))
        made = correction(row, pages[page].report, vocabulary)
        earlier = seen.setdefault((made.sha256, made.about), row)
        if earlier is not row:
            raise row.fault(f"the row repeats {earlier.place}", expected="one row a statement")
        corrections.append(made)
    return corrections, list(pages.values())


def vocabulary_of(tables: Tables) -> Vocabulary:
    """Return the themes and criteria that a correction may name."""
    return Vocabulary(
        themes={each.slug for each in reading_context(tables).themes},
        criteria={
            slug: {*cycle.pillars, *tables.questions[slug]} for slug, cycle in tables.cycles.items()
        },
    )


def _published(data: DataFolder, pages: Sequence[_Page], run: Run) -> Version | None:
    """Return the version in which the pages say what their reviewers made of them.

    Pages that had to be told their force or cycle are read in runs of their own.
    """
    again = replace(run, again=True)
    runs = [(again, [page for page in pages if not page.told])]
    for page in (each for each in pages if each.told):
        force, cycle = named_in(page.page.report, run.tables)
        runs.append((replace(again, force=force, cycle=cycle), [page]))
    version = None
    captures = Captures(data.captures)
    for going_by, together in (each for each in runs if each[1]):
        sources = [(p.page.report, partial(captures.read, p.page.sha256)) for p in together]
        ingestion = ingest(data, sources, going_by)
        for outcome in ingestion.outcomes:
            if outcome.error is not None:
                raise outcome.error
        version = ingestion.version or version
    return version
