"""Making files beside a server: a process of its own, one at a time, never waited for long."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Final

from peelgraph.graph.dumps.making import dumps_of

if TYPE_CHECKING:
    from peelgraph.graph.dumps.listing import Dumps
    from peelgraph.graph.versions import DataFolder

PAUSE: Final = 0.05
REST: Final = 30.0  # seconds after a process that failed
KNOWN: Final = 4  # listings that stay in memory


class DumpMaker:
    """Has the files of versions made; safe to use from many threads."""

    def __init__(self, data: DataFolder) -> None:
        self.data = data
        self._lock = threading.Lock()
        self._running = False
        self._resting = 0.0
        self._known: dict[str, Dumps] = {}

    def ready(self, name: str, patience: float = 0.0) -> Dumps | None:
        """Return the files of the version *name*; begin to make them where they are missing.

        Args:
            name: A version that exists.
            patience: Seconds to wait for them.

        Returns:
            The files, or ``None`` where they are not there in that time.
        """
        deadline = time.monotonic() + patience
        while True:
            if (found := self._found(name)) is not None:
                return found
            self._begin(name)
            if time.monotonic() >= deadline:
                return None
            time.sleep(PAUSE)

    def there(self, name: str) -> Dumps | None:
        """Return the files of the version *name* if they have been made."""
        return self._found(name)

    def _found(self, name: str) -> Dumps | None:
        known = self._known.get(name)
        if known is not None and known.folder.is_dir():
            return known
        found = dumps_of(self.data, name)
        with self._lock:
            self._known.pop(name, None)
            if found is not None:
                while len(self._known) >= KNOWN:
                    self._known.pop(next(iter(self._known)))
                self._known[name] = found
        return found

    def _begin(self, name: str) -> None:
        """Start a process for the version *name*, unless one runs."""
        with self._lock:
            if self._running or time.monotonic() < self._resting:
                return
            self._running = True
            process = subprocess.Popen(  # noqa: S603 - this program; -P: nothing of the folder
                [sys.executable, "-P", "-m", "peelgraph.graph.dumps", str(self.data.path), name],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
            threading.Thread(target=self._await, args=(process,), daemon=True).start()

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for the end of *process*; one that failed is not tried again at once."""
        failed = process.wait() != 0
        with self._lock:
            self._running = False
            self._resting = time.monotonic() + REST if failed else 0.0
