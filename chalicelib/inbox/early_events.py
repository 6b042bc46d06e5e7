"""Events that came before the message they are about. They wait a week in its conversation and are then let go."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.channels.channels import Owner
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, EarlyEvent


class Early(Exception):
    """The message an event is about is not here yet; `network_id` is what it waits for."""

    def __init__(self, conversation: str, network_id: str) -> None:
        super().__init__("not here yet")
        self.conversation = conversation
        self.network_id = network_id


WEEK = 7 * 24 * 3600


def keep(owner: Owner, conversation_id: str, network_id: str, raw: Mapping[str, Any], now: int) -> None:
    """Keep the event's body for the message of that network id, and let the conversation know; once, however often."""
    partition = keys.within(owner.agency, conversation_id)
    body = json.dumps(raw)
    table.put(
        EarlyEvent(
            partition,
            keys.parked(network_id, body),
            network=owner.network,
            raw=body,
            at=now,
            expires=now // 1000 + WEEK,
        )
    )
    table.update(Conversation(partition, keys.CONVERSATION), [Conversation.parked.set(True)], Conversation.pk.exists())


def take(owner: Owner, conversation_id: str, network_id: str) -> Iterator[Mapping[str, Any]]:
    """Bodies of the events that wait for that message, as they came; each is let go once the next is asked for."""
    partition = keys.within(owner.agency, conversation_id)
    found = sorted(
        table.query(EarlyEvent, partition, keys.parked(network_id), consistent=True), key=lambda item: item.at
    )
    for item in found:
        yield json.loads(item.raw)
        table.delete(item)
    if found and next(table.query(EarlyEvent, partition, keys.PARKED, consistent=True, limit=1), None) is None:
        table.update(
            Conversation(partition, keys.CONVERSATION), [Conversation.parked.remove()], Conversation.pk.exists()
        )
