"""What is wrong with a fetch or a remote engine."""

from __future__ import annotations

from peelgraph.graph.errors.base import PeelgraphError


class NetworkError(PeelgraphError):
    """A fetch failed, or a remote engine did not answer."""

    slug, title = "network", "Network failure"


class AddressRefused(NetworkError):
    """The address is one that is never fetched: no https, a foreign host, a private network."""

    slug, title = "address-refused", "Address refused"


class RobotsRefused(NetworkError):
    """The site's robots.txt asks programs not to fetch that page."""

    slug, title = "robots", "Refused by robots.txt"


class Unreachable(NetworkError):
    """No connection could be made, or it was cut before the page had arrived."""

    slug, title = "unreachable", "Site unreachable"


class FetchTimeout(NetworkError):
    """The page did not arrive in time."""

    slug, title = "fetch-timeout", "Fetch timed out"


class FetchTooLarge(NetworkError):
    """The page is larger than any report is; no part of it was kept."""

    slug, title = "fetch-too-large", "Page too large"


class StatusRefused(NetworkError):
    """The site answered with an error, or with a redirect that leads nowhere."""

    slug, title = "status", "Site answered with an error"


class EngineUnavailable(NetworkError):
    """The remote engine cannot be reached, or is too busy to answer."""

    slug, title = "engine-unavailable", "Remote engine unavailable"


class EngineFault(NetworkError):
    """The remote engine gave an error, a redirect, another format, or no whole answer."""

    slug, title = "engine-fault", "Remote engine at fault"
