"""A network of your own, in its smallest form: Palabre calls it, and it posts what people write to Palabre's hook.

SECRET=... python3 server.py 8100, behind a web server with https. What is typed, as in `ines: Are you open?`, is
written by that person. https://www.standardwebhooks.com/ says how both sides sign.
"""

import base64
import hmac
import json
import os
import sys
import threading
import time
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

SECRET, ACCOUNT = os.environ["SECRET"], os.environ.get("ACCOUNT", "shop")
HOOK: dict[str, str] = {}  # where events go, and what signs them: keep it in a database
SAID: dict[str, str] = {}  # the id of what Palabre had us say, by its key: keep it too


def signature(secret: str, id: str, seconds: str, body: bytes) -> str:
    digest = hmac.digest(secret.encode(), f"{id}.{seconds}.".encode() + body, "sha256")
    return "v1," + base64.b64encode(digest).decode()


def tell(event: dict[str, Any]) -> int:
    """Posts an event. Keep those that are not answered with 200, and post them again."""
    body, id, seconds = json.dumps({"events": [event]}).encode(), f"msg_{uuid4().hex}", str(int(time.time()))
    headers = {"webhook-id": id, "webhook-timestamp": seconds, "Content-Type": "application/json"}
    headers["webhook-signature"] = signature(HOOK["secret"], id, seconds, body)
    url = urlsplit(HOOK["hook"])
    connection = (HTTPSConnection if url.scheme == "https" else HTTPConnection)(url.netloc, timeout=10)
    connection.request("POST", url.path, body, headers)
    return connection.getresponse().status


def say(message: dict[str, Any]) -> dict[str, Any]:
    key = message.get("correlation") or uuid4().hex
    if key not in SAID:
        SAID[key] = uuid4().hex
        print(f"To {message['to']}: {message.get('text', '')}", flush=True)  # here your network says it
    return {"id": SAID[key]}


def answer(call: dict[str, Any]) -> dict[str, Any]:
    if call["type"] == "send":
        return say(call["message"])
    if call["type"] == "act":
        print(f"Do: {call['act']['verb']}", flush=True)  # here your network does it
    if call["type"] == "subscribe":
        HOOK.update(hook=call["hook"], secret=call["secret"])
    return {"account": ACCOUNT, "name": "My network"} if call["type"] == "check" else {}


class Handler(BaseHTTPRequestHandler):
    """Takes calls that Palabre signed, and no others."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        id, seconds = self.headers.get("webhook-id", ""), self.headers.get("webhook-timestamp", "0")
        is_now = seconds.isdecimal() and abs(time.time() - int(seconds)) < 300
        given, known = self.headers.get("webhook-signature", ""), signature(SECRET, id, seconds, body)
        is_known = is_now and hmac.compare_digest(given.encode(), known.encode())
        content = json.dumps(answer(json.loads(body)) if is_known else {}).encode()
        self.send_response(200 if is_known else 401)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for line in sys.stdin:
        name, _, text = line.strip().partition(": ")
        now = int(time.time() * 1000)
        tell({"type": "message", "thread": name, "id": uuid4().hex, "at": now, "person": {"id": name}, "text": text})
