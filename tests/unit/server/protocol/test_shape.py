"""The outside of a query: the same for alike ones, and nothing of what is in it."""

from __future__ import annotations

from dataclasses import astuple

import pytest

from peelgraph.server.protocol.shape import shape_of

QUERY = 'PREFIX a: <http://x/> SELECT ?n { ?s a:name "Kent"@en ; a:rank 3 . FILTER(?n > 1.5) }'


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (QUERY.replace("Kent", "Essex"), True),
        (QUERY.replace("?n", "$other"), False),
        (QUERY.replace("?n", "?other"), True),
        (QUERY.replace("http://x/", "http://y/z"), True),
        (QUERY.replace("a:name", "a:area"), True),
        (QUERY.replace("3", "4"), True),
        (QUERY.replace(" ", "\n ") + "# a remark", True),
        (QUERY.lower().replace("kent", "x"), True),
        (QUERY.replace("SELECT", "SELECT DISTINCT"), False),
        (QUERY.replace(";", "."), False),
        (QUERY.replace(">", "<"), False),
    ],
)
def test_queries_alike_but_for_their_constants_have_one_shape(other: str, *, alike: bool) -> None:
    """An operator sees what is asked often, without reading what is asked."""
    assert (shape_of(other).shape == shape_of(QUERY).shape) is alike
    assert shape_of(other).sha256 != shape_of(QUERY).sha256


def test_nothing_of_the_query_is_in_its_outside() -> None:
    """Not even a word that is no keyword."""
    told = str(astuple(shape_of("SELECT ?secret { <secret:x> secret 'secret' }")))
    assert "secret" not in told


@pytest.mark.parametrize(
    ("query", "form"),
    [("ask{}", "ask"), ("BASE <x:y> DESCRIBE <z>", "describe"), ("", ""), ("'select'", "")],
)
def test_the_form_is_its_first_keyword(query: str, form: str) -> None:
    """Also of what is not SPARQL."""
    assert shape_of(query).form == form


def test_a_long_text_is_read_in_part() -> None:
    """A megabyte of brackets must not cost a second on the loop."""
    assert shape_of("(" * 1_000_000).tokens == 64 * 1024
    assert shape_of("\ud800").length == 1
