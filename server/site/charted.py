"""What a chart is: its choices, its rows, its drawing, and what it refuses to draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from peelgraph.server.site.judgments import PILLARS, judgments
from peelgraph.server.site.territory import one_of, territorial_forces

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from xml.etree.ElementTree import Element

    from peelgraph.server.site.judgments import Named
    from peelgraph.server.site.steps import Step


@dataclass(frozen=True, slots=True)
class Choice:
    """A parameter of a chart: what it may be, and what it is.

    Args:
        name: Of the parameter in addresses.
        label: What a form calls it.
        options: Labels by value; a parameter that may be left out has one for the empty value.
        value: What was chosen.
    """

    name: str
    label: str
    options: Mapping[str, str]
    value: str

    @property
    def words(self) -> str:
        """Return the label of what was chosen."""
        return self.options.get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a chart is not drawn."""

    words: str
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the version.

    Args:
        name: The last part of its address.
        title: What it shows.
        choices: Its parameters.
        columns: Names of the columns of its rows, with what people call them; those without a
            name for people are in the file alone.
        rows: What the drawing is made of.
        svg: The drawing.
        refusal: Why there is none.
        summary: The rows added up for people: a heading and a number each.
    """

    name: str
    title: str
    choices: tuple[Choice, ...]
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    svg: Element | None
    refusal: Refusal | None = None
    summary: tuple[tuple[str, str], ...] = ()

    @property
    def query(self) -> str:
        """Return what stands behind ``?`` in the addresses of this chart as it is."""
        return urlencode({each.name: each.value for each in self.choices if each.value})

    def address(self, form: str = "", **more: str) -> str:
        """Return the address of this chart as it is: of its page, or of a file of a *form*."""
        query = "&".join(part for part in (self.query, urlencode(more)) if part)
        path = f"/charts/{self.name}{'.' if form else ''}{form}"
        return f"{path}?{query}" if query else path

    @property
    def shown(self) -> list[tuple[int, str]]:
        """Return place and heading of the columns that people see."""
        return [(place, label) for place, (_, label) in enumerate(self.columns) if label]


def chosen(
    arguments: Mapping[str, str], name: str, label: str, options: Mapping[str, str], default: str
) -> Choice:
    """Return the choice that an address makes, or the *default*.

    Raises:
        RequestError: The address has something that is no option.
    """
    value = one_of(name, arguments.get(name, ""), options) or default
    return Choice(name, label, options, value)


def force_options() -> dict[str, str]:
    """Return the name of every force that was judged or polices an area, by its slug."""
    known = {force.slug: force.name for force in territorial_forces()}
    judged = {each.force.slug: each.force.label for each in judgments()}
    return dict(sorted((judged | known).items(), key=lambda each: each[1]))


def in_order(criteria: Iterable[Named]) -> list[Named]:
    """Return criteria each once: pillars with their questions below, then areas by their labels."""
    order = {pillar: place for place, pillar in enumerate(PILLARS)}

    def place(one: Named) -> tuple[int, str, str]:
        pillar = one.slug if one.slug in order else one.slug.rpartition("-")[0]
        within = one.slug if pillar in order else ""
        return order.get(pillar, len(order)), within, one.label

    return sorted({one.iri: one for one in criteria}.values(), key=place)
