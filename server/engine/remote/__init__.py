"""The engine over another SPARQL 1.1 endpoint."""

from peelgraph.server.engine.remote.address import remote_of
from peelgraph.server.engine.remote.engine import RemoteEngine

__all__ = ["RemoteEngine", "remote_of"]
