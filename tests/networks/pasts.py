"""What a network is asked for of the past, compared with what its webhooks tell."""

from collections.abc import Iterable, Sequence
from typing import Any

from chalicelib.networks import base

Said = Sequence[base.Message]
MOST_PORTIONS, MOST_CALLS = 40, 5


def everything(network: base.Network, credentials: base.Credentials, since: int, *, is_history: bool = False) -> Said:
    """All messages of the stretch, portion by portion, each as history or not, as it was asked."""
    return told(network, bodies(network, credentials, since, is_history=is_history), is_history=is_history)


def bodies(
    network: base.Network, credentials: base.Credentials, since: int, *, is_history: bool = False
) -> list[base.Json]:
    assert network.past
    mark: base.Json = {}
    all_bodies: list[base.Json] = []
    for _ in range(MOST_PORTIONS):
        pulled = network.past(credentials, base.Stretch(since=since, mark=mark, is_history=is_history))
        assert pulled.calls <= MOST_CALLS
        all_bodies += pulled.bodies
        if not pulled.more:
            return all_bodies
        mark = pulled.mark
    raise AssertionError("It does not end.")


def told(network: base.Network, payloads: Iterable[base.Json], *, is_history: bool = False) -> Said:
    events = [inbound for payload in payloads for inbound in network.parse(payload)]
    for inbound in events:
        [again] = network.parse(inbound.raw)
        assert again == inbound  # so that it may wait for its message
    messages = [inbound.event for inbound in events if isinstance(inbound.event, base.Message)]
    assert all(message.history == is_history for message in messages)
    return messages


def said(messages: Said) -> list[Any]:
    """What makes each message the one it is, in any order; of the time the second."""
    return sorted(
        (
            message.surface, message.thread, message.id,
            message.at // 1000 if message.exact or message.coarse else 0, message.direction,
            message.person.id if message.person else "", message.text, message.reply_to,
            [file.kind for file in message.attachments],
        )
        for message in messages
    )  # fmt: skip
