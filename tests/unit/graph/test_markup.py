"""HTML becomes the text that a reader of the page sees."""

from __future__ import annotations

import pytest

from peelgraph.graph.errors import SourceUnreadable
from peelgraph.graph.markup import text_of_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a  b\n c</p><p>d", "a b c\nd"),
        ("<a>Read more</a>This is", "Read moreThis is"),
        ("<ul><li><p>a</p><p>b</p><li>c<ul><li>d</ul></ul>", "- a\nb\n- c\n- d"),
        ("<table><tr><th>Population<td>1.8m</table>", "Population\t1.8m"),
        ("<pre>one\ntwo</pre>", "one\ntwo"),
        ("a<br>b", "a\nb"),
        ("<nav>a</nav><script>b</script><p hidden>c</p><!-- d -->yes<footer>e</footer>", "yes"),
        ("<body>aside<main><h1>Kent</h1></main></body>", "Kent"),
        ("<body>kept<main>no heading</main></body>", "kept\nno heading"),
        ("&lt;b&gt; &amp; &xyz; &nbsp;w", "<b> & &xyz; \u00a0w"),
        ("", ""),
    ],
)  # fmt: skip
def test_html_to_text(html: str, text: str) -> None:
    """One block element a line; what is not on the page is not in the text."""
    assert text_of_html(html) == text


@pytest.mark.parametrize("start", ["<div>", "<b>", "<p><b><div>", "<ul><li>", "<table><td>"])
def test_deep_nesting_is_refused_at_once(start: str) -> None:
    """The parser needs quadratic time for it: 80,000 open elements took 16 seconds."""
    with pytest.raises(SourceUnreadable):
        text_of_html(start * 80_000)


def test_many_siblings_are_no_problem() -> None:
    """Long pages are flat."""
    assert text_of_html("<p>x" * 20_000).count("\n") == 19_999
