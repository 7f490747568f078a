"""The endpoint as every client meets it, and what it must answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pytest

from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


PREFIXES: Final = """
PREFIX pi: <https://w3id.org/peelgraph/def/inspection#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
KENT: Final = """
  ?judgment pi:force <https://w3id.org/peelgraph/id/force/kent> ;
    pi:cycle <https://w3id.org/peelgraph/id/cycle/peel-2015> ;
    pi:criterion/skos:prefLabel ?pillar ;
    pi:grade/skos:prefLabel ?grade .
  FILTER (lang(?pillar) = "en" && lang(?grade) = "en")
"""


@dataclass(frozen=True)
class Questions:
    """One question of each kind, with the answer that is known from the bundled tables.

    ``complaint`` is what a message about the wrong query must name: its undeclared prefix.
    """

    select: str = f"{PREFIXES} SELECT ?pillar ?grade WHERE {{ {KENT} }} ORDER BY ?pillar"
    grades: list[tuple[str, str]] = field(
        default_factory=lambda: [
            ("effectiveness", "good"),
            ("efficiency", "good"),
            ("legitimacy", "outstanding"),
        ]
    )
    ask: str = f'{PREFIXES} ASK {{ {KENT} FILTER (str(?grade) = "outstanding") }}'
    construct: str = f"{PREFIXES} CONSTRUCT {{ ?judgment skos:note ?grade }} WHERE {{ {KENT} }}"
    large: str = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 20000"
    rows: int = 20_000
    wrong: str = "SELECT ?pillar WHERE { ?judgment pi:grade ?grade }"
    complaint: str = "pi:"


@pytest.fixture(scope="session")
def questions() -> Questions:
    """What every client is asked to ask."""
    return Questions()


@pytest.fixture(scope="session")
def home(built_data: Path, started_servers: Callable[..., Any]) -> str:
    """The address of a server over the bundled data, without a slash at its end."""
    server = started_servers(DataFolder(built_data).current().quads_file, workers=2)
    return str(server.address).rstrip("/")


@pytest.fixture(scope="session")
def endpoint(home: str) -> str:
    """The address that a client is given."""
    return f"{home}/sparql"
