"""Every page that links lead to, by HTTP alone: which kinds there are, and what is lost."""

from __future__ import annotations

import http.client
import re
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule

from peelgraph.graph.settings import Settings
from peelgraph.server.app import create_app
from peelgraph.server.site.documents import PAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
ADDRESSED: Final = ("href", "src", "action", "data")
GENERAL: Final = re.compile(r"/(?:id|doc|data|def|graph)/<path:rest>")
FORMS: Final = re.compile(r"(.*?)((?:\.(?:ttl|jsonld|nt|rdf|html|nq|trig))?)", re.DOTALL)
"""A path, and the extension of a form of linked data where it has one."""
NAMES: Final = re.compile(r"<[^>]*>")
PATIENCE: Final = 60
"""Seconds for one answer, and for what is being made to be there."""
MOST_REDIRECTS: Final = 4


class _NoEngine:
    def version(self) -> None:
        """There is none: only addresses are looked at."""


@dataclass(frozen=True)
class Answer:
    """What one address answered, after redirects."""

    status: int
    path: str
    kind: str
    body: bytes

    @property
    def is_page(self) -> bool:
        """Whether it is HTML."""
        return self.kind.startswith("text/html")


@dataclass
class Crawled:
    """What was found: by kind of address the pages asked, and each link that leads nowhere."""

    pages: dict[str, list[str]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    left: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


class Kinds:
    """Which kind of address a path is: the rule that the application finds it by."""

    def __init__(self) -> None:
        """Take the rules of the whole application, and those of its pages about things."""
        app = create_app(Settings(), _NoEngine())  # type: ignore[arg-type]  # never asked anything
        self._rules = app.url_map.bind("127.0.0.1")
        pages = [Rule(rule, endpoint=rule) for rule in PAGES]
        self._pages = Map(pages, strict_slashes=False).bind("")

    def of(self, path: str) -> str:
        """Return the rule of *path*; of what is shown as statements, its first two parts.

        What a rule calls its parts is left out: ``/doc/force/<>``.
        """
        return NAMES.sub("<>", self._rule(path))

    def _rule(self, path: str) -> str:
        plain = unquote(urlsplit(path).path)
        stem, extension = FORMS.fullmatch(plain).groups()  # type: ignore[union-attr]  # fits all
        try:
            return str(self._pages.match(stem)[0]) + extension
        except HTTPException:
            pass
        try:
            rule, _ = self._rules.match(plain, return_rule=True)
        except RequestRedirect as error:
            return self._rule(urlsplit(error.new_url).path)
        except HTTPException:
            return "nothing"
        if not GENERAL.fullmatch(rule.rule):
            return str(rule.rule)
        return "/".join(stem.split("/")[:3]) + "/…" + extension


class Reader:
    """A reader with one connection to the server, who reads pages and follows redirects."""

    def __init__(self, origin: str) -> None:
        """Connect when first asked."""
        self.origin = origin.rstrip("/")
        self._connection = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=PATIENCE)

    def ask(self, path: str, method: str = "GET") -> Answer:
        """Return what *path* answers in the end; what is too busy just now is asked again."""
        redirects, until = 0, time.monotonic() + PATIENCE
        while redirects <= MOST_REDIRECTS:
            self._connection.request(method, path, headers={"Accept": "text/html,*/*;q=0.5"})
            response = self._connection.getresponse()
            body = response.read()
            later = response.headers.get("Retry-After", "") if response.status == 503 else ""
            if later and time.monotonic() < until:
                time.sleep(int(later))
                continue
            if response.status not in REDIRECTS:
                kind = response.headers.get("Content-Type", "")
                return Answer(response.status, path, kind, body)
            path = self.own(urljoin(self.origin + path, response.headers["Location"]))[0]
            redirects += 1
        return Answer(508, path, "", b"")

    def own(self, address: str) -> tuple[str, str]:
        """Return path and fragment of an address of this server; of another's, nothing."""
        whole, fragment = urldefrag(address)
        if whole != self.origin and not whole.startswith(f"{self.origin}/"):
            return "", ""
        return whole.removeprefix(self.origin) or "/", fragment

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def links(reader: Reader, answer: Answer) -> Iterator[tuple[str, str]]:
    """Yield path and fragment of each address of the server that a page leads to."""
    page = LexborHTMLParser(answer.body)
    seen: set[tuple[str, str]] = set()
    for name in ADDRESSED:
        for element in page.css(f"[{name}]"):
            if name == "action" and (element.attributes.get("method") or "get").lower() != "get":
                continue
            target = element.attributes.get(name) or ""
            found = reader.own(urljoin(reader.origin + answer.path, target))
            if found[0] and found not in seen:
                seen.add(found)
                yield found


def anchors(answer: Answer) -> set[str]:
    """Return what the fragments of a page may be."""
    page = LexborHTMLParser(answer.body)
    return {element.attributes.get("id") or "" for element in page.css("[id]")} | {""}


def crawl(
    reader: Reader, kinds: Kinds, *, most: int, order: Callable[[str], tuple[bool, ...]]
) -> Crawled:
    """Follow the links from the home page, breadth first.

    Args:
        reader: Asks the server.
        kinds: Tells kinds of addresses.
        most: How many addresses of each kind are asked at most; of each kind of pages, all that
            are asked are read for further links.
        order: Sorts addresses: of those that wait, the first of a kind are asked.
    """
    found = Crawled()
    waiting = deque([("", "/")])
    met = {"/"}
    count: Counter[str] = Counter()
    known: dict[str, set[str]] = {}
    wanted: list[tuple[str, str, str]] = []
    files: set[str] = set()
    while waiting:
        source, path = waiting.popleft()
        kind = kinds.of(path)
        if count[kind] >= most:
            found.left[kind] += 1
            continue
        count[kind] += 1
        answer = reader.ask(path, "HEAD" if kind in files else "GET")
        found.asked.add(path)
        if answer.status >= 400:
            found.broken.append(f"{answer.status} {path} (from {source})")
            continue
        if not answer.is_page:
            files.add(kind)
            continue
        if answer.path not in known:
            known[answer.path] = anchors(answer)
            found.pages.setdefault(kinds.of(answer.path), []).append(answer.path)
        known[path] = known[answer.path]
        onward = sorted(links(reader, answer), key=lambda each: order(each[0]))
        wanted += [(path, *each) for each in onward if each[1]]
        fresh = [each for each, _ in onward if each not in met]
        fresh = list(dict.fromkeys(fresh))
        met.update(fresh)
        waiting.extend((path, each) for each in fresh)
    found.broken += [  # a fragment with an equals sign is no anchor: a script reads it
        f"no anchor {path}#{fragment} (from {source})"
        for source, path, fragment in wanted
        if path in known and "=" not in fragment and unquote(fragment) not in known[path]
    ]
    return found
