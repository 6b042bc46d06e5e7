"""Reports to Stripe's meter how many messages were said, hour by hour: first stored, then reported, then marked as
reported.

If the process dies in between, the very same event is repeated, which Stripe recognises by its identifier. If an hour's
number changes later, it is reported again as the next revision, which replaces the earlier one at the meter.
"""

import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib import clock, errors, log
from chalicelib.billing import refreshes, stripe
from chalicelib.brands import brands
from chalicelib.figures import charges, hours
from chalicelib.plans import allowances, records, spending
from chalicelib.plans.subscriptions import Contract, Subscription
from chalicelib.store import due, keys, table
from chalicelib.store.models.plans import Metered, Reported, StoredSubscription

DUE, DUE_CHECK = "usage", "usage_check"  # the kinds of work that report, and that compare
BILLED = ("in", "out")
BACK = 4 * clock.HOUR  # hours so young may have changed; what changes later is seen once a day
_LATE, _MORNING = 10 * clock.MINUTE, 4 * clock.HOUR
_MOST_ATTEMPTS, _MOST_PERIODS = 5, 3
_LATEST_SECOND = 3599
_KEPT = 400 * clock.DAY


def turn_at(agency: str, hour: int, now: int) -> int:
    """When that hour is reported: some minutes after an hour ends, spread over the agencies."""
    return _next(max(now, hour + clock.HOUR), clock.HOUR, _LATE + _spread(agency, 20))


def next_comparison(agency: str, now: int) -> int:
    """When the agency's usage is compared next."""
    return _next(now, clock.DAY, _MORNING + _spread(agency, 60))


def _next(after: int, every: int, late: int) -> int:
    return (after - late) // every * every + every + late


def _spread(agency: str, minutes: int) -> int:
    return zlib.crc32(agency.encode()) % minutes * clock.MINUTE


def report_usage(agency: str, now: int, *, client: Any = None) -> int:
    """Reports what changed in the last hours that are over, and makes the comparison in the morning due.

    Gives how many hours were reported.
    """
    given = client or refreshes.client()
    stored, subscription = current(agency, now, given)
    note_charges(stored, now)
    if not allowances.is_billed(subscription.contract):
        return 0
    due.ask(agency, next_comparison(agency, now), DUE_CHECK, agency)
    end = now // clock.HOUR * clock.HOUR
    count = send_hours(stored, subscription, messages_by_hour(agency, end - BACK, end), now, given)
    refreshes.refresh_if_letters_due(agency, now, given)
    return count


def note_charges(stored: StoredSubscription, now: int, lists: charges.Lists = charges.costs_of) -> None:
    """Stores what networks charged this month, if the agency has a cap on that."""
    if stored.network_cap is None:
        return
    month = spending.month(now)
    cents = int(charges.spent(stored.pk, month, now, lists=lists) * 100)
    noted = StoredSubscription.charged.set({allowances.period(month): cents})
    table.update(StoredSubscription(stored.pk, keys.SUBSCRIPTION), [noted])


def current(agency: str, now: int, client: Any) -> tuple[StoredSubscription, Subscription]:
    """The subscription, refreshed if its usage period is over."""
    stored = records.load(agency, now)
    contract = records.of(stored).contract
    if contract and allowances.is_billed(contract) and contract.usage_until <= now:
        stored = refreshes.refresh(agency, now, client=client)
    return stored, records.of(stored)


def messages_by_hour(agency: str, start: int, end: int) -> dict[int, int]:
    """How many messages were said for the agency in each hour of that time; hours without any are left out."""
    sums: dict[int, int] = {}
    for brand in brands.billed(agency):
        for row in hours.between(agency, brand, start, end, consistent=True):
            number = sum(count for cell, count in hours.of(row).items() if cell.kind in BILLED)
            sums[row.hour] = sums.get(row.hour, 0) + number
    return sums


def send_hours(
    stored: StoredSubscription, subscription: Subscription, said: Mapping[int, int], now: int, client: Any
) -> int:
    """Reports the hours for which Stripe does not have the right number. Raises a stripe.Failure; then the rest is
    left.
    """
    contract = subscription.contract
    if not contract or not allowances.is_billed(contract) or not subscription.customer:
        return 0
    # Who only wants to be told of the cap is billed for all.
    most, count = None if stored.overage == "notify" else allowances.allowed(contract, stored.cap), 0
    for hour in sorted(said):
        row = store_hour(stored.pk, contract, hour, said[hour], most, now)
        if row.sent_revision < row.revision:
            send_hour(row, subscription.customer, now, client)
            count += 1
    return count


def store_hour(agency: str, contract: Contract, hour: int, number: int, most: int | None, now: int) -> Reported:
    """Stores what is to be billed of an hour, together with the sum of its period, which the cap bounds."""
    for _ in range(_MOST_ATTEMPTS):
        metered = table.get(Metered, *_key(agency)) or Metered(*_key(agency))
        row = table.get(Reported, *_key(agency, hour)) or blank(agency, hour)
        if row.counted == number:
            return row
        period = _period(metered, contract, hour)
        value = row.value
        if allowances.takes(contract, hour, now):
            value = allowances.value(number, row.value, metered.sums.get(period, 0), most)
        if value < number:
            log.line("usage_unbilled", hour=hour, unbilled=number - value)
        sums = _add_to_period(metered.sums, period, value - row.value)
        counted = _add_to_period(metered.counted, period, number - row.counted)
        fresh = Metered(metered.pk, metered.sk, sums=sums, counted=counted, version=metered.version + 1)
        before, row.counted, row.revision = row.revision, number, row.revision + (value != row.value)
        row.value = value
        if _write_both(row, before, fresh):
            return row
    raise errors.Unavailable("Others are reporting the usage at the same time. Try again.")


def _add_to_period(sums: Mapping[str, int], period: str, more: int) -> dict[str, int]:
    """The sums of the last three periods, with `more` added to one of them."""
    after = {**sums, period: sums.get(period, 0) + more}
    return {each: after[each] for each in sorted(after)[-_MOST_PERIODS:]}


def _write_both(row: Reported, before: int, fresh: Metered) -> bool:
    """Writes both or neither; False if somebody else wrote one of them meanwhile."""
    version = Metered.version == fresh.version - 1 if fresh.version > 1 else Metered.pk.does_not_exist()
    unchanged = Reported.pk.does_not_exist() | (Reported.revision == before)
    try:
        table.transact(table.putting(fresh, version), table.putting(row, unchanged))
    except table.Refused:
        return False
    return True


def send_hour(row: Reported, customer: str, now: int, client: Any) -> None:
    """Reports an hour to the meter, and marks it as reported."""
    identifier = f"{keys.agency_of(row.pk)}:m:{row.hour}:{row.revision}"
    # Within the hour, and later for each revision: whatever "newest" means to the meter, the last revision is it.
    at = row.hour + min(row.revision, _LATEST_SECOND) * clock.SECOND
    stripe.send_usage(client, customer, identifier, at, row.value)
    noted = [Reported.sent_revision.set(row.revision), Reported.sent_at.set(now)]
    table.update(row, noted, Reported.revision == row.revision)


def rows(agency: str, wanted: Iterable[int]) -> dict[int, Reported]:
    """The reports of these hours, by hour."""
    stored = table.many(Reported, [_key(agency, hour) for hour in wanted])
    return {row.hour: row for row in stored}


def blank(agency: str, hour: int) -> Reported:
    """The row of an hour that was not billed or reported yet."""
    return Reported(*_key(agency, hour), hour=hour, expires=(hour + _KEPT) // clock.SECOND)


def _key(agency: str, hour: int | None = None) -> tuple[str, str]:
    return keys.within(agency, keys.BILLING), keys.METERED if hour is None else keys.hour(hour, keys.REPORTED)


def _period(metered: Metered, contract: Contract, hour: int) -> str:
    """The beginning of the period that the hour belongs to, as far as it is known."""
    known = [contract.usage_since, *map(int, metered.sums)]
    return allowances.period(max((start for start in known if start <= hour), default=0))
