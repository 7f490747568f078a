"""The route table as OpenAPI names it: every address that this application answers at."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

VARIABLE: Final = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
NOT_NAMED: Final = frozenset({"HEAD", "OPTIONS"})
"""Methods that every address has, so that none says so."""


@dataclass(frozen=True, slots=True)
class Route:
    """One address and what can be done there.

    Args:
        path: The address, its parts in braces.
        methods: Upper case, sorted.
        parts: Names of the parts, and what each may hold: ``string``, ``path``, ``int``, ….
        section: The blueprint, or nothing.
        endpoint: The name of the function that answers.
        summary: What it answers, in the first sentence of its documentation.
    """

    path: str
    methods: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    section: str
    endpoint: str
    summary: str


def routes(app: Flask | None = None) -> list[Route]:
    """Return every route of *app*, or of the one that answers now, by path."""
    return sorted(_routes(app or current_app), key=lambda route: (route.path, route.methods))


def template_of(rule: str) -> str:
    """Return a rule of the route table as OpenAPI writes it.

    >>> template_of("/doc/<path:rest>"), template_of("/q/<name>.<ending>")
    ('/doc/{rest}', '/q/{name}.{ending}')
    """
    return VARIABLE.sub(r"{\g<name>}", rule)


def _routes(app: Flask) -> Iterator[Route]:
    for rule in app.url_map.iter_rules():
        section, _, _ = rule.endpoint.rpartition(".")
        view = app.view_functions[rule.endpoint]
        yield Route(
            path=template_of(rule.rule),
            methods=tuple(sorted((rule.methods or set()) - NOT_NAMED)),
            parts=tuple(
                (each["name"], each["kind"] or "string") for each in VARIABLE.finditer(rule.rule)
            ),
            section=section,
            endpoint=rule.endpoint,
            summary=_summary(inspect.getdoc(view) or ""),
        )


def _summary(documentation: str) -> str:
    """Return the first sentence, as what is to be had.

    >>> _summary("Return the home page; without numbers.")
    'The home page; without numbers'
    """
    first = documentation.partition("\n\n")[0].replace("\n", " ").rstrip(".")
    first = first.removeprefix("Return ")
    return first[:1].upper() + first[1:]
