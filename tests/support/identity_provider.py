"""An agency's own identity provider (OpenID Connect) on this machine, which says of people what it was told to."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


@dataclass
class Provider:
    """`people` are the claims about each person, by the code with which they are sent back; `asked` is what came."""

    issuer: str
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def document(self) -> dict[str, str]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def tokens(self, form: dict[str, list[str]]) -> dict[str, str]:
        self.asked.append(form)
        claims = {"iss": self.issuer, **self.people[form["code"][0]]}
        parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": "none"}, claims))
        return {"id_token": b".".join([*parts, b""]).decode(), "access_token": "opaque", "token_type": "Bearer"}


@contextmanager
def serving() -> Iterator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(provider.document())

        def do_POST(self) -> None:
            self.answer(provider.tokens(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())))

        def answer(self, content: object) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider = Provider(f"http://localhost:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield provider
        server.shutdown()
