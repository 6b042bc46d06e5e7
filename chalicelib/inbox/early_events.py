"""Events that came before the message they are about. They wait in its conversation, for a week at most."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import clock, log
from chalicelib.channels.channels import Owner
from chalicelib.networks import base
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, EarlyEvent, Pointer


class Early(Exception):
    """Raised for an event about a message that is not stored yet; `network_id` is that message's.

    `said` is what `count_said` gave before the message was looked for.
    """

    def __init__(self, conversation: str, network_id: str, said: int = 0) -> None:
        super().__init__("not here yet")
        self.conversation = conversation
        self.network_id = network_id
        self.said = said


LARGEST_BYTES = 300_000
WEEK_SECONDS = 7 * clock.DAY // clock.SECOND


def count_said(conversation: Conversation | None) -> int:
    """How much was said in the conversation so far: a count that grows with each stored message, and when the customer
    edits or deletes one.
    """
    return conversation.heard + conversation.spoken if conversation else 0


def keep(owner: Owner, early: Early, inbound: base.Inbound, now: int) -> bool:
    """Keeps an event's body until its message arrives, and notes in the conversation that events wait.

    Returns True if the message may have been stored before that note: the caller then tries the event again. Whoever
    stores the message later sees the note. Keeping the same event again changes nothing. An event of over 300 KB, which
    no network sends, is dropped.
    """
    partition, network_id = keys.within(owner.agency, early.conversation), early.network_id
    body = json.dumps(inbound.raw)
    if len(body) > LARGEST_BYTES:
        log.count("early_event_too_large", network=owner.network)
        return False
    table.put(
        EarlyEvent(
            partition,
            keys.parked(network_id, body),
            network=owner.network,
            raw=body,
            at=now,
            place=inbound.place,
            expires=now // clock.SECOND + WEEK_SECONDS,
        )
    )
    conversation = Conversation(partition, keys.CONVERSATION)
    if not table.update(conversation, [Conversation.parked.set(True)], Conversation.pk.exists()):
        return False
    named = table.get(Pointer, partition, keys.pointer(network_id))  # one of ours that was named since
    return named is not None or count_said(conversation) != early.said


def take(owner: Owner, conversation_id: str, network_id: str) -> Iterator[Mapping[str, Any]]:
    """Yield the bodies of the events that wait for that message, in order of arrival.

    Each is deleted after the caller handled it.
    """
    partition = keys.within(owner.agency, conversation_id)
    waiting = table.query(EarlyEvent, partition, keys.parked(network_id), consistent=True)
    events = sorted(waiting, key=lambda event: (event.at, event.place))
    for event in events:
        yield json.loads(event.raw)
        table.delete(event)
    if events and next(table.query(EarlyEvent, partition, keys.PARKED, consistent=True, limit=1), None) is None:
        table.update(
            Conversation(partition, keys.CONVERSATION), [Conversation.parked.remove()], Conversation.pk.exists()
        )
