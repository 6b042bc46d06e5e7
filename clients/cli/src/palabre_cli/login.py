"""Signing in with a browser: the code grant with PKCE (RFC 7636), the code coming back to this machine (RFC 8252)."""

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import click
import httpx

from palabre_cli import session

_DONE = b"<!doctype html><title>Palabre</title><p>You are signed in. You can close this page."


def by_browser(address: str, port: int, show: Callable[[str], object], patience: float = 300.0) -> None:
    """Signs in, and keeps the tokens. `show` leads the person to the page on which they sign in."""
    with session.bare(address) as api:
        auth = api.get("/auth").raise_for_status().json()
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    back = f"http://localhost:{port}{auth['callback']}"
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code", "client_id": auth["client_id"], "redirect_uri": back, "state": state,
        "scope": " ".join(auth["scopes"]), "code_challenge_method": "S256", "code_challenge": digest,
    }  # fmt: skip
    answered = _code(
        port, auth["callback"], lambda: show(f"{auth['authorization_endpoint']}?{urlencode(asked)}"), patience
    )
    if answered.get("state") != state or "code" not in answered:
        raise click.ClickException(f"Nobody signed in: {answered.get('error', 'no code came back')}.")
    changed = {
        "grant_type": "authorization_code", "client_id": auth["client_id"], "redirect_uri": back,
        "code": answered["code"], "code_verifier": verifier,
    }  # fmt: skip
    answer = httpx.post(auth["token_endpoint"], data=changed, timeout=30).raise_for_status().json()
    which = {"address": address, "client_id": auth["client_id"], "token_endpoint": auth["token_endpoint"]}
    session.keep({**which, **session.tokens(answer)})


def _code(port: int, callback: str, begin: Callable[[], Any], patience: float) -> Mapping[str, str]:
    """What comes back to `callback` on this machine."""
    query: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == callback:
                query.update({name: values[0] for name, values in parse_qs(parts.query).items()})
            self.send_response(200 if query else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(_DONE if query else b"")

        def log_message(self, format: str, *arguments: object) -> None:
            """A code is not written down."""

    with _listening(port, Handler) as server:
        server.timeout = patience
        begin()
        for _ in range(5):  # a browser may ask for an icon first
            server.handle_request()
            if query:
                break
    return query


def _listening(port: int, handler: type[BaseHTTPRequestHandler]) -> HTTPServer:
    try:
        return HTTPServer(("127.0.0.1", port), handler)
    except OSError as wrong:
        text = f"Nothing can come back to port {port} of this machine: {wrong.strerror}. Take another one: --port."
        raise click.ClickException(text) from wrong
