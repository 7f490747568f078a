"""The log of one server: requests from the front, events from the program's own loggers."""

from __future__ import annotations

import contextlib
import logging
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import UsageError
from peelgraph.server.logs import lines
from peelgraph.server.logs.writer import DailyFile, LineWriter, to_descriptor

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from peelgraph.graph.settings import Settings
    from peelgraph.server.logs.lines import Told

OURS: Final = "peelgraph"
FORMS: Final = ("auto", "off", "text", "json")
QUERIES: Final = ("hash", "text")


class RequestLog:
    """Writes requests, one line each.

    Args:
        writer: Where lines go.
        as_json: They are JSON.
        with_text: They hold the text of queries.
    """

    def __init__(self, writer: LineWriter, *, as_json: bool, with_text: bool) -> None:
        self._writer = writer
        self._worded = lines.request_as_json if as_json else lines.request_as_text
        self._with_text = with_text

    @property
    def dropped(self) -> int:
        """Lines that could not be written."""
        return self._writer.dropped

    def add(self, told: Told, request_id: str, client: str, seconds: float) -> None:
        """Note one request that has been answered."""
        asked = (request_id, client, seconds)
        self._writer.put(self._worded(time.time(), told, asked, text=self._with_text))


class Events(logging.Handler):
    """Writes what the program itself has to say, one line each in JSON."""

    def __init__(self, writer: LineWriter, *, as_json: bool) -> None:
        super().__init__()
        self._writer = writer
        self._worded = lines.event_as_json if as_json else lines.event_as_text

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        self._writer.put(self._worded(record, trace))


@contextlib.contextmanager
def opened_log(settings: Settings) -> Generator[RequestLog | None]:
    """Open the log that the settings ask for; ``None`` where they want none.

    Events go to the same place as requests, and without a log to where Python sends them.

    Raises:
        UsageError: The log file cannot be written.
    """
    form = _form(settings)
    if form == "off":
        yield None
        return
    with contextlib.ExitStack() as opened:
        sink = _standard_error()
        if settings.log_file:
            file = opened.enter_context(contextlib.closing(_file(Path(settings.log_file))))
            sink = file.write
        writer = opened.enter_context(contextlib.closing(LineWriter(sink)))
        events = Events(writer, as_json=form == "json")
        program = logging.getLogger(OURS)
        program.addHandler(events)
        opened.callback(program.removeHandler, events)
        with_text = settings.log_queries == "text"
        yield RequestLog(writer, as_json=form == "json", with_text=with_text)


def _form(settings: Settings) -> str:
    if settings.log != "auto":
        return settings.log
    return "text" if not settings.log_file and sys.stderr.isatty() else "json"


def _standard_error() -> Callable[[str], None]:
    try:
        return to_descriptor(sys.stderr.fileno())
    except OSError:  # it is no file: somebody collects what is written
        return _written


def _written(text: str) -> None:
    sys.stderr.write(text)


def _file(path: Path) -> DailyFile:
    try:
        return DailyFile(path)
    except OSError as error:
        raise UsageError(
            f"the log file {path} cannot be written: {error.strerror}",
            place="--log-file",
            expected="a file in a folder that this user may write",
        ) from error
