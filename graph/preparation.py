"""One source made ready to be stored: captured, read, mapped and validated, by itself.

Preparing reads a store and changes nothing, so several processes can prepare at once.
"""

from __future__ import annotations

import importlib.metadata
import time
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from rdflib import RDF, Graph, URIRef

from peelgraph.graph.build import judged_elsewhere, refuse_violations, united
from peelgraph.graph.capture import Captures
from peelgraph.graph.errors import PeelgraphError
from peelgraph.graph.mapping.document import document_graph, provenance_graph
from peelgraph.graph.mapping.reviewed import reviewed_graph
from peelgraph.graph.mapping.settled import with_status_doubts
from peelgraph.graph.model import JudgmentStatement, StatementType
from peelgraph.graph.reading import read
from peelgraph.graph.reports import reading_context
from peelgraph.graph.review import corrected
from peelgraph.graph.reviews import Reviews
from peelgraph.graph.store import RdfSyntax
from peelgraph.graph.superseding import current_version
from peelgraph.graph.validation import FROM_OUTSIDE, Checking, Validator, shapes_graph
from peelgraph.graph.versions import read_version

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.model import CapturedVersion, Report
    from peelgraph.graph.store import Store
    from peelgraph.graph.tables import Tables
    from peelgraph.graph.validation import ValidationReport

REFERENCE_KINDS = ("ontology", "scheme", "reference", "comparability", "facts/reports")
TRIPLES = RdfSyntax.NT


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run of ingesting goes by: base, tables, the time (UTC), and the user's choices.

    ``force`` and ``cycle`` are slugs that win over what the page says; a dry run publishes nothing;
    ``again`` reads pages that are stored already once more, as after a review; ``checking`` says
    what checks a page against the shapes, and how long that may take.
    """

    iris: Iris
    tables: Tables
    moment: dt.datetime
    force: str | None = None
    cycle: str | None = None
    dry_run: bool = False
    again: bool = False
    checking: Checking = FROM_OUTSIDE


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A source that can be stored.

    ``triples`` and ``provenance`` are N-Triples, and so is ``judging``: the part of ``triples``
    that the rules across graphs are about.
    """

    version: CapturedVersion
    slug: str
    graph: URIRef
    triples: bytes
    provenance: bytes
    judging: bytes
    judgments: tuple[URIRef, ...]
    validation: ValidationReport
    counts: dict[str, int]
    warnings: tuple[str, ...]
    seconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Known:
    """A source whose very words are stored and still count."""

    slug: str
    version: CapturedVersion


@dataclass(frozen=True, slots=True)
class Ground:
    """What a source is prepared against: a store, its base and what was put into it."""

    store: Store
    iris: Iris
    inputs: Mapping[str, str]


class Preparer:
    """Prepares sources against one state of the store, one after another."""

    def __init__(self, ground: Ground, captures: Captures, run: Run) -> None:
        self._ground = ground
        self._captures = captures
        self._reviews = Reviews(captures.folder.parent).kept()
        self._run = run
        self._context = reading_context(run.tables)
        self._names: dict[str, list[str]] = {}
        for name, digest in ground.inputs.items():
            self.stored(name, digest)
        self._validator: Validator | None = None  # made for the first page that is not known

    def stored(self, name: str, sha256: str) -> None:
        """Note that a text with that digest stands in the store under an input's *name*."""
        self._names.setdefault(sha256, []).append(name)

    def prepare(self, capture: Callable[[], CapturedVersion]) -> Prepared | Known | PeelgraphError:
        """Return what *capture* gives, ready to be stored, or why it is not."""
        try:
            version = capture()
            known = self._known(version)
            return known or self._prepared(version)
        except PeelgraphError as error:
            return error

    def report_across(self, graphs: Mapping[URIRef, Graph]) -> ValidationReport:
        """Return what the rules across graphs find on *graphs*."""
        return self._validating().report_across(graphs, self._run.iris)

    def _validating(self) -> Validator:
        if self._validator is None:
            iris = self._run.iris
            self._validator = Validator(
                reference_graph(self._ground.store, iris), shapes_graph(iris), self._run.checking
            )
        return self._validator

    def _known(self, version: CapturedVersion) -> Known | None:
        """Return the report in which these very words stand and still count."""
        if self._run.force or self._run.cycle or self._run.again:
            return None
        for name in self._names.get(version.sha256, ()):
            slug, sha12 = name.split("/")
            if sha12 == current_version(self._ground.store, self._run.iris, slug):
                return Known(slug, version)
        return None

    def _prepared(self, version: CapturedVersion) -> Prepared:
        """Return a captured version ready to be stored.

        Raises:
            PeelgraphError: it is no report, or breaks a shape.
        """
        run, iris, clock = self._run, self._run.iris, _Clock()
        version = replace(version, retrieved=self._captures.first_retrieved(version))
        reviews = self._reviews.get(version.sha256, ())
        report = read(version, self._context, force=run.force, cycle=run.cycle)
        report = with_status_doubts(corrected(report, reviews), run.tables)
        clock.passed("reading")
        name = iris.document_graph(report.slug, version.sha12)
        graph = document_graph(report, run.tables, iris)
        clock.passed("mapping")
        validation = self._validated(name, graph)
        clock.passed("shacl")
        made = provenance_graph(
            report, iris, ended=run.moment, software_version=importlib.metadata.version("peelgraph")
        )
        made += reviewed_graph(graph, report, reviews, iris)
        found = (f"{result.focus_node}: {result.message}" for result in validation.warnings)
        warnings = (*report.warnings, *found)
        return Prepared(
            version=version,
            slug=report.slug,
            graph=name,
            triples=graph.serialize(format="nt", encoding="utf-8"),
            provenance=made.serialize(format="nt", encoding="utf-8"),
            judging=judging_part(graph, iris).serialize(format="nt", encoding="utf-8"),
            judgments=judgments_of(graph, iris),
            validation=validation,
            counts=counts_of(report) | {"warnings": len(warnings)},
            warnings=warnings,
            seconds=clock.seconds,
        )

    def _validated(self, name: URIRef, graph: Graph) -> ValidationReport:
        """Return the report on an incoming graph, alone and beside what others say of the same.

        Raises:
            NotConforming: there is a violation.
        """
        incoming = {name: graph}
        validator, ground = self._validating(), self._ground
        elsewhere = judged_elsewhere(ground, incoming)
        report = validator.whole_report(graph, {**elsewhere, **incoming}, ground.iris)
        refuse_violations(report)
        return report


class _Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def passed(self, stage: str) -> None:
        """Note the time since the last stage under the name of this one."""
        now = time.perf_counter()
        self.seconds[stage], self._since = now - self._since, now


def preparing(
    version: Path, captures: Path, run: Run
) -> Callable[[Callable[[], CapturedVersion]], Prepared | Known | PeelgraphError]:
    """Return the function that prepares a source against a published version's folder."""
    published = read_version(version)
    ground = Ground(published.store(), run.iris, published.manifest.inputs)
    return Preparer(ground, Captures(captures), run).prepare


def preparer(
    version: Path, captures: Path, run: Run
) -> Callable[[], Callable[[Callable[[], CapturedVersion]], Prepared | Known | PeelgraphError]]:
    """Return what a worker process calls first to be able to prepare sources."""
    return partial(preparing, version, captures, run)


def reference_graph(store: Store, iris: Iris) -> Graph:
    """Return the graphs that documents refer to, as one."""
    return united(store.graph(name) for name in store.graph_names() if refers_to(name, iris))


def refers_to(name: str, iris: Iris) -> bool:
    """Return whether documents refer to the graph *name*."""
    return str(name).startswith(_referred(iris))


@lru_cache(maxsize=8)
def _referred(iris: Iris) -> tuple[str, ...]:
    """Return how the names of the graphs begin that documents refer to."""
    return tuple(str(iris.graph(*kind.split("/"))) for kind in REFERENCE_KINDS)


def judging_part(graph: Graph, iris: Iris) -> Graph:
    """Return what *graph* says of its judgments and its report."""
    part = Graph()
    for kind in (iris.pi.Judgment, iris.pi.Report):
        for node in graph.subjects(RDF.type, kind):
            for triple in graph.triples((node, None, None)):
                part.add(triple)
    return part


def judgments_of(graph: Graph, iris: Iris) -> tuple[URIRef, ...]:
    """Return the judgments that *graph* grades, sorted."""
    return tuple(sorted(URIRef(str(node)) for node in set(graph.subjects(iris.pi.grade))))


def counts_of(report: Report) -> dict[str, int]:
    """Return how many judgments, findings and passages *report* has."""
    kinds = Counter(type_group(statement.type) for statement in report.statements)
    judgments = {s.id for s in report.statements if isinstance(s, JudgmentStatement)}
    places = {(s.passage.start, s.passage.end) for s in report.statements}
    return {"judgments": len(judgments), "findings": kinds["finding"], "passages": len(places)}


def type_group(kind: StatementType) -> str:
    """Return ``finding`` for the types of finding, else the type's own name."""
    findings = {
        StatementType.STRENGTH,
        StatementType.AREA_FOR_IMPROVEMENT,
        StatementType.CAUSE_OF_CONCERN,
        StatementType.RECOMMENDATION,
        StatementType.INNOVATIVE_PRACTICE,
        StatementType.LOOK_AHEAD,
    }
    return "finding" if kind in findings else kind.value
