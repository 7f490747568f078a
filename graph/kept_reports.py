"""Reports of a data folder read again from the captured pages that it keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from peelgraph.graph.capture import Captures
from peelgraph.graph.errors import InputError, SourceMissing
from peelgraph.graph.iris import Iris
from peelgraph.graph.reading import read
from peelgraph.graph.reports import reading_context
from peelgraph.graph.review import corrected
from peelgraph.graph.reviews import Reviews
from peelgraph.graph.superseding import current_version

if TYPE_CHECKING:
    from peelgraph.graph.model import Report
    from peelgraph.graph.tables import Tables
    from peelgraph.graph.versions import DataFolder, Version


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A captured version that a published version was made of, as its manifest names it."""

    report: str
    sha256: str

    @property
    def sha12(self) -> str:
        """The first twelve digits of the digest."""
        return self.sha256[:12]


def kept_pages(version: Version) -> list[KeptPage]:
    """Return every captured version that *version* was made of, by report and digest."""
    inputs = sorted(version.manifest.inputs.items())
    return [KeptPage(name.partition("/")[0], sha256) for name, sha256 in inputs]


def current_pages(version: Version) -> list[KeptPage]:
    """Return the captured versions that count in *version*, one a report."""
    store, iris = version.store(), Iris(version.manifest.base)
    counting = {
        slug: current_version(store, iris, slug) for slug in {p.report for p in kept_pages(version)}
    }
    return [page for page in kept_pages(version) if counting[page.report] == page.sha12]


def page_of(version: Version, report: str, sha12: str) -> KeptPage:
    """Return the captured version of *report* whose digest begins with *sha12*.

    Raises:
        SourceMissing: there is none in *version*, or more than one begins so.
    """
    pages = [page for page in kept_pages(version) if page.report == report]
    found = [page for page in pages if page.sha256.startswith(sha12)]
    if len(found) != 1:
        known = ", ".join(page.sha12 for page in pages) or "none of this report"
        raise SourceMissing(
            f"{len(found)} captured versions of {report} begin with {sha12!r}",
            place=str(version.folder),
            expected=f"one of: {known}",
        )
    return found[0]


def reread(data: DataFolder, page: KeptPage, tables: Tables) -> Report:
    """Return what a kept page says, read and corrected as when it was ingested.

    Raises:
        InputError: the page cannot be read any more.
        VersionDamaged: its files do not match its digest.
    """
    return corrected(read_as_kept(data, page, tables)[0], Reviews(data.path).of(page.sha256))


def read_as_kept(data: DataFolder, page: KeptPage, tables: Tables) -> tuple[Report, bool]:
    """Return what a kept page says by the rules alone, and whether it had to be told its name.

    Raises:
        InputError: the page cannot be read any more.
        VersionDamaged: its files do not match its digest.
    """
    captured = Captures(data.captures).read(page.sha256)
    context = reading_context(tables)
    try:
        return read(captured, context), False
    except InputError:
        force, cycle = named_in(page.report, tables)
        return read(captured, context, force=force, cycle=cycle), True


def named_in(report: str, tables: Tables) -> tuple[str | None, str | None]:
    """Return the slugs of force and cycle in the slug of a report."""
    cycle = next((slug for slug in tables.cycles if report.startswith(f"{slug}-")), None)
    rest = report.removeprefix(f"{cycle}-")
    forces = (slug for slug in tables.forces if f"{rest}-".startswith(f"{slug}-"))
    return max(forces, key=len, default=None), cycle
