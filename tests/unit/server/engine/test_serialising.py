"""XML that a parser takes, or none: what the engine alone writes wrongly."""

from __future__ import annotations

import io

import pytest

from peelgraph.server.engine.serialising import FormatCannotHold, XmlStream


def send(stream: XmlStream, text: bytes, size: int) -> None:
    """Write *text* in pieces of *size* bytes."""
    for start in range(0, len(text), size):
        stream.write(text[start : start + size])


@pytest.mark.parametrize(
    "text",
    [
        b"a\x00b",
        b"a\x08b",
        b"a\x0bb",
        b"a\x1fb",
        "a\ufffeb".encode(),
        "a\uffffb".encode(),
        b'<oxprefix: xmlns:oxprefix="http://e/1">',
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_what_xml_cannot_say_is_refused(text: bytes, size: int) -> None:
    """Wherever the serialiser happens to cut its pieces."""
    with pytest.raises(FormatCannotHold):
        send(XmlStream(io.BytesIO()), text, size)


def test_what_xml_can_say_is_passed_on() -> None:
    """A parser turns a bare carriage return into a line feed; an escaped one it keeps."""
    target = io.BytesIO()
    stream = XmlStream(target)
    text = "a\r\n\tb\u0085\ufffd\x7f\U0001f600&lt;oxprefix: <ox>"
    send(stream, text.encode(), 1)
    assert target.getvalue().decode() == text.replace("\r", "&#13;")
