"""Starts deliveries to an endpoint: at once or soon by a queue, or later when they are due."""

from typing import Any, NamedTuple

from chalicelib import clock, log
from chalicelib.aws import queues
from chalicelib.aws.queues import Task
from chalicelib.deliveries.sending import Send
from chalicelib.store import due, keys, table
from chalicelib.store.models.webhooks import Endpoint

LONGEST_DELAY = 15 * clock.MINUTE  # of a queue


class Again(NamedTuple):
    """What to try again: an endpoint, or one of its events that was tried that many times."""

    endpoint: str
    event: str = ""
    tries: int = 0

    @property
    def target(self) -> str:
        """The text under which this is due; `read_target` reads it."""
        return f"{self.endpoint}|{self.event}|{self.tries}"


def read_target(target: str) -> Again:
    endpoint, event, tries = target.split("|")
    return Again(endpoint, event, int(tries))


def task(agency: str, endpoint: str, once: str, kind: str = "news", **more: Any) -> Task:
    """The task to continue delivering to an endpoint, or with another `kind` to do something else there. The same
    `once` is done once.

    The tasks of an endpoint are done one after another.
    """
    body = {"kind": kind, "agency": agency, "endpoint": endpoint, **more}
    return Task("deliveries", body, group=endpoint, once=f"{endpoint}#{once}")


def at_once(endpoint: Endpoint, moment: int) -> None:
    """Starts what is due at the endpoint at once; `moment` (ms) distinguishes calls."""
    queues.send(task(keys.agency_of(endpoint.pk), endpoint.id, f"asked#{moment}"))


def at(agency: str, what: Again, when: int) -> table.Write:
    """For transact: makes it due at that time (ms)."""
    return due.at(agency, when, "webhook", what.target)


def soon(agency: str, what: Again, wait: int, send: Send) -> None:
    """Queues it for in that many ms, if a queue can wait so long. It is due at that time as well, to the minute."""
    if wait <= LONGEST_DELAY:
        body = {"kind": "webhook", "agency": agency, "target": what.target}
        try:
            send(Task("followup", body, group=agency, delay=-(-wait // clock.SECOND)))
        except queues.NotSent as error:
            log.problem("webhook_waits", error)


def forward(agency: str, target: str, now: int, send: Send = queues.send) -> None:
    """An endpoint, or an event of it, is due to be tried again: queues the task."""
    what, once = read_target(target), f"{target}#{now // clock.SECOND}"
    kind = "again" if what.event else "news"
    send(task(agency, what.endpoint, once, kind, target=target))
