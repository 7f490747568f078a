"""HTML and PDF made to harm: each is text or an error in time, and the next page is read."""

from __future__ import annotations

import datetime as dt
import zlib
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.capture import capture_file, captured
from peelgraph.graph.errors import NotAReport, PeelgraphError, ReadingStopped, SourceUnreadable
from peelgraph.graph.parsing import html_text, pdf_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
MANY = 100_000
MEGABYTE = 1_000_000
HOSTILE_HTML = {
    "nested elements": "<div>" * MANY,
    "nested formatting": "<p><b><i>" * MANY,
    "nested tables": "<table><tr><td>" * MANY,
    "nested lists": "<ul><li>" * MANY,
    "misnested": "<b><p></b></p>" * MANY,
    "closed, never opened": "</div></p></b>" * MANY,
    "huge attribute": f'<p class="{"x" * 7 * MEGABYTE}">words',
    "many attributes": f"<p {' '.join(f'a{n}=1' for n in range(MANY // 4))}>words",
    "one attribute again and again": f"<p {'a=1 ' * MANY}>words",
    "huge name of an element": f"<{'x' * 7 * MEGABYTE}>words",
    "unfinished comment": "<p>words<!--" + "-" * 7 * MEGABYTE,
    "unfinished document types": "<!doctype " * MANY,
    "references": "&amp;&#x41;&NotEqualTilde;" * MANY,
    "entities of its own": '<!doctype html [<!ENTITY a "words">]><p>&a;',
    "templates": "<template>" * MANY,
    "foreign elements": "<svg><math>" * MANY,
    "selections": "<select><option>" * MANY,
    "half of a surrogate pair": "<p>&#xD800;&#0;&#x110000;words",
}


@pytest.mark.parametrize("name", HOSTILE_HTML)
def test_hostile_html_is_text_or_refused(name: str) -> None:
    """No page may end the run, or hold it up."""
    try:
        assert html_text(HOSTILE_HTML[name], "bad.html").encode()
    except (SourceUnreadable, ReadingStopped) as error:
        assert error.place == "bad.html"  # noqa: PT017 - being text is as good
    except AssertionError:
        assert "words" not in HOSTILE_HTML[name]
    assert html_text("<h1>Wessmarch 2015", "good.html") == "Wessmarch 2015"


def test_what_must_be_refused_by_name_is() -> None:
    """A person is told what is the matter, not only that it took too long."""
    for name in ("nested elements", "nested formatting", "nested tables", "entities of its own"):
        with pytest.raises(SourceUnreadable):
            html_text(HOSTILE_HTML[name])


@pytest.mark.parametrize("opening", ["<!---->", "<!-- -->\n", "<?xml ", "\n", "<!--"])
def test_the_kind_of_a_page_is_seen_at_once(opening: str) -> None:
    """The first look is taken by the program itself: no number of comments may hold it up."""
    with pytest.raises(NotAReport) if opening == "\n" else nullcontext():
        captured((opening * MANY).encode(), media_type=None, source=None, retrieved=NOW)


@pytest.mark.parametrize("megabytes", [100, pytest.param(1000, marks=pytest.mark.soak)])
@pytest.mark.parametrize("unit", [b"BT /F 10 Tf 72 500 Td (words) Tj ET\n", b" ", b"q ", b"[ "])
def test_a_pdf_bomb_ends_its_own_process_at_most(unit: bytes, megabytes: int) -> None:
    """Some hundred bytes become gigabytes, and then nothing."""
    bomb = pdf_bomb(unit, megabytes)
    assert len(bomb) < 50_000
    with pytest.raises((SourceUnreadable, ReadingStopped)) as raised:
        pdf_text(bomb, "bomb.pdf")
    assert raised.value.place == "bomb.pdf"
    assert html_text("<h1>Wessmarch 2015") == "Wessmarch 2015"


@pytest.mark.parametrize(
    "page",
    [
        "<</Type/Page/Parent 4 0 R/Contents 5 0 R>>",  # its own parent
        "<</Type/Pages/Kids[4 0 R]/Count 99999999>>",  # its own child
        f"<</Type/Page/Parent 2 0 R/Contents {'[' * MANY}>>",
        f"<</Type/Page/Parent 2 0 R/Contents {'<</A ' * MANY}>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 1e38 1e38]/Contents 5 0 R>>",
    ],
    ids=["parent", "child", "arrays", "dictionaries", "size"],
)
def test_a_pdf_without_end_is_refused(page: str) -> None:
    """Objects that hold themselves or each other, very deeply."""
    with pytest.raises((SourceUnreadable, ReadingStopped)):
        pdf_text(pdf_file([page.encode(), b"<</Length 0>>stream\n\nendstream"]))


def test_pages_reach_neither_files_nor_the_network(
    tmp_path: Path, listener: Callable[[], int]
) -> None:
    """Neither the parser nor anything on the page opens what the page names."""
    canary = tmp_path / "canary.txt"
    canary.write_text("BT /F 10 Tf 72 500 Td (secret) Tj ET", encoding="utf-8")
    address = f"http://127.0.0.1:{listener()}"
    page = (
        f'<!doctype html SYSTEM "{address}/a.dtd"><base href="{address}/">'
        f'<link rel=stylesheet href="{address}/a.css"><style>@import "{address}/b.css"</style>'
        f'<script src="{address}/a.js"></script><iframe src="{canary.as_uri()}"></iframe>'
        f'<object data="{canary.as_uri()}"></object><img src="{address}/a.png">'
        f'<embed src="{address}/e"><p>words'
    )
    file = tmp_path / "page.html"
    file.write_text(page, encoding="utf-8")
    assert capture_file(file).text == "words"
    opening = f"<</O<</S/URI/URI({address})>>>>"
    outside = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R/AA{opening}>>"
    stream = f"<</Length 0/F({canary})/FFilter/FlateDecode>>stream\n\nendstream"
    with pytest.raises(SourceUnreadable, match="no text"):
        pdf_text(pdf_file([outside.encode(), stream.encode()]))


def test_no_hostile_page_keeps_the_others_from_landing(tmp_path: Path) -> None:
    """The whole path: capture says what is wrong with which page, and reads the next."""
    bad = {
        "bomb.pdf": pdf_bomb(b"q ", 100),
        "deep.html": HOSTILE_HTML["nested elements"].encode(),
    }
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(PeelgraphError, match=name):
            capture_file(tmp_path / name)
    (tmp_path / "good.html").write_text("<h1>Wessmarch 2015", encoding="utf-8")
    assert capture_file(tmp_path / "good.html").text == "Wessmarch 2015"


def pdf_bomb(unit: bytes, megabytes: int) -> bytes:
    """A PDF whose only page is *unit* again and again, compressed twice."""
    packing = zlib.compressobj(9)
    piece = unit * (MEGABYTE // len(unit))
    once = b"".join([packing.compress(piece) for _ in range(megabytes)]) + packing.flush()
    twice = zlib.compress(once, 9)
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R"
        b"/Resources<</Font<</F 3 0 R>>>>>>"
    )
    stream = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream"
    return pdf_file([page, stream % (len(twice), twice)])


def pdf_file(parts: list[bytes]) -> bytes:
    """A PDF file whose page is the first of *parts*; a reader finds objects without a table."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
        *parts,
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % each for each in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF\n"
