"""The clock's tick, once a minute: whatever is due by then is done, each thing on its own, and forgotten once it is."""

from collections import Counter
from collections.abc import Callable, Mapping

from chalicelib import errors, log
from chalicelib.api import actor as actors
from chalicelib.api.actor import Actor
from chalicelib.inbox import approval, reply, watch, work
from chalicelib.store import due
from chalicelib.store.models import Due

Work = Callable[[Actor, Due, int], None]


def run(now: int) -> Mapping[str, int]:
    """Do all that is due; gives how many of each kind, and how many failed and stay due."""
    done: Counter[str] = Counter()
    for item in due.now_due(now):
        try:
            WORK[item.kind](actors.clockwork(item.agency), item, now)
        except errors.Problem as settled:  # withdrawn, answered or gone meanwhile: nothing is left to do
            log.line("due_settled", kind=item.kind, code=settled.code)
        except Exception as error:  # noqa: BLE001 - the others are due as well; the next tick tries this one again
            log.problem("due_failed", error, kind=item.kind)
            done["failed"] += 1
            continue
        due.done(item)
        done[item.kind] += 1
    return done


def _reply(actor: Actor, item: Due, now: int) -> None:
    found, _ = reply.get(actor, item.target)
    if found.state == "approved":
        approval.due(actor, found, now)


def _snooze(actor: Actor, item: Due, now: int) -> None:
    work.wake(actor, item.target, int(item.when), now)


def _look(actor: Actor, item: Due, now: int) -> None:
    watch.look(actor.agency, item.target, now)


WORK: Mapping[str, Work] = {"look": _look, "reply": _reply, "snooze": _snooze}
