"""What is in use is counted by whoever begins and ends it; the last seat is had by one of two."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib import clock, errors, settings
from chalicelib.channels.channels import Owner
from chalicelib.plans import gates, holdings, plans, records
from chalicelib.store import fence, keys, table
from chalicelib.store.models.plans import StoredSubscription
from local import recount
from tests.support.agencies import founded
from tests.support.stack import Stack, number


@pytest.fixture
def agency(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An agency on trial, where billing is on."""
    monkeypatch.setenv("BILLING", "on")
    settings.get.cache_clear()
    id = f"agc_{number()}"
    with fence.within(id):
        yield id
    settings.get.cache_clear()


def takes(agency: str, name: holdings.Name, delta: int = 1) -> None:
    table.transact(*holdings.change(agency, name, delta, clock.now()))


def test_no_more_than_the_plan_allows(agency: str) -> None:
    most = plans.TRIAL.limits.brands or 0
    for _ in range(most):
        takes(agency, "brands")
    with pytest.raises(errors.PaymentRequired) as refused:
        takes(agency, "brands")
    assert refused.value.code == "limit_reached"
    assert refused.value.more["limit"] == {"name": "brands", "allowed": most, "used": most, "plan": "team"}
    takes(agency, "brands", -1)
    takes(agency, "brands")


def test_two_take_the_last_seat_and_one_gets_it(agency: str) -> None:
    """BI-32."""
    takes(agency, "seats", 2)

    def joins(_: int) -> str:
        with fence.within(agency):
            try:
                takes(agency, "seats")
            except errors.PaymentRequired as refused:
                return refused.code
            return "in"

    with ThreadPoolExecutor(4) as several:
        assert sorted(several.map(joins, range(4))) == ["in", *["limit_reached"] * 3]
    assert records.holdings(agency).seats == 3


def test_who_has_just_bought_more_gets_it(agency: str) -> None:
    takes(agency, "seats", 3)
    assert gates.allows(agency, "grow", clock.now())
    stored = records.load(agency, clock.now())
    facts: Any = {**stored.facts, "quantities": {"seats": 4}}
    table.update(StoredSubscription(agency, keys.SUBSCRIPTION), [StoredSubscription.facts.set(facts)])
    takes(agency, "seats")
    with pytest.raises(errors.PaymentRequired):
        takes(agency, "seats")


def test_where_billing_is_off_there_is_no_limit(owner: Owner) -> None:
    """A17."""
    settings.get.cache_clear()
    before = records.holdings(owner.agency).channels
    takes(owner.agency, "channels", 500)
    takes(owner.agency, "channels", -500)
    assert records.holdings(owner.agency).channels == before


def test_recount_mends_what_was_counted_otherwise(stack: Stack) -> None:
    agency = founded(stack, "Counted").id
    right = recount.in_use(agency)
    assert right.endswith("as counted")
    with fence.within(agency):
        takes(agency, "seats", 5)
    assert recount.in_use(agency) == right.replace("as counted", "mended")
    assert recount.in_use(agency) == right


def test_recount_mends_an_agency_in_which_nothing_else_was_ever_counted(agency: str) -> None:
    takes(agency, "seats", 2)
    assert recount.in_use(agency) == "0 seats, 0 brands, 0 channels, mended"
    assert recount.in_use(agency) == "0 seats, 0 brands, 0 channels, as counted"


def test_client_who_looks_on_takes_no_seat() -> None:
    assert holdings.seats([{"role": "client", "brands": ["brd_1"]}]) == 0
    assert holdings.seats([{"role": "client", "brands": None}, {"role": "moderator", "brands": None}]) == 1
