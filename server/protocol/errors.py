"""What can be wrong with a request itself, beside the project's errors."""

from __future__ import annotations

from peelgraph.graph.errors import PeelgraphError


class RequestError(PeelgraphError):
    """The request cannot be answered as it stands."""

    slug, title = "bad-request", "Bad request"


class PageNotFound(RequestError):
    """There is nothing at this address."""

    slug, title = "not-found", "Not found"


class Gone(RequestError):
    """What was published at this address has been withdrawn.

    Args:
        found: As for every error.
        replaced_by: Addresses of what stands in its place.
    """

    slug, title = "gone", "Gone"

    def __init__(self, found: str, *, replaced_by: tuple[str, ...] = ()) -> None:
        action = "go to what replaces it" if replaced_by else ""
        super().__init__(found, action=action)
        self.replaced_by = replaced_by


class MethodNotAllowed(RequestError):
    """This address does not take that method.

    Args:
        found: As for every error.
        allowed: The methods that it takes.
    """

    slug, title = "method-not-allowed", "Method not allowed"

    def __init__(self, found: str, *, allowed: tuple[str, ...]) -> None:
        super().__init__(found, expected=" or ".join(allowed))
        self.allowed = allowed


class NotAcceptable(RequestError):
    """None of the formats that the client accepts is on offer.

    Args:
        found: As for every error.
        available: The media types on offer.
    """

    slug, title = "not-acceptable", "Not acceptable"

    def __init__(self, found: str, *, available: tuple[str, ...]) -> None:
        super().__init__(found, place="Accept", expected=" or ".join(available))
        self.available = available


class BodyTooLarge(RequestError):
    """The body, or the query in it, is larger than its limit."""

    slug, title = "body-too-large", "Request too large"


class RangeOutside(RequestError):
    """The range that was asked for lies outside of what is there."""

    slug, title = "range-outside", "Range not satisfiable"


class UnsupportedType(RequestError):
    """The body is of a type that this address does not read."""

    slug, title = "unsupported-type", "Unsupported media type"


class HeadTooLarge(RequestError):
    """The address and headers of the request are larger than their limit."""

    slug, title = "head-too-large", "Request head too large"


class RequestTimeout(RequestError):
    """The request did not arrive in time."""

    slug, title = "request-timeout", "Request timed out"


class ExpectationFailed(RequestError):
    """The request expects something of the server that it does not do."""

    slug, title = "expectation-failed", "Expectation failed"


class UnknownVersionOfHttp(RequestError):
    """The request is in a version of HTTP that is not spoken here."""

    slug, title = "http-version", "HTTP version not supported"


class TokenMissing(RequestError):
    """The request needs a token and has none that is known."""

    slug, title = "token-missing", "Token missing"


class TokenRefused(RequestError):
    """The token is known, but has ended or is for something else."""

    slug, title = "token-refused", "Token refused"


class WritesOff(RequestError):
    """This server takes no writes: it has no token, or serves a file."""

    slug, title = "writes-off", "Writing is off"


class ForeignOrigin(RequestError):
    """A page of another site sent the request; writes are not taken from there."""

    slug, title = "foreign-origin", "Foreign origin"


class UnknownHost(RequestError):
    """The request names a host that this server does not answer for."""

    slug, title = "unknown-host", "Unknown host"
