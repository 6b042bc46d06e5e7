"""Writing to open sockets: signed as a boto3 client signs, and no socket that ended stops anybody."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import boto3
import pytest
from botocore.credentials import Credentials

from chalicelib.aws.gateway import SignedGateway
from local import infra, policies
from local.environment import REGION
from tests.support import iam

ID = "L0SM9cOFvHcCIhw="
KEYS = Credentials("AKIA0", "secret", "token")


class Answering(BaseHTTPRequestHandler):
    """Answers with the status that the socket's id begins with."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, str, bytes]] = []  # noqa: RUF012 - of the test that runs

    def do_POST(self) -> None:
        self.asked.append((self.command, self.path, self.rfile.read(int(self.headers["Content-Length"] or 0))))
        status = int(self.path.rpartition("/")[2][:3])
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_DELETE = do_POST

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def gateway() -> Iterator[SignedGateway]:
    Answering.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield SignedGateway(f"http://127.0.0.1:{server.server_port}/live/@connections", REGION, KEYS)
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, "sent"), (410, "gone"), (400, "gone"), (403, "failed"), (413, "failed"), (429, "failed"), (500, "failed")],
)
def test_socket_that_ended_is_told_from_one_that_is_not_reached(
    gateway: SignedGateway, status: int, outcome: str
) -> None:
    assert gateway.post(f"{status}=", b"{}") == outcome
    assert Answering.asked == [("POST", f"/live/@connections/{status}%3D", b"{}")]


def test_gateway_that_does_not_answer_fails_and_raises_nothing() -> None:
    nowhere = SignedGateway("http://127.0.0.1:9/live/@connections", REGION, KEYS)
    assert nowhere.post(ID, b"{}") == "failed"
    nowhere.close(ID)


def test_closing_is_asked_once(gateway: SignedGateway) -> None:
    gateway.close("410=")
    assert [verb for verb, _, _ in Answering.asked] == ["DELETE"]


def by_boto3() -> Any:
    """The request that its client would send."""
    sent: list[Any] = []
    client = boto3.client(
        "apigatewaymanagementapi", endpoint_url="https://gateway.example/live", region_name=REGION,
        aws_access_key_id=KEYS.access_key, aws_secret_access_key=KEYS.secret_key, aws_session_token=KEYS.token,
    )  # fmt: skip

    def stop(request: Any, **_: Any) -> Any:
        sent.append(request)
        raise InterruptedError

    client.meta.events.register("before-send", stop)
    with pytest.raises(InterruptedError):
        client.post_to_connection(ConnectionId=ID, Data=b"{}")
    return sent[0]


def test_signature_is_the_one_that_a_client_of_boto3_makes() -> None:
    url, ours, date = "https://gateway.example/live/@connections", "", ""
    gateway, theirs = SignedGateway(url, REGION, KEYS), by_boto3()
    while date != theirs.headers["X-Amz-Date"].decode():  # both in the same second
        theirs = by_boto3()
        signed = gateway.signed("POST", f"{url}/{quote(ID)}", b"{}")
        ours, date = signed["Authorization"], signed["X-Amz-Date"]
    assert theirs.url == f"{url}/L0SM9cOFvHcCIhw%3D"
    assert ours == theirs.headers["Authorization"].decode()


def test_right_is_for_the_sockets_of_this_stage_and_for_nothing_else() -> None:
    for name in ("on_socket", "on_push"):
        statements = list(policies.statements(infra.table()["functions"][name]))
        for place, allowed in (
            ("live/POST/@connections/1", True),
            ("live/POST/else", False),
            ("other/POST/@connections/1", False),
        ):
            asked = iam.Request("execute-api:ManageConnections", f"${{Sockets}}/{place}")
            assert iam.allows(statements, asked) == allowed
