"""Limits how often an agency may do something in a minute. One conditional write counts it and decides."""

from chalicelib import clock, errors
from chalicelib.store import keys, table
from chalicelib.store.models.requests import Quota


def take(agency: str, name: str, most: int, now: int, *, uses: int = 1) -> int:
    """Counts uses, and gives how many there were in this minute; the last portion may exceed `most`.

    Raises TooMany, with the seconds to wait, if there were `most` already.
    """
    minute = now // clock.MINUTE
    quota = Quota(agency, keys.quota(name, minute))
    expires_seconds = (minute + 2) * 60
    actions = [Quota.used.add(uses), Quota.expires.set(expires_seconds)]
    if not table.update(quota, actions, Quota.used.does_not_exist() | (Quota.used < most)):
        raise errors.TooMany(f"At most {most} a minute.", after=((minute + 1) * clock.MINUTE - now) / clock.SECOND)
    return quota.used
