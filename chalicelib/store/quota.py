"""Limits how often something may be done in a second, minute, hour or day. One conditional write counts and decides."""

from chalicelib import clock, errors
from chalicelib.store import keys, table
from chalicelib.store.models.requests import Quota

_NAMES = {clock.SECOND: "second", clock.MINUTE: "minute", clock.HOUR: "hour", clock.DAY: "day"}


def used(agency: str, name: str, now: int, *, period: int) -> int:
    quota = table.get(Quota, agency, keys.quota(name, now // period))
    return quota.used if quota else 0


def take(agency: str, name: str, most: int, now: int, *, uses: int = 1, period: int = clock.MINUTE) -> int:
    """Counts uses, and returns how many there were in this period; the last call may bring the count above `most`.

    Raises TooMany, with the seconds to wait, if there were `most` already.
    """
    count = now // period
    quota = Quota(agency, keys.quota(name, count))
    expires_seconds = (count + 2) * period // clock.SECOND
    actions = [Quota.used.add(uses), Quota.expires.set(expires_seconds)]
    if not table.update(quota, actions, Quota.used.does_not_exist() | (Quota.used < most)):
        after = ((count + 1) * period - now) / clock.SECOND
        raise errors.TooMany(f"The limit of {most} per {_NAMES[period]} is reached. Try again later.", after=after)
    return quota.used
