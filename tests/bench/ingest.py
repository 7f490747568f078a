"""Pages per second from text to published version: ours beside rdflib and pyshacl used naively.

Naive is what a newcomer would write: in one process, the same graphs of the same pages, each
validated by ``pyshacl.validate`` together with the reference graph, collected in one rdflib
dataset and serialised at the end. It is slow, so it is given few pages; both sides get the same.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import pyshacl
from rdflib import Dataset

from peelgraph.graph.build import build, united
from peelgraph.graph.capture import capture_file
from peelgraph.graph.ingest import Ingestion, Run, ingest, reference_graph
from peelgraph.graph.iris import Iris
from peelgraph.graph.mapping.document import document_graph
from peelgraph.graph.reading import read
from peelgraph.graph.reports import reading_context
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.validation import shapes_graph
from peelgraph.graph.versions import DataFolder
from peelgraph.graph.workers import cores

sys.path.insert(0, str(Path(__file__).parent))
from pages import pages


def written(folder: Path, count: int, sentences: int) -> list[Path]:
    """The files of *count* invented pages."""
    folder.mkdir()
    for name, text in pages(count, sentences):
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


def ours(files: list[Path], data: DataFolder) -> Ingestion:
    """What ingesting *files* gave, after a build that is not counted."""
    moment = dt.datetime.now(dt.UTC)
    build(data, Iris(), bundled_tables(), moment)
    run = Run(iris=Iris(), tables=bundled_tables(), moment=moment)
    ingestion = ingest(data, [(each.name, partial(capture_file, each)) for each in files], run)
    if any(outcome.state != "landed" for outcome in ingestion.outcomes):
        raise SystemExit("a page did not land: the benchmark measures nothing")
    return ingestion


def naive(files: list[Path], data: DataFolder, target: Path) -> float:
    """Seconds that the same takes a newcomer; reading tables and shapes is not counted."""
    iris, tables = Iris(), bundled_tables()
    context, shapes = reading_context(tables), shapes_graph(iris)
    reference = reference_graph(data.current().store(), iris)
    dataset, started = Dataset(), time.perf_counter()
    for file in files:
        version = capture_file(file)
        report = read(version, context, force=None, cycle=None)
        graph = document_graph(report, tables, iris)
        pyshacl.validate(data_graph=united([reference, graph]), shacl_graph=shapes)
        collected = dataset.graph(iris.document_graph(report.slug, version.sha12))
        for triple in graph:
            collected.add(triple)
    dataset.serialize(target, format="nquads")
    return time.perf_counter() - started


def told(count: int, ingestion: Ingestion) -> str:
    """One line on a run of ours."""
    spent: dict[str, float] = {}
    for outcome in ingestion.outcomes:
        for stage, seconds in outcome.seconds.items():
            spent[stage] = spent.get(stage, 0.0) + seconds
    parts = ", ".join(f"{stage} {each / sum(spent.values()):.0%}" for stage, each in spent.items())
    peak = [resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, -1)]
    return (
        f"{count} pages: {count / ingestion.seconds:.2f}/s in {ingestion.seconds:.1f} s with "
        f"{cores()} processes; reading alone {count / spent['reading']:.1f}/s in one; of the work: "
        f"{parts}; peak {peak[0]} MiB, of a worker {peak[1]} MiB so far"
    )


def main() -> None:
    """Measure ours at each size, then both on the same few pages, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20, help="pages that both sides are given")
    parser.add_argument("--sizes", default="", help="more pages for ours alone: 250,500,1000")
    parser.add_argument("--sentences", type=int, default=30, help="sentences of a page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        for size in sorted(int(each) for each in options.sizes.split(",") if each):
            files = written(scratch / f"{size}", size, options.sentences)
            print(told(size, ours(files, DataFolder(scratch / f"{size}-data"))), flush=True)
        files = written(scratch / "both", options.pages, options.sentences)
        data = DataFolder(scratch / "data")
        mine = ours(files, data)
        print(told(options.pages, mine), flush=True)
        other = naive(files, data, scratch / "naive.nq")
        print(
            f"naive rdflib and pyshacl on the same pages: {options.pages / other:.2f}/s in "
            f"{other:.1f} s, ratio {other / mine.seconds:.1f}"
        )


if __name__ == "__main__":
    main()
