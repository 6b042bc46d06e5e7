"""Sends for whoever delivers to an endpoint: at once, in a while by a queue, or later by the clock."""

from typing import Any, NamedTuple

from chalicelib import clock, log
from chalicelib.aws import queues
from chalicelib.aws.queues import Task
from chalicelib.deliveries.sending import Send
from chalicelib.store import due, keys, table
from chalicelib.store.models.webhooks import Endpoint

LONGEST_DELAY = 15 * clock.MINUTE  # of a queue


class Again(NamedTuple):
    """An endpoint, or one event of it that was tried so many times, which is to be tried again."""

    endpoint: str
    event: str = ""
    tries: int = 0

    @property
    def target(self) -> str:
        """The wake as the clock keeps it; `again` reads it."""
        return f"{self.endpoint}|{self.event}|{self.tries}"


def again(target: str) -> Again:
    endpoint, event, tries = target.split("|")
    return Again(endpoint, event, int(tries))


def task(agency: str, endpoint: str, once: str, kind: str = "news", **more: Any) -> Task:
    """To go on delivering to an endpoint, or to do something else there; the same `once` is done once.

    The tasks of an endpoint are done one after another.
    """
    body = {"kind": kind, "agency": agency, "endpoint": endpoint, **more}
    return Task("deliveries", body, group=endpoint, once=f"{endpoint}#{once}")


def now(endpoint: Endpoint, moment: int) -> None:
    """Has what is due at the endpoint delivered at once; `moment` (ms) tells one call from another."""
    queues.send(task(keys.agency_of(endpoint.pk), endpoint.id, f"asked#{moment}"))


def at(agency: str, what: Again, when: int) -> table.Write:
    """For transact: have it tried at that time (ms)."""
    return due.at(agency, when, "webhook", what.target)


def soon(agency: str, what: Again, wait: int, send: Send) -> None:
    """Have it tried in so many ms, if that is soon. The clock knows of it as well, to the minute."""
    if wait <= LONGEST_DELAY:
        body = {"kind": "webhook", "agency": agency, "target": what.target}
        try:
            send(Task("followup", body, group=agency, delay=-(-wait // clock.SECOND)))
        except queues.NotSent as error:
            log.problem("webhook_waits", error)


def forward(agency: str, target: str, now: int, send: Send = queues.send) -> None:
    """It is time to try an endpoint, or an event of it, again: send whoever delivers to it."""
    what, once = again(target), f"{target}#{now // clock.SECOND}"
    kind = "again" if what.event else "news"
    send(task(agency, what.endpoint, once, kind, target=target))
