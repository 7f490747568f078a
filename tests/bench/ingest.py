"""Pages per second from text to published version: ours beside rdflib and pyshacl used naively.

Naive is what a newcomer would write: in one process, the same graphs of the same pages, each
validated by ``pyshacl.validate`` together with the reference graph, collected in one rdflib
dataset and serialised at the end. It is slow, so it is given few pages; both sides get the same.
Processor time stands beside time on the clock, since other programs make the latter longer.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import pyshacl
from rdflib import Dataset

from peelgraph.graph.build import united
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

PAGES = 6


def written(folder: Path, count: int, sentences: int) -> list[Path]:
    """The files of *count* invented pages."""
    folder.mkdir()
    for name, text in pages(count, sentences):
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


def processor() -> float:
    """Seconds of processor time that this process and those that it has ended have taken."""
    return sum(os.times()[:4])


def ours(files: list[Path], data: DataFolder) -> tuple[Ingestion, float]:
    """What ingesting *files* gave, and the seconds of the processor that it took."""
    run = Run(iris=Iris(), tables=bundled_tables(), moment=dt.datetime.now(dt.UTC))
    busy = processor()
    ingestion = ingest(data, [(each.name, partial(capture_file, each)) for each in files], run)
    if any(outcome.state != "landed" for outcome in ingestion.outcomes):
        raise SystemExit("a page did not land: the benchmark measures nothing")
    return ingestion, processor() - busy


def naive(files: list[Path], data: DataFolder, target: Path) -> tuple[float, float]:
    """Seconds, and those of the processor, that the same takes a newcomer.

    Reading tables and shapes is not counted.
    """
    iris, tables = Iris(), bundled_tables()
    context, shapes = reading_context(tables), shapes_graph(iris)
    reference = reference_graph(data.current().store(), iris)
    dataset, started, busy = Dataset(), time.perf_counter(), processor()
    for file in files:
        version = capture_file(file)
        report = read(version, context, force=None, cycle=None)
        graph = document_graph(report, tables, iris)
        pyshacl.validate(data_graph=united([reference, graph]), shacl_graph=shapes)
        collected = dataset.graph(iris.document_graph(report.slug, version.sha12))
        for triple in graph:
            collected.add(triple)
    dataset.serialize(target, format="nquads")
    return time.perf_counter() - started, processor() - busy


def told(count: int, ingestion: Ingestion, busy: float) -> str:
    """One line on a run of ours."""
    spent: dict[str, float] = {}
    for outcome in ingestion.outcomes:
        for stage, seconds in outcome.seconds.items():
            spent[stage] = spent.get(stage, 0.0) + seconds
    parts = ", ".join(f"{stage} {each / sum(spent.values()):.0%}" for stage, each in spent.items())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        f"{count} pages: {count / ingestion.seconds:.2f}/s in {ingestion.seconds:.1f} s, of the "
        f"processor {busy:.1f} s ({busy / count:.3f} a page), {cores()} cores; reading alone "
        f"{count / spent['reading']:.1f}/s in one process; of the work: {parts}; publishing "
        f"{ingestion.publishing_seconds:.1f} s; peak of the main process {peak} MiB so far"
    )


def main() -> None:
    """Measure ours at each size, then both on the same few pages, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=PAGES, help="pages that both sides are given")
    parser.add_argument("--sizes", default="100", help="pages for ours alone: 250,500,1000")
    parser.add_argument("--sentences", type=int, default=5, help="sentences of a page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        built = scratch / "built"
        # in a process of its own, so that its memory is not taken for an ingest's
        command = [sys.executable, "-m", "peelgraph.server.cli", "build", "-q", "--data", built]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

        def data(case: str) -> DataFolder:
            return DataFolder(shutil.copytree(built, scratch / f"{case}-data", symlinks=True))

        for size in sorted(int(each) for each in options.sizes.split(",") if each):
            files = written(scratch / f"{size}", size, options.sentences)
            print(told(size, *ours(files, data(f"{size}"))), flush=True)
        files = written(scratch / "both", options.pages, options.sentences)
        mine, busy = ours(files, data("both"))
        print(told(options.pages, mine, busy), flush=True)
        seconds, theirs = naive(files, DataFolder(built), scratch / "naive.nq")
        ratios = f"{seconds / mine.seconds:.1f}, of the processor {theirs / busy:.1f}"
        print(
            f"naive rdflib and pyshacl on the same pages: {options.pages / seconds:.2f}/s in "
            f"{seconds:.1f} s, of the processor {theirs:.1f} s; ratio {ratios}"
        )


if __name__ == "__main__":
    main()
