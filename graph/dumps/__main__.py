"""``python -m peelgraph.graph.dumps DATA VERSION``: makes the files of a version, then ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from peelgraph.graph.dumps.making import make_dumps
from peelgraph.graph.errors import PeelgraphError
from peelgraph.graph.versions import DataFolder

if __name__ == "__main__":
    os.nice(10)  # whoever asks a question goes first
    try:
        make_dumps(DataFolder(Path(sys.argv[1])), sys.argv[2])
    except PeelgraphError as error:
        sys.exit(f"peelgraph: {error}")
