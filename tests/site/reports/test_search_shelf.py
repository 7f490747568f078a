"""The index after a change of version: waited for, and until it is there the older one is named."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from peelgraph.server.site.search import SHELF
from peelgraph.server.site.searching import shelf as shelves
from peelgraph.server.site.searching.index import Entry, Index, file_address, write_file
from peelgraph.server.site.searching.shelf import Shelf, Shelved

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from peelgraph.server.pages.service import Service
    from tests.site.reports.conftest import Pages, Seen


class Changing:
    """A service whose version changes; its indexes come when they are let."""

    def __init__(self, folder: Path) -> None:
        self.version = "first"
        self.let = threading.Event()
        self.let.set()
        self.desk = SimpleNamespace(tag=lambda: f"tag of {self.version}")
        self.engine = SimpleNamespace(version=lambda: self.version)
        self.indexes: dict[str, Index] = {}
        for name in ("first", "second", "third"):
            write_file(folder / name, [Entry(f"urn:{name}", "force", "forces", name)])
            self.indexes[name] = Index(file_address(folder / name))

    def opened(self, _: Service) -> Index:
        """Return the index of what was served when it was asked for."""
        asked = self.version
        assert self.let.wait(60)
        return self.indexes[asked]


@pytest.fixture
def changing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Changing:
    """A service over three invented indexes, the first of which is served."""
    service = Changing(tmp_path)
    monkeypatch.setattr(shelves, "_opened", service.opened)
    return service


def test_the_first_search_of_another_version_waits_for_its_index(changing: Changing) -> None:
    """Nobody is answered from what is no longer served, if a moment's patience helps."""
    shelf, service = Shelf(), cast("Service", changing)
    assert shelf.index(service, 60) == (
        Shelved("tag of first", "first", changing.indexes["first"]),
        True,
    )
    changing.version = "second"
    changing.let.clear()
    threading.Timer(0.1, changing.let.set).start()
    found, exact = shelf.index(service, 60)
    assert found is not None
    assert (found.version, found.index, exact) == ("second", changing.indexes["second"], True)


def test_an_index_that_takes_longer_leaves_the_older_one_with_its_name(changing: Changing) -> None:
    """It is said to be older; and one that is overtaken on its way does not pass for the newest."""
    shelf, service = Shelf(), cast("Service", changing)
    shelf.index(service, 60)
    changing.version = "second"
    changing.let.clear()
    found, exact = shelf.index(service, 0)
    assert found is not None
    assert (found.version, exact) == ("first", False)
    changing.version = "third"
    threading.Timer(0.1, changing.let.set).start()
    found, exact = shelf.index(service, 60)
    assert found is not None
    assert (found.version, found.index, exact) == ("third", changing.indexes["third"], True)


def test_a_page_of_older_results_says_of_which_version_they_are(
    invented: Pages,
    changing: Changing,
    seen: Callable[[str], Seen],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The foot of every page names the version that is served, which these are not of."""
    older = Shelved("tag", "20200101T000000Z-00000000", changing.indexes["first"])
    shelf = invented.app.extensions[SHELF]
    monkeypatch.setattr(shelf, "index", lambda *_: (older, False))
    response = invented.app.test_client().get("/search?q=first")
    assert "These results are of the version <bdi>20200101T000000Z-00000000</bdi>" in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert seen(response.text).marks == ["first"]
    monkeypatch.setattr(shelf, "index", lambda *_: (older, True))
    assert "These results are of" not in invented.app.test_client().get("/search?q=first").text
