"""Answers are kept up to a number of bytes, and of one content only."""

from __future__ import annotations

import tracemalloc

from peelgraph.server.answering.kept import LARGEST, OVERHEAD, KeptAnswers, shares
from peelgraph.server.answering.reply import Reply
from peelgraph.server.protocol.conditions import entity_tag


def kept(most: int) -> KeptAnswers[str]:
    """An empty keep about the content ``v``."""
    made: KeptAnswers[str] = KeptAnswers(most)
    assert made.get("v", 1) is None
    return made


def test_what_was_used_longest_ago_goes_first() -> None:
    """What many ask for stays."""
    size = 4000 - OVERHEAD
    answers = kept(16 * 4000)
    for key in range(16):
        answers.put("v", key, str(key), size)
    assert answers.get("v", 0) == "0"
    answers.put("v", 16, "16", size)
    assert [key for key in range(17) if answers.get("v", key) is None] == [1]
    assert answers.bytes == 16 * 4000


def test_the_same_key_again_takes_the_place() -> None:
    """Nothing is counted twice."""
    answers = kept(1_000_000)
    answers.put("v", 1, "a", 100)
    answers.put("v", 1, "b", 300)
    assert answers.get("v", 1) == "b"
    assert answers.bytes == 300 + OVERHEAD


def test_one_large_answer_does_not_push_all_others_out() -> None:
    """It is not kept at all."""
    answers = kept(160_000)
    answers.put("v", 1, "a", 160_000 // LARGEST - OVERHEAD)
    answers.put("v", 2, "b", 160_000 // LARGEST - OVERHEAD + 1)
    assert (answers.get("v", 1), answers.get("v", 2)) == ("a", None)
    nothing = kept(0)
    nothing.put("v", 1, "a", 1)
    assert nothing.get("v", 1) is None


def test_another_content_empties_it_and_an_old_answer_stays_out() -> None:
    """A worker of the old version may answer after the new one took over."""
    answers = kept(160_000)
    answers.put("v", 1, "a", 1)
    assert answers.get("w", 1) is None
    answers.put("v", 1, "late", 1)
    assert answers.get("w", 1) is None
    assert answers.bytes == 0
    answers.put(None, 2, "nameless", 1)
    assert answers.get(None, 2) is None


def test_all_that_is_kept_costs_no_more_memory_than_was_allowed() -> None:
    """The setting is what an operator has counted on: entries, keys and both ways to keep."""
    allowed = 1_000_000
    by_request, by_bytes = shares(allowed)
    answers: KeptAnswers[Reply] = KeptAnswers(by_request)
    raw: KeptAnswers[tuple[int, bytes]] = KeptAnswers(by_bytes)
    answers.get("v", 1)
    raw.get("v", 1)
    tracemalloc.start()
    try:
        for number in range(2000):
            etag, body = entity_tag(["v", str(number)]), bytes(number % 300)
            headers = (("Content-Type", "text/csv"), ("ETag", etag), ("Cache-Control", "public"))
            answers.put("v", etag, Reply(200, headers, body, len(body), "v"), len(body) + len(etag))
            asked, told = str(number).encode() * 50, bytes(500) + body
            raw.put("v", asked, (200, told), len(asked) + len(told))
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 0.5 * allowed < taken < allowed
