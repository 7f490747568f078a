"""The bundled facts: CSV files, their description, and the reader that checks them."""

from __future__ import annotations

from peelgraph.graph.tables.reader import bundled_tables, read_tables
from peelgraph.graph.tables.tables import Tables

__all__ = ["Tables", "bundled_tables", "read_tables"]
