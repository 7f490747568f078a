"""The vocabularies in use: closed, so that a misspelt term fails where it is written."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rdflib import Namespace
from rdflib.namespace import ClosedNamespace

DEFAULT_BASE: Final = "https://w3id.org/peelgraph"

OA: Final = Namespace("http://www.w3.org/ns/oa#")
XKOS: Final = Namespace("http://rdf-vocabulary.ddialliance.org/xkos#")
DQV: Final = Namespace("http://www.w3.org/ns/dqv#")
DCAT3: Final = Namespace("http://www.w3.org/ns/dcat#")  # version 3 is newer than rdflib's list
DCAT_VERSION: Final = DCAT3.version
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
DCATAP: Final = Namespace("http://data.europa.eu/r5r/")
SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
WGS84: Final = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")

CLASSES: Final = (
    "AreaForImprovement",
    "AssessmentCriterion",
    "BodyResponse",
    "CauseOfConcern",
    "Comparability",
    "ContextStatement",
    "Cue",
    "Cycle",
    "Finding",
    "Grade",
    "InnovativePractice",
    "Inspection",
    "Inspectorate",
    "Judgment",
    "LoadActivity",
    "LocalPolicingBody",
    "LookAhead",
    "MonitoringStage",
    "NameRecord",
    "Passage",
    "Pillar",
    "PlanPriority",
    "PoliceForce",
    "Programme",
    "Question",
    "Recommendation",
    "Report",
    "ReportVersion",
    "Section",
    "StatedFigure",
    "StatusRecord",
    "Strength",
    "Theme",
)

PROPERTIES: Final = (
    "addresses",
    "asOf",
    "authority",
    "basis",
    "carriedOverFrom",
    "characterCount",
    "comparabilityLevel",
    "confidence",
    "country",
    "criterion",
    "cueFor",
    "currentVersion",
    "cycle",
    "directedTo",
    "dueDate",
    "end",
    "evidence",
    "extractionMethod",
    "findingType",
    "force",
    "forceKind",
    "fromCycle",
    "grade",
    "gradeStatus",
    "graded",
    "heading",
    "latestJudgment",
    "name",
    "nameRecord",
    "ofCycle",
    "order",
    "ordinal",
    "overseenBy",
    "pillar",
    "policeArea",
    "policeUkId",
    "previousCycle",
    "programme",
    "quantityKind",
    "questionSet",
    "rank",
    "reason",
    "refersTo",
    "respondsTo",
    "section",
    "sectionKind",
    "sha256",
    "softwareVersion",
    "stage",
    "start",
    "statement",
    "status",
    "statusRecord",
    "summary",
    "theme",
    "toCycle",
    "unit",
    "usesScale",
    "validFrom",
    "validTo",
    "value",
)


@lru_cache(maxsize=8)  # bases in use at once; it is asked for with every statement
def inspection_vocabulary(base: str) -> ClosedNamespace:
    """Return the ontology's terms under *base*; an unknown term raises ``AttributeError``.

    >>> inspection_vocabulary(DEFAULT_BASE).Judgment
    rdflib.term.URIRef('https://w3id.org/peelgraph/def/inspection#Judgment')
    """
    terms = [*CLASSES, *PROPERTIES]
    # rdflib declares that it makes the open kind; it makes this one
    return ClosedNamespace(f"{base}/def/inspection#", terms)  # pyright: ignore[reportReturnType]


def rebased(text: str, base: str) -> str:
    """Return a bundled file's *text* with its IRIs moved from the default base to *base*.

    Bundled files are written with the default base, so that any tool can open them as they are.
    """
    return text if base == DEFAULT_BASE else text.replace(DEFAULT_BASE, base)
