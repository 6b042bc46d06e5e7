"""Receives webhooks of Palabre: proves them, keeps each once, answers at once, and does the work afterwards."""

import json
import logging
import os
import sqlite3
import sys
import threading
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError  # pip install standardwebhooks

HOOKS = [Webhook(secret) for secret in os.environ["SECRETS"].split()]  # two, while one is rotated
ARRIVED = threading.Event()


def work(event: dict[str, object]) -> None:
    """What you want done, once for each event; again only if this process ends in the middle of it."""
    print(event["at"], event["type"], event["target"], event["conversation"], flush=True)


class Receiver(BaseHTTPRequestHandler):
    """Takes what is posted to any path."""

    timeout = 15  # for who connects and says nothing

    def do_POST(self) -> None:
        self.send_response(self.status())
        self.end_headers()

    def status(self) -> int:
        """What to answer. 204 promises that it is kept, so it does not come again."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > 1 << 20:  # an event has 256 KB at most
            return 413
        body = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not any(is_genuine(hook, body, headers) for hook in HOOKS):
            return 401
        with closing(opened()) as file:
            file.execute("INSERT OR IGNORE INTO events (id, body) VALUES (?, ?)", (headers["webhook-id"], body))
        ARRIVED.set()
        return 204


def is_genuine(hook: Webhook, body: bytes, headers: dict[str, str]) -> bool:
    """True if whoever has the secret sent it, within the last five minutes."""
    with suppress(WebhookVerificationError, ValueError):  # ValueError: what is no signature at all
        return bool(hook.verify(body, headers))
    return False


def opened() -> sqlite3.Connection:
    """The file with the events of a month. What one is about is dropped once it is done; its id stays."""
    file = sqlite3.connect(os.environ.get("FILE", "events.sqlite"), isolation_level=None)
    file.execute("CREATE TABLE IF NOT EXISTS events (id PRIMARY KEY, body, at DEFAULT (julianday('now')))")
    return file


def work_off() -> None:
    """Does what was kept and not done yet, in the order in which it came."""
    with closing(opened()) as file:
        for id, body in file.execute("SELECT id, body FROM events WHERE body NOT NULL ORDER BY rowid").fetchall():
            try:
                work(json.loads(body)["data"])
                file.execute("UPDATE events SET body = NULL WHERE id = ?", (id,))
            except Exception:  # whatever fails in `work`, which is yours, keeps no other event waiting
                logging.getLogger().exception("%s is not done. It is tried again when the next one comes.", id)
        file.execute("DELETE FROM events WHERE body IS NULL AND at < julianday('now') - 30")


if __name__ == "__main__":
    serve = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever
    threading.Thread(target=serve, daemon=True).start()
    with suppress(KeyboardInterrupt):
        while True:
            work_off()
            ARRIVED.wait()
            ARRIVED.clear()
