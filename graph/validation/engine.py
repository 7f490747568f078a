"""Which SHACL engine checks, and for how long: the interface of both, and the choice.

pySHACL is the default and the referee. The other one must find the same, or leave it to pySHACL
and say so in the report's remarks.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol

from peelgraph.graph.errors import EngineMissing, UsageError
from peelgraph.graph.validation.pyshacl_engine import PyshaclEngine
from peelgraph.graph.validation.rust_engine import RustEngine

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from rdflib import Graph
    from rdflib.term import Node

    from peelgraph.graph.validation.report import Triple, ValidationReport

PYSHACL: Final = "pyshacl"
RUST: Final = "rust"
ENGINES: Final = (PYSHACL, RUST)


class Engine(Protocol):
    """Shapes and a reference graph, against which many graphs are checked."""

    def beside_reference(self, incoming: Graph, among: Collection[Node]) -> ValidationReport:
        """Return what the shapes of one graph find on the nodes *among* of *incoming*."""
        ...

    def across_graphs(self, union: Iterable[Triple]) -> ValidationReport:
        """Return what the shapes across graphs find in *union*."""
        ...


@dataclass(frozen=True, slots=True)
class Checking:
    """How graphs are checked: by which of :data:`ENGINES`, and how long one may take.

    ``seconds`` is for what comes from outside; ``None`` is no limit, for what was checked before.
    """

    engine: str = PYSHACL
    seconds: float | None = None


FROM_OUTSIDE: Final = Checking(seconds=60.0)  # the default of the setting shacl_timeout


def engine_for(checking: Checking, reference: Graph, shapes: Graph, across: str) -> Engine:
    """Return the engine that *checking* names, ready for *shapes* beside *reference*.

    Args:
        checking: The choice.
        reference: What the checked graphs refer to.
        shapes: The shapes.
        across: How the names of shapes begin that only a run over the union meets.

    Raises:
        EngineMissing: the engine is not installed.
        UsageError: there is no such engine.
    """
    if checking.engine == PYSHACL:
        return PyshaclEngine(reference, shapes, across)
    if checking.engine != RUST:
        raise UsageError(
            f"there is no SHACL engine {checking.engine!r}", expected=" or ".join(ENGINES)
        )
    try:
        module = import_module("shacl")
    except ModuleNotFoundError as error:
        raise EngineMissing(
            "the SHACL engine 'rust' is not installed",
            place="shacl_engine",
            expected="the package shacl, 0.3.4 or newer",
            action="install it with `pip install 'peelgraph[fast]'`, or choose pyshacl",
        ) from error
    return RustEngine(module.Shapes.from_text, reference, shapes, across)
