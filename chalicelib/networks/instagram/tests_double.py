"""The double of Instagram."""

from collections.abc import Mapping
from typing import Any

import pytest
import urllib3

from chalicelib.networks import base
from chalicelib.networks.instagram import NETWORK, double
from chalicelib.networks.instagram.tests_calls import TO, attached
from chalicelib.networks.instagram.tests_expected import ACCOUNT, COMMENT, PERSON
from local.double import Server


@pytest.mark.parametrize("name", double.EVENTS)
def test_each_event_of_the_double_is_handled(name: str) -> None:
    needed: Mapping[str, dict[str, Any]] = {
        "event": {"message": {"mid": "m", "text": "x"}},
        "change": {"field": "mentions", "value": {"media_id": "1"}},
    }
    [inbound] = NETWORK.parse(double.EVENTS[name](**needed.get(name, {})))
    assert inbound.account == double.ACCOUNT
    assert not isinstance(inbound.event, base.Unhandled)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {**TO},
        {"recipient": {"id": PERSON, "comment_id": COMMENT}, "message": {"text": "a"}},
        {"recipient": {"id": "not an id"}, "message": {"text": "a"}},
        {**TO, "message": {"text": "é" * 501}},
        {**TO, "message": {"text": ""}},
        {**TO, "message": {"text": "a", "metadata": "b"}},
        {**TO, "message": {"attachments": [attached("https://a", "video"), attached("https://b", "video")]}},
        {**TO, "message": {"attachments": [attached("https://a")] * 11}},
        {**TO, "message": {"attachment": attached("http://a")}},
        {**TO, "message": {"text": "a"}, "tag": "ACCOUNT_UPDATE", "messaging_type": "MESSAGE_TAG"},
        {**TO, "message": {"text": "a"}, "sender_action": "typing_on"},
        {**TO, "sender_action": "react", "payload": {"message_id": "m", "reaction": "🎉"}},
        {"recipient": {"comment_id": COMMENT}, "message": {"attachment": attached("https://a")}},
    ],
)
def test_the_double_refuses_what_the_network_refuses(server: Server, body: Mapping[str, Any]) -> None:
    url = f"{server.url}/instagram/graph.instagram.com/v25.0/{ACCOUNT}/messages"
    answer = urllib3.request("POST", url, json=body, headers={"Authorization": "Bearer IGAAtoken"})
    assert (answer.status, answer.json()["error"]["code"]) == (400, 100)


def test_the_double_refuses_strangers_and_other_paths(server: Server) -> None:
    headers = {"Authorization": "Bearer IGAAtoken"}
    root = f"{server.url}/instagram/graph.instagram.com"
    assert urllib3.request("GET", f"{root}/v25.0/me").status == 401
    assert urllib3.request("GET", f"{root}/v19.0/me", headers=headers).status == 400
    assert urllib3.request("PUT", f"{root}/v25.0/me", headers=headers).status == 400
