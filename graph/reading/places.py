"""Places that sentences name: towns, counties and other areas, by their form or by a gazetteer.

A force's name is no place. A great structure (a tunnel, an airport) that the area is described by
is one, and so is a region named by its direction. The name of an area alone often stands for its
force ("Kent was judged to be …"), so that outside the description of the area it counts only
after a word such as "in" or "across".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import PlaceStatement, StatementType
from peelgraph.graph.reading.numbers import LONGEST
from peelgraph.graph.reading.sections import is_heading
from peelgraph.graph.reading.subjects import Rule
from peelgraph.graph.reading.wording import name_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.model import Section
    from peelgraph.graph.reading.page import Page
    from peelgraph.graph.reading.sentences import Sentence
    from peelgraph.graph.reading.subjects import Subject

STRUCTURED: Final = Rule("place-structure/1", 0.7)
DIRECTED: Final = Rule("place-region/1", 0.85)
LISTED: Final = Rule("place-list/1", 0.95)
GAZETTEER: Final = Rule("place-gazetteer/1", 0.9)
AFTER_PREPOSITION: Final = Rule("place-preposition/1", 0.7)

CAPITALISED: Final = r"[A-Z\u00c0-\u00de][\w'\u2019]*(?:-[\w'\u2019]+)*"
NAME: Final = (
    rf"{CAPITALISED}(?:(?: (?:of|upon|on|under|le|by|in|the|next the|y|ar)){{0,2}} {CAPITALISED})*"
)
KIND: Final = (
    r"(?:cit(?:y|ies)|towns?|villages?|boroughs?|count(?:y|ies)|districts?|islands?|ports?"
    r"|areas?|centres?|conurbations?|unitary authorit(?:y|ies)|communit(?:y|ies)|resorts?)"
)
LIST: Final = re.compile(
    rf"\b{KIND}(?: (?:are|is|areas?|centres?))?"
    r"(?: such as| like|,? including|,? includes?| of|:)?"
    rf" (?P<names>(?:the )?{NAME}(?:, (?:the )?{NAME})*(?:,? and (?:the )?{NAME})?)"
)
ONE: Final = re.compile(rf"(?:the )?(?P<name>{NAME})")
PAIR: Final = re.compile(rf"{NAME} and {NAME}")
WORD: Final = re.compile(CAPITALISED)
SEVERAL: Final = re.compile(r"[\w\u2019'-]+(?: [\w\u2019'-]+){0,4}")
PARTING: Final = re.compile(r",? and |, ")
PREPOSITION: Final = re.compile(
    rf"\b(?:[Ii]n|[Aa]cross|[Tt]hroughout|[Nn]ear|[Aa]round|[Ff]rom|[Tt]o|[Bb]etween|[Oo]utside"
    rf"|[Ww]ithin) (?P<name>{NAME})"
)
# Pages print such names in small letters too ("the channel tunnel").
THE_STRUCTURE: Final = re.compile(
    r"\bthe (?P<name>(?!new|old|main|major|local|busy|inter|national|regional|only|largest|second"
    r"|first|two|many|other|same|longest|famous)[A-Za-z]\w+(?: [A-Z]\w+)?"
    r" (?:[Tt]unnel|[Aa]irport|[Bb]arrage|[Cc]anal|[Ee]stuary|[Dd]ocks))\b"
)
DIRECTION: Final = (
    r"(?:North|South|East|West|Central|Mid)(?:ern|[- ]?(?:East|West|Eastern|Western))?"
)
REGION: Final = re.compile(rf"\b(?P<name>{DIRECTION}(?: [A-Z]\w+)? region)\b")
JOINED: Final = re.compile(rf" and (?P<name>{NAME})")  # a second place after a first one
BEFORE_AREA: Final = re.compile(
    r"\b(?:in|of|across|throughout|near|around|within|from|to|through|outside|for|serves|covers)"
    r" (?:the )?$"
)
# What follows a name that is no place: an organisation's, a plan's or a structure's name.
NO_PLACE_AFTER: Final = re.compile(
    r"(?:['\u2019]s?)?(?: and [A-Z]\w+)? (?:Police|Constabulary|Policing|Operating|Fire|Council|"
    r"County Council|Model|Force|Tunnel|Airport|University|Bridge|Road|Station|Plan|regions?\b)"
)
POSSESSIVE: Final = re.compile(r"['\u2019]s\b")
NO_PLACES: Final = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|HMIC(?:FRS)?|PEEL|Her|His|The"
    r"|Taser|I|We|It|Stop|Code|Best|Operation|Chief|National|Home|Police|College|Victims?"
    r"|Other|Crown|Government|Parliament)\b"
)
STRUCTURE: Final = re.compile(
    r"\b(?:Tunnel|Airport|University|Bridge|Road|Station|Police|Constabulary|Council|Region"
    r"|Service|Office|Force|Unit|Partnership|Board|Act|Scheme|Model|Programme|Plan)$"
)
TELLS_OF_PLACES: Final = frozenset(
    {"area-description", "exceptional-events", "force-supplied-context"}
)
NO_SENTENCES: Final = frozenset({"site-furniture", "key-facts"})


def places(page: Page, subject: Subject) -> Iterator[PlaceStatement]:
    """Yield the places that sentences name, each name once a place in the text."""
    gazetteer = _gazetteer(subject)
    for block in page.blocks:
        if block.section.kind in NO_SENTENCES or is_heading(block.line):
            continue
        for sentence in block.sentences:
            found = _in_sentence(page.text, block.section, sentence, gazetteer)
            for start, end, rule in found:
                name = page.text[start:end]
                yield PlaceStatement(
                    type=StatementType.PLACE,
                    passage=page.passage(block.section, start, end),
                    method=rule.method,
                    confidence=rule.confidence,
                    key=f"place {name_key(name)}",
                    name=name,
                    area=gazetteer.get(name_key(name)),
                )


def _gazetteer(subject: Subject) -> dict[str, str | None]:
    """Return the known areas by the form in which names are compared."""
    return {name_key(area.name): area.code for area in subject.context.areas}


def _in_sentence(
    text: str, section: Section, sentence: Sentence, gazetteer: dict[str, str | None]
) -> list[tuple[int, int, Rule]]:
    """Return the spans of places in *sentence*, the surest rule first where two find one."""
    if sentence.end - sentence.start > LONGEST:
        return []
    kept: list[tuple[int, int, Rule]] = []
    for start, end, rule in _candidates(text, section, sentence, gazetteer):
        if rule is STRUCTURED or _is_place(text, start, end):
            _keep(kept, start, end, rule)
    for _, end, _ in kept.copy():
        joined = JOINED.match(text, end, sentence.end)
        if joined and _is_place(text, *joined.span("name")):
            _keep(kept, *joined.span("name"), AFTER_PREPOSITION)
    return sorted(kept, key=lambda span: span[0])


def _keep(kept: list[tuple[int, int, Rule]], start: int, end: int, rule: Rule) -> None:
    """Add a span to *kept* unless it shares a character with one of them."""
    if all(end <= first or last <= start for first, last, _ in kept):
        kept.append((start, end, rule))


def _candidates(
    text: str, section: Section, sentence: Sentence, gazetteer: dict[str, str | None]
) -> Iterator[tuple[int, int, Rule]]:
    """Yield the spans that each rule finds, the surest rule first."""
    span = sentence.start, sentence.end
    for start, end in _listed(text, sentence, gazetteer):
        yield start, end, LISTED
    for found in REGION.finditer(text, *span):
        yield *found.span("name"), DIRECTED
    for start, end in _known(text, section, sentence, gazetteer):
        yield start, end, GAZETTEER
    if section.kind in TELLS_OF_PLACES:
        for form, rule in ((THE_STRUCTURE, STRUCTURED), (PREPOSITION, AFTER_PREPOSITION)):
            for found in form.finditer(text, *span):
                yield found.start("name"), _without_possessive(text, found.end("name")), rule


def _is_place(text: str, start: int, end: int) -> bool:
    """Whether the name at the span may be a place's."""
    name = text[start:end]
    if NO_PLACES.match(name) or STRUCTURE.search(name) or name.isupper():
        return False
    return NO_PLACE_AFTER.match(text, end) is None


def _listed(
    text: str, sentence: Sentence, gazetteer: dict[str, str | None]
) -> Iterator[tuple[int, int]]:
    """Yield the names of lists such as "the towns of A, B and C"."""
    for found in LIST.finditer(text, sentence.start, sentence.end):
        start, end = found.span("names")
        while start < end:
            whole = _longest_known(text, start, end, gazetteer)
            name = ONE.match(text, start, end)
            if name is None:
                break
            last = whole or _without_possessive(text, name.end("name"))
            yield name.start("name"), last
            parting = PARTING.match(text, last, end)
            start = parting.end() if parting else end


def _longest_known(text: str, start: int, end: int, gazetteer: dict[str, str | None]) -> int | None:
    """Return where a gazetteer name with "and" in it ends that begins at *start*, if one does."""
    pair = PAIR.match(text, start, end)
    return pair.end() if pair and name_key(pair[0]) in gazetteer else None


def _without_possessive(text: str, end: int) -> int:
    return end - 2 if text[end - 2 : end] in {"'s", "\u2019s"} else end


def _known(
    text: str, section: Section, sentence: Sentence, gazetteer: dict[str, str | None]
) -> Iterator[tuple[int, int]]:
    """Yield the gazetteer's names where they stand for the area."""
    for found in WORD.finditer(text, sentence.start, sentence.end):
        for last in _ends(text, found.start(), sentence.end):
            if name_key(text[found.start() : last]) not in gazetteer:
                continue
            described = section.kind in TELLS_OF_PLACES
            named = BEFORE_AREA.search(text, sentence.start, found.start())
            if (described or named) and not POSSESSIVE.match(text, last):
                yield found.start(), last
            break


def _ends(text: str, start: int, end: int) -> list[int]:
    """Return where names of up to five words that begin at *start* may end, longest first."""
    words = SEVERAL.match(text, start, end)
    if words is None:
        return []
    parts = [found.end() for found in re.finditer(r"[\w-]+", words[0])]
    return [start + last for last in reversed(parts)]
