"""The open datasets of others that can be imported, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from peelgraph.graph.datasets.dataset import Dataset, Reading, SourceFile
from peelgraph.graph.datasets.police_areas import POLICE_AREAS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DATASETS", "Dataset", "Reading", "SourceFile"]

DATASETS: Final[Mapping[str, Dataset]] = {
    dataset.name: dataset
    for dataset in (
        POLICE_AREAS,
    )
}  # fmt: skip
