"""Each limit of how often something may be done is refused beyond, and one agency's does not count for another."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.brands.routes import MOST_CHANGES_PER_MINUTE, MOST_NEW_PER_DAY
from chalicelib.people.invitations import MOST_PER_MINUTE
from chalicelib.store import fence, keys, table
from chalicelib.store.models.requests import Quota
from chalicelib.teamwork.routes import MOST_BULK_PER_MINUTE
from chalicelib.transport.intake import MOST_REPLAYS_PER_MINUTE
from tests.support.agencies import founded
from tests.support.answer_contract import Answer
from tests.support.one_of_each import PAST
from tests.support.stack import Agency, Stack, number

BULK = {"ids": ["cnv_00000000000000000000"], "change": {"priority": "high"}}
Ask = Callable[[Agency], Answer]
# By name: the quota's name, how often, in which time, and the request that counts.
LIMITS: dict[str, tuple[Callable[[Agency], str], int, int, Ask]] = {
    "bulk changes of a member": (
        lambda agency: f"bulk#{agency.owner.get('/me')['member']}", MOST_BULK_PER_MINUTE, clock.MINUTE,
        lambda agency: agency.owner.call("POST", "/conversations/bulk", BULK),
    ),
    "replays of an agency": (
        lambda agency: "replay", MOST_REPLAYS_PER_MINUTE, clock.MINUTE,
        lambda agency: agency.owner.call("POST", "/ingest/entries/replay", PAST),
    ),
    "changes of a brand": (
        lambda agency: f"settings#{agency.brand}", MOST_CHANGES_PER_MINUTE, clock.MINUTE,
        lambda agency: agency.owner.call("PATCH", f"/brands/{agency.brand}", {"name": "Anew"}),
    ),
    "new brands of an agency": (
        lambda agency: "brands", MOST_NEW_PER_DAY, clock.DAY,
        lambda agency: agency.owner.call("POST", "/brands", {"name": "One more"}),
    ),
    "invitations of an agency": (
        lambda agency: "invite", MOST_PER_MINUTE, clock.MINUTE,
        lambda agency: agency.owner.call("POST", "/invitations", _invitation(agency)),
    ),
}  # fmt: skip


def _invitation(agency: Agency) -> dict[str, Any]:
    grants = [{"role": "client", "brands": [agency.brand]}]
    return {"email": f"p{number()}@new.example", "grants": grants}


def use_up(agency: Agency, name: str, most: int, period: int) -> None:
    """As if it had been done so often already, in this period and in the next, which may begin meanwhile."""
    count = clock.now() // period
    with fence.within(agency.id):
        for which in (count, count + 1):
            expires = clock.now() // clock.SECOND + 3_600
            table.put(Quota(agency.id, keys.quota(name, which), used=most, expires=expires))


@pytest.mark.parametrize("limit", LIMITS)
def test_what_is_done_too_often_is_refused_and_says_until_when(stack: Stack, limit: str) -> None:
    name, most, period, ask = LIMITS[limit]
    busy, other = (founded(stack, f"Agency {number()}") for _ in range(2))
    assert ask(busy).status < 300
    use_up(busy, name(busy), most, period)
    refused = ask(busy)
    assert refused.problem == (429, "too_many")
    assert 0 < int(refused.headers["retry-after"]) <= period // clock.SECOND
    assert ask(other).status < 300
