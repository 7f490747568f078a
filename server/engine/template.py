"""The template process: holds a version in memory and forks workers from it, on command.

It is started afresh (never forked from the threaded web process), runs one thread, and ends
when its control socket closes. Commands and replies are one line of JSON each; the command
``fork`` brings the worker's socket with it, and the files for its large answers.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import pyoxigraph

from peelgraph.server.engine.union import union_store
from peelgraph.server.engine.worker import Holding, run_worker

CONTROL_BYTES = 64 * 1024
MOST_DESCRIPTORS = 8
BUG = 70
OUT_OF_MEMORY = 71
OTHERS = {"owl": pyoxigraph.RdfFormat.RDF_XML, "turtle": pyoxigraph.RdfFormat.TURTLE}
"""Extensions that are common and that the engine does not know."""
MERGE = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"


class Template:
    """One control socket, one store, and the workers forked so far."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._holding = Holding(Path())
        self._children: set[int] = set()

    def obey(self) -> None:
        """Carry out commands until the control socket closes, then end all workers."""
        try:
            while True:
                line, descriptors, _, _ = socket.recv_fds(
                    self._control, CONTROL_BYTES, MOST_DESCRIPTORS
                )
                if not line:
                    return
                reply = self._carry_out(json.loads(line), descriptors)
                self._control.sendall(json.dumps(reply).encode() + b"\n")
        except ConnectionError:
            return
        finally:
            for child in list(self._children):
                self._reap(child)

    def _carry_out(self, command: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        if command["do"] == "fork":
            return self._fork(descriptors)
        if command["do"] == "reap":
            return {"status": self._reap(command["pid"])}
        return self._load(command)

    def _load(self, command: dict[str, Any]) -> dict[str, Any]:
        if command["disk_store"] is not None:
            self._holding = _on_disk(command)
            repeats = command["union"] and not self._holding.merged
            return {"held": "disk", "quads": None, "repeats": repeats}
        path = Path(command["rdf_file"])
        store = pyoxigraph.Store()
        try:
            store.bulk_load(
                path=os.fspath(path), format=_format_of(path), base_iri=command["base_iri"]
            )
        except (SyntaxError, ValueError) as error:
            return {"error": "syntax", "message": str(error)}
        except OSError as error:
            return {"error": "reading", "message": str(error)}
        for name in command["empty"]:
            store.add_graph(pyoxigraph.NamedNode(name))
        quads, own = len(store), pyoxigraph.Store()
        alone = None
        if command["union"]:
            unnamed = pyoxigraph.DefaultGraph()
            own.extend(store.quads_for_pattern(None, None, None, unnamed))
            store.update(MERGE)
            alone = _default_graph_of(store)
        self._holding = Holding(store, merged=command["union"], alone=alone, own=own)
        # What lives now lives as long as this process: keep the collector from touching, and
        # so copying, its pages in every worker.
        gc.collect()
        gc.freeze()
        return {"held": "memory", "quads": quads}

    def _fork(self, descriptors: list[int]) -> dict[str, Any]:
        template = os.getpid()
        try:
            child = os.fork()
            if child == 0:
                self._become_worker(descriptors, template)
        except OSError as error:
            return {"error": "forking", "message": str(error)}
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        self._children.add(child)
        return {"pid": child}

    def _become_worker(self, descriptors: list[int], template: int) -> None:
        code = BUG
        try:
            self._control.close()
            nowhere = os.open(os.devnull, os.O_RDWR)
            for standard in (0, 1, 2):
                os.dup2(nowhere, standard)
            os.close(nowhere)
            channel = socket.socket(fileno=descriptors[0])
            run_worker(channel, descriptors[1:], self._holding, template)
            code = 0
        except ConnectionError:
            code = 0
        except MemoryError:
            code = OUT_OF_MEMORY
        finally:
            os._exit(code)

    def _reap(self, child: int) -> int:
        """End *child* if it still runs; return its wait status, as ``os.waitpid`` gives it."""
        if child not in self._children:
            return 0
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        self._children.discard(child)
        return status


def _default_graph_of(store: pyoxigraph.Store) -> pyoxigraph.Store:
    """Return a store of the default graph of *store* alone."""
    triples = store.dump(
        format=pyoxigraph.RdfFormat.N_TRIPLES, from_graph=pyoxigraph.DefaultGraph()
    )
    alone = pyoxigraph.Store()
    alone.bulk_load(input=triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
    return alone


def _on_disk(command: dict[str, Any]) -> Holding:
    store = Path(command["disk_store"])
    union = union_store(store, Path(command["rdf_file"])) if command["union"] else None
    return Holding(store) if union is None else Holding(union, merged=True, own=store)


def _format_of(path: Path) -> pyoxigraph.RdfFormat:
    extension = path.suffix.lstrip(".").lower()
    known = OTHERS.get(extension) or pyoxigraph.RdfFormat.from_extension(extension)
    if known is None:
        raise ValueError(f"no RDF format has the extension {path.suffix or '(none)'}")
    return known


def main() -> None:
    """Run a template over the control socket whose descriptor is the only argument."""
    # A terminal sends Ctrl-C to the whole group; the web process alone decides when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Template(socket.socket(fileno=int(sys.argv[1]))).obey()


if __name__ == "__main__":
    main()
