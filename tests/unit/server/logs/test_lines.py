"""One request is one line, whatever was sent; what is private is not in it."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelgraph.server.logs import lines
from peelgraph.server.logs.note import Note

ASKED = ("0a-1", "192.0.2.77", 0.0125)
NASTY = [
    "\n",
    "\r\n",
    "\x1b[2J",
    "\u202e",
    "\u2028",
    "\x85",
    "\x7f",
    "\x00",
    "\ud800",
    "é",
    '"',
    "\\",
]
PRIVATE = "SELECT ?name { ?s ?p 'only for me' }"


def told(query: str = "", path: bytes = b"/sparql") -> lines.Told:
    """A request as it is told."""
    note = Note(route="/sparql", query=query, cache="miss", version="v1", worker_seconds=0.25)
    return lines.Told("GET", path, 200, 5, note)


def test_a_request_is_told_in_full() -> None:
    """These are the names that operators' tools read."""
    found = json.loads(lines.request_as_json(1_700_000_000.5, told("ASK {}"), ASKED, text=False))
    query = found.pop("query")
    assert found == {
        "time": "2023-11-14T22:13:20.500Z",
        "kind": "request",
        "id": "0a-1",
        "client": "192.0.2.0",
        "seconds": 0.0125,
        "method": "GET",
        "path": "/sparql",
        "route": "/sparql",
        "status": 200,
        "bytes": 5,
        "worker_seconds": 0.25,
        "cache": "miss",
        "version": "v1",
    }
    assert query["form"] == "ask"
    assert query["bytes"] == 6
    assert len(query["sha256"]) == 64


@pytest.mark.parametrize("worded", [lines.request_as_json, lines.request_as_text])
@settings(deadline=None)
@given(mark=st.sampled_from(NASTY) | st.text(max_size=3), before=st.text(max_size=20))
def test_nothing_that_was_sent_begins_a_line_or_moves_the_cursor(
    worded: object, mark: str, before: str
) -> None:
    """A forged line hides an attack; a control character attacks whoever reads the log."""
    sent = before + mark
    path = f"/{sent}".encode("utf-8", "replace")
    line = worded(0.0, told(f"ASK {{ # {sent}", path), ASKED, text=True)  # type: ignore[operator]  # one of two functions
    assert line.endswith("\n")
    assert line[:-1].isascii()
    assert line[:-1].isprintable()


@pytest.mark.parametrize("worded", [lines.request_as_json, lines.request_as_text])
def test_the_text_of_a_query_is_told_only_where_it_is_asked_for(worded: object) -> None:
    """Questions may say more about who asks than an address does."""
    assert "only for me" not in worded(0.0, told(PRIVATE), ASKED, text=False)  # type: ignore[operator]  # one of two functions
    assert "only for me" in worded(0.0, told(PRIVATE), ASKED, text=True)  # type: ignore[operator]  # the same


def test_an_address_is_cut() -> None:
    """Also that of a client that is named otherwise, or not at all."""
    found = {each: lines.shortened(each) for each in ("fe80::1%eth0", "", "no address")}
    assert found == {"fe80::1%eth0": "fe80::", "": "", "no address": ""}


def test_an_event_is_one_line_of_json_and_an_indented_text() -> None:
    """A trace has many lines, and may quote what was sent."""
    try:
        int("bad\n\x1b[2Jthing")
    except ValueError:
        fault = sys.exc_info()
    record = logging.LogRecord("peelgraph.x", logging.ERROR, "", 0, "a\nb %s", ("\u202e",), fault)
    trace = logging.Formatter().formatException(fault)
    found = lines.event_as_json(record, trace)
    assert found.count("\n") == 1
    assert found[:-1].isascii()
    assert json.loads(found)["message"] == "a\nb \u202e"
    assert "ValueError" in json.loads(found)["trace"]
    first, *others = lines.event_as_text(record, trace).splitlines()
    assert first.endswith("error: a\\nb \\u202e")
    assert others
    assert all(line.startswith("    ") and line.isprintable() for line in others)
