"""What somebody leaves behind: conversations of a member or team that is gone, or works for the brand no longer.

Each is looked at, and a look gives what nobody can take back to all; in portions, and it may come twice.
"""

from collections.abc import Iterator
from itertools import islice

from chalicelib import queues, settings
from chalicelib.inbox import work
from chalicelib.store import due, keys, table
from chalicelib.store.models import Brand, Conversation

PORTION, SOON = 100, 60_000
AT_WORK = ("open", "pending", "snoozed")  # one that is resolved is looked at when it opens again


def settle(agency: str, who: str, now: int) -> None:
    """Ask for looks at what is theirs; soon at more, if there is more than a portion."""
    found = _theirs(agency, who)
    for item in islice(found, PORTION):
        queues.send(settings.get().followup_queue, {"pk": item.pk, "sk": keys.CONVERSATION})
    if next(found, None):
        table.transact(due.at(agency, now + SOON, "leaving", who))


def _theirs(agency: str, who: str) -> Iterator[Conversation]:
    """What is theirs in the brands they do not work for, or no longer."""
    left = [one.id for one in table.query(Brand, agency, "brand#") if not work.takes(agency, one.id, who)]
    for brand in left:
        for status in AT_WORK:
            partition = keys.inbox(agency, brand, status)
            yield from Conversation.index.query(
                partition, filter_condition=Conversation.assignee == who, attributes_to_get=["pk", "sk"]
            )
