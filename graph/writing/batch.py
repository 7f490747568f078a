"""Several changes carried out together: one stage, one validation, one version.

Runs in a confined process. Whatever ends it before the pointer is switched leaves nothing behind
but a folder that the next writer sweeps, and entries of the audit that the next one corrects.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peelgraph.graph.announced import announce, settle
from peelgraph.graph.audit import ACCEPTED, UNCHANGED, Audit, Entry
from peelgraph.graph.content import digest_of
from peelgraph.graph.errors import GraphChanged, GraphKept, PeelgraphError, UnknownGraph
from peelgraph.graph.nquads import DEFAULT, graph_of
from peelgraph.graph.staging import sorted_content, staged
from peelgraph.graph.tokens import told
from peelgraph.graph.versions import writable
from peelgraph.graph.writing.corrections import correct
from peelgraph.graph.writing.model import Kind, Outcome
from peelgraph.graph.writing.retention import prune_written
from peelgraph.graph.writing.review import Reviewed, changed_graphs, checked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from peelgraph.graph.editable import EditableStore
    from peelgraph.graph.staging import Stage
    from peelgraph.graph.versions import DataFolder
    from peelgraph.graph.writing.ground import Ground
    from peelgraph.graph.writing.model import Change, Task


class GroundMoved(Exception):
    """Another writer has published since the ground was prepared."""


class Divided(Exception):
    """The changes do not pass together; each has to be tried by itself."""


@dataclass(slots=True)
class Trial:
    """One change of a batch and what came of it so far."""

    change: Change
    created: bool = False
    error: PeelgraphError | None = None


def carry_out(
    data: DataFolder,
    ground: Ground,
    task: Task,
    judged: Callable[[], None],
) -> list[Outcome | PeelgraphError]:
    """Carry out changes one after another and publish what comes of them as one version.

    Args:
        data: The data folder.
        ground: The current version, made ready.
        task: The changes, of which only the first may be conditional, and their limits.
        judged: Called when all that strangers wrote has been run and validated, and only
            publishing is left.

    Returns:
        What became of each change; all that were carried out are on disk.

    Raises:
        GroundMoved: the ground is not the current version any more.
        Divided: a shape is broken, or a graph touched that may not be, by one of several.
        DataBusy: another process is writing.
        DataUnwritable: the disk is full; nothing was published.
    """
    with staged(data, ground.iris, task.patience) as stage, writable(stage.folder):
        if stage.parent is None or stage.parent.name != ground.name:
            raise GroundMoved
        audit = Audit(data.path)
        correct(data, dt.datetime.now(dt.UTC))
        # An empty store is false.
        working = stage.store if ground.store is None else ground.store
        trials = [_tried(change, working, ground) for change in task.changes]
        good = [trial for trial in trials if trial.error is None]
        reviewed = _reviewed(stage, working, ground, good) if good else None
        if reviewed is None:
            judged()
            audit.append(_entries(trials, ground, ground.name, 0))
            return [_outcome(trial, ground.name, published=False) for trial in trials]
        judged()
        if ground.store is not None:
            _transfer(stage, working, reviewed)
        del working  # the stage's store can only be closed where nobody holds it
        name = _published(stage, data, audit, trials, reviewed)
        prune_written(data, task.keep, dt.datetime.now(dt.UTC))
    return [_outcome(trial, name, published=trial.error is None) for trial in trials]


def _tried(change: Change, store: EditableStore, ground: Ground) -> Trial:
    """Apply one change; one that fails has left the store as it was."""
    trial = Trial(change)
    try:
        _meet_conditions(change, store, ground)
        if change.kind is Kind.UPDATE:
            store.update(change.text, change.base)
            return trial
        there = store.has_graph(change.graph)
        if change.kind is Kind.DELETE:
            if not there:
                raise _unknown(change)
            store.delete_graph(change.graph)
            return trial
        trial.created = not there
        if change.graph == str(ground.iris.graph("catalogue")):
            raise _kept(str(change.graph))
        (store.put_graph if change.kind is Kind.PUT else store.post_graph)(
            change.graph, change.triples
        )
    except PeelgraphError as error:
        trial.error = error
    return trial


def _meet_conditions(change: Change, store: EditableStore, ground: Ground) -> None:
    """Refuse a change that was made for another state of its graph.

    Raises:
        GraphChanged: the graph is not what the change was made for.
    """
    if not change.conditional:
        return
    name = DEFAULT if change.graph is None else change.graph
    there, digest = store.has_graph(change.graph), ground.digests.get(name, "")
    wrong = change.matches is not None and not (
        there and ("*" in change.matches or digest in change.matches)
    )
    if change.differs is not None:
        wrong = wrong or (there and ("*" in change.differs or digest in change.differs))
    if wrong:
        raise GraphChanged(
            "the graph is not what this change was made for",
            place=name,
            expected="the ETag that a GET of the graph gives now",
            action="get the graph again, make the change anew, then try again",
        )


def _reviewed(
    stage: Stage, working: EditableStore, ground: Ground, good: list[Trial]
) -> Reviewed | None:
    """Return what the changes come to, checked; ``None`` where they change nothing."""
    try:
        emptied = _take_catalogue(working, ground)
        content = sorted_content(working, stage.folder, ground.iris)
        if working.name_blank_nodes(content.file, ground.iris):
            content = sorted_content(working, stage.folder, ground.iris)
        changed = changed_graphs(ground, content)
        if not changed and not emptied:
            return None
        return checked(stage, working, ground, content, changed)
    except PeelgraphError as error:
        if len(good) > 1:
            raise Divided from error
        good[0].error = error
        return None


def _take_catalogue(working: EditableStore, ground: Ground) -> bool:
    """Take out what every version says of itself anew; return whether a change had taken from it.

    Raises:
        GraphKept: something was added to it, which would be lost.
    """
    name = ground.iris.graph("catalogue")
    known = ground.digests.get(str(name))
    if not working.holds_graph(name):
        return known is not None
    lines = working.graph_nquads(name)
    changed = digest_of(lines) != known
    if changed and not _stated(ground, str(name)).issuperset(lines):
        raise _kept(name)
    working.remove_graph(name)
    return changed and known is not None


def _stated(ground: Ground, name: str) -> set[str]:
    """Return the lines of one graph as the version has them."""
    with ground.quads_file.open("rb") as lines:
        return {line[:-1].decode() for line in lines if graph_of(line) == name}


def _kept(name: str) -> GraphKept:
    return GraphKept(
        "the graph is written anew with every version",
        place=name,
        expected="a graph of your own",
        action=f"choose another graph, or add FILTER (?g != <{name}>); nothing was changed",
    )


def _unknown(change: Change) -> UnknownGraph:
    return UnknownGraph(
        "there is no such graph", place=str(change.graph), action="see which graphs there are"
    )


def _transfer(stage: Stage, working: EditableStore, reviewed: Reviewed) -> None:
    """Do to the stage's store on disk what was done in memory."""
    names = [None if name == DEFAULT else name for name in sorted(reviewed.changed)]
    before = {line for name in names for line in stage.store.lines(name)}
    after = {line for name in names for line in working.lines(name)}
    stage.store.change(b"".join(before - after), b"".join(after - before))
    stage.store.keep_graphs(set(reviewed.content.graphs) - {DEFAULT})


def _published(
    stage: Stage, data: DataFolder, audit: Audit, trials: list[Trial], reviewed: Reviewed
) -> str:
    """Publish the stage; its entries stand in the audit before the pointer is switched."""
    parent = stage.parent
    if parent is None:
        raise AssertionError
    quads = sum(reviewed.content.graphs.values())
    moment = dt.datetime.now(dt.UTC)

    def announced(name: str) -> None:
        announce(data.path, name)
        entries = _entries(trials, reviewed.ground, name, quads)
        stage.inputs["audit"] = audit.append(entries)

    try:
        version = stage.publish(data, moment, reviewed.content, announced)
    except PeelgraphError:
        correct(data, dt.datetime.now(dt.UTC))
        raise
    settle(data)
    if version is None:
        raise AssertionError
    return version.name


def _entries(trials: list[Trial], ground: Ground, after: str, quads: int) -> Iterator[Entry]:
    moment = told(dt.datetime.now(dt.UTC))
    for trial in trials:
        change = trial.change
        verdict = ACCEPTED if after != ground.name else UNCHANGED
        yield Entry(
            time=moment,
            request=change.request,
            token=change.token,
            scope=change.scope,
            route=change.route,
            graph=change.graph or "",
            body=change.body,
            before=ground.name,
            after=ground.name if trial.error else after,
            verdict=f"refused: {trial.error.slug}" if trial.error else verdict,
            quads_before=ground.quads,
            quads_after=ground.quads if trial.error or not quads else quads,
        )


def _outcome(trial: Trial, version: str, *, published: bool) -> Outcome | PeelgraphError:
    return trial.error or Outcome(version, published, trial.created)
