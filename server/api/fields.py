"""The form fields of a saved query: one a parameter, with what can be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.graph.saved import ParameterKind
from peelgraph.server.pages.asking import once_a_version, rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from peelgraph.graph.saved import Parameter, SavedQuery

CHOICES: Final = "peelgraph.server.api.queries/choices.rq"
LABELS: Final = {
    "other_force": "the other force",
    "old": "older version",
    "new": "newer version",
    "words": "words in the text",
}
INPUTS: Final = {ParameterKind.DATE: "date", ParameterKind.IRI: "url"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen for a parameter: its value in an address, and what it is called."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A form field.

    Args:
        name: The parameter.
        label: What people read.
        kind: ``select``, or the type of an input.
        required: It must be given.
        value: What was given, or nothing.
        example: A value that would do.
        choices: What a ``select`` offers, in groups; what a text input suggests.
    """

    name: str
    label: str
    kind: str
    required: bool
    value: str
    example: str
    choices: Sequence[tuple[str, Sequence[Choice]]]


def fields_of(saved: SavedQuery, values: Mapping[str, str]) -> list[Field]:
    """Return the fields of *saved*, filled with *values*."""
    offered = choices()
    return [_field(each, values.get(each.name, ""), offered) for each in saved.parameters]


def example_of(saved: SavedQuery) -> dict[str, str]:
    """Return values that *saved* answers from what is served; nothing where none can be had."""
    values = {p.name: p.filled for p in saved.parameters if p.filled}
    versions = [p.name for p in saved.parameters if p.kind is ParameterKind.VERSION]
    held = choices().get(ParameterKind.VERSION, ())[: len(versions)]
    if len(held) < len(versions):
        return {}
    return values | {name: each.value for name, each in zip(versions, held, strict=True)}


@once_a_version
def choices() -> Mapping[str, Sequence[Choice]]:
    """Return what can be chosen, by kind of parameter."""
    found: dict[str, list[Choice]] = {}
    for row in rows(CHOICES):
        kind = str(row["kind"])
        value = value_of(kind, str(row["thing"]))
        group = str(row["group"]) if "group" in row else ""
        found.setdefault(kind, []).append(Choice(value, str(row["label"]), group))
    return found


def _field(parameter: Parameter, value: str, offered: Mapping[str, Sequence[Choice]]) -> Field:
    those = offered.get(parameter.kind, ())
    return Field(
        name=parameter.name,
        label=LABELS.get(parameter.name, parameter.name.replace("_", " ")),
        kind="select" if those else INPUTS.get(parameter.kind, "text"),
        required=parameter.required,
        value=value,
        example=parameter.example,
        choices=_grouped(those, value),
    )


def _grouped(those: Sequence[Choice], value: str) -> list[tuple[str, Sequence[Choice]]]:
    """Return *those* by group; a *value* that is none of them is offered too."""
    groups: dict[str, list[Choice]] = {}
    if those and value and value not in {each.value for each in those}:
        groups[""] = [Choice(value, value)]
    for each in those:
        groups.setdefault(each.group, []).append(each)
    return list(groups.items())


def value_of(kind: str, iri: str) -> str:
    """Return what stands in an address for a thing of that kind.

    >>> value_of("criterion", "https://w3id.org/peelgraph/def/question/peel-2015/legitimacy-4")
    'peel-2015/legitimacy-4'
    >>> value_of("force", "https://w3id.org/peelgraph/id/force/kent")
    'kent'
    >>> value_of("version", "https://w3id.org/peelgraph/id/report/peel-2015-kent/version/bf6e")
    'peel-2015-kent/bf6e'
    """
    parts = iri.rstrip("/").split("/")
    if kind == ParameterKind.CRITERION and "question" in parts:
        return "/".join(parts[parts.index("question") + 1 :])
    if kind == ParameterKind.VERSION and "report" in parts:
        return f"{parts[parts.index('report') + 1]}/{parts[-1]}"
    return parts[-1]
