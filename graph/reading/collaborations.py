"""Sentences about working together with another force, or with the forces of a region."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import CollaborationStatement, StatementType, normalised
from peelgraph.graph.reading.sections import is_heading
from peelgraph.graph.reading.subjects import Rule
from peelgraph.graph.reading.themes import themes_of
from peelgraph.graph.reading.wording import name_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.reading.context import ForceNames
    from peelgraph.graph.reading.page import Page
    from peelgraph.graph.reading.sentences import Sentence
    from peelgraph.graph.reading.subjects import Subject

NAMED: Final = Rule("collaboration/1", 0.9)
CONTINUED: Final = Rule("collaboration-continued/1", 0.8)
REGIONAL: Final = Rule("collaboration-regional/1", 0.75)

COLLABORATES: Final = re.compile(r"\bcollaborat\w*")
TOGETHER: Final = re.compile(
    r"\bcollaborat\w*|\bjoint(?:ly)?\b|\bshar(?:e|es|ed|ing)\b|\balliances?\b|\bpartnerships?\b"
    r"|\bwork(?:s|ed|ing)? (?:\w+ ){0,2}with\b|\btogether with\b|\balongside\b|\bcombined\b"
    r"|\bmerg(?:e|ed|ing|er)\b|\b(?:lead force|hosted by|on behalf of)\b|\bagreements? with\b"
)
WHOLE: Final = re.compile(r"\b(?:police|constabulary|service|heddlu)\b")  # a force's full name
SHORT: Final = r"(?=\'s\b| forces?\b)"
# Other forces at large, where none is named.
AT_LARGE: Final = re.compile(
    r"\bcollaborat\w* (?:\w+ ){0,3}(?:with|between|across|among) (?:\w+ ){0,3}"
    r"(?:forces|constabularies|police services)\b"
    r"|\bregional (?:collaborat\w+|organised crime unit|arrangements?|units?)\b"
    r"|\b(?:two|three|four|five|six|seven)[- ]force (?:collaborat\w+|alliance|arrangements?)\b"
)
# The same arrangement, spoken of again.
AGAIN: Final = re.compile(r"\b(?:this|the|that|its|these|both forces'?) (?:\w+ ){0,2}collaborat\w*")
COMPARED_WITHIN: Final = 30  # characters before a name
COMPARED: Final = re.compile(
    r"\b(?:compared (?:with|to)|similar to|than|unlike) (?:those of |that of )?"
)


def collaborations(page: Page, subject: Subject) -> Iterator[CollaborationStatement]:
    """Yield the sentences about collaboration, one statement for each other force that is named.

    A sentence that goes on about "this collaboration" is about the force last named in its section.
    """
    section = ""
    partners: tuple[str, ...] = ()
    for block in page.blocks:
        if block.section.slug != section:
            section, partners = block.section.slug, ()
        if block.section.kind == "site-furniture" or is_heading(block.line):
            continue
        for sentence in block.sentences:
            found = _partners(sentence, subject, partners)
            if found is None:
                continue
            rule, others = found
            partners = others or partners
            for other in others or (None,):
                yield CollaborationStatement(
                    type=StatementType.COLLABORATION,
                    passage=block.passage(page.text, sentence),
                    method=rule.method,
                    confidence=rule.confidence,
                    themes=themes_of(sentence.text, subject.context),
                    key=_key(sentence, other, others),
                    other_force=other,
                )


def _key(sentence: Sentence, other: str | None, others: tuple[str, ...]) -> str:
    """Return what is stated: the words, and the force too if it is not the first one named."""
    words = normalised(sentence.text)
    return words if other is None or other == others[0] else f"{words} {other}"


@lru_cache(maxsize=8)
def _names(forces: tuple[ForceNames, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return a pattern of all names of forces, longest first, and the slugs by name.

    A short name is an area's too: it counts with the possessive of an owner, or before "force".
    """
    slugs = {name_key(name): force.slug for force in forces for name in force.names}
    forms = [
        re.escape(name) + ("" if WHOLE.search(name) else SHORT)
        for name in sorted(slugs, key=lambda name: (-len(name), name))
    ]
    return re.compile(rf"\b({'|'.join(forms) or '(?!)'})(?!\w)"), slugs


def _partners(
    sentence: Sentence, subject: Subject, before: tuple[str, ...]
) -> tuple[Rule, tuple[str, ...]] | None:
    """Return the rule by which *sentence* tells of a collaboration and the forces it names."""
    words = name_key(sentence.text)
    if TOGETHER.search(words):
        named = _named(words, subject)
        if named:
            return NAMED, named
    if before and AGAIN.search(words):
        return CONTINUED, before
    if AT_LARGE.search(words):
        return REGIONAL, ()
    return None


def _named(words: str, subject: Subject) -> tuple[str, ...]:
    """Return the other forces named in *words* otherwise than for comparison, as they come."""
    pattern, slugs = _names(subject.context.forces)
    found = (
        slugs[match[1]]
        for match in pattern.finditer(words)
        if not COMPARED.search(words, max(0, match.start() - COMPARED_WITHIN), match.start())
    )
    return tuple(dict.fromkeys(slug for slug in found if slug != subject.force.slug))
