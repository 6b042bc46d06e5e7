"""What the networks' gateway hands over is read byte for byte, however it is put."""

import base64
from typing import Any

import pytest

from chalicelib.api import posted
from chalicelib.transport import hooks

RAW = '{"text":"Ça va? \\u00e9 \ufeff 語"}\n'.encode()


def _event(**more: Any) -> dict[str, Any]:
    return {
        "routeKey": "POST /hooks/{network}", "pathParameters": {"network": "example"}, "headers": {},
        "rawQueryString": "", "requestContext": {"requestId": "1"}, "body": RAW.decode(), "isBase64Encoded": False,
        **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "raw"),
    [
        ({}, RAW),
        ({"body": base64.b64encode(RAW).decode(), "isBase64Encoded": True}, RAW),
        ({"body": base64.b64encode(b"\xff\x00").decode(), "isBase64Encoded": True}, b"\xff\x00"),
        ({"body": ""}, b""),
        ({"body": None}, b""),
    ],
)
def test_body_is_the_bytes_that_were_posted(given: dict[str, Any], raw: bytes) -> None:
    assert posted.read(_event(**given)).raw == raw


def test_headers_are_known_in_any_case() -> None:
    assert posted.read(_event(headers={"X-Hub-Signature-256": "sha256=1"})).headers == {
        "x-hub-signature-256": "sha256=1"
    }


def test_query_is_taken_from_the_address_as_it_was_sent() -> None:
    asked = "hub.mode=subscribe&hub.challenge=1%2C2&hub.verify_token=a%20b+c&empty=&twice=1&twice=2"
    assert posted.read(_event(rawQueryString=asked)).query == {
        "hub.mode": "subscribe", "hub.challenge": "1,2", "hub.verify_token": "a b c", "empty": "", "twice": "2",
    }  # fmt: skip


def test_address_is_a_network_or_a_channel_of_it() -> None:
    of_channel = _event(routeKey="GET /hooks/{network}/{channel}", pathParameters={"network": "a", "channel": "b"})
    request = posted.read(of_channel)
    assert (request.method, request.parts) == ("GET", {"network": "a", "channel": "b"})
    assert request.context["resourcePath"] == "/hooks/{network}/{channel}"  # what the log says; never the address


@pytest.mark.usefixtures("nowhere")
def test_network_there_is_not_is_told_so() -> None:
    answer = hooks.handle(_event(pathParameters={"network": "nowhere"}))
    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.usefixtures("nowhere")
def test_content_type_that_no_network_posts_is_refused_before_anything_is_read() -> None:
    assert hooks.handle(_event(headers={"content-type": "text/plain"}))["statusCode"] == 415
