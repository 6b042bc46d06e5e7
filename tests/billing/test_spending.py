"""What is used up: who comes near is told, and who reached it is told, and stopped if they wished so.

Of the plan "team" 5,000 messages are included, and a cap of 100 cents pays for 250 more.
"""

import pytest

from chalicelib import clock
from chalicelib.billing import refreshes, reports
from chalicelib.networks.base import Cost
from chalicelib.plans import gates, records, spending
from chalicelib.store import fence, keys, table
from chalicelib.store.models.plans import StoredSubscription
from tests.billing.metered import Metered

HUNDRED = 100


def wishes(agency: str, overage: str, cap: int | None = HUNDRED) -> None:
    with fence.within(agency):
        actions = [StoredSubscription.overage.set(overage)]
        actions += [StoredSubscription.cap.set(cap)] if cap is not None else []
        table.update(StoredSubscription(agency, keys.SUBSCRIPTION), actions)
        gates.forget(agency)


def may_send(metered: Metered) -> bool:
    with fence.within(metered.agency):
        stored = records.load(metered.agency, metered.now)
        return spending.stopping_limit(stored, records.of(stored), metered.now) is None


def told(metered: Metered) -> set[str]:
    """The letters about what is used up, after a look."""
    with fence.within(metered.agency):
        refreshes.refresh_if_letters_due(metered.agency, metered.now, metered.paying.account.client)
    return {kind for kind in metered.paying.letters() if kind.startswith(("limit", "cap"))}


@pytest.fixture(autouse=True)
def hour_is_over(metered: Metered) -> None:
    metered.later(2 * clock.HOUR)


@pytest.mark.parametrize(
    ("said", "letters"),
    [
        (3_999, set()),
        (4_000, {"limit_near"}),
        (4_999, {"limit_near"}),
        (5_000, {"limit_reached"}),
        (5_250, {"limit_reached", "cap_reached"}),
    ],
)
def test_people_are_told_of_four_fifths_of_all_and_of_their_cap(metered: Metered, said: int, letters: set[str]) -> None:
    wishes(metered.agency, "bill")
    metered.tells({metered.hour: said}, cap=HUNDRED)
    assert told(metered) == told(metered) == letters


# A12
def test_who_wishes_it_sends_nothing_beyond_the_cap_until_that_is_raised(metered: Metered) -> None:
    wishes(metered.agency, "stop_outbound")
    metered.tells({metered.hour: 5_249}, cap=HUNDRED)
    assert may_send(metered)
    metered.tells({metered.hour: 5_250}, cap=HUNDRED)
    assert not may_send(metered)
    wishes(metered.agency, "stop_outbound", cap=2 * HUNDRED)
    assert may_send(metered)


@pytest.mark.parametrize(("overage", "billed"), [("bill", 5_250), ("notify", 6_000), ("stop_outbound", 5_250)])
def test_who_did_not_wish_to_be_stopped_sends_on_and_is_billed_as_they_chose(
    metered: Metered, overage: str, billed: int
) -> None:
    wishes(metered.agency, overage)
    metered.tells({metered.hour: 6_000}, cap=HUNDRED)
    assert metered.meter_has() == {metered.hour: billed}
    assert may_send(metered) is (overage != "stop_outbound")


def test_new_period_begins_with_all_that_the_plan_includes(metered: Metered) -> None:
    wishes(metered.agency, "stop_outbound")
    metered.tells({metered.hour: 6_000}, cap=HUNDRED)
    metered.later(31 * clock.DAY)
    metered.paying.looks()
    assert may_send(metered)


def test_what_networks_charge_is_noted_each_hour_and_told_at_the_cap(metered: Metered) -> None:
    costs = {"reply": (Cost(since="2020-01-01", cost="paid", amount="0.05"),)}
    metered.hears(range(20), direction="out", reply="rpl_1")
    with fence.within(metered.agency):
        row = StoredSubscription(metered.agency, keys.SUBSCRIPTION)
        table.update(row, [StoredSubscription.network_cap.set(HUNDRED)])
        stored = records.load(metered.agency, metered.now)
        reports.note_charges(stored, metered.now, lambda network: costs)
        noted = records.load(metered.agency, metered.now)
    assert list(noted.charged.values()) == [HUNDRED]
    told(metered)
    assert "charges_reached" in metered.paying.letters()
