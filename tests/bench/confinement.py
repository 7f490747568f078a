"""Pages of HTML to text per second: parsed in this process, and in a confined one."""

from __future__ import annotations

import argparse
import html
import time
from typing import TYPE_CHECKING

from pages import pages

from peelgraph.graph.markup import text_of_html
from peelgraph.graph.parsing import html_text

if TYPE_CHECKING:
    from collections.abc import Callable


def marked_up(text: str) -> str:
    """Return the page of *text* as a site might publish it, three times as long."""
    lines = (
        f'<div class="section block"><p class="text text--body">{html.escape(line)}</p></div>'
        for line in text.splitlines()
    )
    return f"<!doctype html><html><body><main><h1>Page</h1>{''.join(lines)}</main></body></html>"


def rate(parse: Callable[[str], str], sources: list[str]) -> float:
    """Return the pages a second that *parse* turns into text."""
    began = time.perf_counter()
    for source in sources:
        parse(source)
    return len(sources) / (time.perf_counter() - began)


def main() -> None:
    """Print both rates and their ratio, the best of some rounds each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--sentences", type=int, default=150)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    sources = [marked_up(text) for _, text in pages(options.count, options.sentences)]
    html_text(sources[0])  # the process starts once in a run
    here = there = 0.0
    for _ in range(options.rounds):
        here, there = max(here, rate(text_of_html, sources)), max(there, rate(html_text, sources))
    size = sum(map(len, sources)) / len(sources) / 1000
    print(f"{len(sources)} pages of {size:.0f} kB: {here:.0f} pages/s in this process, ")
    print(f"{there:.0f} pages/s in a confined one ({there / here:.2f})")


if __name__ == "__main__":
    main()
