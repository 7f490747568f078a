"""A real server that takes writes, over a scratch data folder."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph

from w3c.engine import quads_of
from w3c.servers import Client, Reply, client_of
from w3c.terms import Row, Term, of_engine

if TYPE_CHECKING:
    from pathlib import Path

    from w3c.manifest import Files

PROGRAM = [sys.executable, "-m", "peelgraph.server.cli"]
SERVE = [*PROGRAM, "serve", "--port", "0", "--default-graph", "plain", "--workers", "2"]
for budget in ("workers", "seconds", "errors"):
    SERVE += [f"--client-{budget}", "0"]  # the suites' bad requests come faster than a client's may
OWN = "https://w3id.org/peelgraph/graph/"
"""Graphs that a version writes about itself; no suite knows of them."""
NAMELESS = "/.well-known/genid/"
"""What stands for a blank node in the address of one that was named."""
EVERYTHING = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
Graphs = dict[str | None, list[Row]]


@dataclass(slots=True)
class WritableServer:
    """A server process and the token with which it may be written to."""

    process: subprocess.Popen[str]
    client: Client
    token: str

    def update(self, text: str, kind: str = "application/sparql-update") -> Reply:
        """Send an update by a direct POST."""
        headers = {"Content-Type": kind, "Authorization": f"Bearer {self.token}"}
        return self.client.send("POST", "/update", headers, text.encode())

    def hold(self, files: Files) -> None:
        """Make *files* all that the server holds."""
        reply = self.update("DROP ALL ; " + _inserting(files))
        assert reply.status < 300, reply.body

    def graphs(self) -> Graphs:
        """Everything that the server holds, but for what it says of itself."""
        reply = self.client.ask(EVERYTHING, "text/tab-separated-values")
        assert reply.status == 200, reply.body
        found: Graphs = {}
        for line in reply.body.decode().splitlines()[1:]:
            name, *triple = line.split("\t")
            graph = _term(name)[1] if name else None
            if graph is None or not graph.startswith(OWN):
                found.setdefault(graph, []).append(tuple(_term(cell) for cell in triple))
        return found

    def close(self) -> None:
        """End it."""
        self.client.connection.close()
        self.process.terminate()
        self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()


def start(folder: Path) -> WritableServer:
    """A server over a data folder of its own."""
    there = ["--data", str(folder)]
    built = subprocess.run([*PROGRAM, "build", *there], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    made = subprocess.run(
        [*PROGRAM, "token", "create", "--scope", "update", "--json", *there],
        capture_output=True,
        text=True,
        check=True,
    )
    process = subprocess.Popen([*SERVE, *there], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("Serving http://"), line
    return WritableServer(process, client_of(line.split()[1]), json.loads(made.stdout)["token"])


def _inserting(files: Files) -> str:
    graphs: dict[str, list[str]] = {}
    for quad in quads_of(files):
        graphs.setdefault(str(quad.graph_name), []).append(f"{quad.triple} .")
    parts = [
        " ".join(triples) if name == "DEFAULT" else f"GRAPH {name} {{ {' '.join(triples)} }}"
        for name, triples in graphs.items()
    ]
    return f"INSERT DATA {{ {' '.join(parts)} }}"


def _term(cell: str) -> Term:
    statement = f"<urn:s> <urn:p> {cell} ."
    (triple,) = pyoxigraph.parse(statement, format=pyoxigraph.RdfFormat.TURTLE)
    term = of_engine(triple.object)
    return ("blank", term[1]) if term[0] == "iri" and NAMELESS in term[1] else term
