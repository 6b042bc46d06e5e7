"""`tick` runs once a minute and does what is due, each item on its own. An item is deleted once it is done."""

from collections import Counter
from collections.abc import Callable, Mapping

from chalicelib import clock, errors, log
from chalicelib.access import actors
from chalicelib.access.actors import Actor
from chalicelib.background import batch
from chalicelib.inbox import conversations
from chalicelib.replies import approvals, replies
from chalicelib.store import due, fence
from chalicelib.store.models.due import Due
from chalicelib.teamwork import escalation, handover, triage

# Lost a race this minute: keep it due, try again at the next tick.
RACE_CODES = ("changed_meanwhile", "stale")
RACE_STATUSES = (412, 429, 503)


def handle() -> None:
    log.line("tick", **batch.counted(run(clock.now())))


def run(now: int) -> Mapping[str, int]:
    """Do what is due at `now`. Gives how many of each kind were done, and as `failed` how many stay due."""
    done: Counter[str] = Counter()
    for due_item in due.now_due(now):
        try:
            with fence.within(due_item.agency):
                _settle(due_item, now)
            done[due_item.kind] += 1
        except Exception as error:  # noqa: BLE001 - the others are due as well; the next tick tries this one again
            log.problem("due_failed", error, kind=due_item.kind)
            done["failed"] += 1
    return done


def _settle(due_item: Due, now: int) -> None:
    try:
        KINDS[due_item.kind](actors.system(due_item.agency), due_item, now)
    except errors.Problem as problem:
        if problem.status in RACE_STATUSES or problem.code in RACE_CODES:
            raise
        log.line("due_settled", kind=due_item.kind, code=problem.code)  # withdrawn, answered or gone: nothing is left
    due.done(due_item)


def _reply(actor: Actor, due_item: Due, now: int) -> None:
    reply = replies.get(actor, due_item.target)
    if reply.state == "approved":
        approvals.send_due(actor, reply, now)


def _snooze(actor: Actor, due_item: Due, now: int) -> None:
    triage.wake(actor, due_item.target, due_item.when, now)


def _expiry(actor: Actor, due_item: Due, now: int) -> None:
    approvals.expire(actor, due_item.target, due_item.when, now)


def _check(actor: Actor, due_item: Due, now: int) -> None:
    """Only queue the check: there may be many, and replies that are due must not wait for them."""
    escalation.queue_check(actor.agency, due_item.target, due_item.when)


def _handover(actor: Actor, due_item: Due, now: int) -> None:
    handover.hand_over(actor.agency, due_item.target, now)


def _brand(actor: Actor, due_item: Due, now: int) -> None:
    """The brand's settings changed: check all of its conversations that are not resolved."""
    for status in conversations.UNRESOLVED:
        escalation.queue_brand_check(actor.agency, due_item.target, status)


KINDS: Mapping[str, Callable[[Actor, Due, int], None]] = {
    "brand": _brand, "check": _check, "expiry": _expiry, "handover": _handover, "reply": _reply, "snooze": _snooze,
}  # fmt: skip
