"""However badly the other side answers, a call ends in time with an answer or without one, and holds little."""

import gzip
import socket
from collections.abc import Mapping

import pytest

from chalicelib.outside import addresses, calls
from chalicelib.outside.connections import Unreached
from tests.support import receivers
from tests.support.receivers import Behave, answering

OK = b"HTTP/1.1 200 OK\r\n"
END = b"Content-Length: 0\r\nConnection: close\r\n\r\n"
MB = 1 << 20
LARGEST = 16 << 10


@pytest.fixture(autouse=True)
def _settings(nowhere: None) -> None:
    """The settings are complete."""


def call(behave: Behave, *, seconds: float = 5, headers: Mapping[str, str] | None = None) -> calls.Answer:
    with receivers.serving(behave) as port:
        place = addresses.Place("http", "127.0.0.1", port, "/hook?a=1", trusted=True)
        return calls.call(place, "POST", headers or {}, b"{}", seconds=seconds, largest=LARGEST)


def reset(connection: socket.socket) -> None:
    """Ends the connection with an error for the other side."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def silent(connection: socket.socket) -> None:
    receivers.NEVER.wait(5)


def half_closed(connection: socket.socket) -> None:
    receivers.heard(connection)
    connection.shutdown(socket.SHUT_WR)
    silent(connection)


def flooding(piece: bytes) -> Behave:
    def behave(connection: socket.socket) -> None:
        receivers.heard(connection)
        while True:
            connection.sendall(piece)

    return behave


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        pytest.param(silent, "timeout", id="OB-02 no bytes"),
        pytest.param(answering(OK + b"X: y" * 100, slowly=True), "timeout", id="OB-02 headers that never end"),
        pytest.param(
            answering(OK + b"Content-Length: 400\r\n\r\n" + b"x" * 400, slowly=True), "timeout", id="OB-02 a drip"
        ),
        pytest.param(reset, "connection", id="OB-03 reset"),
        pytest.param(half_closed, "connection", id="OB-03 half-closed"),
        pytest.param(answering(OK + b"Content-Length: 9\r\n\r\nshort"), "connection", id="OB-03 cut off"),
        pytest.param(answering(b"200 fine\r\n\r\n"), "answer", id="OB-06 garbage"),
        pytest.param(answering(b"\x00" * 200), "answer", id="OB-06 no text"),
        pytest.param(answering(b"HTTP/1.1 9999 Over\r\n" + END), "answer", id="OB-06 no status"),
        pytest.param(flooding(b"HTTP/1.1 100 Continue\r\n\r\n" * 50), "answer", id="OB-06 a flood of 1xx"),
        pytest.param(answering(OK + b"X: y\r\n" * 200 + END), "answer", id="OB-10 many headers"),
        pytest.param(answering(OK + b"X: " + b"y" * MB + b"\r\n" + END), "answer", id="OB-10 one long header"),
        pytest.param(
            answering(OK + b"".join(b"X%d: %b\r\n" % (n, b"y" * 10_000) for n in range(90)) + END),
            "answer",
            id="OB-10 a megabyte of headers",
        ),
    ],
)
def test_call_that_comes_to_no_answer_says_why(behave: Behave, reason: str) -> None:
    with pytest.raises(Unreached) as raised:
        call(behave, seconds=0.4 if reason == "timeout" else 5)
    assert raised.value.reason == reason


@pytest.mark.parametrize(
    ("status", "named"),
    [
        (103, "OB-06"),
        (301, "OB-05"),
        (302, ""),
        (303, ""),
        (307, ""),
        (308, ""),
        (410, "OB-07"),
        (429, ""),
        (600, "OB-06"),
    ],
)
def test_status_is_told_and_nothing_is_followed(status: int, named: str) -> None:
    heard: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        heard.append(receivers.heard(connection))
        connection.sendall(b"HTTP/1.1 %d X\r\nLocation: /elsewhere\r\n" % status + END)

    assert call(behave).status == status
    assert len(heard) == 1


# OB-11
def test_body_is_kept_as_bytes_and_cut() -> None:
    bodies = [b"[null,null]", b"<script>alert(1)</script>", b"\x1b[31mred", b"\xff\x00", gzip.compress(b"0" * MB)]
    for body in bodies:
        raw = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        assert call(answering(raw)).body == body


def test_endless_body_is_cut() -> None:
    answer = call(answering(OK + b"\r\n", then=flooding_after))
    assert (answer.status, len(answer.body), answer.is_whole) == (200, LARGEST, False)


def flooding_after(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"x" * 10_000)


# OB-12
def test_cookies_and_challenges_are_ignored() -> None:
    heard: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        heard.append(receivers.heard(connection))
        connection.sendall(b"HTTP/1.1 401 No\r\nSet-Cookie: a=b\r\nWWW-Authenticate: Basic\r\n" + END)

    assert [call(behave).status for _ in range(2)] == [401, 401]
    assert len(heard) == 2
    assert not any(b"cookie" in raw.lower() or b"authorization" in raw.lower() for raw in heard)


def test_request_is_as_it_was_meant() -> None:
    heard: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        heard.append(receivers.heard(connection))
        connection.sendall(OK + END)

    call(behave, headers={"webhook-id": "evt_1"})
    head, _, body = heard[0].partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    assert (lines[0], body) == (b"post /hook?a=1 http/1.1", b"{}")
    assert {b"webhook-id: evt_1", b"content-length: 2", b"connection: close"} <= set(lines)


def test_answer_that_comes_before_all_was_said_counts() -> None:
    def behave(connection: socket.socket) -> None:
        connection.recv(1)
        connection.sendall(b"HTTP/1.1 413 Too large\r\n" + END)
        connection.shutdown(socket.SHUT_WR)
        receivers.NEVER.wait(0.2)

    with receivers.serving(behave) as port:
        place = addresses.Place("http", "127.0.0.1", port, "/", trusted=True)
        assert calls.call(place, "POST", {}, b"x" * 100, seconds=5, largest=9).status == 413
