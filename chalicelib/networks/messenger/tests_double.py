"""The double of Messenger."""

from collections.abc import Mapping
from typing import Any

import pytest
import urllib3

from chalicelib.networks import base
from chalicelib.networks.messenger import NETWORK, double
from chalicelib.networks.messenger.tests_calls import MESSAGES, TO, attached
from chalicelib.networks.messenger.tests_expected import PERSON
from local.double import Server


@pytest.mark.parametrize("name", double.EVENTS)
def test_each_event_of_the_double_is_handled(name: str) -> None:
    more: dict[str, Any] = {"message": {"mid": "m", "text": "x"}} if name == "event" else {}
    inbounds = NETWORK.parse(double.EVENTS[name](**more))
    assert inbounds
    assert not any(isinstance(inbound.event, base.Unhandled) for inbound in inbounds)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"recipient": {"id": PERSON}},
        {**TO, "message": {"text": "Hi"}},
        {**TO, "messaging_type": "RESPONSE", "message": {"text": "x" * 2001}},
        {**TO, "messaging_type": "RESPONSE", "message": {"text": ""}},
        {**TO, "messaging_type": "RESPONSE", "message": {"text": 5}},
        {**TO, "messaging_type": "RESPONSE", "message": {"text": "a", "attachment": attached("image", "https://a")}},
        {**TO, "messaging_type": "RESPONSE", "message": {"attachment": attached("image", "http://a")}},
        {**TO, "messaging_type": "RESPONSE", "message": {"attachment": attached("sticker", "https://a")}},
        {**TO, "messaging_type": "MESSAGE_TAG", "tag": "POST_PURCHASE_UPDATE", "message": {"text": "a"}},
        {**TO, "messaging_type": "RESPONSE", "message": {"text": "a"}, "sender_action": "typing_on"},
        {**TO, "sender_action": "wave"},
        {**TO, "sender_action": "react", "payload": {"message_id": "m"}},
    ],
)
def test_the_double_refuses_what_the_network_refuses(server: Server, body: Mapping[str, Any]) -> None:
    url = f"{server.url}/messenger/graph.facebook.com{MESSAGES}"
    answer = urllib3.request("POST", url, json=body, headers={"Authorization": "Bearer EAAGtoken"})
    assert (answer.status, answer.json()["error"]["code"]) == (400, 100)


def test_the_double_refuses_strangers_and_other_paths(server: Server) -> None:
    headers = {"Authorization": "Bearer EAAGtoken"}
    root = f"{server.url}/messenger/graph.facebook.com"
    assert urllib3.request("GET", f"{root}/v25.0/me").status == 401
    assert urllib3.request("GET", f"{root}/v19.0/me", headers=headers).status == 400
    assert urllib3.request("PUT", f"{root}/v25.0/me", headers=headers).status == 400
