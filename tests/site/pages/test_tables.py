"""Tables are laid out as tables: what the style sheet lays out otherwise is no table."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
LAID_OUT = re.compile(r"(?<![-\w])display:\s*(?:grid|flex|block|inline)")


def laid_out_otherwise() -> set[str]:
    """The classes that alone, on any element, make something else than a table of it."""
    style = files("peelgraph.server.pages").joinpath("static/site.css").read_text("utf-8")
    selectors = [
        each.strip()
        for heads, body in RULE.findall(re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL))
        if LAID_OUT.search(body)
        for each in heads.split(",")
    ]
    return {each[1:] for each in selectors if re.fullmatch(r"\.[-\w]+", each)}


@pytest.mark.parametrize("address", ["/quality", "/ontology", "/grades", "/compare", "/data"])
def test_no_table_is_laid_out_as_something_else(built_client: FlaskClient, address: str) -> None:
    """A grid of a table's rows puts its heads over the wrong columns."""
    text = built_client.get(address, headers={"Accept": "text/html"}).text
    classes = {
        each for given in re.findall(r'<table class="([^"]+)"', text) for each in given.split()
    }
    assert laid_out_otherwise() >= {"counts", "cards"}
    assert not classes & laid_out_otherwise()
