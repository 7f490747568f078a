"""Loading RDF files into named graphs of the next version."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from rdflib import Graph

from peelgraph.graph.build import (
    derive,
    is_bundled,
    judged_elsewhere,
    record_validation,
    refuse_violations,
    united,
)
from peelgraph.graph.errors import SourceMissing, SourceUnreadable, UsageError
from peelgraph.graph.ingest import reference_graph
from peelgraph.graph.iris import slug
from peelgraph.graph.parsing import LARGEST_RDF, packing, unpacked
from peelgraph.graph.staging import staged
from peelgraph.graph.store import RdfSyntax, graphs_from
from peelgraph.graph.validation import (
    FROM_OUTSIDE,
    Checking,
    ValidationReport,
    Validator,
    shapes_graph,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from pathlib import Path

    from rdflib import URIRef

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.staging import Stage
    from peelgraph.graph.versions import DataFolder, Version

OTHER_EXTENSIONS: Final = {
    "turtle": RdfSyntax.TTL,
    "nquads": RdfSyntax.NQ,
    "json": RdfSyntax.JSONLD,
    "xml": RdfSyntax.RDF,
    "owl": RdfSyntax.RDF,
}
DERIVED: Final = ("catalogue", "provenance", "validation")


@dataclass(frozen=True, slots=True)
class RdfSource:
    """The bytes of one RDF file, with its name and syntax."""

    name: str
    content: bytes
    syntax: RdfSyntax

    @property
    def slug(self) -> str:
        """The file's name without extension, as it stands in a graph's name."""
        return slug(PurePath(self.name).stem)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The triples of each graph that was loaded, and the new version, if anything changed."""

    graphs: dict[str, int]
    version: Version | None


def rdf_files(path: Path, syntax: RdfSyntax | None = None) -> list[RdfSource]:
    """Return the file at *path*, or those in it, each syntax by extension where none is given.

    Raises:
        SourceMissing: there is no such file.
        SourceUnreadable: an extension is that of no RDF syntax; an archive is damaged or a bomb.
        ReadingStopped: an archive ended the process that unpacked it, or ran over a limit.
    """
    name, content = str(path), file_content(path, LARGEST_RDF)
    files = unpacked(content, name) if packing(name) else [(name, content)]
    return [RdfSource(each, inner, syntax or syntax_of(PurePath(each))) for each, inner in files]


def file_content(path: Path, most: int) -> bytes:
    """Return the bytes of the file at *path*, and no more than one beyond *most*.

    Raises:
        SourceMissing: it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise SourceMissing(
            f"the file cannot be read: {error.strerror}",
            place=str(path),
            action="check the path and its permissions",
        ) from error


def syntax_of(path: PurePath) -> RdfSyntax:
    """Return the syntax that the extension of *path* names.

    >>> syntax_of(PurePath("a.TTL"))
    <RdfSyntax.TTL: 'ttl'>
    """
    extension = path.suffix.removeprefix(".").casefold()
    known = {syntax.value: syntax for syntax in RdfSyntax} | OTHER_EXTENSIONS
    if extension not in known:
        raise SourceUnreadable(
            f"the extension {path.suffix or '(none)'} is of no RDF syntax",
            place=str(path),
            expected=f"one of {', '.join(known)}",
            action="name the syntax with --format",
        )
    return known[extension]


def graphs_of(
    sources: Iterable[RdfSource], iris: Iris, *, kind: str, graph: URIRef | None = None
) -> dict[URIRef, Graph]:
    """Return what *sources* state, by named graph.

    Args:
        sources: The files; several may state parts of one graph.
        iris: The base in use.
        kind: The kind of graph, as in ``/graph/{kind}/{file}``, for triples without a graph.
        graph: The graph for them instead.

    Raises:
        RdfSyntaxError: a file does not parse; the place is file and line.
    """
    graphs: dict[URIRef, Graph] = {}
    for source in sources:
        default = graph or iris.graph(kind, source.slug)
        stated = graphs_from(
            source.content, source.syntax, iris, default=default, place=source.name
        )
        for name, part in stated.items():
            whole = graphs.setdefault(name, Graph())
            for triple in part:
                whole.add(triple)
    return graphs


def load(  # noqa: PLR0913, PLR0917 - one argument an option
    data: DataFolder,
    sources: Iterable[RdfSource],
    iris: Iris,
    moment: dt.datetime,
    graph: URIRef | None = None,
    checking: Checking = FROM_OUTSIDE,
) -> Loaded:
    """Make each graph that *sources* state hold exactly that, in a new version.

    Args:
        data: Where versions are kept; it has a current one.
        sources: The files.
        iris: The base of the current version.
        moment: The time of the load, UTC.
        graph: The graph for triples without one; ``/graph/external/{file}`` if ``None``.
        checking: What checks the graphs against the shapes, and how long that may take.

    Raises:
        RdfSyntaxError: a file does not parse; nothing was stored.
        UsageError: a graph is one that the program itself keeps.
        NotConforming: a graph breaks a shape; nothing was stored.
        ValidationTimeout: the check took too long; nothing was stored.
        DataBusy: another process is writing.
    """
    files = list(sources)
    graphs = graphs_of(files, iris, kind="external", graph=graph)
    for name in graphs:
        refuse_kept(name, iris)
    with staged(data, iris) as stage:
        report = checked(stage, graphs, checking)
        stage.replace_graphs(graphs)
        derive(stage)
        version = None
        if not stage.unchanged():
            record_validation(stage, report, united(graphs.values()).subjects())
            for file in files:
                digest = hashlib.sha256(file.content).hexdigest()
                stage.inputs[f"{file.slug}/{digest[:12]}"] = digest
            version = stage.publish(data, moment)
    return Loaded({str(name): len(graphs[name]) for name in sorted(graphs)}, version)


def refuse_kept(name: URIRef, iris: Iris) -> None:
    """Raise :class:`UsageError` where *name* is a graph that the program itself writes."""
    if is_bundled(name, iris) or name in {iris.graph(kind) for kind in DERIVED}:
        raise UsageError(
            f"the graph {name} is kept by the program and would be overwritten",
            place="--graph",
            expected=f"a graph of your own, such as {iris.graph('external', 'name')}",
            action="choose another graph, or take those quads out of the file",
        )


def checked(stage: Stage, graphs: dict[URIRef, Graph], checking: Checking) -> ValidationReport:
    """Return the report on *graphs*, each with the stage's reference data and beside the others.

    Raises:
        NotConforming: there is a violation; the stage is as it was.
    """
    iris = stage.iris
    validator = Validator(reference_graph(stage.store, iris), shapes_graph(iris), checking)
    across = {**judged_elsewhere(stage, graphs), **graphs}
    report = validator.whole_report(united(graphs.values()), across, iris)
    refuse_violations(report)
    return report
