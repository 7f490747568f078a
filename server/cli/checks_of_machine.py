"""What ``peelgraph doctor`` asks of the machine and the way in: memory, clock, access, proxies."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import re
import resource
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import PeelgraphError
from peelgraph.graph.settings import MEBIBYTE
from peelgraph.server.api import assets
from peelgraph.server.cli.findings import Check, State
from peelgraph.server.engine.source import version_folder
from peelgraph.server.front.front import SPARE_FILES
from peelgraph.server.protocol.origin import Origins

if TYPE_CHECKING:
    from peelgraph.graph.settings import Settings
    from peelgraph.graph.versions import DataFolder

PRIVATE: Final = ("tokens.json", "audit.jsonl")
"""Files of a data folder that are nobody else's to read."""
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
MEMORY: Final = Path("/proc/meminfo")
GROUP_LIMIT: Final = Path("/sys/fs/cgroup/memory.max")
LEEWAY: Final = dt.timedelta(minutes=1)


def access(folder: DataFolder) -> Check:
    """Check that nobody else may change the data, or read who may write to it."""
    name = "access"
    if not folder.path.is_dir():
        return Check(name, State.OK, "not looked at: there is no data folder")
    if folder.path.stat().st_mode & stat.S_IWOTH:
        action = f"chmod o-w {folder.path}"
        return Check(name, State.FAIL, f"{folder.path} may be written by every user", action)
    for each in (folder.path / file for file in PRIVATE):
        if not each.exists():
            continue
        if each.stat().st_mode & OTHERS:
            return Check(name, State.FAIL, f"{each} may be read by others", f"chmod 600 {each}")
        if not os.access(each, os.R_OK | os.W_OK):
            action = "change its owner to the user who serves"
            return Check(name, State.FAIL, f"{each} is closed to this user", action)
    return Check(name, State.OK, "data, tokens and audit are closed to others")


def query_editor() -> Check:
    """Check that the editor of the query page was installed, whole and unchanged."""
    if assets.has_editor():
        return Check("query editor", State.OK, f"{assets.editor_name()}, as it was recorded")
    return Check(
        "query editor",
        State.WARN,
        "not installed: /query is a plain form",
        "install from a checkout with `make`, with npm and a network",
    )


def memory(folder: DataFolder, settings: Settings) -> Check:
    """Check how the current version will be held, and that the machine has room for it."""
    name = "memory"
    has = machine_memory()
    most = settings.workers * settings.memory
    told = f"{most} MiB for {settings.workers} queries at once, of {has} MiB"
    held = needed = 0
    if folder.has_version():
        try:
            source = version_folder(folder.current().folder)
        except PeelgraphError as error:
            return Check(name, State.FAIL, error.found, error.action)
        union = settings.default_graph == "union"
        needed = source.memory_bytes(union=union) // MEBIBYTE + 1
        in_memory = source.fits(settings.memory_budget, union=union)
        held = needed if in_memory else 0
        where = "in memory" if in_memory else "on disk"
        told = f"the version is held {where} (it takes {needed} MiB, the budget is "
        told += f"{settings.memory_budget} MiB); {most} MiB for queries at once, of {has} MiB"
    if held > has:
        action = f"lower memory_budget below {needed}, so that it is held on disk"
        return Check(name, State.FAIL, told, action)
    if held + most > has:
        return Check(name, State.WARN, told, "lower --memory or --workers, or add memory")
    return Check(name, State.OK, told)


def machine_memory() -> int:
    """Return the MiB that this machine, or the container around this process, has."""
    found = re.search(r"^MemTotal:\s+(\d+) kB", MEMORY.read_text(encoding="ascii"), re.MULTILINE)
    machine = int(found[1]) // 1024 if found else 0
    try:
        limit = int(GROUP_LIMIT.read_text(encoding="ascii"))
    except (OSError, ValueError):  # no such limit: the file is not there, or says "max"
        return machine
    return min(machine, limit // MEBIBYTE)


def connections(settings: Settings) -> Check:
    """Check that as many connections as are wished for may be open."""
    name = "connections"
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = settings.connections + SPARE_FILES
    if most != resource.RLIM_INFINITY and most < wanted:
        found = f"{settings.connections} wished for, {max(most - SPARE_FILES, 1)} possible"
        return Check(name, State.WARN, found, f"allow {wanted} open files (LimitNOFILE, ulimit -n)")
    return Check(name, State.OK, f"{settings.connections} may be open")


def clock(folder: DataFolder) -> Check:
    """Check that the current version does not come from the future."""
    now = dt.datetime.now(dt.UTC)
    found = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    try:
        published = dt.datetime.fromisoformat(folder.current().manifest.published)
    except (PeelgraphError, ValueError):
        return Check("clock", State.OK, found)
    if published > now + LEEWAY:
        action = "set the clock (timedatectl set-ntp true): versions are ordered by it"
        return Check("clock", State.WARN, f"{found}, before the version that serves", action)
    return Check("clock", State.OK, found)


def way_in(settings: Settings) -> Check:
    """Check who reaches the server, and what it believes of a proxy."""
    name = "way in"
    try:
        origins = Origins(settings.proxies, settings.hosts)
    except PeelgraphError as error:
        return Check(name, State.FAIL, error.found, f"{error.place}: {error.expected}")
    if origins.believes_any and not origins.hosts:
        return Check(
            name,
            State.WARN,
            f"proxies are believed ({settings.proxies}), any host is answered for",
            "name the hosts with --hosts",
        )
    if origins.believes_any:
        told = f"proxies are believed ({settings.proxies}), for {settings.hosts}"
        return Check(name, State.OK, told)
    if not _is_loopback(settings.host):
        return Check(
            name,
            State.WARN,
            f"{settings.host} is open to the network, without TLS",
            "put a proxy with TLS before it; name it with --proxies and the hosts with --hosts",
        )
    told = "this machine alone; a proxy on it is not believed until --proxies 127.0.0.1"
    return Check(name, State.OK, told)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
