"""The clock's tick, once a minute: whatever is due by then is done, each thing on its own, and forgotten once it is."""

from collections import Counter
from collections.abc import Callable, Mapping

from chalicelib import errors, log, queues, settings
from chalicelib.api import actor as actors
from chalicelib.api.actor import Actor
from chalicelib.inbox import approval, leaving, reply, work
from chalicelib.store import due, fence, keys
from chalicelib.store.models import Due

Work = Callable[[Actor, Due, int], None]
HAPPENING = ("changed_meanwhile", "stale")  # right now, and it was not seen in time: the next tick sees it
PASSING = (412, 429, 503)  # somebody was faster, or something was busy: it is still to be done


def run(now: int) -> Mapping[str, int]:
    """Do all that is due; gives how many of each kind, and how many failed and stay due."""
    done: Counter[str] = Counter()
    for item in due.now_due(now):
        try:
            with fence.within(item.agency):
                _settle(item, now)
            done[item.kind] += 1
        except Exception as error:  # noqa: BLE001 - the others are due as well; the next tick tries this one again
            log.problem("due_failed", error, kind=item.kind)
            done["failed"] += 1
    return done


def _settle(item: Due, now: int) -> None:
    try:
        WORK[item.kind](actors.clockwork(item.agency), item, now)
    except errors.Problem as problem:
        if problem.status in PASSING or problem.code in HAPPENING:
            raise
        log.line("due_settled", kind=item.kind, code=problem.code)  # withdrawn, answered or gone: nothing is left
    due.done(item)


def _reply(actor: Actor, item: Due, now: int) -> None:
    found, _ = reply.get(actor, item.target)
    if found.state == "approved":
        approval.due(actor, found, now)


def _snooze(actor: Actor, item: Due, now: int) -> None:
    work.wake(actor, item.target, int(item.when), now)


def _expiry(actor: Actor, item: Due, now: int) -> None:
    approval.expire(actor, item.target, int(item.when), now)


def _look(actor: Actor, item: Due, now: int) -> None:
    """Looks may be many, and nobody's reply waits behind them."""
    task = {"pk": keys.within(actor.agency, item.target), "sk": keys.CONVERSATION, "at": int(item.when)}
    queues.send(settings.get().followup_queue, task)


def _leaving(actor: Actor, item: Due, now: int) -> None:
    leaving.settle(actor.agency, item.target, now)


def _brand(actor: Actor, item: Due, now: int) -> None:
    """A brand asks for other things than before: all that is under way there is looked at anew."""
    for status in ("open", "pending", "snoozed"):
        task = {"pk": keys.within(actor.agency, item.target), "sk": keys.BRAND, "status": status}
        queues.send(settings.get().followup_queue, task)


WORK: Mapping[str, Work] = {
    "brand": _brand, "expiry": _expiry, "leaving": _leaving, "look": _look, "reply": _reply, "snooze": _snooze,
}  # fmt: skip
