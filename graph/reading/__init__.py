"""Captured text to model objects: pure functions that keep every offset and know no RDF."""

from __future__ import annotations

from peelgraph.graph.reading.context import (
    Cue,
    CycleContext,
    ForceNames,
    QuestionCues,
    ReadingContext,
    ThemeCues,
)
from peelgraph.graph.reading.report import read

__all__ = [
    "Cue",
    "CycleContext",
    "ForceNames",
    "QuestionCues",
    "ReadingContext",
    "ThemeCues",
    "read",
]
