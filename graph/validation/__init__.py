"""SHACL: the bundled shapes, a run over one graph or over all of them, and its report."""

from peelgraph.graph.validation.checks import (
    CROSS_GRAPH,
    Validator,
    shape_files,
    shapes_graph,
)
from peelgraph.graph.validation.engine import ENGINES, FROM_OUTSIDE, PYSHACL, RUST, Checking
from peelgraph.graph.validation.report import Result, ValidationReport

__all__ = [
    "CROSS_GRAPH",
    "ENGINES",
    "FROM_OUTSIDE",
    "PYSHACL",
    "RUST",
    "Checking",
    "Result",
    "ValidationReport",
    "Validator",
    "shape_files",
    "shapes_graph",
]
