"""Every IRI of the project: the only place that builds or takes apart one.

Patterns are those of the model's IRI scheme. Slugs are lower-case letters, digits and hyphens;
anything else is refused here, so no other module needs to escape.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import URIRef

from peelgraph.graph.errors import UsageError
from peelgraph.graph.namespaces import DEFAULT_BASE, inspection_vocabulary

if TYPE_CHECKING:
    import datetime as dt

    from rdflib.namespace import ClosedNamespace

SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
BASE: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[A-Za-z0-9._~-]+)*")

ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")

PILLARS: Final = frozenset({"effectiveness", "efficiency", "legitimacy", "leadership"})

LICENCE: Final = URIRef("http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/")


def slug(text: str) -> str:
    """Return *text* as a slug.

    Raises:
        UsageError: nothing of *text* can stand in a slug.

    >>> slug("Protecting vulnerable people")
    'protecting-vulnerable-people'
    """
    made = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
    if not made:
        raise UsageError(f"no slug can be made of {text!r}", expected="letters or digits")
    return made


def absolute_iri(text: str, place: str = "") -> URIRef:
    """Return *text* as an IRI.

    Raises:
        UsageError: it is no absolute IRI; *place* says where it was given.

    >>> absolute_iri("urn:example:notes")
    rdflib.term.URIRef('urn:example:notes')
    """
    if not ABSOLUTE.fullmatch(text):
        raise UsageError(
            f"{text!r} is no absolute IRI",
            place=place,
            expected="an IRI with its scheme, such as https://example.org/graph/notes",
        )
    return URIRef(text)


def statistical_geography(code: str) -> URIRef:
    """Return the ONS area of a GSS *code* such as ``E23000032``."""
    return URIRef(f"http://statistics.data.gov.uk/id/statistical-geography/{code}")


def wikidata(qid: str) -> URIRef:
    """Return the Wikidata entity of *qid* such as ``Q3195294``."""
    return URIRef(f"http://www.wikidata.org/entity/{qid}")


def legislation(path: str) -> URIRef:
    """Return the legislation of *path* such as ``ukpga/1996/16/section/54``."""
    return URIRef(f"http://www.legislation.gov.uk/id/{path}")


def reference_interval(path: str) -> URIRef:
    """Return an interval of reference.data.gov.uk such as ``year/2015``."""
    return URIRef(f"http://reference.data.gov.uk/id/{path}")


@dataclass(frozen=True, slots=True)
class Iris:
    """The project's IRIs under one base (no trailing slash).

    Raises:
        UsageError: the base is no absolute http(s) IRI, or a part is no slug.

    >>> Iris().judgment("peel-2015", "kent", "legitimacy")
    rdflib.term.URIRef('https://w3id.org/peelgraph/data/judgment/peel-2015/kent/legitimacy')
    """

    base: str = DEFAULT_BASE

    def __post_init__(self) -> None:
        """Refuse a base that would make relative or double-slashed IRIs."""
        if not BASE.fullmatch(self.base):
            raise UsageError(
                f"{self.base!r} cannot be a base IRI",
                place="--base",
                expected="an absolute http or https IRI without a trailing slash",
            )

    @property
    def pi(self) -> ClosedNamespace:
        """The ontology's terms."""
        return inspection_vocabulary(self.base)

    def _under(self, path: str, *slugs: str) -> URIRef:
        for part in slugs:
            if not SLUG.fullmatch(part):
                raise UsageError(f"{part!r} cannot stand in an IRI", expected="a slug")
        return URIRef("/".join((self.base, path, *slugs)))

    # definitions
    def ontology(self) -> URIRef:
        """The ontology itself; its terms are hash IRIs on it."""
        return self._under("def/inspection")

    def scheme(self, scheme: str) -> URIRef:
        """A concept scheme: ``pillar``, ``grade/four-tier``, ``question/peel-2015``."""
        return self._under("def", *scheme.split("/"))

    def concept(self, scheme: str, code: str) -> URIRef:
        """A concept of a scheme: ``concept("grade/four-tier", "good")``."""
        return self._under("def", *scheme.split("/"), code)

    def grade(self, scale: str, code: str) -> URIRef:
        """A grade of a scale (``four-tier``, ``five-tier``)."""
        return self.concept(f"grade/{scale}", code)

    def question(self, cycle: str, key: str) -> URIRef:
        """A question of a cycle: ``legitimacy-4``, or an area's slug from 2021-22 on."""
        return self.concept(f"question/{cycle}", key)

    def criterion(self, cycle: str, key: str) -> URIRef:
        """The criterion a judgment key names: a pillar where it is one, else a question."""
        if key in PILLARS:
            return self.concept("pillar", key)
        return self.question(cycle, key)

    def theme(self, theme: str) -> URIRef:
        """An enduring theme."""
        return self.concept("theme", theme)

    # things
    def force(self, force: str) -> URIRef:
        """A police force by its police.uk id."""
        return self._under("id/force", force)

    def name_record(self, force: str, number: int) -> URIRef:
        """The *number*th dated name of a force, from 1."""
        return self._under("id/force", force, "name", str(number))

    def change(self, change: str) -> URIRef:
        """A change event between organisations."""
        return self._under("id/change", change)

    def inspectorate(self, inspectorate: str) -> URIRef:
        """``hmic`` or ``hmicfrs``."""
        return self._under("id/inspectorate", inspectorate)

    def inspectorate_name(self, inspectorate: str, number: int) -> URIRef:
        """The *number*th dated name of an inspectorate, from 1."""
        return self._under("id/inspectorate", inspectorate, "name", str(number))

    def local_policing_body(self, body: str) -> URIRef:
        """A police and crime commissioner, mayor or authority."""
        return self._under("id/local-policing-body", body)

    def programme(self, programme: str) -> URIRef:
        """An inspection programme."""
        return self._under("id/programme", programme)

    def cycle(self, cycle: str) -> URIRef:
        """A cycle of a programme: ``peel-2015``."""
        return self._under("id/cycle", cycle)

    def inspection(self, cycle: str, force: str, pillar: str | None = None) -> URIRef:
        """The inspection of one force in one cycle, or of one pillar of it."""
        return self._under("id/inspection", cycle, force, *([pillar] if pillar else []))

    def report(self, report: str) -> URIRef:
        """A report as a work."""
        return self._under("id/report", report)

    def report_version(self, report: str, sha12: str) -> URIRef:
        """One captured version of a report."""
        return self._under("id/report", report, "version", sha12)

    def section(self, report: str, sha12: str, section: str) -> URIRef:
        """A section of a captured version."""
        return self._under("id/report", report, "version", sha12, "section", section)

    def passage(self, report: str, sha12: str, start: int, end: int) -> URIRef:
        """A passage of a captured version, by its offsets."""
        return self._under("id/report", report, "version", sha12, "passage", f"{start}-{end}")

    def passage_selector(self, passage: URIRef, kind: str) -> URIRef:
        """A passage's selector, ``position`` or ``quote``, as a hash IRI on it."""
        return URIRef(f"{passage}#{kind}")

    def finding(self, report: str, statement_id: str) -> URIRef:
        """A finding by its report and statement id (``afi-3a9c1e77b0``)."""
        return self._under("id/finding", report, statement_id)

    def figure(self, report: str, hash10: str) -> URIRef:
        """A stated figure."""
        return self._under("id/figure", report, hash10)

    def plan_priority(self, report: str, hash10: str) -> URIRef:
        """A priority of the local policing plan that a report quotes."""
        return self._under("id/plan-priority", report, hash10)

    def comparability(self, first: str, second: str, criterion: str | None = None) -> URIRef:
        """How far two cycles compare, overall or for one criterion."""
        pair = f"{self.base}/id/comparability/{first}--{second}"
        self._under("id/comparability", first, second, *([criterion] if criterion else []))
        return URIRef(f"{pair}/{criterion}" if criterion else pair)

    def collaboration(self, first: str, second: str) -> URIRef:
        """What two forces do together, by their slugs in the order of the alphabet."""
        self._under("id/collaboration", first, second)
        return URIRef(f"{self.base}/id/collaboration/{first}--{second}")

    def activity(self, kind: str, moment: dt.datetime) -> URIRef:
        """A load activity, by kind and UTC time."""
        return self._under("id/activity", kind, f"{moment:%Y%m%dt%H%M%Sz}")

    def software(self) -> URIRef:
        """This software as an agent."""
        return self._under("id/software/peelgraph")

    def saved_query(self, query: str) -> URIRef:
        """A saved query."""
        return self._under("id/query", query)

    def outline(self, code: str) -> URIRef:
        """The outline of a statistical area, by its GSS code in lower case."""
        return self._under("id/geometry", code)

    def centroid(self, code: str) -> URIRef:
        """The centroid of a statistical area, by its GSS code in lower case."""
        return self._under("id/geometry", code, "centroid")

    # data
    def judgment(self, cycle: str, force: str, criterion: str) -> URIRef:
        """A judgment, which is also the cube's observation."""
        return self._under("data/judgment", cycle, force, criterion)

    def cube(self) -> URIRef:
        """The cube of judgments."""
        return self._under("data/judgments")

    def slice(self, dimension: str, key: str) -> URIRef:
        """The judgments that share one force, cycle or criterion."""
        return self._under("data/judgments/slice", dimension, key)

    def code_list(self, kind: str) -> URIRef:
        """The values that a component of the cube may have: ``forces``, ``grades``."""
        return self._under("data/judgments", kind)

    def data_item(self, dataset: str) -> URIRef:
        """A dataset or the catalogue."""
        return self._under("data", dataset)

    def imported(self, dataset: str, sha12: str) -> URIRef:
        """A file of another publisher's dataset, as it was imported."""
        return self._under("data", dataset, sha12)

    def rights(self, dataset: str, sha12: str) -> URIRef:
        """What has to be said wherever that file is used."""
        return self._under("data", dataset, sha12, "rights")

    def dump(self, version: str, extension: str) -> URIRef:
        """The address that a version's dump is downloaded from."""
        return self.dumped(version, f".{extension}")

    def dumped(self, version: str, path: str) -> URIRef:
        """The address of a file of a version: ``.nq.gz``, ``/judgments.csv``."""
        return URIRef(f"{self.base}/dumps/{version}{path}")

    def distributed(self, version: str, path: str) -> URIRef:
        """The distribution of the dataset that the file is."""
        return URIRef(f"{self.data_item('peelgraph')}/{version}{path}")

    def series(self) -> URIRef:
        """The versions of the dataset, as a series."""
        return self.data_item("versions")

    def version(self, version: str) -> URIRef:
        """One version of the dataset; version names hold capital letters."""
        return URIRef(f"{self.series()}/{version}")

    def void(self, part: str = "") -> URIRef:
        """The description of the dataset in numbers, or a part of it."""
        return URIRef(f"{self.base}/void#{part}" if part else f"{self.base}/void")

    def quality(self, measure: str, part: str) -> URIRef:
        """A quality measure's ``metric`` or ``measurement``."""
        return self._under("data/quality", measure, part)

    def endpoint(self) -> URIRef:
        """The SPARQL endpoint."""
        return URIRef(f"{self.base}/sparql")

    def contributors(self) -> URIRef:
        """The people who publish the dataset."""
        return self._under("id/agent/contributors")

    def reviewer(self, name: str) -> URIRef:
        """A person who corrected what was read, by the slug of the name."""
        return self._under("id/agent/reviewer", name)

    # named graphs
    def graph(self, *path: str) -> URIRef:
        """A named graph: ``graph("scheme", "pillar")``, ``graph("ontology")``."""
        return self._under("graph", *path)

    def document_graph(self, report: str, sha12: str) -> URIRef:
        """Everything asserted by one captured version."""
        return self.graph("document", report, sha12)

    def genids(self) -> str:
        """How every IRI begins that stands for a blank node."""
        return f"{self.base}/.well-known/genid/"

    def genid(self, graph: URIRef, label: str) -> URIRef:
        """The IRI that stands for a blank node of *graph*, by its canonical label."""
        path = str(graph).removeprefix(f"{self.base}/graph/")
        return URIRef(f"{self.genids()}{path}/{label}")
