"""Pictures of the main pages at two widths, and the one that the README shows.

``python tests/browser/pictures.py [FOLDER]`` serves what is bundled and one page that was read, as
the tests do, and writes home, force, matrix, finding, report and query as PNG into the folder
(``build/pictures`` where none is named), which nobody keeps. ``--readme`` also renews the picture
of the matrix beside this file, which the README shows: of bundled grades alone, so that it is the
same everywhere.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parent.parent / "bench"))
from pages_served import Prepared, a_finding, fetched, prepared, serving
from visiting.chromium import Chromium

HERE: Final = Path(__file__).parent
FOLDER: Final = HERE.parent.parent / "build" / "pictures"
README: Final = HERE / "grades.png"
WIDTHS: Final = (320, 1280)
TALLEST: Final = 2400
KENT: Final = HERE.parent.parent.parent / "shared" / "seeds" / "kent-2015.txt"


def main_pages(port: int, data: Prepared) -> dict[str, str]:
    """Return the pages to take, by the name of their picture."""
    report = f"/doc/report/{data.report}"
    return {
        "home": "/",
        "force": f"/doc/force/{data.force}",
        "matrix": "/grades",
        "finding": a_finding(fetched(port, report)[0]),
        "report": report,
        "query": "/query",
    }


class Camera:
    """Takes pages of one server."""

    def __init__(self, chromium: Chromium, address: str) -> None:
        """Take them with *chromium*; *address* is without a slash at its end."""
        self.chromium, self.address = chromium, address

    def take(self, path: str, width: int, file: Path, tallest: int, top: str = "body") -> None:
        """Take the page at *path*, from the element *top* to its end or to so many pixels."""
        context = self.chromium.context(width=width, dark=False, script=True)
        with contextlib.closing(context):
            page = context.new_page()
            page.goto(self.address + path, wait_until="networkidle")
            tall = int(page.evaluate("document.documentElement.scrollHeight"))
            box = page.locator(top).first.bounding_box()
            begin = box["y"] if box else 0
            clip = {"x": 0, "y": begin, "width": width, "height": min(tall - begin, tallest)}
            page.screenshot(path=str(file), full_page=True, clip=clip)
        sys.stdout.write(f"{file}\n")


def chromium_of_the_system() -> str:
    """Return the browser's path."""
    found = shutil.which("chromium")
    assert found is not None, "there is no chromium: install the packages of .ci/apt-packages"
    return found


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--readme", action="store_true", help="also renew the README's picture")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        chromium = stack.enter_context(contextlib.closing(Chromium(chromium_of_the_system)))
        page = shutil.copy(KENT, scratch / "0-peel-2015-kent.txt") if KENT.is_file() else None
        data = prepared(scratch, page)
        port = stack.enter_context(serving(data.folder)).target.port
        camera = Camera(chromium, f"http://127.0.0.1:{port}")
        for name, path in main_pages(port, data).items():
            for width in WIDTHS:
                camera.take(path, width, options.folder / f"{name}-{width}.png", TALLEST)
        if options.readme:
            camera.take("/grades", 960, README, 1040, "main figure")


if __name__ == "__main__":
    main()
