"""Events that an endpoint refused while it accepted others: each is retried on its own, ten times in all.

Before a call is made, the attempt is counted and the next one is due: so nothing is lost if the process dies. A retry
names how often the event was tried before, so that if two are asked, only one does it.
"""

from chalicelib import clock
from chalicelib.deliveries import schedule, wakes
from chalicelib.deliveries.portions import Place
from chalicelib.deliveries.wakes import Again
from chalicelib.store import keys, table
from chalicelib.store.models.webhooks import Endpoint, Retry

KEPT_SECONDS = 30 * 24 * 3600


def first(endpoint: Endpoint, event: str, place: Place, tries: int, at: int) -> list[table.Write]:
    """For transact: an event that was tried that many times is retried on its own, next at that time (ms)."""
    agency = keys.agency_of(endpoint.pk)
    retry = Retry(
        keys.within(agency, endpoint.id), keys.retry(event), event=event, number=place.number, index=place.index,
        tries=tries, next_at=at, expires=at // clock.SECOND + KEPT_SECONDS,
    )  # fmt: skip
    return [table.putting(retry), wakes.at(agency, Again(endpoint.id, event, tries), at)]


def find(endpoint: Endpoint, event: str) -> Retry | None:
    return table.get(Retry, keys.within(keys.agency_of(endpoint.pk), endpoint.id), keys.retry(event))


def claim(endpoint: Endpoint, retry: Retry, now: int) -> bool:
    """Counts an attempt before it is made, and makes the next one due. False if somebody else does it already."""
    tries = retry.tries + 1
    wait = schedule.wait(tries, retry.event)
    at = None if wait is None else now + wait
    following = Retry.next_at.set(at) if at else Retry.next_at.remove()
    counted = table.changing(Retry(retry.pk, retry.sk), [Retry.tries.add(1), following], Retry.tries == retry.tries)
    next_one = Again(endpoint.id, retry.event, tries)
    try:
        table.transact(counted, *([wakes.at(keys.agency_of(endpoint.pk), next_one, at)] if at else []))
    except table.Refused:
        return False
    return True


def postpone(endpoint: Endpoint, retry: Retry, at: int) -> None:
    """Moves the next try to that time (ms), without counting an attempt."""
    moved = table.changing(Retry(retry.pk, retry.sk), [Retry.next_at.set(at)], Retry.tries == retry.tries)
    what = Again(endpoint.id, retry.event, retry.tries)
    try:
        table.transact(moved, wakes.at(keys.agency_of(endpoint.pk), what, at))
    except table.Refused:
        return


def forget(endpoint: Endpoint, event: str) -> None:
    """Ends the retries of the event."""
    table.delete(Retry(keys.within(keys.agency_of(endpoint.pk), endpoint.id), keys.retry(event)))
