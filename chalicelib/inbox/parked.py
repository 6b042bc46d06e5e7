"""Events that came before the message they are about. They wait a week in its conversation and are then let go."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.store import keys, table
from chalicelib.store.models import Conversation, Parked
from chalicelib.tenancy.channel import Owner

WEEK = 7 * 24 * 3600


def park(owner: Owner, conversation_id: str, network_id: str, raw: Mapping[str, Any], now: int) -> None:
    """Keep the event's body for the message of that network id, and let the conversation know; once, however often."""
    partition = keys.within(owner.agency, conversation_id)
    body = json.dumps(raw)
    table.put(
        Parked(
            partition,
            keys.parked(network_id, body),
            network=owner.network,
            raw=body,
            at=now,
            expires=now // 1000 + WEEK,
        )
    )
    table.update(Conversation(partition, keys.CONVERSATION), [Conversation.parked.set(True)], Conversation.pk.exists())


def release(owner: Owner, conversation_id: str, network_id: str) -> Iterator[Mapping[str, Any]]:
    """Bodies of the events that wait for that message, as they came; each is let go once the next is asked for."""
    partition = keys.within(owner.agency, conversation_id)
    found = sorted(
        table.query(Parked, partition, keys.parked(network_id), consistent=True), key=lambda item: int(item.at)
    )
    for item in found:
        yield json.loads(item.raw)
        table.delete(item)
    if found and next(table.query(Parked, partition, keys.PARKED, consistent=True, limit=1), None) is None:
        table.update(
            Conversation(partition, keys.CONVERSATION), [Conversation.parked.remove()], Conversation.pk.exists()
        )
