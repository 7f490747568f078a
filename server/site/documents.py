"""Which page shows what stands at an address of linked data; the rest is shown as statements."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from peelgraph.server.pages.service import this_service
from peelgraph.server.site import findings, judgment_page, report_page
from peelgraph.server.site.captured import texts_kept
from peelgraph.server.site.force import force_page
from peelgraph.server.site.inspections import inspection_page
from peelgraph.server.site.theme_pages import theme_page

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES: Final[dict[str, Callable[..., str]]] = {
    # A rule of addresses → what makes its page from the parts that the rule names. A page raises
    # PageNotFound where the version does not have the thing.
    "/doc/force/<force>": force_page,
    "/doc/inspection/<cycle>/<force>": inspection_page,
    "/doc/inspection/<cycle>/<force>/<pillar>": inspection_page,
    "/doc/finding/<report>/<statement>": findings.finding_page,
    "/doc/figure/<report>/<statement>": findings.figure_page,
    "/doc/plan-priority/<report>/<statement>": findings.plan_priority_page,
    "/data/judgment/<cycle>/<force>/<criterion>": judgment_page.judgment_page,
    "/data/judgment/<cycle>/<force>/<criterion>/rev/<revision>": judgment_page.judgment_page,
    "/doc/report/<report>": report_page.report_page,
    "/doc/report/<report>/version/<sha12>": report_page.version_page,
    "/doc/report/<report>/version/<sha12>/section/<section>": report_page.section_page,
    "/doc/report/<report>/version/<sha12>/passage/<int:start>-<int:end>": report_page.passage_page,
    "/def/theme/<theme>": theme_page,
}


def page_at(path: str) -> Callable[[], str] | None:
    """Return what makes the page about the thing at *path* (``/doc/force/kent``), if any does."""
    try:
        rule, parts = _addresses().bind("").match(path)
    except HTTPException:
        return None
    return lambda: PAGES[rule](**parts)


def texts_at(path: str) -> tuple[str, ...]:
    """Return the captured versions that the page at *path* is about and whose text is kept here.

    They decide what it shows beside the version of the data: their texts are no part of that.
    """
    try:
        rule, parts = _addresses().bind("").match(path)
    except HTTPException:
        return ()
    if "report" in parts:
        return texts_kept([parts["report"]])
    if PAGES[rule] is judgment_page.judgment_page:
        return texts_kept(findings.reports_stating(f"{this_service().base}{path}"))
    return ()


@lru_cache(maxsize=1)
def _addresses() -> Map:
    return Map([Rule(rule, endpoint=rule) for rule in PAGES], strict_slashes=False)
