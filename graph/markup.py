"""HTML to plain text: one block element a line, list entries marked, nothing fetched or run.

Kept: what a reader of the page sees, the site's own furniture above the title included (sections
of kind site-furniture hold it). Left out: scripts, styles, navigation, page footers, controls and
what is marked hidden; they change without the report changing, and the digest of a captured
version must not. Where the page marks its main part and that part has the first-level heading,
only that part is text.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from selectolax.lexbor import LexborHTMLParser

from peelgraph.graph.errors import SourceUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

DROPPED: Final = frozenset({
    "audio", "button", "canvas", "datalist", "dialog", "embed", "footer", "head", "iframe",
    "map", "nav", "noscript", "object", "script", "select", "style", "svg", "template",
    "textarea", "title", "video",
})  # fmt: skip
BLOCKS: Final = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd",
    "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "ol",
    "p", "pre", "search", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
})  # fmt: skip
CELLS: Final = frozenset({"td", "th"})
CELL_MARK: Final = "\x1f"  # stands for the tab between cells until blanks are collapsed

# The parser needs time quadratic in the depth of open elements, and it repeats open formatting in
# every paragraph; pages nest some 30 deep.
DEEPEST: Final = 256
DEEPEST_FORMATTING: Final = 32
FORMATTING: Final = frozenset({
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt",
    "u",
})  # fmt: skip
SELF_CLOSING: Final = frozenset({
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html",
    "img", "input", "li", "link", "meta", "option", "optgroup", "p", "param", "rp", "rt",
    "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
})  # fmt: skip
TAG: Final = re.compile(r"<(/?)([a-z][a-z0-9-]*)", re.IGNORECASE)
INTERNAL_SUBSET: Final = re.compile(r"<!doctype[^<>\[]*+\[", re.IGNORECASE)
BLANKS: Final = re.compile(r"[ \t\n\r\f]+")


def text_of_html(html: str, place: str = "") -> str:
    r"""Return the text of *html*, one block a line, without a final line end.

    Raises:
        SourceUnreadable: the document declares entities of its own, or nests too deeply.

    >>> text_of_html("<h1>Kent 2015</h1><ul><li>one;<li>two.</ul><script>x</script>")
    'Kent 2015\n- one;\n- two.'
    """
    if INTERNAL_SUBSET.search(html):
        raise SourceUnreadable(
            "the document type declares entities or rules of its own",
            place=place,
            expected="an HTML page, which has none",
        )
    _require_shallow(html, place)
    root = _main_part(LexborHTMLParser(html))
    return "\n".join(_lines(root)) if root is not None else ""


def text_of_html_bytes(content: bytes, *, place: str) -> bytes:
    """Return the text of HTML in UTF-8; for a confined process, see ``parsing.html_text``."""
    return text_of_html(content.decode(), place).encode()


def _require_shallow(html: str, place: str) -> None:
    """Raise if more elements are left open at one point than any page has."""
    opened: Counter[str] = Counter()
    depth = formatting = 0
    for tag in TAG.finditer(html):
        name = tag[2].lower()
        if name in SELF_CLOSING or (tag[1] and not opened[name]):
            continue
        step = -1 if tag[1] else 1
        opened[name] += step
        depth += step
        formatting += step if name in FORMATTING else 0
        if depth > DEEPEST or formatting > DEEPEST_FORMATTING:
            raise SourceUnreadable(
                "elements nest deeper than on any page",
                place=place,
                expected="an HTML page as a browser saves it",
            )


def _main_part(parser: LexborHTMLParser) -> LexborNode | None:
    """Return the only main element if it holds the page's heading, else the body."""
    mains = parser.css("main, [role=main]")
    if len(mains) == 1 and mains[0].css_first("h1") is not None:
        return mains[0]
    return parser.body


def _lines(root: LexborNode) -> Iterator[str]:
    """Yield the lines of text under *root*, walking without recursion."""
    line = _Line()
    for node, entering in _walk(root):
        tag = node.tag or ""
        if node.is_text_node:
            yield from line.add(node.text_content or "")
        elif tag in BLOCKS:
            yield from line.close()
            line.bullet = entering if tag == "li" else line.bullet
            line.verbatim = entering if tag == "pre" else line.verbatim
        elif tag in CELLS and entering:
            line.separate()
    yield from line.close()


def _walk(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Yield each node from *root* down on entering it and, if an element, on leaving it."""
    open_elements: list[LexborNode] = []
    node: LexborNode | None = root
    while node is not None:
        if node.is_text_node:
            yield node, True
        elif not _is_dropped(node):
            yield node, True
            open_elements.append(node)
            if node.first_child is not None:
                node = node.first_child
                continue
            yield open_elements.pop(), False
        while open_elements and node.next is None:
            node = open_elements.pop()
            yield node, False
        node = node.next if open_elements else None


def _is_dropped(node: LexborNode) -> bool:
    """Whether nothing under *node* is text of the page: comments, controls, hidden parts."""
    if not node.is_element_node or node.tag in DROPPED:
        return True
    attributes = node.attributes
    return attributes.get("hidden", "no") in {None, "", "hidden"} or (
        attributes.get("role") in {"navigation", "contentinfo", "search"}
    )


class _Line:
    """The line being written."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.bullet = False
        self.verbatim = False

    def add(self, text: str) -> Iterator[str]:
        """Add *text*; where white space counts, its line ends close the line."""
        if not self.verbatim:
            self.parts.append(text)
            return
        *whole, rest = text.split("\n")
        for each in whole:
            self.parts.append(each)
            yield from self.close()
        self.parts.append(rest)

    def separate(self) -> None:
        """Part two cells of a row."""
        if self.parts:
            self.parts.append(CELL_MARK)

    def close(self) -> Iterator[str]:
        """Yield the line if it has words, and begin another."""
        text = BLANKS.sub(" ", "".join(self.parts)).strip(f" {CELL_MARK}")
        self.parts.clear()
        if text:
            words = "\t".join(cell.strip(" ") for cell in text.split(CELL_MARK))
            yield f"- {words}" if self.bullet else words
            self.bullet = False
