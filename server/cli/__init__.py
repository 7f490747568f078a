"""The command line: one module per command."""

from __future__ import annotations

from peelgraph.server.cli.program import main

__all__ = ["main"]
