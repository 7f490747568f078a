"""Writes must not fill the disk, nor take away what somebody built."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

from rdflib import Graph, Literal, URIRef

from peelgraph.graph.iris import Iris
from peelgraph.graph.staging import staged
from peelgraph.graph.versions import DataFolder
from peelgraph.graph.writing.retention import prune_written

if TYPE_CHECKING:
    from pathlib import Path

MOMENT = dt.datetime(2026, 11, 26, 10, 0, tzinfo=dt.UTC)


def publish(data: DataFolder, number: int, *, written: bool) -> str:
    """Publish a version, as a write would or as a command does."""
    graph = Graph()
    graph.add((URIRef("http://e.org/a"), URIRef("http://e.org/p"), Literal(number)))
    with staged(data, Iris()) as stage:
        stage.replace_graphs({URIRef("http://e.org/g"): graph})
        version = stage.publish(data, MOMENT + dt.timedelta(minutes=number))
    assert version is not None
    file = version.folder / "manifest.json"
    told = json.loads(file.read_text(encoding="utf-8")) | {"written": written}
    file.write_text(json.dumps(told), encoding="utf-8")
    return version.name


def test_only_old_versions_of_writes_go(tmp_path: Path) -> None:
    """Built ones stay whatever their age; the current one, its parent and young ones as well."""
    data = DataFolder(tmp_path / "data")
    built = publish(data, 0, written=False)
    names = [publish(data, number, written=True) for number in range(1, 7)]
    now = MOMENT + dt.timedelta(hours=1)
    assert prune_written(data, 0, now) == []
    assert prune_written(data, 2, MOMENT + dt.timedelta(minutes=12)) == names[:1]
    data.switch(names[2])
    assert prune_written(data, 2, now) == [names[3]]
    assert data.names() == sorted([built, names[1], names[2], names[4], names[5]])
    data.current().check()
