"""What is at no address: the nearest that is there, or that it was there once."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.settings import Settings
from peelgraph.graph.versions import DataFolder
from peelgraph.server.app import create_app, start_engine

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("/id/force/knet", "/doc/force/kent"),
        ("/doc/force/kentt.ttl", "/doc/force/kent"),
        ("/kent", "/doc/force/kent"),
        ("/problem", "/problems/"),
        ("/id/forces", "/id/force"),
        ("/id/cycle/2015", "/doc/cycle/peel-2015"),
        ("/data/judgment/peel-2015/kent/legitimcy", "/data/judgment/peel-2015/kent/legitimacy"),
        ("/set/forces", "/id/force"),
    ],
)
def test_an_unknown_address_offers_the_nearest_known_things(
    read_client: FlaskClient, asked: str, offered: str
) -> None:
    """As links on the page, and as members of the problem document."""
    problem = read_client.get(asked)
    assert problem.status_code == 404
    assert problem.headers["Content-Type"] == "application/problem+json"
    assert offered in [each["href"] for each in problem.get_json(force=True)["nearest"]]
    page = read_client.get(asked, headers=HTML)
    assert page.status_code == 404
    assert f'href="{offered}"' in page.text


@pytest.mark.parametrize("asked", ["/zzqqxx", "/zzqqxx/yy", f"/{'a' * 5000}", "/id/a b<>"])
def test_what_is_like_nothing_is_offered_nothing(read_client: FlaskClient, asked: str) -> None:
    """A guess that fits nobody is noise."""
    problem = read_client.get(asked)
    assert problem.status_code == 404
    assert "nearest" not in problem.get_json(force=True)


def test_what_was_rolled_back_is_gone_until_it_is_back(read_data: Path, tmp_path: Path) -> None:
    """Whether a version is older or newer does not matter: the address was published."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "versions").symlink_to(read_data / "versions")
    data = DataFolder(folder)
    first, second = data.names()
    data.switch(first)
    settings = Settings(data=folder, workers=1)
    with closing(start_engine(settings)) as engine:
        client = create_app(settings, engine).test_client()
        gone = client.get("/id/report/peel-2014-hampshire/version/eb1894cf5a1d")
    assert gone.status_code == 410
    assert second in gone.get_json(force=True)["detail"]
