"""Accounts of networks with many servers are connected on the page of theirs, heard when they are asked, answered."""

from typing import Any

import pytest

from chalicelib.networks import bluesky, mastodon
from tests.support.stack import Stack, eventually
from tests.upkeep.test_looks import look


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
        shown = channel.agency.owner.get(f"/messages/{message}")
        return shown if shown["status"] == "sent" else None

    assert eventually(sent)["network_id"]
    assert any("Until eight" in str(call["json"]) for call in stack.requests(network, "Until eight"))
