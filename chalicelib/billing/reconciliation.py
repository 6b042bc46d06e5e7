"""Compares once a day what Stripe's meter has with what we counted, hour by hour, and reports again what differs.

If an hour still differs a day later, an alarm is raised, and both numbers are stored.
"""

from typing import Any

from chalicelib import clock, log
from chalicelib.billing import refreshes, reports, stripe
from chalicelib.plans import allowances
from chalicelib.store import due, table
from chalicelib.store.models.plans import Reported

SETTLED = 3 * clock.HOUR  # by then the meter's sums have what it was told
_STILL = 20 * clock.HOUR


def check(agency: str, now: int, *, client: Any = None) -> int:
    """Reports what was counted late, and again what the meter does not have; makes the next morning's check due.

    Gives how many hours differ.
    """
    given = client or refreshes.client()
    stored, subscription = reports.current(agency, now, given)
    contract = subscription.contract
    if not contract or not allowances.is_billed(contract):
        return 0
    due.ask(agency, reports.next_comparison(agency, now), reports.DUE_CHECK, agency)
    end = (now - SETTLED) // clock.HOUR * clock.HOUR
    since = max(contract.usage_since, now - allowances.REACH)
    start = -(-since // clock.HOUR) * clock.HOUR
    if start >= end:
        return 0
    reports.send_hours(stored, subscription, reports.messages_by_hour(agency, start, end), now, given)
    usage = stripe.metered_usage(given, subscription.customer, start, end)
    wanted = reports.rows(agency, range(start, end, clock.HOUR))
    differing = 0
    for hour in sorted({*usage, *wanted}):
        row = wanted.get(hour) or reports.blank(agency, hour)
        if row.sent_at <= now - SETTLED or hour not in wanted:
            differing += _correct(row, usage.get(hour, 0), subscription.customer, now, given)
    return differing


def _correct(row: Reported, seen: int, customer: str, now: int, client: Any) -> bool:
    """Reports the hour again if the meter has another value. True if it has."""
    if seen == row.value:
        if row.differs_since:
            table.update(row, [Reported.differs_since.remove(), Reported.seen.remove()])
        return False
    if row.differs_since and row.differs_since < now - _STILL:
        log.line("usage_differs", hour=row.hour, value=row.value, seen=seen)
        log.count("usage_differs")
    before, row.revision = row.revision, row.revision + 1
    row.differs_since, row.seen = row.differs_since or now, seen
    if table.put(row, Reported.pk.does_not_exist() | (Reported.revision == before)):
        reports.send_hour(row, customer, now, client)
    return True
