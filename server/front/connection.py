"""One connection: bytes in, requests in their order, replies out, and an end for the slow."""

from __future__ import annotations

import asyncio
import os
import select
import socket
import struct
from collections import deque
from typing import TYPE_CHECKING, Final, cast

import httptools

from peelgraph.server.answering.desk import error_reply
from peelgraph.server.front.heads import CONTINUE, rest_of_head
from peelgraph.server.front.requests import (
    Request,
    body_too_large,
    fault_of_head,
    head_without_offer,
    name_host,
)
from peelgraph.server.protocol.errors import HeadTooLarge, RequestError, RequestTimeout

if TYPE_CHECKING:
    from peelgraph.graph.errors import PeelgraphError
    from peelgraph.server.answering.reply import Reply
    from peelgraph.server.engine.interface import LargeBody
    from peelgraph.server.front.seam import Server

HEAD_BYTES: Final = 32 * 1024
PATIENCE: Final = 30.0
"""Seconds for a head to arrive, for the next 16 KiB of a body, for a reader to read anything."""
LINGER: Final = 2.0
"""Seconds that a refused client may go on sending, so that it sees why before the reset."""
PROGRESS: Final = 16 * 1024
PIECE: Final = 256 * 1024
TURN: Final = 16
"""Pieces, or requests that were waiting, that one connection gets before the others' turn."""
JOINED: Final = 64 * 1024
LONGEST_RAW: Final = 8 * 1024
HEAD_TOO_LARGE: Final = HeadTooLarge(f"the head is larger than {HEAD_BYTES:,} bytes")


class Connection(asyncio.Protocol):
    """One client's connection; everything happens on the front's loop."""

    def __init__(self, front: Server) -> None:
        self._front = front
        self._transport = cast("asyncio.Transport", None)
        self._parser = httptools.HttpRequestParser(self)
        self._coming: Request | None = None
        self._offering: Request | None = None
        self._head_done = False
        self._head_bytes = self._unparsed = 0
        self._waiting: deque[Request] = deque()
        self._answering: Request | None = None
        self._file: LargeBody | None = None
        self._place = self._left = 0
        self._choked = self._deaf = self._lost = self._half_closed = self._last = False
        self._replied = self._going = False
        self._reading = True
        self._unsent = 0
        self.deadline = 0.0
        self.client = ""

    # what the loop tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=PIECE)
        peer = transport.get_extra_info("peername")
        self.client = peer[0] if isinstance(peer, tuple) else ""
        self.deadline = self._front.loop.time() + PATIENCE
        self._front.opened(self)

    def data_received(self, data: bytes) -> None:
        """Take in what the client has sent."""
        if self._deaf:
            return
        quiet = self._coming is None and self._answering is None and not self._waiting
        if quiet and not self._choked and not self._last:
            known = self._front.shortcut(data, self.client)
            if known is not None:
                self._transport.writelines(known)
                self._idle()
                return
        before = self._coming
        self._feed(data)
        if quiet and len(self._waiting) == 1 and self._coming is None and len(data) <= LONGEST_RAW:
            self._waiting[0].raw = data
        self._watch_head(len(data) if quiet or before is self._coming else 0)
        self._go_on()

    def eof_received(self) -> bool:
        """Keep the sending side open as long as answers are due."""
        self._half_closed = True
        if self._answering is None and not self._waiting:
            self._transport.close()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of everything; a query that runs is stopped by whoever watches :meth:`gone`."""
        del exc
        self._lost = self._deaf = True
        self._end_file()
        for request in (*self._waiting, *filter(None, [self._coming])):
            request.close()
        self._waiting.clear()
        self._coming = None
        self._front.closed(self)

    def pause_writing(self) -> None:
        """Stop sending: the client reads too slowly."""
        self._choked = True

    def resume_writing(self) -> None:
        """Go on sending."""
        self._choked = False
        self._front.unsent.remove(self)
        if self._file is not None:
            self._pump()
        elif self._answering is not None and self._replied:
            self._done()
        else:
            self._go_on()

    # what the parser tells

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._coming = Request()
        self._head_done = False
        self._head_bytes = self._unparsed = 0
        self.deadline = self._front.loop.time() + PATIENCE

    def on_url(self, url: bytes) -> None:
        """Take in a part of the address."""
        if self._coming is not None:
            self._coming.target += url
            self._head_bytes += len(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take in a header; what follows a chunked body is counted and dropped."""
        self._head_bytes += len(name) + len(value) + 4
        if self._coming is not None and not self._head_done:
            self._coming.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Judge the head; say whether the body may come."""
        coming = self._coming
        if coming is None or coming.fault is not None:
            return
        self._head_done = True
        coming.version = self._parser.get_http_version()
        coming.method = self._parser.get_method().decode("latin-1")
        if self._parser.should_upgrade():
            return  # the parser takes the head for all of it; it is fed again without the offer
        name_host(coming)
        coming.body_limit = self._front.body_limit(coming)
        coming.fault = fault_of_head(coming) if self._head_bytes <= HEAD_BYTES else HEAD_TOO_LARGE
        if coming.fault is None and coming.header(b"expect") and self._answering is None:
            self._transport.write(CONTINUE)

    def on_body(self, body: bytes) -> None:
        """Take in a piece of the body, up to its limit."""
        coming = self._coming
        if coming is None or coming.fault is not None:
            return
        before = coming.body_size
        coming.add_body(body)
        if coming.body_size > coming.body_limit:
            coming.fault = body_too_large(coming.body_limit)
        if before // PROGRESS != coming.body_size // PROGRESS:
            self.deadline = self._front.loop.time() + PATIENCE

    def on_message_complete(self) -> None:
        """Put the request in the line."""
        coming, self._coming = self._coming, None
        if coming is None or self._deaf:
            return
        if self._parser.should_upgrade():
            self._offering = coming
            return
        coming.keep_alive = coming.stays() and coming.fault is None
        self._waiting.append(coming)
        self._deaf = not coming.keep_alive

    # requests in

    def _feed(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._pass_over_offer(data[int(upgrade.args[0]) :])
        except httptools.HttpParserError as error:
            if not self._deaf:  # what follows a last request is nobody's
                self._refuse(RequestError(f"the request is not HTTP: {error}"[:300]))
        coming = self._coming
        if coming is not None and coming.fault is not None and not self._deaf:
            self._refuse(coming.fault)

    def _pass_over_offer(self, rest: bytes) -> None:
        """Go on in HTTP/1.1 with a client that offered another protocol; refuse a tunnel."""
        offering = self._offering
        if offering is None or offering.method == "CONNECT":
            self._refuse(RequestError("this server is no proxy"))
            return
        self._parser = httptools.HttpRequestParser(self)
        self._feed(head_without_offer(offering) + rest)

    def _watch_head(self, size: int) -> None:
        """Refuse a head that grows past its limit before it is complete, or after the body."""
        if self._coming is None or self._deaf:
            return
        if not self._head_done:
            self._unparsed += size
        if max(self._head_bytes, self._unparsed) > HEAD_BYTES:
            self._refuse(HEAD_TOO_LARGE)

    def _refuse(self, fault: PeelgraphError) -> None:
        """Answer with *fault* after what came before, and read nothing more."""
        coming, self._coming = self._coming or Request(), None
        coming.fault, coming.keep_alive = fault, False
        coming.close()
        self._waiting.append(coming)
        self._deaf = True

    def _go_on(self) -> None:
        """Have the next requests answered, a few at a time; stop reading while some wait."""
        if self._going:
            return
        self._going = True
        for _ in range(TURN):
            if self._answering is not None or not self._waiting or self._choked or self._lost:
                break
            self._begin(self._waiting.popleft())
        else:
            self._front.loop.call_soon(self._go_on)
        self._going = False
        self._read(on=not self._waiting)

    def _read(self, *, on: bool) -> None:
        if on != self._reading and not self._lost and not self._half_closed:
            self._reading = on
            if on:
                self._transport.resume_reading()
            else:
                self._transport.pause_reading()

    def _begin(self, request: Request) -> None:
        self._answering, self._replied = request, False
        self._front.begin(self, request)
        if request.fault is not None:
            self.reply(request, error_reply(request.fault, request_id=request.id))
        else:
            self._front.answer(self, request)

    # replies out

    def reply(self, request: Request, reply: Reply, common: bytes | None = None) -> None:
        """Send the reply to *request*, which is being answered; *common* are its other headers."""
        if self._lost or request is not self._answering:
            if not isinstance(reply.body, bytes):
                reply.body.close()
            request.close()
            return
        self._replied = True
        self._last = self._last or not request.keep_alive
        if common is None:
            common = self._front.common_lines(request)
        start = self._front.start_of_head(reply.status, request.id)
        rest = rest_of_head(request, reply, common, last=self._last)
        body = b"" if request.method == "HEAD" or reply.status == 304 else reply.body  # noqa: PLR2004
        if body is not reply.body and not isinstance(reply.body, bytes):
            reply.body.close()
        if isinstance(body, bytes):
            self._send(start, rest, body)
            whole = rest + body if len(body) <= JOINED else None
            self._front.replied(self, request, reply, whole)
            self._done()
            return
        self._front.replied(self, request, reply, None)
        self._transport.write(start + rest)
        self._file, self._place, self._left = body, 0, reply.size
        self.deadline = self._front.loop.time() + PATIENCE
        self._pump()

    def _send(self, start: bytes, rest: bytes, body: bytes) -> None:
        if len(body) <= JOINED:
            self._transport.write(b"".join((start, rest, body)))
        elif start:
            self._transport.writelines((start + rest, body))
        else:
            self._transport.write(body)
        self.deadline = self._front.loop.time() + PATIENCE
        if self._choked:
            self._front.choked(self, body)

    def _pump(self) -> None:
        """Send pieces of the file as long as the client reads them."""
        for _ in range(TURN):
            if self._choked or self._file is None or self._lost:
                return
            piece = os.pread(self._file.fileno(), min(PIECE, self._left), self._place)
            if not piece:  # shorter than announced: the client must see that it is cut
                self._transport.abort()
                return
            self._place += len(piece)
            self._left -= len(piece)
            self._send(b"", b"", piece)
            if not self._left:
                self._end_file()
                self._done()
                return
        self._front.loop.call_soon(self._pump)

    def _end_file(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _done(self) -> None:
        """Go on after a reply, once the client has taken enough of it."""
        if self._choked or self._answering is None:
            return
        self._answering.close()
        self._answering = None
        if self._last or (self._half_closed and not self._waiting):
            self._leave()
        elif self._waiting:
            self._go_on()
        elif self._coming is None:
            self._idle()

    def _idle(self) -> None:
        self.deadline = self._front.loop.time() + PATIENCE
        self._front.idle(self)

    def _leave(self) -> None:
        """Close; a client that may still be sending gets a moment to see the answer first."""
        self._last = self._deaf = True
        if self._half_closed or not self._transport.can_write_eof():
            self._transport.close()
            return
        self._transport.write_eof()
        unsent = self._transport.get_write_buffer_size()
        self.deadline = self._front.loop.time() + (PATIENCE if unsent else LINGER)
        self._read(on=True)

    # what the front asks

    def gone(self) -> bool:
        """Return whether the client has broken the connection off.

        The end of what it sends is no such sign: one that has closed only its sending side still
        waits for its answer, and looks the same as one that has closed both until something is
        written to it.
        """
        if self._lost or (self._reading and not self._half_closed):
            return self._lost
        waiting = select.poll()
        try:
            waiting.register(self._transport.get_extra_info("socket").fileno(), 0)
        except (OSError, ValueError):
            return True
        return any(event & (select.POLLHUP | select.POLLERR) for _, event in waiting.poll(0))

    def look(self, now: float) -> None:
        """End the connection when the client has let its time pass."""
        unsent = self._transport.get_write_buffer_size()
        if unsent != self._unsent:
            self._unsent = unsent
            self._front.unsent.moved(self)
            self.deadline = max(self.deadline, now + (LINGER if self._deaf else PATIENCE))
        if now < self.deadline or (self._answering is not None and not self._replied):
            return
        if unsent:
            # Reset: what the kernel still holds for this reader is dropped with the rest.
            asked = self._transport.get_extra_info("socket")
            asked.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
        elif self._coming is not None and not self._deaf:
            self._refuse(RequestTimeout("the request did not arrive in time"))
            self._go_on()
        else:
            self._transport.close()

    def drop(self) -> None:
        """Close at once."""
        self._transport.abort()

    def finish(self) -> None:
        """Close as soon as nothing is being answered."""
        self._last = True
        if self._answering is None and not self._waiting:
            self._transport.close()
