"""Checks the deadlines of a conversation: warns, reassigns, resolves, and schedules the next check.

A check looks only at the conversation as it is now, so it may run twice, late or out of order. The table's stream
triggers one whenever something changes that deadlines depend on.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors
from chalicelib.access import actors, audit
from chalicelib.access.actors import Actor
from chalicelib.aws import queues
from chalicelib.aws.queues import Task
from chalicelib.brands import settings as brand_settings
from chalicelib.brands.settings import BrandSettings
from chalicelib.inbox import conversations, windows
from chalicelib.store import due, keys, listings, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.replies import Reply
from chalicelib.teamwork import assignment, deadlines, rota, triage
from chalicelib.teamwork.deadlines import Deadline

# Deadlines depend on these attributes; another message of somebody who waits already changes none of them.
WATCHED = ("waiting_since", "opened_at", "assignee", "status", "priority", "labels")
Clocks = Mapping[str, Sequence[int]]
UNASSIGNED_RETRY = 5 * clock.MINUTE
BUSY_RETRY = 30 * clock.SECOND
PORTION = 100  # conversations
_MOST_ATTEMPTS = 5
# The audit action of each mark of each deadline that is announced.
_ACTIONS = {
    ("window", deadlines.CLOSING): "window.warn",
    ("window", deadlines.OVER): "window.close",
    **{(name, percent): "sla.warn" for name in conversations.SERVICE_LEVELS for percent in deadlines.WARNINGS},
    **{(name, deadlines.OVER): "sla.miss" for name in conversations.SERVICE_LEVELS},
}


def depends_on(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """True if a change of a conversation asks for a check; `old` and `new` are its images in the stream."""
    return any(old.get(name) != new.get(name) for name in WATCHED)


def check(agency: str, id: str, now: int) -> None:
    """Do what a conversation's deadlines ask for now.

    While others keep changing the conversation or its brand's rota, the check is put off by half a minute.
    """
    for _ in range(_MOST_ATTEMPTS):
        conversation = conversations.find(agency, id)
        if conversation is None or not conversation.last_message:
            return
        try:
            _make_first_change(actors.system(agency), conversation, now)
        except errors.PreconditionFailed:
            continue
        return
    table.transact(due.at(agency, now + BUSY_RETRY, "check", id))


def check_task(agency: str, id: str) -> Task:
    return Task("followup", {"kind": "check", "agency": agency, "conversation": id}, group=agency)


def brand_check_task(agency: str, brand: str, status: str, after: str = "") -> Task:
    """Checks of all of a brand's conversations in one status whose activity key is after `after`."""
    body = {"kind": "check_brand", "agency": agency, "brand": brand, "status": status, "after": after}
    return Task("followup", body, group=agency)


def check_portion(
    agency: str, brand: str, status: str, after: str, *, size: int = PORTION, send: Callable[..., None] = queues.send
) -> None:
    """Queues checks of the next `size` conversations of a brand, and a task for the portion after them if there are
    more.
    """
    partition = keys.inbox(agency, brand, status)
    portion, _, edge = listings.portion(Conversation, partition, size, after, only=["pk", "sk", "activity"])
    send(*(check_task(agency, conversation.id) for conversation in portion))
    if edge:
        send(brand_check_task(agency, brand, status, edge))


def _make_first_change(actor: Actor, conversation: Conversation, now: int) -> None:
    """Makes the first change that is due. If deadlines depend on the change, the table's stream triggers the next
    check.
    """
    if conversation.assignee and not assignment.can_take(actor.agency, conversation.brand, conversation.assignee):
        assignment.assign_unchecked(actor, conversation, None, now)
        return
    brand = table.get(Brand, actor.agency, keys.noun(conversation.brand), consistent=False)
    rules = brand_settings.of(brand.settings if brand and not brand.archived_at else {})
    running = deadlines.running(conversation, rules, windows.hours(conversation))
    over = {deadline.name for deadline in running if deadline.due <= now}
    if "idle" in over:
        triage.change(actor, conversation, {"status": "resolved"}, now)
        return
    is_too_quiet = "quiet" in over and not _has_proposed(conversation)
    needs_assignee = _is_waiting_unassigned(conversation, rules) or is_too_quiet
    if needs_assignee and rota.assign_next(actor, conversation, rules.assignment, now):
        return
    _record(actor, conversation, running, now, _retry_at(conversation, now) if needs_assignee else None)


def _has_proposed(conversation: Conversation) -> bool:
    """True while a reply by the assignee waits for approval or for its time, which counts as a reaction."""
    waiting = (Reply.author == conversation.assignee) & Reply.state.is_in("pending", "approved")
    return next(table.query(Reply, conversation.pk, keys.REPLIES, where=waiting, consistent=True), None) is not None


def _retry_at(conversation: Conversation, now: int) -> int:
    """When to look for an assignee again: the longer nobody was free, the less often."""
    waited = now - (conversation.waiting_since or now)
    return now + max(UNASSIGNED_RETRY, waited // 10)


def _is_waiting_unassigned(conversation: Conversation, rules: BrandSettings) -> bool:
    is_waiting = conversation.status == "open" and bool(conversation.waiting_since)
    return rules.assignment.is_on and is_waiting and not conversation.assignee


def _record(
    actor: Actor, conversation: Conversation, running: Sequence[Deadline], now: int, retry_at: int | None
) -> None:
    """Write the running clocks to the conversation, announce marks reached since the last check, schedule the next."""
    before: Clocks = conversation.clocks or {}
    clocks = _clocks(running, before, now)
    next_check = _next_check(running, now, retry_at)
    if clocks == before and next_check == conversation.look_at:
        return
    unchanged = Conversation.version == conversation.version
    unchanged &= Conversation.clocks == before if before else Conversation.clocks.does_not_exist()
    write = table.changing(
        Conversation(conversation.pk, conversation.sk),
        [
            Conversation.clocks.set(clocks) if clocks else Conversation.clocks.remove(),
            Conversation.look_at.set(next_check) if next_check else Conversation.look_at.remove(),
        ],
        unchanged,
        otherwise=errors.PreconditionFailed,
    )
    entries = [_entry(actor, conversation, deadline, now) for deadline in running if _is_news(deadline, before, now)]
    table.transact(write, *entries, *_reschedule(actor.agency, conversation, next_check))


def _clocks(running: Sequence[Deadline], before: Clocks, now: int) -> dict[str, list[int]]:
    """The clocks that a conversation keeps: all service levels, and other deadlines that reached a mark."""
    clocks = {}
    for deadline in running:
        reached = max(deadline.reached(now), _announced(deadline, before))
        if reached or deadline.name in conversations.SERVICE_LEVELS:
            clocks[deadline.name] = [deadline.due, reached]
    return clocks


def _next_check(running: Sequence[Deadline], now: int, retry_at: int | None) -> int | None:
    """The earliest of the next marks and of the retry; None if nothing is to come."""
    upcoming = [retry_at, *(deadline.next(now) for deadline in running)]
    return min((at for at in upcoming if at), default=None)


def _announced(deadline: Deadline, before: Clocks) -> int:
    """The highest percentage announced for this deadline, even by a check with a faster clock; 0 if the due time
    changed.
    """
    due, reached = before.get(deadline.name, (0, 0))
    return reached if due == deadline.due else 0


def _is_news(deadline: Deadline, before: Clocks, now: int) -> bool:
    reached = deadline.reached(now)
    return reached > _announced(deadline, before) and (deadline.name, reached) in _ACTIONS


def _entry(actor: Actor, conversation: Conversation, deadline: Deadline, now: int) -> table.Write:
    reached = deadline.reached(now)
    after = {"clock": deadline.name, "reached": reached, "due_at": clock.text(deadline.due)}
    action = _ACTIONS[deadline.name, reached]
    return audit.entry(actor, action, conversation.id, now, brand=conversation.brand, after=after)


def _reschedule(agency: str, conversation: Conversation, at: int | None) -> list[table.Write]:
    """For transact: schedules the next check at `at` (ms), and cancels the one that was scheduled before."""
    if at == conversation.look_at:
        return []
    writes = []
    if conversation.look_at:
        writes.append(due.no_longer(agency, conversation.look_at, "check", conversation.id))
    if at:
        writes.append(due.at(agency, at, "check", conversation.id))
    return writes
