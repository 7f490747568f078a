"""Who may write: every route by every token, foreign pages, cross-origin rules, large bodies."""

from __future__ import annotations

import hmac
import http.client
import inspect
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph import audit, tokens
from peelgraph.graph.settings import Settings
from peelgraph.server.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Service
    from flask.testing import FlaskClient

CHECKOUT = Path(__file__).parent.parent.parent
ROUTES = {
    "update form": ("POST", "/update", "application/x-www-form-urlencoded", b"update=DROP+ALL"),
    "update": ("POST", "/update", "application/sparql-update", b"DROP ALL"),
    "put": ("PUT", "/store?graph=a:g", "text/turtle", b"<a:s> <a:p> 1 ."),
    "put direct": ("PUT", "/store/x", "text/turtle", b"<a:s> <a:p> 1 ."),
    "put default": ("PUT", "/store?default", "text/turtle", b"<a:s> <a:p> 1 ."),
    "post": ("POST", "/store?graph=a:g", "text/turtle", b"<a:s> <a:p> 1 ."),
    "post new": ("POST", "/store", "text/turtle", b"<a:s> <a:p> 1 ."),
    "delete": ("DELETE", "/store?graph=http://example.org/seed", None, b""),
}
TOKENS = {
    "": (401, "token-missing"),
    "unknown": (401, "token-missing"),
    "revoked": (401, "token-missing"),
    "expired": (403, "token-refused"),
    "publish": (403, "token-refused"),
}


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("token", TOKENS)
def test_without_the_right_token_nothing_is_written(
    service: Service, route: str, token: str
) -> None:
    """The whole matrix: a form, as a page of another site could send it, is no exception."""
    method, path, sent_as, body = ROUTES[route]
    status, slug = TOKENS[token]
    before = service.digest()
    response = service.send(method, path, token, content_type=sent_as, data=body)
    assert response.status_code == status
    assert json.loads(response.data)["type"] == f"/problems/{slug}"
    assert ("WWW-Authenticate" in response.headers) == (status == 401)
    assert service.digest() == before


@pytest.mark.parametrize("token", ["update", "admin"])
def test_with_the_right_token_it_is(service: Service, token: str) -> None:
    """``admin`` includes the rest."""
    body = f"<a:s> <a:p> '{token}' .".encode()
    sent = {"content_type": "text/turtle", "data": body}
    assert service.send("PUT", f"/store?graph=a:{token}", token, **sent).status_code in {201, 204}


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil"])
def test_a_page_of_another_site_cannot_write(service: Service, route: str, origin: str) -> None:
    """Even with a token: a browser that was told one must not be used against its owner."""
    method, path, sent_as, body = ROUTES[route]
    sent = {"content_type": sent_as, "data": body, "headers": {"Origin": origin}}
    response = service.send(method, path, **sent)
    assert response.status_code == 403
    assert b"foreign-origin" in response.data
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_page_of_this_server_may(service: Service) -> None:
    """The same origin is no foreign one."""
    assert service.put(
        "<a:s> <a:p> 1 .", "a:own", headers={"Origin": "http://localhost"}
    ).status_code


@pytest.mark.parametrize("place", ["cookie", "query", "basic"])
def test_a_token_counts_only_where_it_belongs(service: Service, place: str) -> None:
    """Cookies travel by themselves, addresses end up in logs."""
    secret, path, headers = service.secrets["update"], "/update", {}
    if place == "cookie":
        headers = {"Cookie": f"token={secret}"}
    elif place == "basic":
        headers = {"Authorization": f"Basic {secret}"}
    else:
        path = f"/update?access_token={secret}"
    sent = {"content_type": "application/sparql-update", "data": b"DROP ALL", "headers": headers}
    assert service.send("POST", path, "", **sent).status_code == 401


PREFLIGHTS = [
    ("/update", "POST", None),
    ("/store?graph=a:g", "PUT", None),
    ("/store?graph=a:g", "DELETE", None),
    ("/store", "POST", None),
    ("/store?graph=a:g", "GET", "*"),
    ("/sparql", "POST", "*"),
]


@pytest.mark.parametrize(("path", "method", "allowed"), PREFLIGHTS)
def test_no_other_site_is_let_in_to_write(
    service: Service, path: str, method: str, allowed: str | None
) -> None:
    """A preflight that is not answered keeps browsers from sending the write at all."""
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": method}
    response = service.client.options(path, headers=asked)
    assert response.headers.get("Access-Control-Allow-Origin") == allowed
    assert "PUT" not in response.headers.get("Access-Control-Allow-Methods", "")


def test_reading_the_store_is_open(service: Service) -> None:
    """Reads need no token and any site may make them."""
    response = service.client.get("/store?default")
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_a_server_without_tokens_takes_no_writes(service: Service, tmp_path: Path) -> None:
    """Off unless somebody turned it on, and said plainly."""
    engine = service.client.application.extensions["peelgraph"].engine
    client = create_app(Settings(data=tmp_path), engine).test_client()
    response = client.post("/update", data=b"DROP ALL", content_type="application/sparql-update")
    assert response.status_code == 403
    assert response.get_json(force=True)["type"] == "/problems/writes-off"
    assert "peelgraph token create" in response.get_json(force=True)["action"]


def test_a_served_file_takes_no_writes(client: FlaskClient) -> None:
    """There is nothing to write to."""
    response = client.put("/store?graph=a:g", data=b"", content_type="text/turtle")
    assert response.status_code == 403
    assert response.get_json(force=True)["type"] == "/problems/writes-off"
    found = client.get("/store?graph=http://example.org/graph/1")
    assert found.status_code == 200
    assert client.get("/store?graph=http://example.org/graph/none").status_code == 404


def test_secrets_are_compared_in_constant_time() -> None:
    """A comparison that ends early tells, bit by bit, what a token or a hash is."""
    assert hmac.compare_digest.__name__ in inspect.getsource(tokens.Tokens.find)
    assert hmac.compare_digest.__name__ in inspect.getsource(audit.Audit)
    telling = re.compile(r"(?:secret|sha256|\bdigest|\bhash)\w*\s*[=!]=|[=!]=\s*(?:secret|digest)")
    for file in (tokens.__file__, audit.__file__, CHECKOUT / "server" / "pages" / "writing.py"):
        assert not telling.search(Path(str(file)).read_text(encoding="utf-8")), file


@pytest.mark.parametrize("route", ["update", "update form", "put", "put default", "post"])
def test_a_chunked_body_over_its_limit_is_refused_whole(
    started_service: Callable[..., tuple[str, str]], route: str
) -> None:
    """Half an upload must never load: read to the end, or refuse."""
    netloc, secret = started_service(write_bytes=100_000)
    method, path, sent_as, body = ROUTES[route]
    limit = 3 * 100_000 + 64 * 1024 if path == "/update" else 100_000
    connection = http.client.HTTPConnection(netloc, timeout=30)
    whole = body + b" " * (limit + 1 - len(body))
    pieces = (whole[at : at + 10_000] for at in range(0, len(whole), 10_000))
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": sent_as or ""}
    try:
        connection.request(method, path, body=pieces, headers=headers, encode_chunked=True)
        response = connection.getresponse()
        assert response.status == 413, response.read()
    finally:
        connection.close()
