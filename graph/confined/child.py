"""What a confined process runs: one function over what comes, until the other end closes.

A message is two lengths, a line of JSON and bytes. Nothing is pickled either way.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import struct
from typing import TYPE_CHECKING, Any, Final

from peelgraph.graph.confined import sandbox
from peelgraph.graph.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

LENGTHS: Final = struct.Struct(">IQ")  # of the line, of the bytes
COMPLAINT: Final = 64 * 1024  # bytes of standard error
GRACE: Final = 5.0  # seconds after which a task ends itself if nobody else has
KEEP_BELOW: Final = 4  # a process that stays this part of its limit larger is replaced


def main(descriptor: int, function: str, parent: int) -> None:
    """Answer what comes over *descriptor* with *function* until it closes.

    Args:
        descriptor: The pipe.
        function: Module and name, with a colon between: takes bytes and text options, returns
            bytes.
        parent: The process to end with; 0 where a thread that may end earlier started this one.
    """
    if parent:
        sandbox.die_with(parent)
    sandbox.no_core_files()
    sandbox.no_large_files(COMPLAINT)
    module, _, name = function.partition(":")
    done: Callable[..., bytes] = getattr(importlib.import_module(module), name)
    meter = sandbox.Meter()
    sandbox.no_new_files()
    _refuse_calls()
    send(descriptor, {"ready": True})
    while (lengths := _received(descriptor, LENGTHS.size)) is not None:
        line, size = LENGTHS.unpack(lengths)
        asked = json.loads(_received(descriptor, line) or b"")
        meter.arm(asked["memory"], asked["seconds"])
        signal.setitimer(signal.ITIMER_REAL, asked["seconds"] + GRACE)
        said, answer = _answer(done, descriptor, size, asked["options"])
        signal.setitimer(signal.ITIMER_REAL, 0)
        fit = said.get("fault") != "memory" and meter.grown() * KEEP_BELOW < asked["memory"]
        send(descriptor, {**said, "last": not fit}, answer)
        if not fit:
            return


def _refuse_calls() -> None:
    """Install the filter; where none can be, no descriptor and no process is left to have."""
    try:
        sandbox.refuse_system_calls()
    except OSError:
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _answer(
    done: Callable[..., bytes], descriptor: int, size: int, options: dict[str, str]
) -> tuple[dict[str, Any], bytes]:
    """Return what came of one task; an error that is no fault of a source ends the process."""
    try:
        content = _received(descriptor, size)
        if content is None:
            raise SystemExit(0)
        return {}, done(content, **options)
    except InputError as error:
        return {"fault": error.slug, **error.parts()}, b""
    except MemoryError:
        return {"fault": "memory"}, b""


def send(descriptor: int, said: dict[str, Any], content: bytes = b"") -> None:
    """Write one message."""
    line = json.dumps(said).encode()
    for part in (LENGTHS.pack(len(line), len(content)) + line, content):
        left = memoryview(part)
        while left:
            left = left[os.write(descriptor, left) :]


def _received(descriptor: int, size: int) -> bytes | None:
    """Return the next *size* bytes, or ``None`` where the other end has closed."""
    held = bytearray(size)
    left = memoryview(held)
    while left:
        got = os.readv(descriptor, [left])
        if not got:
            return None
        left = left[got:]
    return bytes(held)
