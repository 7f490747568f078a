"""The files that are made of a published version: dumps, tables, catalogue, counts."""

from peelgraph.graph.dumps.background import DumpMaker
from peelgraph.graph.dumps.listing import DumpFile, Dumps
from peelgraph.graph.dumps.making import dumps_of, make_dumps, remove_orphans

__all__ = ["DumpFile", "DumpMaker", "Dumps", "dumps_of", "make_dumps", "remove_orphans"]
