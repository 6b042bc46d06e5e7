"""A proxy before the API that passes everything on at once, and keeps the first answers until the next question."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import urllib3

_pool = urllib3.PoolManager(maxsize=10, retries=False, timeout=60)
_DROPPED = {"transfer-encoding", "connection", "content-length", "date", "server", "content-encoding"}


class SlowProxy:
    """`late` is how many answers to writes are still held back until the next write.

    `keys` are those POSTs came with, `changes` what PATCHes asked for.
    """

    def __init__(self, late: int) -> None:
        self.late = late
        self.keys: list[str] = []
        self.changes: list[str] = []
        self.address = ""
        self._next = Event()

    def asked(self, noted: list[str], what: str) -> None:
        noted.append(what)
        self._next.set()

    def pause(self) -> None:
        """Waits with an answer for somebody who has no patience."""
        if self.late:
            self.late -= 1
            self._next.clear()
            self._next.wait(30)


class Handler(BaseHTTPRequestHandler):
    """Passes questions on to `api`, and answers back."""

    proxy: SlowProxy
    api: str

    def do_GET(self) -> None:
        self._give(self._passed_on())

    def do_POST(self) -> None:
        self._write(self.proxy.keys, self.headers.get("Idempotency-Key", ""))

    def do_PATCH(self) -> None:
        self._write(self.proxy.changes, self.path)

    def _write(self, noted: list[str], what: str) -> None:
        self.proxy.asked(noted, what)
        answer = self._passed_on()
        self.proxy.pause()
        self._give(answer)

    def _passed_on(self) -> urllib3.BaseHTTPResponse:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in {"host", *_DROPPED}}
        return _pool.request(self.command, f"{self.api}{self.path}", body=body or None, headers=headers)

    def _give(self, answer: urllib3.BaseHTTPResponse) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in _DROPPED:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.data)))
            self.end_headers()
            self.wfile.write(answer.data)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing is written down."""


@contextmanager
def before(api: str, *, late: int) -> Iterator[SlowProxy]:
    """The proxy before this API, while it is needed."""
    proxy = SlowProxy(late)
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Handling", (Handler,), {"proxy": proxy, "api": api})) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        proxy.address = f"http://127.0.0.1:{server.server_port}"
        yield proxy
        server.shutdown()
