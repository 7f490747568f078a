"""Ingesting sources: prepared by as many processes as there are cores, stored in their order.

What comes out does not depend on the number of processes: they prepare against the version that
is current, and what this run itself has changed since is taken into account when a page's turn
to be stored comes.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Final

from rdflib import Graph, URIRef

from peelgraph.graph.build import (
    derive,
    findings_of,
    judged_elsewhere,
    record_findings,
    refuse_violations,
)
from peelgraph.graph.capture import Captures
from peelgraph.graph.errors import NotConforming, PeelgraphError, ReadingStopped, VersionError
from peelgraph.graph.preparation import (
    TRIPLES,
    Ground,
    Known,
    Prepared,
    Preparer,
    Run,
    preparer,
    reference_graph,
)
from peelgraph.graph.staging import staged
from peelgraph.graph.superseding import add_revision, current_version, supersede
from peelgraph.graph.versions import writable
from peelgraph.graph.workers import Workforce, cores

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from typing import BinaryIO

    from rdflib.term import Node

    from peelgraph.graph.model import CapturedVersion
    from peelgraph.graph.staging import Stage
    from peelgraph.graph.versions import DataFolder, Version

__all__ = ["Ingestion", "Outcome", "Run", "ingest", "reference_graph"]

FINDINGS: Final = 1_000_000  # bytes of findings that are stored at once
FEW: Final = 12  # sources for which starting processes takes longer than it saves


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
    """What became of all sources; ``version`` is the new one, or ``None`` if nothing changed.

    ``graphs`` are the names of the graphs that landed, in the order of the sources; ``seconds``
    is how long the whole run took.
    """

    outcomes: tuple[Outcome, ...]
    version: Version | None
    graphs: tuple[URIRef, ...]
    publishing_seconds: float
    seconds: float


class Intake:
    """One run over several sources into one stage."""

    def __init__(self, stage: Stage, captures: Captures, run: Run, findings: BinaryIO) -> None:
        self.stage = stage
        self.captures = captures
        self.run = run
        self.landed: dict[URIRef, None] = {}
        self.slugs: set[str] = set()
        self.replaced = False  # whether a version that counted no longer does
        self._findings = findings  # a scratch file: reports do not stay in memory
        self._preparer: Preparer | None = None

    @property
    def preparer(self) -> Preparer:
        """Prepares against the stage as it is now."""
        if self._preparer is None:
            stage = self.stage
            ground = Ground(stage.store, stage.iris, stage.inputs)
            self._preparer = Preparer(ground, self.captures, self.run)
        return self._preparer

    def release(self) -> None:
        """Let go of the stage's store, so that it can be closed."""
        self._preparer = None

    def take(
        self,
        name: str,
        capture: Callable[[], CapturedVersion],
        prepared: Prepared | Known | PeelgraphError,
    ) -> Outcome:
        """Store what was *prepared* and say what became of it, whatever its faults."""
        try:
            current = self._renewed(capture, prepared)
            if isinstance(current, PeelgraphError):
                return _refusal(name, current)
            if isinstance(current, Known):
                return Outcome(source=name, state="unchanged", report=current.slug)
            return self._land(name, current)
        except VersionError:
            raise  # a full disk is no fault of the source, and nothing more can be stored
        except PeelgraphError as error:
            return _refusal(name, error)

    def _renewed(
        self,
        capture: Callable[[], CapturedVersion],
        prepared: Prepared | Known | PeelgraphError,
    ) -> Prepared | Known | PeelgraphError:
        """Return *prepared*, anew where this run has changed what it was prepared against.

        Raises:
            NotConforming: what this run has stored contradicts it.
        """
        if isinstance(prepared, PeelgraphError):
            contradicted = isinstance(prepared, NotConforming) and self.replaced
            return self.preparer.prepare(capture) if contradicted else prepared
        if isinstance(prepared, Known):
            renewing = prepared.slug in self.slugs
            return self.preparer.prepare(lambda: prepared.version) if renewing else prepared
        if self.landed.keys().isdisjoint(self.stage.store.naming(prepared.judgments)):
            return prepared
        incoming = {prepared.graph: Graph().parse(data=prepared.judging, format="nt")}
        elsewhere = judged_elsewhere(self.stage, incoming)
        if self.landed.keys().isdisjoint(elsewhere):
            return prepared
        across = self.preparer.report_across({**elsewhere, **incoming})
        refuse_violations(across)
        return replace(prepared, validation=prepared.validation.merged(across))

    def _land(self, name: str, prepared: Prepared) -> Outcome:
        stage, clock = self.stage, time.perf_counter()
        self.captures.keep(prepared.version)
        sha12 = prepared.version.sha12
        earlier = current_version(stage.store, stage.iris, prepared.slug)
        self.replaced = self.replaced or earlier not in {None, sha12}
        with writable(stage.folder):
            self._store(prepared)
            if stage.store.is_due:
                stage.store.renew()
        key = f"{prepared.slug}/{sha12}"
        stage.inputs[key] = prepared.version.sha256
        if self._preparer:
            self._preparer.stored(key, prepared.version.sha256)
        self.landed[prepared.graph] = None
        self.slugs.add(prepared.slug)
        return Outcome(
            source=name,
            state="landed",
            report=prepared.slug,
            counts=prepared.counts,
            warnings=prepared.warnings,
            seconds=prepared.seconds | {"storing": time.perf_counter() - clock},
        )

    def _store(self, prepared: Prepared) -> None:
        store, iris, sha12 = self.stage.store, self.stage.iris, prepared.version.sha12
        revision = Graph()
        add_revision(revision, store, iris, prepared.slug, sha12)
        supersede(store, iris, prepared.slug, sha12)
        self.stage.replace_graph_from(prepared.graph, prepared.triples, TRIPLES)
        store.extend_graph(prepared.graph, revision)
        store.extend_graph_from(iris.graph("provenance"), prepared.provenance, TRIPLES)
        self._findings.write(findings_of(prepared.validation, iris))

    def describes(self, node: Node) -> bool:
        """Return whether a graph of this run describes *node*."""
        stating = self.stage.store.naming([URIRef(str(node))])
        return not self.landed.keys().isdisjoint(stating)

    def findings(self) -> Iterator[bytes]:
        """Yield the N-Triples of what was found on the pages that landed, some at a time."""
        self._findings.seek(0)
        while lines := self._findings.readlines(FINDINGS):
            yield b"".join(lines)


def ingest(
    data: DataFolder,
    sources: Iterable[tuple[str, Callable[[], CapturedVersion]]],
    run: Run,
    heard: Callable[[Outcome], None] = lambda _outcome: None,
    processes: int | None = None,
) -> Ingestion:
    """Ingest *sources* into one new version; a bad one is reported and the good ones still land.

    Args:
        data: Where versions are kept; it has a current one, under the run's base.
        sources: A name and a capturing function each. Functions that can be pickled are called
            in worker processes; :class:`Here` ones are called in this one, in order.
        run: What the run goes by.
        heard: Called with each outcome as it is known.
        processes: How many prepare; as many as there are cores unless given. Few sources are
            always prepared here.

    Raises:
        DataBusy: another process is writing.
        DataUnwritable: the disk is full; nothing was published.
    """
    listed, started = list(sources), time.perf_counter()
    outcomes: list[Outcome] = []
    with staged(data, run.iris) as stage, TemporaryFile(dir=stage.folder) as findings:
        intake = Intake(stage, Captures(data.captures), run, findings)
        with preparation(intake, data, listed, processes or cores()) as prepared:
            for (name, capture), each in zip(listed, prepared, strict=True):
                outcomes.append(intake.take(name, capture, each))
                heard(outcomes[-1])
        clock = time.perf_counter()
        version = None
        intake.release()
        if intake.landed and not run.dry_run:
            with writable(stage.folder):
                stage.store.renew()
            derive(stage)
            record_findings(stage, intake.findings(), intake.describes)
            version = stage.publish(data, run.moment)
    ended = time.perf_counter()
    graphs = tuple(intake.landed)
    return Ingestion(tuple(outcomes), version, graphs, ended - clock, ended - started)


def _refusal(source: str, error: PeelgraphError) -> Outcome:
    """Return the outcome of a refused source; what *error* came by would keep its graphs alive."""
    error.__cause__ = error.__context__ = error.__traceback__ = None
    return Outcome(source=source, state="refused", error=error)


class Here:
    """A capturing function that is to be called in the process that stores."""

    def __init__(self, capture: Callable[[], CapturedVersion]) -> None:
        self.capture = capture

    def __call__(self) -> CapturedVersion:
        """Return what was captured."""
        return self.capture()


@contextmanager
def preparation(
    intake: Intake,
    data: DataFolder,
    sources: Sequence[tuple[str, Callable[[], CapturedVersion]]],
    processes: int,
) -> Generator[Iterator[Prepared | Known | PeelgraphError]]:
    """Yield what becomes of each source, in order: here for a few, else by worker processes."""
    parent = intake.stage.parent
    if parent is None or processes == 1 or len(sources) <= FEW:
        yield (intake.preparer.prepare(capture) for _, capture in sources)
        return
    starting = preparer(parent.folder, data.captures, intake.run)
    tasks = (_brought(capture) for _, capture in sources)
    with Workforce(starting, _stopped, min(processes, len(sources))) as force:
        yield force.in_order(tasks)


def _brought(capture: Callable[[], CapturedVersion]) -> Callable[[], CapturedVersion]:
    """Return *capture*, or what comes of it where it has to be called here."""
    if not isinstance(capture, Here):
        return capture
    try:
        return partial(_given, capture())
    except PeelgraphError as error:
        return partial(_refused, error)


def _given(version: CapturedVersion) -> CapturedVersion:
    return version


def _refused(error: PeelgraphError) -> CapturedVersion:
    raise error


def _stopped(_capture: Callable[[], CapturedVersion]) -> PeelgraphError:
    return ReadingStopped(
        "the page ended the process that read it, or took longer than five minutes",
        expected="a page of a report",
        action="look at the page; the others were read",
    )
