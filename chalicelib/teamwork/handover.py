"""Unassigns the open conversations of a member or team that left the agency or a brand, 100 per run.

Running twice is harmless: each conversation is only queued for a check, which unassigns it if it has to.
"""

from collections.abc import Iterator
from itertools import islice

from chalicelib import clock
from chalicelib.aws import queues
from chalicelib.inbox import conversations
from chalicelib.store import due, keys, listings, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.inbox import Conversation
from chalicelib.teamwork import assignment, escalation

PORTION = 100
NEXT_PORTION_MS = clock.MINUTE


def hand_over(agency: str, assignee: str, now: int) -> None:
    """Queue a check of up to 100 of their conversations; if there are more, run again in a minute."""
    assigned = _assigned(agency, assignee)
    portion = islice(assigned, PORTION)
    queues.send(*(escalation.check_task(agency, conversation.id) for conversation in portion))
    if next(assigned, None):
        table.transact(due.at(agency, now + NEXT_PORTION_MS, "handover", assignee))


def _assigned(agency: str, assignee: str) -> Iterator[Conversation]:
    """Unresolved conversations still assigned to them in brands for which they do not work."""
    brands = table.query(Brand, agency, "brand#")
    left = [brand.id for brand in brands if not assignment.can_take(agency, brand.id, assignee)]
    for brand in left:
        for status in conversations.UNRESOLVED:  # a resolved conversation is checked when it opens again
            partition = keys.inbox(agency, brand, status)
            theirs = Conversation.assignee == assignee
            yield from listings.every(Conversation, partition, where=theirs, only=["pk", "sk"])
