"""A stranger's address is fetched only from the public internet, and in bounds."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase

import pytest

from chalicelib.outside import fetch

GIF = b"GIF89a" + b"\0" * 100


@pytest.fixture
def host(nowhere: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A host of files that is allowed, as those of the networks' double are."""

    class Files(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/slow-headers":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                _drip(self.wfile)
                return
            status, headers, pieces = ANSWERS[self.path]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            try:
                for piece in pieces:
                    self.wfile.write(piece)
                    SENT[self.path] = SENT.get(self.path, 0) + len(piece)
            except ConnectionError:
                return  # we were hung up on, as we should be

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Files) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setenv("MEDIA_HOSTS", address)
        yield address
        server.shutdown()


STOPPED = threading.Event()  # never set: whoever waits for it lets a little time pass
SENT: dict[str, int] = {}
LONG = 400


def _slowly(pieces: int) -> Iterator[bytes]:
    for _ in range(pieces):
        STOPPED.wait(0.02)
        yield b"x"


def _drip(out: BufferedIOBase) -> None:
    with suppress(ConnectionError):
        for piece in _slowly(LONG):
            out.write(piece)
            SENT["/slow-headers"] = SENT.get("/slow-headers", 0) + 1


_MB = b"\0" * (1 << 20)
ANSWERS: dict[str, tuple[int, dict[str, str], Iterable[bytes]]] = {
    "/good": (200, {}, [GIF]),
    "/lie": (200, {"Content-Type": "image/gif"}, [b"<html>"]),
    "/elsewhere": (302, {"Location": "/good"}, []),
    "/huge": (200, {}, [GIF, *[_MB] * 30]),
    "/short": (200, {"Content-Length": "5000"}, [GIF]),
    "/gone": (404, {}, []),
    "/broken": (500, {}, []),
    "/slow-down": (429, {}, []),
    "/bomb": (200, {"Content-Encoding": "gzip"}, [GIF]),
}


# S6
@pytest.mark.parametrize("path", ["/slow-headers", "/slow-body"])
def test_file_that_drips_is_given_up_in_time(host: str, path: str) -> None:
    ANSWERS["/slow-body"] = (200, {}, _slowly(LONG))
    with pytest.raises(fetch.Passing):
        fetch.get(host + path, {}, 0.3)
    assert 0 < SENT[path] < LONG // 2


# S6
def test_name_that_nobody_answers_for_is_given_up_in_time(host: str) -> None:
    over = threading.Event()
    with pytest.raises(fetch.Passing) as raised:
        fetch.get("https://slow.example/1", {}, 0.1, look_up=lambda *_, **__: over.wait(60) or [])
    assert str(raised.value) == "timeout"
    assert not over.is_set()
    over.set()


# S6
@pytest.mark.parametrize(
    "url",
    [
        "https://x:99999/", "https://x:port/", "https://[::1/", "https://a..b/",
        f"https://{'a' * 64}.example/", "https://é\ud800.example/",
    ],
)  # fmt: skip
def test_address_that_cannot_be_is_blocked(host: str, url: str) -> None:
    with pytest.raises(fetch.Blocked):
        _get(url)


def _get(url: str) -> bytes:
    return fetch.get(url, {})


def test_file_is_fetched_whatever_it_is(host: str) -> None:
    assert _get(f"{host}/good") == GIF
    assert _get(f"{host}/lie") == b"<html>"


def test_file_out_of_bounds_is_blocked(host: str) -> None:
    with pytest.raises(fetch.Blocked):
        _get(f"{host}/huge")


@pytest.mark.parametrize("path", ["/elsewhere", "/gone"])
def test_file_that_is_not_there_is_unavailable(host: str, path: str) -> None:
    with pytest.raises(fetch.Unavailable) as raised:
        _get(host + path)
    assert type(raised.value) is fetch.Unavailable


@pytest.mark.parametrize("path", ["/broken", "/slow-down", "/short"])
def test_file_that_may_come_later_is_tried_again(host: str, path: str) -> None:
    with pytest.raises(fetch.Passing):
        _get(host + path)


def test_what_is_packed_is_not_unpacked(host: str) -> None:
    assert _get(f"{host}/bomb") == GIF


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost/1", "https://LOCALHOST/1", "https://127.1/1", "https://0177.0.0.1/1", "https://0x7f000001/1",
        "https://[::1]/1", "https://u:p@127.0.0.1/1", "https://127.0.0.1:444/1", "ftp://files.example/1",
        "//127.0.0.1/1", "https:///1", "file:///etc/passwd", "gopher://127.0.0.1/1", "", "data:image/gif;base64,R0lGOD",
        "http://127.0.0.1:1/1",
    ],
)  # fmt: skip
def test_forbidden_address_is_blocked_before_it_is_called(host: str, url: str) -> None:
    with pytest.raises(fetch.Blocked):
        _get(url)
