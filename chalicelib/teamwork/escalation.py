"""Keeps an eye on what runs out in a conversation: warns, hands on, resolves, and comes back when there is more to do.

A look goes by the conversation as it is now, so it may come twice, late or out of order. The table's stream asks for
one whenever something changed that deadlines depend on, and each look asks for the next.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, settings
from chalicelib.access import actors, audit
from chalicelib.access.actors import Actor
from chalicelib.aws import queues
from chalicelib.brands import settings as brand_settings
from chalicelib.brands.settings import BrandSettings
from chalicelib.inbox import conversations
from chalicelib.store import due, keys, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.replies import Reply
from chalicelib.teamwork import assignment, deadlines, rota, triage
from chalicelib.teamwork.deadlines import Deadline

# What deadlines depend on; a later message of somebody who waits already is not among it.
STIRRING = ("waiting_since", "opened_at", "assignee", "status", "priority", "labels")
Clocks = Mapping[str, Sequence[int]]
AGAIN, SOON = 300_000, 30_000
PORTION = 100
_TRIES = 5
_TOLD = {
    ("window", deadlines.CLOSING): "window.warn",
    ("window", deadlines.OVER): "window.close",
    **{(name, percent): "sla.warn" for name in conversations.SERVICE_LEVELS for percent in deadlines.WARNINGS},
    **{(name, deadlines.OVER): "sla.miss" for name in conversations.SERVICE_LEVELS},
}


def depends_on(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """True if a change of a conversation, as the stream tells it, asks for a look."""
    return any(old.get(name) != new.get(name) for name in STIRRING)


def check(agency: str, id: str, now: int) -> None:
    """Do what is to be done in the conversation by now; soon, if others write to it or to its rota all the time."""
    for _ in range(_TRIES):
        conversation = conversations.find(agency, id)
        if conversation is None or not conversation.last_message:
            return
        try:
            _act(actors.system(agency), conversation, now)
        except errors.PreconditionFailed:
            continue
        return
    table.transact(due.at(agency, now + SOON, "look", id))


def ask_for_check(agency: str, id: str, at: int = 0) -> None:
    """Queue a check of the conversation, as it will be at `at` (ms) or later."""
    queues.send(settings.get().followup_queue, {"kind": "check", "agency": agency, "conversation": id, "at": at})


def ask_for_brand(agency: str, brand: str, status: str, after: str = "") -> None:
    """Queue checks of all of a brand's conversations in one status, those whose activity comes after `after`."""
    task = {"kind": "check_brand", "agency": agency, "brand": brand, "status": status, "after": after}
    queues.send(settings.get().followup_queue, task)


def check_portion(agency: str, brand: str, status: str, after: str) -> None:
    """Queue checks of the next 100 conversations of a brand, and the portion after them if there is one."""
    partition = keys.inbox(agency, brand, status)
    portion = list(table.listed(Conversation, partition, after=after, limit=PORTION, only=["pk", "sk", "activity"]))
    for conversation in portion:
        ask_for_check(agency, conversation.id)
    if len(portion) == PORTION:
        ask_for_brand(agency, brand, status, portion[-1].activity)


def _act(actor: Actor, conversation: Conversation, now: int) -> None:
    if conversation.assignee and not assignment.takes(actor.agency, conversation.brand, conversation.assignee):
        assignment.give(actor, conversation, None, now)
        return
    brand = table.get(Brand, actor.agency, keys.noun(conversation.brand), consistent=False)
    asked = brand_settings.of(brand.settings if brand and not brand.archived_at else {})
    running = deadlines.running(conversation, asked, conversations.window_of(conversation))
    over = {deadline.name for deadline in running if deadline.due <= now}
    if "idle" in over:
        triage.change(actor, conversation, {"status": "resolved"}, now)
        return  # which stirs, as giving does: what changed is looked at anew
    wanted = _wants_somebody(conversation, asked) or ("quiet" in over and not _has_proposed(conversation))
    if wanted and rota.place(actor, conversation, asked.assignment, now):
        return
    _note(actor, conversation, running, now, _again(conversation, now) if wanted else None)


def _has_proposed(conversation: Conversation) -> bool:
    """True while a reply of the assignee waits for others: they have moved."""
    waiting = (Reply.author == conversation.assignee) & Reply.state.is_in("pending", "approved")
    return next(table.query(Reply, conversation.pk, keys.REPLIES, where=waiting, consistent=True), None) is not None


def _again(conversation: Conversation, now: int) -> int:
    """When to look for somebody again: the longer nobody was free, the less often."""
    return now + max(AGAIN, (now - (conversation.waiting_since or now)) // 10)


def _wants_somebody(conversation: Conversation, asked: BrandSettings) -> bool:
    waits = conversation.status == "open" and not conversation.assignee and bool(conversation.waiting_since)
    return asked.assignment.is_on and waits


def _note(actor: Actor, conversation: Conversation, running: Sequence[Deadline], now: int, again: int | None) -> None:
    """Write down what runs, tell what was reached since the last look, and say when to look next."""
    before: Clocks = conversation.clocks or {}
    reached = {deadline.name: max(deadline.reached(now), _known(deadline, before)) for deadline in running}
    shown = [
        deadline for deadline in running if deadline.name in conversations.SERVICE_LEVELS or reached[deadline.name]
    ]
    clocks = {deadline.name: [deadline.due, reached[deadline.name]] for deadline in shown}
    upcoming = [at for at in (again, *(deadline.next(now) for deadline in running)) if at]
    next_look = min(upcoming, default=None)
    if clocks == before and next_look == conversation.look_at:
        return
    told = [_entry(actor, conversation, deadline, now) for deadline in running if _is_news(deadline, before, now)]
    same = Conversation.clocks == before if before else Conversation.clocks.does_not_exist()
    write = table.changing(
        Conversation(conversation.pk, conversation.sk),
        [
            Conversation.clocks.set(clocks) if clocks else Conversation.clocks.remove(),
            Conversation.look_at.set(next_look) if next_look else Conversation.look_at.remove(),
        ],
        (Conversation.version == conversation.version) & same,
    )
    try:
        table.transact(write, *told, *_schedule(actor.agency, conversation, next_look))
    except table.Refused as refused:
        raise errors.PreconditionFailed from refused


def _known(deadline: Deadline, before: Clocks) -> int:
    """How far it was told to be, though by a clock ahead of ours; another time to be done by is another deadline."""
    due, reached = before.get(deadline.name, (0, 0))
    return reached if due == deadline.due else 0


def _is_news(deadline: Deadline, before: Clocks, now: int) -> bool:
    return deadline.reached(now) > _known(deadline, before) and (deadline.name, deadline.reached(now)) in _TOLD


def _entry(actor: Actor, conversation: Conversation, deadline: Deadline, now: int) -> table.Write:
    told = {"clock": deadline.name, "reached": deadline.reached(now), "due_at": clock.text(deadline.due)}
    action = _TOLD[deadline.name, deadline.reached(now)]
    return audit.entry(actor, action, conversation.id, now, brand=conversation.brand, after=told)


def _schedule(agency: str, conversation: Conversation, at: int | None) -> list[table.Write]:
    if at == conversation.look_at:
        return []
    gone = [due.no_longer(agency, conversation.look_at, "look", conversation.id)] if conversation.look_at else []
    return [*gone, *([due.at(agency, at, "look", conversation.id)] if at else [])]
