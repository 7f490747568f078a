"""A report as plain JSON values: what ``peelgraph read`` prints and a program can rely on."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from peelgraph.graph.model import Statement

if TYPE_CHECKING:
    from peelgraph.graph.model import Report, Section

COMMON = frozenset(each.name for each in fields(Statement))


def report_as_dict(report: Report) -> dict[str, Any]:
    """Return *report* as ``report``, ``sections`` and ``statements``.

    Units: ``start`` and ``end`` are code points of the captured text, from 0, end excluded; only
    sections and statements have them.
    """
    return {
        "report": {
            "slug": report.slug,
            "title": report.title,
            "force": report.force,
            "cycle": report.cycle,
            "inspectorate": report.inspectorate,
            "issued": _plain(report.issued),
            "sha256": report.version.sha256,
            "character_count": len(report.version.text),
            "warnings": list(report.warnings),
        },
        "sections": [_section(section) for section in report.sections],
        "statements": [_statement(statement) for statement in report.statements],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "slug": section.slug,
        "heading": section.heading,
        "kind": section.kind,
        "order": section.order,
        "start": section.start,
        "end": section.end,
        "modified": _plain(section.modified),
    }


def _statement(statement: Statement) -> dict[str, Any]:
    """Return one statement: what all have, then what its own kind adds."""
    passage = statement.passage
    own = [each.name for each in fields(statement) if each.name not in COMMON]
    return {
        "type": statement.type.value,
        "id": statement.id,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "section": passage.section,
        "method": statement.method,
        "confidence": statement.confidence,
        "criterion": statement.criterion,
        "themes": list(statement.themes),
        **{name: _plain(getattr(statement, name)) for name in own},
    }


def _plain(value: object) -> object:
    """Return *value* as JSON has it: dates in ISO 8601."""
    return value.isoformat() if isinstance(value, dt.date) else value
