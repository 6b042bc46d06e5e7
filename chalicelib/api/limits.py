"""How many requests a minute an agency may make, and each of its members and keys.

Each process takes portions from a count that all processes share, and counts them down in its memory. So most requests
cost no write, and callers with few requests cost none at all. Once a limit is reached, requests are refused until the
minute is over.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib import clock, errors
from chalicelib.access.actors import Actor
from chalicelib.store import quota

AGENCY, ACTOR = "agency", "caller"
MOST = {AGENCY: 12_000, ACTOR: 3_000}
_POLICIES = ", ".join(f'"{name}";q={most};w=60' for name, most in MOST.items())
FREE = 20  # of each process, in each minute, before it asks what the others used
_PORTIONS = 50  # a process takes a fiftieth of the limit at a time


@dataclass(frozen=True)
class Allowance:
    """How many requests are left in this minute, as far as this process knows, and in how many seconds the limit is
    full again.
    """

    name: str
    left: int
    seconds: int


@dataclass
class _Share:
    """`left` is how many requests this process may still let pass. `unclaimed` is how many no process has taken yet, as
    far as it knows. `refused` is true once the limit is reached.
    """

    left: int
    unclaimed: int
    refused: bool = False


_shares: dict[tuple[int, str, str], _Share] = {}  # by minute, agency and whose


def count(actor: Actor, now: int) -> Allowance:
    """Counts a request and gives the tighter of the two allowances. Raises TooMany if one of them is used up.

    A request that is refused to a caller does not count for the agency, so nobody uses up their colleagues' share.
    """
    lefts = {ACTOR: _take(actor.agency, actor.member, MOST[ACTOR], now)}
    lefts[AGENCY] = _take(actor.agency, AGENCY, MOST[AGENCY], now)
    name = min(lefts, key=lambda name: lefts[name])
    return Allowance(name, lefts[name], _seconds_left(now))


def headers(allowance: Allowance) -> Mapping[str, str]:
    """https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/"""
    return {
        "RateLimit-Policy": _POLICIES,
        "RateLimit": f'"{allowance.name}";r={allowance.left};t={allowance.seconds}',
    }


def _take(agency: str, whose: str, most: int, now: int) -> int:
    minute = now // clock.MINUTE
    share = _share(minute, agency, whose, most)
    if share.refused:
        raise errors.TooMany(f"The limit of {most} requests a minute is reached.", after=_seconds_left(now))
    if not share.left:
        portion = most // _PORTIONS
        try:
            used = quota.take(agency, f"requests#{whose}", most, now, uses=portion)
        except errors.TooMany:
            share.refused = True
            raise
        share.left, share.unclaimed = portion, max(0, most - used)
    share.left -= 1
    return share.left + share.unclaimed


def _share(minute: int, agency: str, whose: str, most: int) -> _Share:
    key = (minute, agency, whose)
    if key not in _shares:
        for old in [old for old in _shares if old[0] != minute]:
            del _shares[old]
        _shares[key] = _Share(FREE, most - FREE)
    return _shares[key]


def _seconds_left(now: int) -> int:
    return -(-(clock.MINUTE - now % clock.MINUTE) // clock.SECOND)
