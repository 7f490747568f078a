"""Every page is whole: tags nest, ids are unique, fields have labels, nothing needs script."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

ADDRESSES = [
    "/forces",
    "/forces?q=nothing",
    "/grades",
    "/grades?cycle=peel-2021-22&grade=adequate",
    "/grades?cycle=peel-2015&grade=adequate",
    "/compare",
    "/compare?force=kent&force=essex",
]
DOCUMENTS = [
    "/doc/force/kent",
    "/doc/force/essex",
    "/doc/force/btp",
    "/doc/inspection/peel-2015/kent",
    "/doc/inspection/peel-2021-22/kent",
    "/doc/inspection/peel-2017/greater-manchester/legitimacy",
]
EMPTY = {"meta", "link", "input", "br"}


class Outline(HTMLParser):
    """What a page is made of, as it is written: a browser's parser would mend it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.found.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that tags nest."""
        assert self.open.pop() == tag, self.getpos()


def check(text: str) -> None:
    """Check one page."""
    page = Outline()
    page.feed(text)
    assert page.open == []
    scripts = [each for tag, each in page.found if tag == "script"]
    assert all(each == {"type": "application/ld+json"} for each in scripts)  # data, never run
    tags = [tag for tag, _ in page.found]
    assert tags.count("h1") == 1
    assert not {"style", "iframe", "img"} & set(tags)
    attributes = [each for _, each in page.found]
    assert not [each for each in attributes if "style" in each or any(n[:2] == "on" for n in each)]
    ids = [each["id"] for each in attributes if "id" in each]
    assert len(ids) == len(set(ids))
    named = [each.get("for") or each.get("aria-labelledby") for each in attributes]
    assert {each for each in named if each} <= set(ids)
    fields = {each.get("id") for tag, each in page.found if tag in {"select", "input"}}
    assert fields <= {each.get("for") for tag, each in page.found if tag == "label"}
    inner = [str(each["href"])[1:] for each in attributes if str(each.get("href"))[:1] == "#"]
    assert set(inner) <= set(ids)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_whole(built_client: FlaskClient, address: str) -> None:
    """Screen readers, small screens and text browsers get the same page."""
    response = built_client.get(address, headers={"Accept": "text/html"})
    assert response.status_code == 200
    check(response.text)


@pytest.mark.parametrize("address", DOCUMENTS)
def test_a_page_about_a_thing_is_whole(
    built_client: FlaskClient, page_text: Callable[[FlaskClient, str], str], address: str
) -> None:
    """The same of those at document addresses."""
    check(page_text(built_client, address))
