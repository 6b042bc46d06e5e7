"""A user pool whose keys we hold, and the authorizer's check before it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from chalicelib import settings
from chalicelib.access import tokens
from local.environment import NOWHERE
from tests.support.forged_tokens import CLIENT, POOL, published


@dataclass
class Door:
    """The authorizer's check, before a pool whose keys we hold: `good`, and `weak`, which is too short.

    `asked` is what the pool was asked for; `keys` is what it answers when asked for its keys, `users` about the user of
    a token.
    """

    server: ThreadingHTTPServer
    asked: list[str]
    keys: dict[str, tuple[int, Any]]
    users: dict[str, tuple[int, Any]]

    def opens(self, token: str) -> bool:
        return tokens.caller(f"Bearer {token}") is not None


@contextmanager
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    asked: list[str] = []
    users: dict[str, tuple[int, Any]] = {}
    keys: dict[str, tuple[int, Any]] = {"told": (200, {"keys": [published("good"), published("weak", 1024)]})}

    class Pool(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.answer(*keys["told"])

        def do_POST(self) -> None:
            token = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["AccessToken"]
            asked.append(self.headers["X-Amz-Target"].rpartition(".")[2])
            self.answer(*users.get(token, (400, {"__type": "NotAuthorizedException"})))

        def answer(self, status: int, content: Any) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Pool) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        _configure(monkeypatch, f"http://127.0.0.1:{server.server_address[1]}")
        yield Door(server, asked, keys, users)
        server.shutdown()
    settings.get.cache_clear()


def _configure(monkeypatch: pytest.MonkeyPatch, pool: str) -> None:
    variables = {**NOWHERE, "USER_POOL": POOL, "USER_POOL_CLIENT": CLIENT, "COGNITO_URL": pool}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()
