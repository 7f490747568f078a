"""Police areas as somebody might sketch them: invented squares about their middles, as GeoJSON."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from peelgraph.graph.datasets import DATASETS, SourceFile
from peelgraph.graph.importing import import_dataset
from peelgraph.graph.iris import Iris
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

CITY = "City of London"


def areas(vintage: str = "20", half: float = 0.01) -> dict[str, Any]:
    """Every police area as a square with sides of twice *half* a degree."""
    known = [each for each in bundled_tables().areas.values() if each.longitude]
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {f"PFA{vintage}CD": each.code, f"PFA{vintage}NM": each.name},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [square(float(each.longitude), float(each.latitude or 0), half)],
                },
            }
            for each in known
        ],
    }


def square(x: float, y: float, half: float) -> list[list[float]]:
    """A closed ring about a place, anticlockwise."""
    corners = ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))
    return [[round(x + dx, 6), round(y + dy, 6)] for dx, dy in corners]


def with_outlines(built: Path, moment: dt.datetime, folder: Path) -> None:
    """Copy a data folder and import sketched outlines; that of the City is very small."""
    drawn, small = areas(half=0.12), areas(half=0.01)
    shown = zip(drawn["features"], small["features"], strict=True)
    drawn["features"] = [
        tiny if tiny["properties"]["PFA20NM"] == CITY else usual for usual, tiny in shown
    ]
    shutil.copytree(built, folder, symlinks=True)
    files = [SourceFile("areas.geojson", json.dumps(drawn).encode())]
    import_dataset(DataFolder(folder), DATASETS["police-areas"], files, Iris(), moment)
