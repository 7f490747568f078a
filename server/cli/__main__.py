"""Lets ``python -m peelgraph.server.cli`` stand for the installed program."""

from __future__ import annotations

from peelgraph.server.cli.program import main

if __name__ == "__main__":
    main()
