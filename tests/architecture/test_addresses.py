"""Sections do not take each other's templates or addresses: of two, one would never be seen."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from peelgraph.graph.settings import Settings
from peelgraph.server.app import create_app

SERVER = Path(__file__).parent.parent.parent / "server"


class NoEngine:
    """Enough of an engine to see which addresses there are."""

    def version(self) -> None:
        """There is none."""


def twice(names: list[str]) -> list[str]:
    """Return what stands in a list more than once."""
    return sorted(name for name, times in Counter(names).items() if times > 1)


def test_no_two_templates_have_one_name() -> None:
    """Every section's folder is searched for a name, and the first that has it wins."""
    found = [
        str(file.relative_to(folder))
        for folder in SERVER.rglob("templates")
        for file in folder.rglob("*")
        if file.is_file()
    ]
    assert len(found) > 5
    assert twice(found) == []


def test_no_two_pages_have_one_address() -> None:
    """The router answers with the first of two rules that fit alike."""
    app = create_app(Settings(), NoEngine())  # type: ignore[arg-type]  # never asked anything
    found = [
        f"{method} {re.sub('<[^>]*>', '<>', rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if not rule.rule.startswith("/static/")
    ]
    assert len(found) > 20
    assert twice(found) == []
