"""The texts that a server keeps beside its data: when pages show them, and how pages are named."""

from __future__ import annotations

import shutil
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.capture import Captures, capture_file
from peelgraph.graph.settings import Settings
from peelgraph.graph.versions import DataFolder
from peelgraph.server.app import create_app, start_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

    from tests.site.reports.conftest import Pages, Seen

HTML = {"Accept": "text/html"}
KENT = "/doc/report/peel-2015-kent"


@contextmanager
def _client(folder: Path) -> Iterator[FlaskClient]:
    settings = Settings(data=folder, workers=1, client_seconds=0)
    with closing(start_engine(settings)) as engine:
        yield create_app(settings, engine).test_client()


@pytest.fixture(scope="module")
def before_kent(
    built_data: Path, kent_2015_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FlaskClient]:
    """A client of a version without the page, in a folder where a later one left its text."""
    folder = tmp_path_factory.mktemp("before") / "data"
    shutil.copytree(built_data, folder, symlinks=True)
    Captures(DataFolder(folder).captures).keep(capture_file(kent_2015_path))
    with _client(folder) as client:
        yield client


def test_a_version_shows_no_text_that_another_was_read_from(
    before_kent: FlaskClient, seen: Callable[[str], Seen]
) -> None:
    """After a rollback the report is known from a table, and pages say so and nothing else."""
    report = before_kent.get(KENT, headers=HTML).text
    assert "its page has not been ingested here" in report
    assert "The text of this report is not held here" in report
    assert "The whole page as it was captured" not in report
    listed = seen(before_kent.get(f"{KENT}/version/bf6ea9beedad", headers=HTML).text)
    address = next(each for each in listed.links if each.startswith("/doc/finding/"))
    finding = before_kent.get(address, headers=HTML).text
    assert "the text of the report is not held here" in finding
    assert "kept whole on this server" not in finding
    assert seen(finding).marks == []


def test_pages_that_show_a_text_are_named_by_whether_it_is_kept(
    invented: Pages, invented_version: str, seen: Callable[[str], Seen], tmp_path: Path
) -> None:
    """Of one version, one server shows the sentence and another has not got it: two pages."""
    assert invented.data is not None
    folder = tmp_path / "data"
    shutil.copytree(invented.data, folder, symlinks=True)
    listed = seen(invented.page(invented_version)).links
    showing = {
        invented_version,
        "/data/judgment/peel-2015/cumbria/efficiency",
        next(each for each in listed if each.startswith("/doc/finding/peel-2015-cumbria/")),
        f"{invented_version}/section/efficiency",
    }
    others = {"/doc/force/cumbria", "/data/judgment/peel-2014/kent/efficiency", KENT}
    with _client(folder) as client:
        tags = {each: client.get(each, headers=HTML).headers["ETag"] for each in showing | others}
        captures = DataFolder(folder).captures
        captures.rename(captures.with_name("gone"))
        for address, tag in tags.items():
            again = client.get(address, headers={**HTML, "If-None-Match": tag})
            assert (address, again.status_code) == (address, 200 if address in showing else 304)
            assert (again.headers["ETag"] == tag) is (address in others)
            turtle = client.get(address, headers={"Accept": "text/turtle"}).headers["ETag"]
            known = {"Accept": "text/turtle", "If-None-Match": turtle}
            assert client.get(address, headers=known).status_code == 304
