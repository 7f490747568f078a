"""What is known of addresses fetched before: validators, and which capture they led to."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from peelgraph.graph.capture import captured
from peelgraph.graph.errors import DataUnwritable

if TYPE_CHECKING:
    from pathlib import Path

    from peelgraph.graph.capture import Captures
    from peelgraph.graph.fetching.fetcher import Fetcher
    from peelgraph.graph.model import CapturedVersion

FRESH: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The last time an address was asked: when (ISO 8601), with what, and what was captured."""

    address: str
    fetched: str
    sha256: str
    etag: str
    modified: str


class AddressBook:
    """One file an address, beside the captures."""

    def __init__(self, captures: Captures) -> None:
        self.captures = captures
        self._folder = captures.folder / "addresses"

    def last_visit(self, address: str) -> Visit | None:
        """Return the last visit of *address* whose capture is still kept."""
        try:
            visit = Visit(**json.loads(self._path(address).read_bytes()))
            dt.datetime.fromisoformat(visit.fetched)
        except (OSError, ValueError, TypeError):
            return None  # never visited, or a damaged note: it is fetched again
        return visit if self.captures.known(visit.sha256) else None

    def note(self, visit: Visit) -> None:
        """Keep *visit* in place of an earlier one of its address.

        Raises:
            DataUnwritable: the folder cannot be written.
        """
        path = self._path(visit.address)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(asdict(visit), indent=2) + "\n", encoding="utf-8")
            beside.replace(path)
        except OSError as error:
            raise DataUnwritable(
                f"what was fetched cannot be noted: {error.strerror}", place=str(path)
            ) from error

    def _path(self, address: str) -> Path:
        return self._folder / f"{hashlib.sha256(address.encode()).hexdigest()}.json"


def capture_address(
    address: str, fetcher: Fetcher, book: AddressBook, moment: dt.datetime
) -> CapturedVersion:
    """Return the captured version of the page at *address*, kept with its captures.

    A page visited within the last day is not asked for again; one visited before is only sent if
    it has changed.

    Raises:
        NetworkError: it may not be fetched, or could not be.
        InputError: it is no text.
        DataUnwritable: it cannot be kept.
    """
    visit = book.last_visit(address)
    if visit and moment - dt.datetime.fromisoformat(visit.fetched) < FRESH:
        return book.captures.read(visit.sha256)
    known = {"etag": visit.etag, "modified": visit.modified} if visit else {}
    page = fetcher.fetch(address, **known)
    if page is None and visit:
        book.note(replace(visit, fetched=moment.isoformat()))
        return book.captures.read(visit.sha256)
    if page is None:
        raise AssertionError  # no validators were sent
    version = captured(
        page.content,
        media_type=page.media_type,
        source=page.address,
        retrieved=moment,
        place=address,
    )
    book.captures.keep(version)
    book.note(
        Visit(
            address=address,
            fetched=moment.isoformat(),
            sha256=version.sha256,
            etag=page.etag,
            modified=page.modified,
        )
    )
    return version
