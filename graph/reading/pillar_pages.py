"""Pages about one pillar: which one, by the page's own words, and what an address says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.graph.reading.sections import headline
from peelgraph.graph.reading.wording import folded, name_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from peelgraph.graph.reading.wording import Line

PILLAR: Final = r"(?P<pillar>effectiveness|efficiency|legitimacy|leadership)"
NAMES_PILLAR: Final = re.compile(rf"(?:questions for )?{PILLAR}")
ADDRESS: Final = re.compile(
    rf"/peel-assessments/peel-(?P<years>20\d\d(?:-\d\d)?)/(?P<force>[a-z-]+)(?:/{PILLAR})?(?:[/?#]|$)"
)


@dataclass(frozen=True, slots=True)
class Address:
    """What the address of a page says of it: a force's name, the years of a cycle, a pillar."""

    force: str
    years: str
    pillar: str | None


def addressed(source: str | None) -> Address | None:
    """Return what the address *source* says, or ``None`` for any other address.

    >>> addressed("https://example.org/peel-assessments/peel-2016/kent/efficiency/")
    Address(force='kent', years='2016', pillar='efficiency')
    """
    found = ADDRESS.search(source or "")
    return Address(name_key(found["force"]), found["years"], found["pillar"]) if found else None


def only_pillar(lines: Sequence[Line]) -> str | None:
    """Return the pillar that the headings of a page name, or ``None`` if they name several.

    The page asks the overall question of that pillar, or has a heading with its name.
    """
    asked = set(_asked(lines))
    named = set(_named(lines))
    if len(asked) > 1:
        return None
    found = asked or named
    return found.pop() if len(found) == 1 else None


def _asked(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the pillars whose overall question is a line of the page."""
    for line in lines:
        if (pillar := headline(folded(line.text))) is not None:
            yield pillar


def _named(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the pillars whose names are lines of the page."""
    for line in lines:
        if (found := NAMES_PILLAR.fullmatch(folded(line.text))) is not None:
            yield found["pillar"]
