"""Imports point down only, and each outside package is imported where it belongs."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent.parent

# The layers, lowest first; a module may import its own layer and those below it.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("graph.errors",),
    ("graph.blank_nodes", "graph.confined"),
    (
        "graph.iris",
        "graph.namespaces",
        "graph.settings",
        "graph.markup",
        "graph.parsing",
        "graph.pdf",
        "graph.locks",
        "graph.nquads",
        "graph.sorting",
        "graph.buffers",
        "graph.workers",
    ),
    ("graph.model",),
    ("graph.csv_rows", "graph.evaluation", "graph.report_difference", "graph.review"),
    (
        "graph.reading",
        "graph.capture",
        "graph.fetching",
        "graph.tables",
        "graph.mapping",
        "graph.datasets",
        "graph.saved",
    ),
    ("graph.audit", "graph.tokens"),
    (
        "graph.store",
        "graph.rewriting",
        "graph.editable",
        "graph.content",
        "graph.bundled",
        "graph.reports",
        "graph.catalogue",
        "graph.derived",
        "graph.cube",
    ),
    (
        "graph.announced",
        "graph.export",
        "graph.published",
        "graph.superseding",
        "graph.validation",
        "graph.versions",
        "graph.staging",
        "graph.report_json",
        "graph.reviews",
    ),
    ("graph.backup", "graph.comparison"),
    (
        "graph.build",
        "graph.deep_check",
        "graph.conformance",
        "graph.cue_check",
        "graph.importing",
        "graph.ingest",
        "graph.kept_reports",
        "graph.load",
        "graph.preparation",
        "graph.restoring",
        "graph.reviewing",
        "graph",
    ),
    ("graph.dumps",),
    ("graph.writing",),
    ("server.protocol", "server.engine", "server.counters"),
    ("server.logs",),
    ("server.answering",),
    ("server.pages", "server.security"),
    ("server.site",),
    ("server.linked", "server.api"),
    ("server.app",),
    ("server.front",),
    ("server.serving", "server"),
    ("server.cli",),
)
STRANGERS = {("graph.reading", "graph.mapping"), ("graph.mapping", "graph.reading")}
# Outside package → the only places that may import it.
HOMES = {
    "pyoxigraph": (
        "graph.store",
        "graph.editable",
        "graph.rewriting",
        "graph.blank_nodes",
        "graph.confined.rdf",
        "server.engine",
    ),
    "oxrdflib": ("graph.store",),
    "shapely": ("graph.confined.outlines",),
    "arro3": ("graph.dumps",),
    "pyshacl": ("graph.validation",),
    "shacl": ("graph.validation",),
    "urllib3": ("graph.fetching", "server.engine.remote"),
    "flask": ("server",),
    "pyld": ("server.linked",),
    "click": ("server.cli",),
    "rich": ("server.cli",),
    "httptools": ("server.front",),
    "uvloop": ("server.serving",),
}
NO_RDFLIB = ("graph.reading", "graph.capture", "graph.tables", "graph.model", "graph.errors")


def modules() -> list[tuple[str, Path]]:
    """Every module of the two code packages, as dotted name below the package and path."""
    found = []
    for top in ("graph", "server"):
        for path in sorted((CHECKOUT / top).rglob("*.py")):
            parts = path.relative_to(CHECKOUT).with_suffix("").parts
            found.append((".".join(p for p in parts if p != "__init__"), path))
    return found


def imports(path: Path) -> set[str]:
    """Every absolute module name that *path* imports, type-checking imports included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names.add(node.module or "")
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def layer(module: str) -> int:
    """The layer of *module*: that of its longest listed prefix."""
    best = max(
        ((len(p), i) for i, ps in enumerate(LAYERS) for p in ps if within(module, p)),
        default=None,
    )
    assert best is not None, f"{module} has no layer"
    return best[1]


def within(module: str, prefix: str) -> bool:
    """Whether *module* is *prefix* or below it; a bare package stands for itself alone."""
    return module == prefix or ("." in prefix and module.startswith(f"{prefix}."))


def ours(names: set[str]) -> set[str]:
    """The imported modules of the project that exist as files, without the package's name."""
    known = {name for name, _ in modules()}
    return {n.removeprefix("peelgraph.") for n in names if n.startswith("peelgraph.")} & known


@pytest.mark.parametrize(("module", "path"), modules(), ids=[name for name, _ in modules()])
def test_imports_point_down(module: str, path: Path) -> None:
    """One direction keeps every layer testable without those above it."""
    for imported in ours(imports(path)):
        assert layer(imported) <= layer(module), f"{module} imports {imported}"
        for here, there in STRANGERS:
            assert not (within(module, here) and within(imported, there)), module


@pytest.mark.parametrize(("module", "path"), modules(), ids=[name for name, _ in modules()])
def test_outside_packages_stay_where_they_belong(module: str, path: Path) -> None:
    """Another engine or validator would change one file, not all."""
    roots = {name.split(".")[0] for name in imports(path)}
    for package, homes in HOMES.items():
        if package in roots:
            assert any(module == h or module.startswith(f"{h}.") for h in homes), (module, package)
    if any(within(module, place) for place in NO_RDFLIB):
        assert "rdflib" not in roots, module


def test_the_rules_see_a_wrong_import(tmp_path: Path) -> None:
    """The scan itself can fail."""
    wrong = tmp_path / "wrong.py"
    wrong.write_text("from peelgraph.server.app import create_app\n", encoding="utf-8")
    assert "peelgraph.server.app" in imports(wrong)
    assert layer("server.app") > layer("graph.store")
