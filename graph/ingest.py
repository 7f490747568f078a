"""Ingesting sources: capture, read, map, validate, and publish what conforms as one version."""

from __future__ import annotations

import importlib.metadata
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from peelgraph.graph.build import (
    derive,
    judged_elsewhere,
    record_validation,
    refuse_violations,
    united,
)
from peelgraph.graph.capture import Captures
from peelgraph.graph.errors import PeelgraphError
from peelgraph.graph.mapping.document import document_graph, provenance_graph
from peelgraph.graph.model import JudgmentStatement, StatementType
from peelgraph.graph.reading import read
from peelgraph.graph.reports import reading_context
from peelgraph.graph.staging import staged
from peelgraph.graph.superseding import add_revision, current_version, supersede
from peelgraph.graph.validation import (
    ValidationReport,
    Validator,
    shapes_graph,
    validate_union,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from rdflib import Graph, URIRef

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.model import CapturedVersion, Report
    from peelgraph.graph.reading import ReadingContext
    from peelgraph.graph.staging import Stage
    from peelgraph.graph.store import Store
    from peelgraph.graph.tables import Tables
    from peelgraph.graph.versions import DataFolder, Version

REFERENCE_KINDS = ("ontology", "scheme", "reference", "comparability", "facts/reports")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one source.

    ``state`` is ``landed``, ``unchanged`` or ``refused``; ``seconds`` has one entry per stage.
    """

    source: str
    state: str
    report: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    error: PeelgraphError | None = None
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ingestion:
    """What became of all sources; ``version`` is the new one, or ``None`` if nothing changed."""

    outcomes: tuple[Outcome, ...]
    version: Version | None
    graphs: dict[URIRef, Graph]
    publishing_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run of ingesting goes by: base, tables, the time (UTC), and the user's choices.

    ``force`` and ``cycle`` are slugs that win over what the page says; a dry run publishes nothing.
    """

    iris: Iris
    tables: Tables
    moment: dt.datetime
    force: str | None = None
    cycle: str | None = None
    dry_run: bool = False


class Intake:
    """One run over several sources into one stage."""

    def __init__(self, stage: Stage, captures: Captures, run: Run) -> None:
        self.stage = stage
        self.captures = captures
        self.run = run
        self.context: ReadingContext = reading_context(run.tables)
        self.validator = Validator(
            reference_graph(stage.store, stage.iris), shapes_graph(stage.iris)
        )
        self.graphs: dict[URIRef, Graph] = {}
        self.reports: list[ValidationReport] = []

    def take(self, name: str, capture: Callable[[], CapturedVersion]) -> Outcome:
        """Bring one source into the stage and say what became of it, whatever its faults."""
        try:
            version = capture()
            known = self._known_graph(version)
            if known is not None:
                return Outcome(source=name, state="unchanged", report=known)
            return self._land(name, version)
        except PeelgraphError as error:
            return Outcome(source=name, state="refused", error=error)

    def _known_graph(self, version: CapturedVersion) -> str | None:
        """Return the input name under which these very words were ingested and still count."""
        if self.run.force or self.run.cycle:
            return None
        for name, digest in self.stage.inputs.items():
            slug, sha12 = name.split("/")
            if digest == version.sha256 and sha12 == current_version(
                self.stage.store, self.stage.iris, slug
            ):
                return name
        return None

    def _land(self, name: str, version: CapturedVersion) -> Outcome:
        iris, seconds = self.stage.iris, dict[str, float]()
        clock = time.perf_counter()
        version = replace(version, retrieved=self.captures.first_retrieved(version))
        report = read(version, self.context, force=self.run.force, cycle=self.run.cycle)
        seconds["reading"], clock = time.perf_counter() - clock, time.perf_counter()
        graph_name = iris.document_graph(report.slug, version.sha12)
        graph = document_graph(report, self.run.tables, iris)
        add_revision(graph, self.stage.store, iris, report.slug, version.sha12)
        seconds["mapping"], clock = time.perf_counter() - clock, time.perf_counter()
        validation = self._validated(graph_name, graph)
        seconds["shacl"], clock = time.perf_counter() - clock, time.perf_counter()
        self.captures.keep(version)
        supersede(self.stage.store, iris, report.slug, version.sha12)
        self.stage.replace_graphs({graph_name: graph})
        self._record_provenance(report)
        self.stage.inputs[f"{report.slug}/{version.sha12}"] = version.sha256
        self.graphs[graph_name] = graph
        self.reports.append(validation)
        seconds["storing"] = time.perf_counter() - clock
        found = (f"{result.focus_node}: {result.message}" for result in validation.warnings)
        warnings = (*report.warnings, *found)
        return Outcome(
            source=name,
            state="landed",
            report=report.slug,
            counts=counts_of(report) | {"warnings": len(warnings)},
            warnings=warnings,
            seconds=seconds,
        )

    def _validated(self, name: URIRef, graph: Graph) -> ValidationReport:
        """Return the report on an incoming graph, alone and beside what others say of the same.

        Raises:
            NotConforming: there is a violation; the stage is as it was.
        """
        incoming = {name: graph}
        report = self.validator.report_on(graph).merged(
            validate_union({**judged_elsewhere(self.stage, incoming), **incoming}, self.stage.iris)
        )
        refuse_violations(report)
        return report

    def _record_provenance(self, report: Report) -> None:
        """Describe the document graph: which version it is of, when and by what it was made."""
        iris = self.stage.iris
        graph = provenance_graph(
            report,
            iris,
            ended=self.run.moment,
            software_version=importlib.metadata.version("peelgraph"),
        )
        self.stage.store.extend_graph(iris.graph("provenance"), graph)


def ingest(
    data: DataFolder,
    sources: Iterable[tuple[str, Callable[[], CapturedVersion]]],
    run: Run,
    heard: Callable[[Outcome], None] = lambda _outcome: None,
) -> Ingestion:
    """Ingest *sources* into one new version; a bad one is reported and the good ones still land.

    Args:
        data: Where versions are kept; it has a current one, under the run's base.
        sources: A name and a capturing function each.
        run: What the run goes by.
        heard: Called with each outcome as it is known.

    Raises:
        DataBusy: another process is writing.
        DataUnwritable: the disk is full; nothing was published.
    """
    outcomes: list[Outcome] = []
    with staged(data, run.iris) as stage:
        intake = Intake(stage, Captures(data.captures), run)
        for name, capture in sources:
            outcomes.append(intake.take(name, capture))
            heard(outcomes[-1])
        clock = time.perf_counter()
        version = None
        if intake.graphs and not run.dry_run:
            derive(stage)
            checked = united(intake.graphs.values()).subjects()
            record_validation(stage, ValidationReport.merge(intake.reports), checked)
            version = stage.publish(data, run.moment)
    return Ingestion(tuple(outcomes), version, intake.graphs, time.perf_counter() - clock)


def reference_graph(store: Store, iris: Iris) -> Graph:
    """Return the graphs that documents refer to, as one."""
    kinds = tuple(str(iris.graph(*kind.split("/"))) for kind in REFERENCE_KINDS)
    return united(store.graph(name) for name in store.graph_names() if str(name).startswith(kinds))


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
