"""Whose turn it is: new conversations go round the members who are there, or to whoever has the fewest.

The rota of a brand remembers who got the last one and counts how many each has open; the count is taken anew from the
inbox every ten minutes, every minute while all have their limit, so what is resolved meanwhile only delays a turn.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.access.actors import Actor
from chalicelib.brands.settings import Assignment
from chalicelib.people import members
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.people import Member
from chalicelib.store.models.teamwork import Rota
from chalicelib.teamwork import assignment

COUNTED, RECOUNTED = 600_000, 60_000
AT_WORK = ("open", "pending")


def place(actor: Actor, conversation: Conversation, rule: Assignment, now: int) -> bool:
    """Give the conversation to whose turn it is, but not to who has it now; False if nobody can take it.

    Raises PreconditionFailed if somebody else was faster, with this conversation or with the brand's rota.
    """
    there = [
        member.id for member in _there(actor, conversation.brand, rule.roles) if member.id != conversation.assignee
    ]
    if not there:
        return False
    partition = keys.within(actor.agency, conversation.brand)
    rota = table.get(Rota, partition, keys.ROTA) or Rota(partition, keys.ROTA)
    full = pick(rule, there, rota.last, rota.loads) is None
    if anew := rota.counted_at <= now - (RECOUNTED if full else COUNTED):
        rota.loads, rota.counted_at = _loads(actor.agency, conversation.brand), now
    to = pick(rule, there, rota.last, rota.loads)
    same = Rota.version == rota.version if rota.version else Rota.pk.does_not_exist()
    rota.version += 1
    if to is None:
        if anew:
            table.put(rota, same)
        return False
    rota.last, rota.loads = to, {**rota.loads, to: rota.loads.get(to, 0) + 1}
    assignment.give(actor, conversation, to, now, [table.putting(rota, same)])
    return True


def pick(rule: Assignment, there: Sequence[str], last: str, loads: Mapping[str, int]) -> str | None:
    """Who is next: after `last` in the order of ids, or the one with the fewest; None if all have their limit."""
    order = sorted(there)
    after = [one for one in order if one > last] + [one for one in order if one <= last]
    free = [one for one in after if rule.limit is None or loads.get(one, 0) < rule.limit]
    if rule.mode == "capacity":
        return min(free, key=lambda one: loads.get(one, 0), default=None)
    return free[0] if free else None


def _there(actor: Actor, brand: str, roles: Sequence[str]) -> Iterator[Member]:
    for member in members.every(actor.agency):
        held = [entry for entry in member.grants if entry["role"] in roles]
        if not member.away and any(entry["brands"] is None or brand in entry["brands"] for entry in held):
            yield member


def _loads(agency: str, brand: str) -> dict[str, int]:
    assigned = (
        conversation.assignee
        for status in AT_WORK
        for conversation in table.listed(Conversation, keys.inbox(agency, brand, status), only=["assignee"])
    )
    return dict(Counter(one for one in assigned if one))
