"""The messages that an agency sends in a month (UTC), counted in the transactions that queue them.

They are counted only for plans that limit them. A queued message counts even if the network refuses it.
"""

from chalicelib import clock
from chalicelib.plans import entitlements, gates, records, spending
from chalicelib.plans.plans import Excess
from chalicelib.store import due, keys, table
from chalicelib.store.models.requests import Quota

_KEPT = 62 * clock.DAY


def count(agency: str, number: int, now: int, *, may_pay: bool = False) -> list[table.Write]:
    """For transact: counts `number` more messages. Raises PaymentRequired if the plan allows no more this month.

    Near the limit a look at the subscription becomes due, which sends a letter.
    """
    if gates.limits(agency, now).sent is None:
        return []
    given = gates.read_entitlements(agency, now)  # who has just bought a plan is not limited any more
    limit = given.limits.sent
    if limit is None:
        return []
    used = spending.sent(agency, now) + number
    refused = entitlements.refusal(given, Excess("sent", limit, used - number), may_pay=may_pay)
    if used > limit:
        raise refused
    row = Quota(agency, keys.quota("sent", spending.month(now)))
    actions = [Quota.used.add(number), Quota.expires.set((now + _KEPT) // clock.SECOND)]
    has_space = Quota.used.does_not_exist() | (Quota.used <= limit - number)
    writes = [table.changing(row, actions, has_space, otherwise=refused)]
    is_near = used * 100 >= limit * spending.NEAR
    return [*writes, due.at(agency, now, records.DUE, agency)] if is_near else writes
