"""How far our messages got, and what it costs to find the one that a network speaks of."""

from collections.abc import Iterator

import pytest

from chalicelib import ids
from chalicelib.channels.channels import Owner
from chalicelib.networks import base
from chalicelib.replies import delivery
from chalicelib.store import fence, keys, table
from chalicelib.store.models.inbox import Message
from tests.support.stack import Stack, number

LONG = 150


@pytest.fixture
def thread(stack: Stack) -> Iterator[tuple[Owner, str]]:
    """A conversation in which much was said, and one answer of ours is on its way."""
    owner = Owner(stack.ours.id, stack.ours.brand, f"chn_{number()}", "example")
    id = ids.conversation(owner.channel, "dm", "1")
    with fence.within(owner.agency):
        for at in range(1, LONG):
            table.put(message(owner, id, at, "in", "received", f"heard {at}"))
        table.put(message(owner, id, LONG, "out", "sending", "ours"))
        yield owner, id


def message(owner: Owner, conversation: str, at: int, direction: str, status: str, text: str) -> Message:
    network_id = text if direction == "in" else ""
    id = ids.message(conversation, at, text)
    return Message(
        keys.within(owner.agency, conversation), keys.message(id), id=id, channel=owner.channel, brand=owner.brand,
        direction=direction, surface="dm", kind="text", text=text, author={}, network_id=network_id, status=status,
        sent_at=at, received_at=at,
    )  # fmt: skip


@pytest.mark.parametrize(("text", "is_ours"), [("ours", True), ("written in the network's own app", False)])
def test_an_echo_costs_the_same_in_a_long_thread(thread: tuple[Owner, str], text: str, *, is_ours: bool) -> None:
    owner, id = thread
    queries: list[str] = []
    events = table.connection().client.meta.events
    events.register("before-send.dynamodb.Query", lambda **_: queries.append("Query"), unique_id="counting")
    try:
        own = delivery.find_own(owner, id, base.Message(thread="1", id="net-1", at=LONG, direction="out", text=text))
    finally:
        events.unregister("before-send.dynamodb.Query", unique_id="counting")
    assert (own is not None, len(queries)) == (is_ours, 1)
