"""Serves the page on one machine. It knows only the API's address; the page reads everything else from the API."""

import html
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import urllib3

from local import environment
from local.page import accounts

FOLDER = Path(__file__).parent
FILES = {"/page.js": "text/javascript", "/page.css": "text/css"}
_LARGEST_FORM, _MOST_MAILS = 20_000, 50
_LINK = re.compile(r"https?://[^\s<>&]+")


@dataclass(frozen=True)
class Site:
    """The addresses that the pages use: of the API, and of the emulator with its user pool and mails."""

    api: str
    endpoint: str

    @property
    def sign_in(self) -> str:
        return f"{self.endpoint}/oauth2/authorize"

    def mails(self) -> list[Mapping[str, Any]]:
        """The mails that this machine sent, newest first."""
        answer = urllib3.request("GET", f"{self.endpoint}/_ministack/ses/messages", timeout=5).json()
        sent = [mail for mails in answer["messages"].values() for mail in mails]
        return sorted(sent, key=lambda mail: float(mail["Timestamp"]), reverse=True)


class Handler(BaseHTTPRequestHandler):
    def __init__(self, site: Site, *connection: Any) -> None:
        self._site = site
        super().__init__(*connection)

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path in FILES:
            self._answer(200, FILES[asked.path], (FOLDER / asked.path[1:]).read_bytes())
        elif asked.path in accounts.PATHS:
            self._show(accounts.page(asked.path, dict(parse_qsl(asked.query))))
        elif asked.path == "/mails":
            self._show(list_of(self._site.mails()))
        else:
            self._show("<main></main><script type=module src=/page.js></script>")

    def do_POST(self) -> None:
        path, length = urlsplit(self.path).path, int(self.headers.get("Content-Length") or 0)
        if path not in accounts.PATHS or length > _LARGEST_FORM:
            self._answer(404, "text/plain", b"")
            return
        given = dict(parse_qsl(self.rfile.read(length).decode()))
        pool = environment.client("cognito-idp", self._site.endpoint)
        answer = accounts.submitted(path, given, pool, self._site.sign_in)
        if isinstance(answer, accounts.Led):
            self._answer(303, "text/plain", b"", Location=answer.location)
        else:
            self._show(answer)

    def _show(self, body: str) -> None:
        head = (FOLDER / "page.html").read_text().replace("{api}", html.escape(self._site.api))
        self._answer(200, "text/html; charset=utf-8", head.replace("{body}", body).encode())

    def _answer(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Prints nothing, because requests have codes in them."""


def serve(site: Site, port: int) -> ThreadingHTTPServer:
    """Serves the site in the background until the server is shut down."""
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, site))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


def list_of(mails: Sequence[Mapping[str, Any]]) -> str:
    """The mails as a page, with clickable links."""
    shown = "".join(f"<article>{_shown(mail)}</article>" for mail in mails[:_MOST_MAILS])
    return f"<h1>Mails that this machine sent</h1>{shown or '<p>None yet.</p>'}"


def _shown(mail: Mapping[str, Any]) -> str:
    text = mail.get("BodyText") or str(mail.get("BodyHtml", "")).replace("<br>", "\n")
    linked = _LINK.sub(r'<a href="\g<0>">\g<0></a>', html.escape(text))
    subject, to = html.escape(str(mail.get("Subject", ""))), html.escape(", ".join(mail.get("To", ())))
    return f"<h2>{subject}</h2><p>{to}</p><pre>{linked}</pre>"
