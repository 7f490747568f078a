"""A drawing as PNG, with the same letters on every machine."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Final

import resvg_py

from peelgraph.server.site.charts.drawing import document

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

FAMILY: Final = "Roboto"
WEIGHTS: Final = ("Roboto-Regular.ttf", "Roboto-Bold.ttf")
KEPT: Final = 256
"""Pictures that are kept, some 60 kB each: most of those that a version has."""
ZOOM: Final = 2
"""Dots for each unit of the drawing: sharp on paper and on a fine screen."""


def png(svg: Element, source: str = "") -> bytes:
    """Return a drawing with its title and *source* as PNG, twice its size."""
    return _drawn(document(svg, source).decode())


@lru_cache(maxsize=KEPT)
def _drawn(written: str) -> bytes:
    return resvg_py.svg_to_bytes(
        svg_string=written,
        zoom=ZOOM,
        skip_system_fonts=True,
        font_files=list(fonts()),
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )


@cache
def fonts() -> tuple[str, ...]:
    """Return the files of the font; the package that has them is always unpacked."""
    folder = files("font_roboto") / "files"
    found = []
    for name in WEIGHTS:
        with as_file(folder / name) as path:
            found.append(str(path))
    return tuple(found)
