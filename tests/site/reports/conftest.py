"""The pages of reports, findings and judgments over what is bundled and an invented page."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from contextlib import closing
from functools import partial
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple

import pytest

from peelgraph.graph.capture import captured_text
from peelgraph.graph.ingest import Run, ingest
from peelgraph.graph.iris import Iris
from peelgraph.graph.settings import Settings
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.versions import DataFolder
from peelgraph.server.app import create_app, start_engine
from peelgraph.server.site import search
from peelgraph.server.site.documents import page_at
from peelgraph.server.site.searching import index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

INVENTED = """Cumbria 2015
Read more about CumbriaThis is HMIC\u2019s second assessment of the effectiveness, efficiency and \
legitimacy with which Cumbria Constabulary keeps people safe and reduces crime.
The extent to which Cumbria Constabulary is effective at keeping people safe and reducing crime \
requires improvement.
The extent to which Cumbria Constabulary is efficient at keeping people safe and reducing crime \
is good.
The extent to which Cumbria Constabulary is legitimate at keeping people safe and reducing crime \
is good.
HMI's observations
This page was invented to test <script>alert("pages")</script> of reports.
The force works well with its invented neighbours to prevent crime.
The force needs to improve how its officers count the invented boats; the bells are answered well.
Description of force area
Cumbria Constabulary provides policing services to the county of Cumbria. The invented county has \
12 islands and around 1.8 million people.
Effectiveness
How effective is the force at keeping people safe and reducing crime?
The force works well with its invented neighbours to prevent crime.
Invented officers do not always record the boats that they stop, which needs to improve.
Efficiency
How efficient is the force at keeping people safe and reducing crime?
The invented officers are paid in fish.
Legitimacy
How legitimate is the force at keeping people safe and reducing crime?
The force is good at listening to its invented islanders.
Looking ahead
I will be particularly interested to see:
- how the force counts its invented boats.
"""
"""Nothing here is a fact about a real force, but for the grades, which agree with the table."""


class Pages(NamedTuple):
    """An application, and the pages about things by their addresses."""

    app: Flask
    data: Path | None

    def page(self, address: str) -> str:
        """Return the page about the thing at *address*, as linked data shows it to a browser."""
        with self.app.test_request_context(address):
            make = page_at(address.partition("?")[0])
            assert make is not None, address
            return make()


class Seen(HTMLParser):
    """What a reader of a page has: identifiers, links, and texts by the elements they are in."""

    VOID = frozenset({"meta", "link", "input", "br"})

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.text_of: dict[str, str] = {}
        self.marks: list[str] = []
        self.article = ""
        self._open: list[tuple[str, str]] = []
        self.feed(page)
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element; every one but the void ones must be closed again."""
        known = dict(attrs)
        name = known.get("id") or ""
        # a block of data for search engines is no script: nothing runs it
        self.tags.append("data" if known.get("type") == "application/ld+json" else tag)
        if name:
            self.ids.append(name)
        if known.get("href"):
            self.links.append(known["href"] or "")
        if tag == "mark":
            self.marks.append("")
        assert not any(each.startswith("on") or each == "style" for each in known), attrs
        if tag not in self.VOID:
            self._open.append((tag, name))

    def handle_endtag(self, tag: str) -> None:
        """Close an element, which must be the last opened."""
        opened, _ = self._open.pop()
        assert opened == tag, (opened, tag)

    def handle_data(self, data: str) -> None:
        """Add text to all that is open."""
        for tag, name in self._open:
            if name:
                self.text_of[name] = self.text_of.get(name, "") + data
            if tag == "mark":
                self.marks[-1] += data
            if tag == "article":
                self.article += data


@pytest.fixture(autouse=True)
def patient_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an index be made and a search last as long as it takes on a busy machine."""
    monkeypatch.setattr(search, "PATIENCE", 120.0)
    monkeypatch.setattr(index, "SECONDS", 120.0)


@pytest.fixture(scope="session")
def seen() -> Callable[[str], Seen]:
    """Reads a page, whose elements must nest as they should."""
    return Seen


@pytest.fixture(scope="session")
def invented_text() -> str:
    """The text of the invented page."""
    return INVENTED


@pytest.fixture(scope="session")
def invented(built_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """The application over what is bundled and the invented page."""
    folder = tmp_path_factory.mktemp("invented") / "data"
    shutil.copytree(built_data, folder, symlinks=True)
    run = Run(iris=Iris(), tables=bundled_tables(), moment=dt.datetime(2026, 11, 24, tzinfo=dt.UTC))
    earlier = INVENTED.replace("paid in fish", "paid in shells").replace("listening", "writing")
    texts = [("earlier", earlier), ("invented", INVENTED)]
    sources = [(name, partial(captured_text, text)) for name, text in texts]
    ingestion = ingest(DataFolder(folder), sources, run)
    assert [outcome.state for outcome in ingestion.outcomes] == ["landed", "landed"]
    settings = Settings(data=folder, workers=1, client_seconds=0)
    with closing(start_engine(settings)) as engine:
        yield Pages(create_app(settings, engine), folder)


@pytest.fixture(scope="session")
def invented_version(invented: Pages) -> str:
    """The address of the captured version of the invented page."""
    page = invented.page("/doc/report/peel-2015-cumbria")
    version = r'href="(/doc/report/peel-2015-cumbria/version/[0-9a-f]{12})"[^\n]*\nthe current one'
    found = re.search(version, page)
    assert found is not None
    return found[1]


@pytest.fixture(scope="session")
def kent(kent_data: Path) -> Iterator[Pages]:
    """The application over what is bundled and the real Kent 2015 page."""
    settings = Settings(data=kent_data, workers=1, client_seconds=0)
    with closing(start_engine(settings)) as engine:
        yield Pages(create_app(settings, engine), kent_data)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Pages]]:
    """Serve quads that a test writes, as a file."""
    opened = []

    def serve(quads: str) -> Pages:
        path = tmp_path_factory.mktemp("served") / "quads.nq"
        path.write_text(quads, encoding="utf-8")
        settings = Settings(workers=1, client_seconds=0, memory=512)
        opened.append(start_engine(settings, path))
        return Pages(create_app(settings, opened[-1]), None)

    yield serve
    for engine in opened:
        engine.close()
