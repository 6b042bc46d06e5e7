"""What is posted is signed and whole; what comes back is a result, whatever it is."""

import json
import socket
from typing import Any

import pytest
from standardwebhooks import Webhook

from chalicelib import clock
from chalicelib.deliveries import attempts
from chalicelib.deliveries.attempts import Receiver, Result
from chalicelib.outside.connections import Way
from chalicelib.webhooks import signatures
from local import ports
from tests.support import receivers
from tests.support.receivers import Behave

SECRET = signatures.new_secret("v1")


@pytest.fixture(autouse=True)
def _settings(nowhere: None) -> None:
    """The settings are complete."""


def post(behave: Behave, monkeypatch: pytest.MonkeyPatch, body: bytes = b"{}", **headers: str) -> Result:
    with receivers.serving(behave) as port:
        monkeypatch.setenv("RECEIVER_HOSTS", f"http://127.0.0.1:{port}")
        receiver = Receiver("whk_1", f"http://127.0.0.1:{port}/hook", headers, (SECRET,))
        return attempts.post(receiver, "evt_1", body, clock.now())


def answer(status: int, body: bytes = b"", *headers: bytes) -> Behave:
    lines = [b"HTTP/1.1 %d X" % status, b"Content-Length: %d" % len(body), *headers, b"", body]
    return receivers.answering(b"\r\n".join(lines))


def test_receiver_can_verify_what_it_got(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        heard.append(receivers.heard(connection))
        connection.sendall(b"HTTP/1.1 204 X\r\n\r\n")

    assert post(behave, monkeypatch, '{"a":"é👍"}'.encode(), authorization="Bearer x").succeeded
    head, _, body = heard[0].partition(b"\r\n\r\n")
    lines = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert Webhook(SECRET).verify(body, lines) == {"a": "é👍"}
    assert (lines["webhook-id"], lines["authorization"]) == ("evt_1", "Bearer x")
    assert (lines["Palabre-Caused-By"], lines["Content-Type"]) == ("whk_1", "application/json")


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_only_2xx_is_a_success(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    assert post(answer(status), monkeypatch).succeeded


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 400, 401, 404, 410, 413, 429, 500, 503, 600])
def test_everything_else_is_a_failure(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    result = post(answer(status, b"why"), monkeypatch)
    assert (result.succeeded, result.status, result.reason, result.excerpt) == (False, status, "status", "why")
    assert result.is_gone == (status == 410)


def test_receiver_asks_for_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert post(answer(503, b"", b"Retry-After: 120"), monkeypatch).wait == 2 * clock.MINUTE


# OB-11
@pytest.mark.parametrize(
    ("body", "excerpt"),
    [
        (b"[null]", "[null]"), (b"<script>", "<script>"), (b"\x1b[31mred", "\\x1b[31mred"), (b"\xff\x00", "\\xff\\x00"),
        ("\u202egnp".encode(), "\\u202egnp"), (b"x" * 5000, "x" * 1024),
    ],
)  # fmt: skip
def test_excerpt_is_harmless_text(monkeypatch: pytest.MonkeyPatch, body: bytes, excerpt: str) -> None:
    assert post(answer(500, body), monkeypatch).excerpt == excerpt


def test_receiver_that_is_not_there_is_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"http://127.0.0.1:{ports.free()}"
    monkeypatch.setenv("RECEIVER_HOSTS", url)
    result = attempts.post(Receiver("whk_1", url, {}, (SECRET,)), "evt_1", b"{}", 0)
    assert (result.status, result.reason) == (0, "connection")


# OU-22
def test_address_that_leads_inside_by_now_is_not_called() -> None:
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 443))]
    way = Way(look_up=lambda *_, **__: inside)
    result = attempts.post(Receiver("whk_1", "https://a.example/", {}, (SECRET,)), "evt_1", b"{}", 0, way)
    assert (result.status, result.reason) == (0, "refused_inside")


def test_payload_is_thin_above_256_kb() -> None:
    def data(raw: bytes) -> Any:
        return json.loads(raw)["data"]

    thin = {"id": "evt_1", "type": "message.received", "at": "2026"}
    assert data(attempts.payload({**thin, "data": "x" * 100})) == {**thin, "data": "x" * 100}
    assert data(attempts.payload({**thin, "data": "é" * (128 << 10)})) == thin


def test_secrets_are_in_no_text_of_a_receiver() -> None:
    text = repr(Receiver("whk_1", "https://a.example/", {"authorization": "hush"}, (SECRET,)))
    assert "hush" not in text
    assert SECRET not in text
