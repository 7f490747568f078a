"""Outlines of the police areas: the ONS's Police Force Areas as GeoJSON, of any year."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from rdflib import RDFS, SKOS, Literal, URIRef

from peelgraph.graph.datasets.dataset import Dataset, Reading, SourceFile
from peelgraph.graph.errors import UnknownGraph, UsageError
from peelgraph.graph.mapping.outline import Outline, OutlineFile, outlines_graph
from peelgraph.graph.namespaces import WGS84
from peelgraph.graph.parsing import LARGEST_GEOJSON, outlines_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdflib import Graph

    from peelgraph.graph.iris import Iris

NAME: Final = "police-areas"
ATTRIBUTION: Final = (
    "Source: Office for National Statistics licensed under the Open Government Licence v.3.0. "
    "Contains OS data © Crown copyright and database right {year}."
)


def read(files: Sequence[SourceFile], ground: Graph, iris: Iris) -> Reading:
    """Return the outlines that the one file draws of the police areas of *ground*.

    Raises:
        UsageError: there are several files.
        UnknownGraph: *ground* has no police areas.
        SourceUnreadable: it is no such file, or lacks an area.
        ReadingStopped: it ended the process that read it, or ran over a limit.
    """
    if len(files) != 1:
        raise UsageError(
            f"{len(files)} files are given, and all police areas stand in one",
            place="FILE",
            expected="one GeoJSON file",
        )
    (file,) = files
    known = known_areas(ground, iris)
    vintage, mended, areas = outlines_of(file.content, known, file.name)
    year = f"20{vintage}"
    source = OutlineFile(
        dataset=NAME,
        sha256=hashlib.sha256(file.content).hexdigest(),
        title=f"Police Force Areas {year} (Office for National Statistics)",
        version=year,
        attribution=ATTRIBUTION.format(year=year),
    )
    outlines = [Outline(code, known[code][0], *drawn) for code, *drawn in areas]
    return Reading(
        graph=outlines_graph(outlines, source, iris),
        source=source.iri(iris),
        title=source.title,
        counts={"areas": len(outlines), "bytes": sum(len(each.outline) for each in outlines)},
        remarks=tuple(f"Mended, as it crossed itself: {known[code][0]}" for code in mended),
        attribution=source.attribution,
    )


def known_areas(ground: Graph, iris: Iris) -> Mapping[str, tuple[str, str, str]]:
    """Return name, longitude and latitude of each area that a force polices, by its code.

    Raises:
        UnknownGraph: there are none: the store was emptied.
    """
    known = {}
    for area in set(ground.objects(None, iris.pi.policeArea)):
        code, longitude, latitude = (
            ground.value(area, by) for by in (SKOS.notation, WGS84.long, WGS84.lat)
        )
        if code is not None and longitude is not None and latitude is not None:
            known[str(code)] = (_name(ground, area, str(code)), str(longitude), str(latitude))
    if not known:
        raise UnknownGraph(
            "the version knows no police areas",
            place=str(iris.graph("reference", "area")),
            action="peelgraph build brings them back",
        )
    return known


def _name(ground: Graph, area: object, code: str) -> str:
    named = ground.objects(URIRef(str(area)), RDFS.label)
    english = [str(each) for each in named if isinstance(each, Literal) and each.language == "en"]
    return min(english, default=code)


POLICE_AREAS: Final = Dataset(
    NAME,
    "outlines of the 43 police areas: the Police Force Areas of the Office for National "
    "Statistics as GeoJSON in WGS 84, of any year",
    LARGEST_GEOJSON,
    read,
)
