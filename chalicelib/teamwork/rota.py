"""Whose turn it is: new conversations go to the members who are present, in turn or to whoever has the fewest.

A brand's rota remembers who got the last conversation and how many each member has. These numbers only grow until they
are counted anew from the inbox: every ten minutes, or every minute while all have their limit.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from chalicelib import clock, errors
from chalicelib.access.actors import Actor
from chalicelib.brands.settings import Assignment
from chalicelib.inbox import conversations
from chalicelib.people import members
from chalicelib.store import keys, listings, table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.work import Rota
from chalicelib.teamwork import assignment

RECOUNT_AFTER = 10 * clock.MINUTE
RECOUNT_FULL_AFTER = clock.MINUTE


def assign_next(actor: Actor, conversation: Conversation, rule: Assignment, now: int) -> bool:
    """Assign the conversation to whoever is next, other than its assignee; False if nobody can take it.

    Raises PreconditionFailed if the conversation or the brand's rota changed meanwhile.
    """
    candidates = [
        member_id for member_id in _present(actor, conversation.brand, rule.roles) if member_id != conversation.assignee
    ]
    if not candidates:
        return False
    partition = keys.within(actor.agency, conversation.brand)
    rota = table.get(Rota, partition, keys.ROTA) or Rota(partition, keys.ROTA)
    unchanged = Rota.version == rota.version if rota.version else Rota.pk.does_not_exist()
    is_recounted = _recount(rota, conversation, rule, candidates, now)
    rota.version += 1
    assignee = pick(rule, candidates, rota.last, rota.loads)
    if assignee is None:
        if is_recounted:
            table.put(rota, unchanged)  # whoever comes next need not count
        return False
    rota.last, rota.loads = assignee, {**rota.loads, assignee: rota.loads.get(assignee, 0) + 1}
    write = table.putting(rota, unchanged, otherwise=errors.PreconditionFailed)
    assignment.assign_unchecked(actor, conversation, assignee, now, [write])
    return True


def _recount(rota: Rota, conversation: Conversation, rule: Assignment, candidates: Sequence[str], now: int) -> bool:
    """Count the members' conversations again if the last count is too old; True if that was done."""
    is_full = pick(rule, candidates, rota.last, rota.loads) is None
    if rota.counted_at > now - (RECOUNT_FULL_AFTER if is_full else RECOUNT_AFTER):
        return False
    agency = keys.agency_of(conversation.pk)
    rota.loads, rota.counted_at = _loads(agency, conversation.brand), now
    return True


def pick(rule: Assignment, candidates: Sequence[str], last: str, loads: Mapping[str, int]) -> str | None:
    """The next member: in turn the one after `last` in the order of ids, by capacity the one with the fewest
    conversations.

    None if all have reached their limit.
    """
    order = sorted(candidates)
    in_turn = [id for id in order if id > last] + [id for id in order if id <= last]
    free = [id for id in in_turn if rule.limit is None or loads.get(id, 0) < rule.limit]
    if rule.mode == "capacity":
        return min(free, key=lambda member_id: loads.get(member_id, 0), default=None)
    return free[0] if free else None


def _present(actor: Actor, brand: str, roles: Sequence[str]) -> Iterator[str]:
    """The ids of members who are neither away nor suspended and have one of the roles for the brand."""
    for member in members.every(actor.agency):
        if not (member.away or member.suspended_at) and any(_is_for(grant, brand, roles) for grant in member.grants):
            yield member.id


def _is_for(grant: Mapping[str, Any], brand: str, roles: Sequence[str]) -> bool:
    return grant["role"] in roles and (grant["brands"] is None or brand in grant["brands"])


def _loads(agency: str, brand: str) -> dict[str, int]:
    """How many open or pending conversations each assignee has."""
    partitions = [keys.inbox(agency, brand, status) for status in conversations.AT_WORK]
    listed = (listings.every(Conversation, partition, only=["assignee"]) for partition in partitions)
    assignees = (conversation.assignee for conversation in chain.from_iterable(listed))
    return dict(Counter(assignee for assignee in assignees if assignee))
