"""The audit of writes: one line each, chained by hashes, on disk before anybody is answered.

``DATA/audit.jsonl`` only grows. ``DATA/audit.head`` holds the number and hash of the last line, so
that lines cut off at the end are missed.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import os
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from peelgraph.graph.errors import DataUnwritable
from peelgraph.graph.locks import hold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

FIRST: Final = "0" * 64  # what the first entry follows
PATIENCE: Final = 5.0
PIECE: Final = 64 * 1024  # bytes read at a time, from the end
ACCEPTED: Final = "accepted"
UNCHANGED: Final = "unchanged"
INTERRUPTED: Final = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One write and its verdict.

    Args:
        time: When, UTC in ISO 8601.
        request: An id of the request.
        token: Id of the token.
        scope: The token's scope.
        route: Method and address without its query.
        graph: The graph that the request names, if it names one.
        body: SHA-256 of the body.
        before: The version that was current.
        after: The version that this write makes, or the same where it makes none.
        verdict: ``accepted``, ``unchanged``, or ``refused`` and why; ``interrupted`` of a change
            that stands above as accepted and whose version never served.
        quads_before: Quads of the version before.
        quads_after: Quads of the version after.
    """

    time: str
    request: str
    token: str
    scope: str
    route: str
    graph: str
    body: str
    before: str
    after: str
    verdict: str
    quads_before: int = 0
    quads_after: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line of the audit; ``harmless`` where a crash explains it."""

    line: int
    found: str
    harmless: bool = False


@dataclass(frozen=True, slots=True)
class Examined:
    """What is wrong with the file, by line, and the number of entries that can be read."""

    faults: list[Fault]
    entries: int


class Audit:
    """The audit file of one data folder."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "audit.jsonl"
        self._head = folder / "audit.head"

    def append(self, entries: Iterable[Entry]) -> str:
        """Write *entries*, on disk when this returns, and return the hash of the last.

        Raises:
            DataBusy: another process writes to it for too long.
            DataUnwritable: the disk is full or the folder not writable.
        """
        try:
            descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "r+b", buffering=0) as file:
                hold(file.fileno(), self.file, PATIENCE)
                return self._appended(file.fileno(), list(entries))
        except OSError as error:
            raise DataUnwritable(
                f"the audit cannot be written: {error.strerror}",
                place=str(self.file),
                action="free space; nothing was changed",
            ) from error

    def _appended(self, descriptor: int, entries: list[Entry]) -> str:
        number, previous, torn = self._last(descriptor)
        lines = b"\n" if torn else b""
        for entry in entries:
            number += 1
            stated = {"n": number, **asdict(entry), **({"torn": True} if torn else {})}
            line, previous = _line(stated, previous)
            torn = False
            lines += line
        if os.write(descriptor, lines) < len(lines):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
        beside = self._head.with_name(".audit-head")
        beside.write_text(f"{number} {previous}\n", encoding="ascii")
        beside.replace(self._head)
        return previous

    def _last(self, descriptor: int) -> tuple[int, str, bool]:
        """Return number and hash of the last whole entry, and whether a torn line follows it."""
        lines = _backwards(descriptor)
        torn = bool(next(lines))
        entry = next(filter(None, map(_parsed, lines)), None)
        return (int(entry["n"]), str(entry["hash"]), torn) if entry else (0, FIRST, torn)

    def entries(self) -> Iterator[dict[str, Any]]:
        """Yield every entry that can be read, oldest first."""
        for _, entry in self._lines():
            if entry is not None:
                yield entry

    def newest_first(self) -> Iterator[dict[str, Any]]:
        """Yield every entry that can be read, newest first; no more is read than is asked for."""
        try:
            file = self.file.open("rb")
        except FileNotFoundError:
            return
        with file:
            lines = _backwards(file.fileno())
            next(lines)  # no whole line
            yield from filter(None, map(_parsed, lines))

    def verify(self) -> list[Fault]:
        """Return what is wrong with the file, by line; harmless faults are those of a crash."""
        return self.examined().faults

    def examined(self) -> Examined:
        """Read the whole file once and return what there is to say of it."""
        faults: list[Fault] = []
        count = 0
        number, previous, torn = 0, FIRST, 0
        for line, entry in self._lines():
            if entry is None:
                torn = line
                continue
            if torn and not entry.get("torn"):
                faults.append(Fault(torn, "the line is no entry, and no crash explains it"))
            elif torn:
                faults.append(Fault(torn, "the line is torn: a write was cut short", harmless=True))
            torn = 0
            count += 1
            faults += _entry_faults(line, entry, number, previous)
            number, previous = int(entry["n"]), str(entry["hash"])
        if torn:
            faults.append(
                Fault(torn, "the last line is torn: a write was cut short", harmless=True)
            )
        return Examined([*faults, *self._head_faults(number, previous)], count)

    def _head_faults(self, number: int, previous: str) -> Iterator[Fault]:
        try:
            count, _, digest = self._head.read_text(encoding="ascii").strip().partition(" ")
            last = int(count)
        except FileNotFoundError:
            if number:
                yield Fault(
                    number, f"{self._head.name}, which says what the last entry is, is gone"
                )
            return
        except ValueError:
            yield Fault(number, f"{self._head.name} cannot be read")
            return
        if last > number:
            yield Fault(number + 1, f"{last - number} entries are missing at the end")
        elif last == number and not hmac.compare_digest(digest, previous):
            yield Fault(number, f"the last entry is not the one that {self._head.name} names")
        elif last < number:
            found = "the last entries came after the head was written: a write was cut short"
            yield Fault(last + 1, found, harmless=True)

    def _lines(self) -> Iterator[tuple[int, dict[str, Any] | None]]:
        """Yield each line's number and its entry, ``None`` where it is none."""
        try:
            file = self.file.open("rb")
        except FileNotFoundError:
            return
        with file:
            for number, line in enumerate(file, 1):
                yield number, _parsed(line[:-1]) if line.endswith(b"\n") else None


def entry_of(stated: Mapping[str, Any]) -> Entry:
    """Return what a line of the file states, without its place in the chain."""
    return Entry(**{field.name: stated[field.name] for field in fields(Entry)})


def _backwards(descriptor: int) -> Iterator[bytes]:
    """Yield the lines of a file without their ends, last first.

    The first is what follows the last line's end: nothing, unless a line is torn.
    """
    place, held = os.fstat(descriptor).st_size, b""
    while place:
        size = min(place, PIECE)
        place -= size
        held, *lines = (os.pread(descriptor, size, place) + held).split(b"\n")
        yield from reversed(lines)
    yield held


def _entry_faults(line: int, entry: dict[str, Any], number: int, previous: str) -> Iterator[Fault]:
    if int(entry["n"]) != number + 1:
        yield Fault(line, f"entry {number + 1} is missing: the next is {entry['n']}")
    elif not hmac.compare_digest(str(entry["previous"]), previous):
        yield Fault(line, "the entry does not follow the one before it")
    stated = {key: value for key, value in entry.items() if key not in {"previous", "hash"}}
    if not hmac.compare_digest(_hash(stated, str(entry["previous"])), str(entry["hash"])):
        yield Fault(line, "the entry was changed after it was written")


def _line(stated: dict[str, Any], previous: str) -> tuple[bytes, str]:
    """Return an entry as its line, and its hash."""
    digest = _hash(stated, previous)
    whole = {**stated, "previous": previous, "hash": digest}
    return json.dumps(whole, ensure_ascii=True).encode() + b"\n", digest


def _hash(stated: dict[str, Any], previous: str) -> str:
    told = json.dumps(stated, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(f"{previous}\n{told}".encode()).hexdigest()


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    needed = {"n": int, "previous": str, "hash": str}
    if not isinstance(entry, dict) or any(
        not isinstance(entry.get(key), kind) for key, kind in needed.items()
    ):
        return None
    return entry
