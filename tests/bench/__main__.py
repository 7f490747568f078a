"""The benchmarks of `make bench`, or the named one: ``python tests/bench [NAME] [OPTION…]``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

BENCHMARKS: Final = ("endpoint", "ingest", "pages_served")  # what `make bench` runs
BY_NAME: Final = (  # also what is asked for
    *BENCHMARKS,
    "validation",
    "writes",
    "confinement",
    "rendering",
)


def main() -> None:
    """Run each in a process of its own, so that none warms up for another."""
    named = sys.argv[1:2] if sys.argv[1:2] and sys.argv[1] in BY_NAME else []
    for name in named or BENCHMARKS:
        print(f"{name}:", flush=True)
        file = Path(__file__).with_name(f"{name}.py")
        subprocess.run([sys.executable, file, *sys.argv[1 + len(named) :]], check=True)


if __name__ == "__main__":
    main()
