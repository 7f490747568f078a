"""What is there that has an address like one where nothing is."""

from __future__ import annotations

from difflib import SequenceMatcher
from heapq import nlargest
from typing import TYPE_CHECKING, Final

from flask import current_app

from peelgraph.server.linked.forms import split_extension
from peelgraph.server.linked.sets import KINDS, page_of_set
from peelgraph.server.pages.service import this_service
from peelgraph.server.site.wording import local

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST: Final = 120
"""Characters of an address that are compared."""
OFFERED: Final = 5
ALIKE: Final = 0.6
"""How like it an address must be, from 0 to 1."""
EVERYWHERE: Final = ("force", "cycle")
"""Kinds whose names people type into an address."""


def nearest_to(path: str) -> list[Mapping[str, str]]:
    """Return address and name of what is like *path*, the likest first."""
    if len(path) > LONGEST:
        return []
    wanted = split_extension(path.strip("/").lower())[0]
    kinds = [kind for kind in KINDS if kind in wanted.split("/")]
    own = wanted.partition(f"{kinds[0]}/")[2] if kinds else wanted.rpartition("/")[2]
    found: dict[str, tuple[float, str]] = {}
    pages = ((href, label, _likeness(wanted, href.strip("/"))) for href, label in _pages())
    things = (
        (href, label, _likeness(own, name.lower()))
        for href, label, name in _things(kinds or EVERYWHERE)
    )
    for href, label, alike in (*pages, *things):
        if alike >= ALIKE and alike > found.get(href, (0.0, ""))[0]:
            found[href] = (alike, label)
    best = nlargest(OFFERED, found.items(), key=lambda each: (each[1][0], each[0]))
    return [{"href": href, "label": label[:300]} for href, (_, label) in best]


def _likeness(first: str, second: str) -> float:
    """Return how like two texts are; 0 as soon as it is clear that they are not."""
    matcher = SequenceMatcher(None, second, first)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()


def _pages() -> Iterable[tuple[str, str]]:
    """Yield the pages that stand at one address each."""
    for rule in current_app.url_map.iter_rules():
        if not rule.arguments and rule.methods and "GET" in rule.methods and rule.rule != "/":
            yield rule.rule, rule.rule
    for kind in KINDS.values():
        yield f"/id/{kind.slug}", kind.label


def _things(kinds: Iterable[str]) -> Iterable[tuple[str, str, str]]:
    """Yield the first things of each kind: address, label, and what of the address is its own.

    Nothing where answers are not kept: a wrong address must not cost an engine several queries.
    """
    if this_service().desk.tag() is None:
        return
    for slug in kinds:
        page = page_of_set(KINDS[slug], "")
        for member in page.members:
            naming = page.names.get(member.value)
            label = naming.best() if naming else None
            name = member.value.partition(f"/{slug}/")[2]
            yield local(member.value), label.value if label else name, name
