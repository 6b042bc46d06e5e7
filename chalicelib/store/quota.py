"""How often something may be done: counted per agency and minute, in one conditional write that says yes or no."""

from chalicelib import errors
from chalicelib.store import keys, table
from chalicelib.store.models.requests import Quota

MINUTE = 60_000


def take(agency: str, name: str, most: int, now: int) -> None:
    """One more of at most so many a minute; TooMany, with how long to wait, above that."""
    minute = now // MINUTE
    item = Quota(agency, keys.quota(name, minute))
    more = [Quota.used.add(1), Quota.expires.set((minute + 2) * 60)]
    if not table.update(item, more, Quota.used.does_not_exist() | (Quota.used < most)):
        raise errors.TooMany(f"At most {most} a minute.", after=((minute + 1) * MINUTE - now) / 1000)
