"""What a worker takes away from itself before it sees a query or a stranger's bytes."""

from __future__ import annotations

import ctypes
import errno
import math
import os
import platform
import resource
import signal
import struct
import sys
import time
from typing import Final

PR_SET_PDEATHSIG: Final = 1
PR_SET_SECCOMP: Final = 22
PR_SET_NO_NEW_PRIVS: Final = 38
SECCOMP_MODE_FILTER: Final = 2
RETURN_ALLOW: Final = 0x7FFF0000
RETURN_ERRNO: Final = 0x00050000
RETURN_KILL: Final = 0x80000000
LOAD_WORD: Final = 0x20
JUMP_EQUAL: Final = 0x15
JUMP_AT_LEAST: Final = 0x35
JUMP_SET: Final = 0x45
RETURN: Final = 0x06
X32_CALLS: Final = 0x40000000
CALL, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # where a word of a call stands (little endian)
ARENAS: Final = -8  # glibc's M_ARENA_MAX
THREAD: Final = 0x00010000  # the flag by which a clone is a thread of this process
# The call that starts threads and processes; the newer one keeps its flags where no filter looks,
# and says that it does not exist, so that the C library falls back to the older.
CLONE: Final = {"x86_64": 56, "aarch64": 220}
NEWER_CLONE: Final = 435

# Numbers of the calls that reach the network, another process or another program. Ordinary
# reading, writing and memory stay allowed; io_uring goes because it could open sockets unseen.
REFUSED: Final = {
    "x86_64": (
        0xC000003E,
        {
            "socket": 41, "connect": 42, "accept": 43, "bind": 49, "listen": 50,
            "socketpair": 53, "fork": 57, "vfork": 58, "execve": 59, "kill": 62,
            "ptrace": 101, "mount": 165, "unshare": 272, "accept4": 288,
            "perf_event_open": 298, "open_by_handle_at": 304, "setns": 308,
            "process_vm_readv": 310, "process_vm_writev": 311, "bpf": 321, "execveat": 322,
            "userfaultfd": 323, "io_uring_setup": 425, "io_uring_enter": 426,
            "io_uring_register": 427, "pidfd_open": 434, "pidfd_getfd": 438,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "mount": 40, "unshare": 97, "ptrace": 117, "kill": 129, "socket": 198,
            "socketpair": 199, "bind": 200, "listen": 201, "accept": 202, "connect": 203,
            "execve": 221, "perf_event_open": 241, "accept4": 242, "open_by_handle_at": 265,
            "setns": 268, "process_vm_readv": 270, "process_vm_writev": 271, "bpf": 280,
            "execveat": 281, "userfaultfd": 282, "io_uring_setup": 425,
            "io_uring_enter": 426, "io_uring_register": 427, "pidfd_open": 434,
            "pidfd_getfd": 438,
        },
    ),
}  # fmt: skip


LEAST_SPARE: Final = 2
"""Seconds of processor time that a query has past its deadline, at least."""
MOST_SPARE: Final = 4
"""Seconds beyond those, at most."""


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def can_filter() -> bool:
    """Return whether this machine has a system call filter that is known here."""
    return sys.platform == "linux" and platform.machine() in REFUSED


def filter_program(machine: str) -> bytes:
    """Return the Berkeley packet filter for *machine*: no call listed above, no new process."""
    architecture, refused = REFUSED[machine]
    numbers = sorted(refused.values())

    def step(code: int, value: int, when_true: int = 0, when_false: int = 0) -> bytes:
        return struct.pack("=HBBI", code, when_true, when_false, value)

    refused_at = 7 + len(numbers) + 1  # the steps up to the list, the list, and one that allows
    steps = [
        step(LOAD_WORD, ARCHITECTURE),
        step(JUMP_EQUAL, architecture, when_true=1),
        step(RETURN, RETURN_KILL),
        step(LOAD_WORD, CALL),
        step(JUMP_AT_LEAST, X32_CALLS, when_true=refused_at - 5),
        step(JUMP_EQUAL, NEWER_CLONE, when_true=refused_at + 1 - 6),
        step(JUMP_EQUAL, CLONE[machine], when_true=refused_at + 2 - 7),
    ]
    for number in numbers:
        steps.append(step(JUMP_EQUAL, number, when_true=refused_at - len(steps) - 1))
    steps += [
        step(RETURN, RETURN_ALLOW),
        step(RETURN, RETURN_ERRNO | errno.EPERM),
        step(RETURN, RETURN_ERRNO | errno.ENOSYS),
        step(LOAD_WORD, FIRST_ARGUMENT),
        step(JUMP_SET, THREAD, when_true=1),
        step(RETURN, RETURN_ERRNO | errno.EPERM),
        step(RETURN, RETURN_ALLOW),
    ]
    return b"".join(steps)


def _prctl(option: int, *values: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    padded = [*values, 0, 0, 0, 0][:4]
    if libc.prctl(option, *(ctypes.c_ulong(value) for value in padded)) != 0:
        raise OSError(ctypes.get_errno(), "prctl was refused")


def refuse_system_calls() -> None:
    """Install the filter on this thread and every thread it starts.

    Raises:
        OSError: The kernel has no filters, or does not allow one here.
    """
    if not can_filter():
        raise OSError(errno.ENOSYS, "no system call filter on this machine")
    program = filter_program(platform.machine())
    held = _FilterProgram(len(program) // 8, program)
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(held))


def die_with(parent: int) -> None:
    """End this process when *parent* ends; at once when it already has."""
    if sys.platform == "linux":
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def no_core_files() -> None:
    """Keep a crash from writing the store's memory to disk."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def one_arena() -> None:
    """Have the C library keep one region of memory for all threads, where it can.

    Else it reserves 64 MiB of addresses for each of the engine's threads, more of them on a busy
    machine, and those count against a limit of the address space although nothing is in them.
    """
    choose = getattr(ctypes.CDLL(None), "mallopt", None)
    if choose is not None:
        choose(ARENAS, 1)


def no_new_files() -> None:
    """Refuse every new descriptor; those open stay usable."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def no_large_files(size: int) -> None:
    """Keep what is written to each open file below *size* bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


class Meter:
    """Measures this process and arms its limits anew for each query.

    Must be made before new files are refused: it keeps the kernel's page counts open.
    """

    def __init__(self) -> None:
        self._pages = -1
        if sys.platform == "linux":
            self._pages = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        self._page = resource.getpagesize()
        self._start = self._size()
        self._memory = -1  # what is armed now
        self._seconds = -1

    def _size(self) -> int:
        if self._pages < 0:
            return 0
        return int(os.pread(self._pages, 64, 0).split(b" ", 1)[0]) * self._page

    def grown(self) -> int:
        """Return by how many bytes the address space has grown since the start."""
        return self._size() - self._start

    def arm(self, memory_bytes: int, timeout: float) -> None:
        """Limit address space and processor time for the query that comes.

        The processor limit is a back-stop behind the deadline that the web process keeps.
        """
        if self._pages >= 0 and memory_bytes != self._memory:
            resource.setrlimit(
                resource.RLIMIT_AS, (self._start + memory_bytes, resource.RLIM_INFINITY)
            )
            self._memory = memory_bytes
        least = time.process_time() + timeout + LEAST_SPARE
        # Set again every few seconds of work only: most queries take far less than a call.
        if not least <= self._seconds <= least + MOST_SPARE:
            self._seconds = math.ceil(least) + MOST_SPARE - 1
            hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
            resource.setrlimit(resource.RLIMIT_CPU, (self._seconds, hard))
