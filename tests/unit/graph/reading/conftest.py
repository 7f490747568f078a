"""What every test of reading shares: the bundled context with two invented forces added."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.capture import capture_file, captured_text
from peelgraph.graph.reading import ForceNames, ReadingContext, read
from peelgraph.graph.reports import reading_context
from peelgraph.graph.tables import bundled_tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.graph.model import Report

MOMENT = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
PAGES = Path(__file__).parents[3] / "data"
INVENTED = (
    ForceNames(slug="wessmarch", names=("Wessmarch Police", "Wessmarch")),
    ForceNames(slug="eastmoor", names=("Eastmoor Constabulary", "Eastmoor")),
)


@pytest.fixture(scope="session")
def context() -> ReadingContext:
    """The bundled forces and cycles, and the two forces of the invented pages."""
    known = reading_context(bundled_tables())
    return dataclasses.replace(known, forces=(*known.forces, *INVENTED))


@pytest.fixture(scope="session")
def reading(context: ReadingContext) -> Callable[..., Report]:
    """A function from a page's text to its report."""
    return lambda text, **options: read(captured_text(text, retrieved=MOMENT), context, **options)


@pytest.fixture(scope="session")
def invented(context: ReadingContext) -> Callable[[str], Report]:
    """A function from the name of an invented page to its report."""
    return lambda name: read(capture_file(PAGES / name), context)


@pytest.fixture(scope="session")
def page_2015() -> str:
    """The text of the invented page of 2015."""
    return (PAGES / "wessmarch-2015.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def kent(kent_2015_text: str, reading: Callable[..., Report]) -> Report:
    """The real page, read."""
    return reading(kent_2015_text)
