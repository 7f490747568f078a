"""Memory that was freed, given back to the machine.

The C library keeps what the engine's buffers took; what is allocated between them scatters it, so
that each buffer makes the heap longer: 0.12 MB for every page that was ingested.
"""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Ask the C library to return free memory; other libraries than GNU's do so by themselves."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
