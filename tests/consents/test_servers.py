"""Accounts of networks with many servers are connected on the page of theirs, heard when they are asked, answered."""

from typing import Any

import pytest

from chalicelib.networks import bluesky, mastodon
from tests.support import consenting
from tests.support.stack import Stack, eventually, number
from tests.upkeep.test_looks import look

APP = {"app_id": "https://palabre.example/client.json", "secret": "none"}


@pytest.mark.parametrize(
    ("network", "server"), [(mastodon.NETWORK.key, "mastodon.example"), (bluesky.NETWORK.key, "bsky.example")]
)
def test_account_is_connected_on_the_page_of_its_server(stack: Stack, network: str, server: str) -> None:
    owner, person = stack.ours.owner, f"shop{number()}"
    if network == bluesky.NETWORK.key:
        owner.put(f"/network-apps/{network}", APP)
        person = f"did:plc:{person}"
    begun = consenting.begun(stack.ours, network=network, server=server)
    back = consenting.told(consenting.consented(stack, begun, person))
    assert back["status"] == "granted"
    [account] = owner.get(f"/consents/{begun['id']}")["accounts"]
    [result] = consenting.connected(stack.ours, begun["id"], account["id"])
    channel = next(one for one in owner.every("/channels") if one["id"] == result["channel"])
    assert (channel["network"], channel["account"], channel["health"]) == (network, account["id"], "ok")
    assert person in channel["account"]


@pytest.mark.parametrize("network", [mastodon.NETWORK.key, bluesky.NETWORK.key])
@pytest.mark.parametrize("event", ["mention", "comment", "dm"])
def test_what_was_asked_for_is_answered(stack: Stack, network: str, event: str) -> None:
    channel = stack.connect(network)
    assert look(channel) == "nothing"
    channel.tell_later(event, text="Are you open?")
    assert look(channel) == "found"
    conversation = channel.conversation()
    path = f"/conversations/{conversation['id']}/replies"
    message = channel.agency.owner.post(path, {"text": "Until eight"})["messages"][0]

    def sent() -> Any:
        found = channel.agency.owner.get(f"/messages/{message}")
        return found if found["status"] == "sent" else None

    assert eventually(sent)["network_id"]
    assert any("Until eight" in str(call["json"]) for call in stack.requests(network, "Until eight"))
