"""What functions ask over a plain connection is what botocore would have sent, and comes back as it would have come."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from botocore import exceptions
from botocore.config import Config

from local import wire
from tests.support import botocore_sessions

OF_EACH_CALL = re.compile(rb"(?i)^(amz-sdk-invocation-id|x-amz-date|authorization|accept-encoding|connection):")


class Server(ThreadingHTTPServer):
    """Plays DynamoDB; `does` is how it goes on, `heard` are the heads and bodies that came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.does = "answers"
        self.heard: list[Any] = []
        self.addresses: set[Any] = set()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        lines = f"{self.headers}".encode().split(b"\n")
        headers = sorted(line.lower() for line in lines if line and not OF_EACH_CALL.match(line))
        self.server.heard.append((self.requestline, headers, body))
        self.server.addresses.add(self.client_address)
        status, answer = ANSWERS.get(self.server.does, (0, None))
        if answer is None:
            self.wfile.write(BROKEN_OFF[self.server.does])
            self.close_connection = True
            return
        answered = json.dumps(answer).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(answered)))
        self.end_headers()
        self.wfile.write(answered)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


ITEM = {"pk": {"S": "ä" * 100_000}}
ANSWERS = {"answers": (200, {"Item": ITEM}), "refuses": (400, {"__type": "x#ConditionalCheckFailedException"})}
BROKEN_OFF = {"half": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "nothing": b""}


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def asking(url: str, *, over_wire: bool = True, service: str = "dynamodb") -> Any:
    session = botocore_sessions.fresh()
    session.set_credentials("key", "secret")
    if over_wire:
        session.register("before-send", wire.answer)
    config = Config(retries={"mode": "standard", "total_max_attempts": 1}, read_timeout=5)
    return session.create_client(service, "eu-west-1", endpoint_url=url, config=config)


def url_of(server: Server) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def asked(client: Any) -> Any:
    """What comes of it, but for what is of one call alone."""
    try:
        answer = client.get_item(TableName="palabre", Key={"pk": {"S": "é"}})
    except exceptions.ClientError as refusal:
        answer = refusal.response
    answer["ResponseMetadata"].pop("RequestId", None)
    return answer


@pytest.mark.parametrize("does", ANSWERS)
def test_question_and_answer_are_those_of_botocore(server: Server, does: str) -> None:
    server.does = does
    slow, quick = (asked(asking(url_of(server), over_wire=over_wire)) for over_wire in (False, True))
    assert quick == slow
    assert server.heard[0] == server.heard[1]


def test_connection_stays_open_until_it_is_ended(server: Server) -> None:
    client = asking(url_of(server))
    assert [asked(client)["Item"] for _ in range(3)] == [ITEM] * 3
    assert len(server.addresses) == 1
    [idle] = wire._idle[url_of(server).removeprefix("http://")]
    idle.shutdown(socket.SHUT_RDWR)
    assert asked(client)["Item"] == ITEM
    assert len(server.addresses) == 2


def test_threads_never_share_a_connection(server: Server) -> None:
    client = asking(url_of(server))
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(asked(client)["Item"])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [ITEM] * 8


@pytest.mark.parametrize("does", BROKEN_OFF)
def test_answer_that_breaks_off_is_an_error_of_the_connection(server: Server, does: str) -> None:
    server.does = does
    with pytest.raises(exceptions.ConnectionClosedError):
        asked(asking(url_of(server)))


def test_nobody_there_is_an_error_of_the_address(server: Server) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(exceptions.EndpointConnectionError):
            asked(asking(f"http://127.0.0.1:{nobody.getsockname()[1]}"))


def test_late_answer_is_a_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(TimeoutError):
            wire.ask(host, b"", b"", seconds=0.01)


def test_other_services_and_addresses_are_asked_by_botocore() -> None:
    for url, target in (
        ("http://127.0.0.1:1/", "AWSCognitoIdentityProviderService.SignUp"),
        ("https://sqs.eu-west-1.amazonaws.com/", "AmazonSQS.SendMessage"),
    ):
        assert wire.answer(SimpleNamespace(url=url, headers={"X-Amz-Target": target})) is None
