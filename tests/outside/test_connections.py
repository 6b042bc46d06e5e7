"""We connect to the address that was checked, over a connection that is what it says, or not at all."""

import socket
import ssl
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.outside import addresses, calls, connections
from chalicelib.outside.addresses import Refused
from chalicelib.outside.connections import Unreached, Way
from local import ports
from tests.support import receivers
from tests.support.receivers import Authority

FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture(autouse=True)
def _settings(nowhere: None) -> None:
    """The settings are complete."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


def call(way: Way, url: str = "https://receiver.example/hook", seconds: float = 5) -> calls.Answer:
    return calls.call(addresses.receiver(url), "POST", {}, b"{}", seconds=seconds, largest=1000, way=way)


def over_tls(context: ssl.SSLContext) -> receivers.Behave:
    """Answers in good order to whoever takes the certificate."""

    def behave(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            receivers.answering(FINE)(secured)

    return behave


def entries(*names: str) -> list[Any]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (name, 443)) for name in names]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["169.254.169.254"], id="OU-19 169.254.169.254.nip.io"),
        pytest.param(["127.0.0.1"], id="OU-19 localtest.me"),
        pytest.param(["93.184.215.14", "10.0.0.1"], id="OU-20 one of them private"),
        pytest.param(["93.184.215.14", "::1"], id="OU-20 of the other family"),
    ],
)
def test_name_that_leads_inside_is_refused(names: list[str]) -> None:
    with pytest.raises(Refused) as raised:
        call(Way(look_up=lambda *_, **__: entries(*names)))
    assert raised.value.rule == "inside"


# OU-21
def test_name_is_looked_up_once_and_the_checked_address_is_called(authority: Authority) -> None:
    with receivers.serving(over_tls(authority.server("receiver.example"))) as port:
        first, inside = receivers.way(port).look_up(), entries("169.254.169.254")
        turns = iter([first, inside])
        way = Way(look_up=lambda *_, **__: next(turns), context=authority.trusted, is_inside=lambda _: False)
        assert call(way).body == b"ok"
    assert next(turns) == inside


# OU-22
def test_name_is_judged_anew_with_each_call() -> None:
    turns = iter([[], entries("10.0.0.1")])
    way = Way(look_up=lambda *_, **__: next(turns))
    with pytest.raises(Unreached):
        call(way)
    with pytest.raises(Refused):
        call(way)


# OU-28
def test_sixteen_answers_of_a_name_server_are_enough() -> None:
    judged: list[str] = []

    def judge(address: str) -> bool:
        judged.append(address)
        return len(judged) == connections.MOST_ANSWERS

    way = Way(
        look_up=lambda *_, **__: entries(*[f"93.184.{number >> 8}.{number & 255}" for number in range(1000)]),
        is_inside=judge,
    )
    with pytest.raises(Refused):
        call(way)
    assert len(judged) == connections.MOST_ANSWERS


@pytest.mark.parametrize(
    "server",
    [
        pytest.param(lambda ours: ours.server("receiver.example", days=-1), id="OB-04 expired"),
        pytest.param(lambda ours: ours.server("receiver.example", itself=True), id="OB-04 self-signed"),
        pytest.param(lambda ours: ours.server("other.example"), id="OB-04 of another host"),
    ],
)
def test_certificate_that_proves_nothing_is_no_connection(
    authority: Authority, server: Callable[[Authority], ssl.SSLContext]
) -> None:
    with receivers.serving(over_tls(server(authority))) as port, pytest.raises(Unreached) as raised:
        call(receivers.way(port, authority.trusted))
    assert raised.value.reason == "tls"


# OB-04
def test_tls_before_1_2_is_no_connection() -> None:
    assert connections.OUT.context().minimum_version == ssl.TLSVersion.TLSv1_2
    assert connections.OUT.context().check_hostname
    assert connections.OUT.context().verify_mode == ssl.CERT_REQUIRED


def silent(connection: socket.socket) -> None:
    receivers.NEVER.wait(5)


# OB-03
def test_handshake_that_stalls_is_given_up_in_time(authority: Authority) -> None:
    with receivers.serving(silent) as port, pytest.raises(Unreached) as raised:
        call(receivers.way(port, authority.trusted), seconds=0.3)
    assert raised.value.reason == "timeout"


# OB-03
def test_refused_connection_is_unreached() -> None:
    with pytest.raises(Unreached) as raised:
        call(receivers.way(ports.free()))
    assert raised.value.reason == "connection"


def test_next_address_is_taken_where_the_first_does_not_answer(authority: Authority) -> None:
    with receivers.serving(over_tls(authority.server("receiver.example"))) as port:
        [good] = receivers.way(port).look_up()
        closed = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", ports.free()))
        way = Way(lambda *_, **__: [closed, good], authority.trusted, lambda _: False)
        assert call(way).status == 200


def test_proxy_of_the_environment_is_not_used(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with receivers.serving(over_tls(authority.server("receiver.example"))) as port:
        assert call(receivers.way(port, authority.trusted)).status == 200


def test_name_that_does_not_exist_is_unreached() -> None:
    def look_up(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    with pytest.raises(Unreached) as raised:
        call(Way(look_up=look_up))
    assert raised.value.reason == "name"
