"""The lists of a brand's replies: by state, and two lists of sent ones: those that failed, and those that may have
failed.
"""

import heapq
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import chain

from chalicelib import page
from chalicelib.access.actors import Actor
from chalicelib.people import legacies
from chalicelib.store import keys, listings, table, together
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.replies import Reply
from chalicelib.store.table import Action

WRONG = ("failed", "unknown")
OPEN = ("draft", "pending", "approved", "rejected")  # not on their way yet
_EXAMINED = 200
LISTED = ("draft", "pending", "approved", "rejected", "expired", "withdrawn", *WRONG)


def index_fields(agency: str, brand: str, state: str, id: str, now: int) -> dict[str, str | None]:
    """The attributes that put a reply on the list of its state. They are None, which takes it off, for a state without
    a list.
    """
    if state not in LISTED:
        return {"inbox": None, "activity": None}
    return {"inbox": _partition(agency, brand, state), "activity": keys.activity(now, id)}


def _partition(agency: str, brand: str, state: str) -> str:
    return keys.inbox(agency, brand, f"reply.{state}")


def writes_for_status(message: Message, status: str, now: int) -> list[table.Write]:
    """For transact: puts the message's reply on the list of failed or unknown ones, or takes it off when the status is
    another.
    """
    if not message.reply or not {status, message.status}.intersection(WRONG):
        return []
    actions: list[Action] = [Reply.inbox.remove(), Reply.activity.remove()]
    if status in WRONG:
        partition = _partition(keys.agency_of(message.pk), message.brand, status)
        actions = [Reply.inbox.set(partition), Reply.activity.set(keys.activity(now, message.reply))]
    return [table.changing(Reply(message.pk, keys.reply(message.reply)), actions)]


def listing(
    actor: Actor, brands: Sequence[str], state: str, limit: int, cursor: str | None, resting_on: str = ""
) -> tuple[list[Reply], str | None]:
    """A page of the replies of these brands in one state, the latest first, and the next cursor.

    `resting_on` is a member: only replies whose sender they are, or that they approved, are given.
    """
    scope = "|".join(["replies", actor.agency, *sorted(brands), state, resting_on])
    before = page.position(scope, cursor) or ""
    partitions = [_partition(actor.agency, brand, state) for brand in brands]
    lists = [
        listings.every(Reply, partition, before=before, newest=True, page_size=limit + 1) for partition in partitions
    ]
    first = together.each([partial(next, replies, None) for replies in lists])
    begun = [chain([reply], replies) for reply, replies in zip(first, lists, strict=True) if reply]
    merged = heapq.merge(*begun, key=lambda reply: reply.activity, reverse=True)
    heirs = legacies.heirs_in(actor.agency) if resting_on else {}
    wanted = (reply for reply in merged if not resting_on or resting_on in _needed_members(reply, heirs))
    return page.cut(wanted, limit, scope, lambda reply: reply.activity)


def _needed_members(reply: Reply, heirs: Mapping[str, str]) -> set[str]:
    """The members without whom the reply would not be sent: its sender, or that member's heir, and its approvers."""
    sender = {legacies.answerer(heirs, reply.sender["member"])} if reply.sender else set()
    return sender | {given["member"] for given in reply.approvals}


def in_conversation(conversation: Conversation, states: Collection[str]) -> list[Reply]:
    """The replies of a conversation that are listed in these states, the newest first.

    One that cannot be read is left out.
    """
    agency = keys.agency_of(conversation.pk)
    wanted = Reply.inbox.is_in(*(_partition(agency, conversation.brand, state) for state in states))
    replies = table.query(Reply, conversation.pk, keys.REPLIES, where=wanted, consistent=True, only_readable=True)
    return sorted(replies, key=place_in_conversation, reverse=True)


def place_in_conversation(reply: Reply) -> str:
    return keys.activity(reply.created_at, reply.id)


def open_in(agency: str, conversations: Sequence[Conversation]) -> list[Reply]:
    """The replies of these conversations that are drafts, or pending, approved for later, or rejected.

    For one conversation all of them. For several, those among the latest 200 of each brand and state, by the index.
    """
    if len(conversations) < 2:
        return [reply for conversation in conversations for reply in in_conversation(conversation, OPEN)]
    wanted = Reply.conversation.is_in(*(conversation.id for conversation in conversations))
    partitions = [
        _partition(agency, brand, state)
        for brand in {conversation.brand for conversation in conversations}
        for state in OPEN
    ]
    reads = [
        partial(listings.portion, Reply, name, _EXAMINED, newest=True, where=wanted) for name in sorted(partitions)
    ]
    return [reply for replies, _, _ in together.each(reads) for reply in replies]
