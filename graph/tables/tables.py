"""All tables together, and the questions that other parts ask of them."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from peelgraph.graph.errors import UnknownCycle, UnknownForce

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from peelgraph.graph.tables.rows import (
        Area,
        CaptureRow,
        Change,
        Comparability,
        Cycle,
        FindingRow,
        Force,
        GradeRow,
        Inspectorate,
        Legislation,
        PolicingBody,
        Programme,
        Question,
        ReportRow,
        Scale,
        SectionRow,
    )

NEAREST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The bundled facts by slug; ``questions`` by cycle and key. Order is that of the files."""

    areas: Mapping[str, Area]
    forces: Mapping[str, Force]
    bodies: Mapping[str, PolicingBody]
    inspectorates: Mapping[str, Inspectorate]
    changes: Mapping[str, Change]
    legislation: Mapping[str, Legislation]
    programmes: Mapping[str, Programme]
    scales: Mapping[str, Scale]
    cycles: Mapping[str, Cycle]
    questions: Mapping[str, Mapping[str, Question]]
    comparabilities: tuple[Comparability, ...]
    reports: Mapping[str, ReportRow]
    grades: tuple[GradeRow, ...]
    captures: Mapping[str, CaptureRow]
    sections: tuple[SectionRow, ...]
    findings: tuple[FindingRow, ...]
    _forces_by_name: Mapping[str, str] = field(repr=False, compare=False)

    def force_names(self) -> Mapping[str, str]:
        """Every name a force is known by, as printed, with the force's slug.

        Official, earlier, short, Welsh and other names; longest first, so that a scan of a text
        meets ``West Yorkshire Police`` before ``West Yorkshire``.
        """
        names = {
            name: slug for slug, force in self.forces.items() for name in _names_of(force) if name
        }
        return dict(sorted(names.items(), key=lambda each: (-len(each[0]), each[0])))

    def force_named(self, name: str, on: dt.date | None = None) -> Force:
        """Return the force of that name, police.uk id or slug, whatever the case.

        Args:
            name: Any name of :meth:`force_names`, or a slug; ``&`` counts as ``and``.
            on: The day on which a dated name must have been the force's; any day if not given.

        Raises:
            UnknownForce: no force has that name, or not on that day; the three nearest are named.
        """
        slug = self._forces_by_name.get(folded(name))
        if slug is None:
            raise UnknownForce(
                f"no force is called {name!r}",
                expected=f"a name such as {', '.join(self._nearest(name))}",
                action="check the spelling; only forces of the table of forces can be named",
            )
        force = self.forces[slug]
        dated = [each for each in force.names if folded(each.name) == folded(name)]
        if on is not None and dated and not any(each.valid_on(on) for each in dated):
            names = [each.name for each in force.names if each.valid_on(on)]
            raise UnknownForce(
                f"no force was called {name!r} on {on}",
                expected=f"a name such as {', '.join([*names, *self._nearest(name)][:NEAREST])}",
                action="check the date and the name",
            )
        return force

    def _nearest(self, name: str) -> list[str]:
        """The current names of the three forces whose names are nearest to *name*."""
        ranked = difflib.get_close_matches(
            folded(name), list(self._forces_by_name), n=len(self._forces_by_name), cutoff=0.0
        )
        slugs = dict.fromkeys(self._forces_by_name[each] for each in ranked)
        return [self.forces[slug].name for slug in list(slugs)[:NEAREST]]

    def cycle_named(self, name: str) -> Cycle:
        """Return the cycle of that slug, label or year: ``peel-2015``, ``2015``, ``2018/19``.

        Raises:
            UnknownCycle: no cycle is written so.
        """
        wanted = _cycle_slug(name)
        for cycle in self.cycles.values():
            if wanted == cycle.slug or wanted.removeprefix("peel-") in cycle.other_names:
                return cycle
        raise UnknownCycle(
            f"no cycle is called {name!r}",
            expected=f"one of {', '.join(self.cycles)}",
            action="check the year; new cycles come with new tables",
        )

    def scale_of(self, cycle: str) -> Scale:
        """Return the scale of a cycle's grades."""
        return self.scales[self.cycles[cycle].scale]

    def peel_forces(self) -> tuple[Force, ...]:
        """Return the territorial forces of England and Wales, which PEEL covers."""
        return tuple(force for force in self.forces.values() if force.peel)

    def is_criterion(self, cycle: str, key: str) -> bool:
        """Return whether *key* is a pillar or a question of the cycle."""
        return key in self.cycles[cycle].pillars or key in self.questions[cycle]

    def pillar_of(self, cycle: str, key: str) -> str:
        """Return the pillar of a criterion, which a pillar is itself; empty for an area."""
        return key if key in self.cycles[cycle].pillars else self.questions[cycle][key].pillar

    def finding_summaries(self, report: str) -> Mapping[str, str]:
        """Return our summary of each finding of a report that is tabulated, by statement id."""
        return {row.id: row.summary for row in self.findings if row.report == report}


def folded(name: str) -> str:
    """Return *name* in the form in which names are compared.

    >>> folded("Devon & Cornwall  Police")
    'devon and cornwall police'
    """
    return " ".join(re.findall(r"[a-z0-9]+", name.casefold().replace("&", " and ")))


def names_index(forces: Mapping[str, Force]) -> dict[str, str]:
    """Return folded name → slug over every name of every force; a shared name maps to both.

    A name that two forces share is left to the first and reported by the rules.
    """
    index: dict[str, str] = {}
    for slug, force in forces.items():
        for name in (slug, force.police_uk_id, *_names_of(force)):
            if name:
                index.setdefault(folded(name), slug)
    return index


def _names_of(force: Force) -> tuple[str, ...]:
    dated = (each.name for each in reversed(force.names))
    return (*dated, force.short_name, force.welsh_name, *force.other_names)


def _cycle_slug(name: str) -> str:
    """Return the slug that a written cycle would have: ``PEEL 2018/2019`` → ``peel-2018-19``."""
    years = folded(name.replace("\N{EN DASH}", "-")).removeprefix("peel ").split()
    return "-".join(["peel", *years[:1], *(year[-2:] for year in years[1:])])
