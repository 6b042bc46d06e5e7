"""Changing what is paid for: paid before it is used, as it was promised, once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib import clock, errors
from chalicelib.plans import records
from chalicelib.plans.subscriptions import Contract
from chalicelib.purchases import changes, failures, followups
from chalicelib.store import fence, keys, table
from chalicelib.store.models.plans import StoredHoldings
from local import recount
from tests.billing.paying import Paying
from tests.billing.purchases.conftest import owner
from tests.support.stripe_side import DAY


class Changing:
    """An owner of an agency that pays for the plan "team" with three seats since a third of a month."""

    def __init__(self, paying: Paying) -> None:
        self.paying, self.actor, self.now = paying, owner(paying.agency), clock.now()
        self.client = paying.account.client
        paying.buys()
        paying.account.advance(paying.at, 10 * DAY)
        paying.looks()

    def uses(self, **counts: int) -> None:
        table.put(StoredHoldings(self.actor.agency, keys.HOLDINGS, **counts))

    def previews(self, **wanted: Any) -> Any:
        with failures.as_problems():
            return changes.preview(self.actor, wanted, self.now, self.client)

    def changes(self, token: str, later: int = 0, **wanted: Any) -> None:
        stored = records.load(self.actor.agency, self.now)
        with failures.as_problems():
            changes.change(self.actor, stored, token, wanted, self.now + later, self.client)

    @property
    def contract(self) -> Contract:
        contract = records.of(records.load(self.actor.agency, self.now)).contract
        assert contract
        return contract

    def buys_a_year(self) -> None:
        self.changes(self.previews(interval="year")["preview"], interval="year")

    def follows_up(self, before_turn: int) -> None:
        """So long (ms) before the year ends."""
        frozen = self.client.v1.test_helpers.test_clocks.retrieve(self.paying.at).frozen_time
        self.paying.account.advance(self.paying.at, (self.contract.period_end - before_turn) // 1000 - frozen)
        self.paying.looks()
        followups.follow_up(self.paying.is_now, self.now, self.client)

    def refused(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> errors.Problem:
        with pytest.raises(errors.Problem) as refused:
            act(*args, **kwargs)
        return refused.value

    @property
    def seats(self) -> int:
        return records.of(records.load(self.actor.agency, self.now)).quantities.get("seats", 0)

    def paid(self) -> list[int]:
        wanted: Any = {"customer": self.paying.customer, "status": "paid"}
        return [int(invoice.total) for invoice in self.paying.account.v1.invoices.list(wanted).data]

    def updates(self) -> int:
        """How often Stripe was asked to change what is bought."""
        path = f"/v1/subscriptions/{self.paying.contract()}"
        return sum(1 for call in self.paying.account.calls() if (call["method"], call["path"]) == ("POST", path))


@pytest.fixture
def changing(paying: Paying) -> Iterator[Changing]:
    with fence.within(paying.agency):
        yield Changing(paying)
        recount.in_use(paying.agency)  # some tests say that more is in use than there is


def test_a_seat_costs_what_the_preview_said_and_is_there_at_once(changing: Changing) -> None:
    """A1, the fourth seat"""
    shown = changing.previews(seats=4)
    assert 0 < shown["now"]["total"] < 900
    changing.changes(shown["preview"], seats=4)
    assert changing.seats == 4
    assert changing.paid()[0] == shown["now"]["total"]


def test_going_up_a_plan_is_paid_now_and_coming_down_is_credited(changing: Changing) -> None:
    """A3"""
    up = changing.previews(plan="agency")
    changing.changes(up["preview"], plan="agency")
    assert changing.paid()[0] == up["now"]["total"] > 0
    changing.uses(seats=3, brands=5, channels=1)
    assert changing.refused(changing.previews, plan="team", seats=3, brands=3).code == "does_not_fit"
    changing.uses(seats=3, brands=3, channels=1)
    down = changing.previews(plan="team", seats=3, brands=3)
    assert down["now"]["total"] == 0
    assert down["next"]["total"] < 4900
    changing.changes(down["preview"], plan="team", seats=3, brands=3)
    assert records.of(records.load(changing.actor.agency, changing.now)).plan == "team"
    assert len(changing.paid()) == 2


def test_promise_is_over_of_another_change_or_of_an_earlier_state(changing: Changing) -> None:
    """BI-29"""
    token = changing.previews(seats=4)["preview"]
    assert changing.refused(changing.changes, token, 11 * clock.MINUTE, seats=4).status == 410
    assert changing.refused(changing.changes, token, seats=5).code == "other_preview"
    assert changing.refused(changing.changes, token + "0", seats=4).status == 422
    changing.changes(token, seats=4)
    assert changing.refused(changing.changes, token, seats=4).status == 412
    assert changing.updates() == 1


def test_of_two_who_change_at_once_one_does(changing: Changing) -> None:
    """BI-30"""
    token = changing.previews(seats=4)["preview"]

    def tries(_: int) -> str:
        with fence.within(changing.actor.agency):
            try:
                changing.changes(token, seats=4)
            except errors.PreconditionFailed as late:
                return late.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(tries, range(2))) == ["done", "precondition_failed"]
    assert changing.updates() == 1


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("pm_card_chargeCustomerFail", "card_declined"),
        ("pm_card_authenticationRequired", "payment_action_required"),
    ],
)
def test_what_is_not_paid_is_not_granted(changing: Changing, card: str, code: str) -> None:
    """BI-31, A9"""
    changing.paying.account.control("cards", customer=changing.paying.customer, card=card)
    token = changing.previews(seats=4)["preview"]
    refused = changing.refused(changing.changes, token, seats=4)
    assert (refused.status, refused.code) == (402, code)
    assert "invoice.stripe.com" in refused.more["url"]
    assert changing.seats == 3
    assert changing.refused(changing.previews, seats=5).code == "change_pending"
    changing.paying.account.advance(changing.paying.at, DAY)
    changing.paying.looks()
    assert changing.seats == 3
    assert "change_failed" in changing.paying.letters()
    assert changing.previews(seats=5)["preview"]


def test_change_that_is_paid_on_stripes_page_is_granted_then(changing: Changing) -> None:
    changing.paying.account.control("cards", customer=changing.paying.customer, card="pm_card_authenticationRequired")
    token = changing.previews(seats=4)["preview"]
    url = changing.refused(changing.changes, token, seats=4).more["url"]
    assert changing.paying.account.press(url, "3ds_pass").status == 303
    changing.paying.looks()
    assert changing.seats == 4


@pytest.mark.parametrize(("wanted", "code"), [({"seats": 3}, "nothing_changes"), ({}, "nothing_changes")])
def test_what_changes_nothing_is_refused(changing: Changing, wanted: Any, code: str) -> None:
    assert changing.refused(changing.previews, **wanted).code == code


def test_month_becomes_a_year_at_once(changing: Changing) -> None:
    changing.buys_a_year()
    assert changing.contract.interval == "year"


def test_year_is_followed_by_months_for_who_wishes_so(changing: Changing) -> None:
    changing.buys_a_year()
    shown = changing.previews(interval="month")
    assert (shown["now"]["total"], shown["next"]["total"]) == (0, 4900)
    changing.changes(shown["preview"], interval="month")
    assert changing.refused(changing.previews, interval="month", seats=5).code == "year_runs"
    changing.follows_up(before_turn=4 * clock.HOUR)
    assert (changing.contract.interval, len(changing.paid())) == ("year", 2)
    changing.follows_up(before_turn=2 * clock.HOUR)
    assert (changing.contract.interval, changing.paid()[0]) == ("month", 4900)
    assert records.load(changing.actor.agency, changing.now).wanted is None


def test_year_goes_on_for_who_takes_their_wish_back(changing: Changing) -> None:
    changing.buys_a_year()
    for interval in ("month", "year"):
        changing.changes(changing.previews(interval=interval)["preview"], interval=interval)
    changing.follows_up(before_turn=2 * clock.HOUR)
    assert changing.contract.interval == "year"
    assert changing.refused(changing.previews, interval="year").code == "nothing_changes"


def test_wish_that_came_to_be_done_too_late_is_given_up_and_told(changing: Changing) -> None:
    changing.buys_a_year()
    changing.changes(changing.previews(interval="month")["preview"], interval="month")
    changing.follows_up(before_turn=-clock.HOUR)
    assert changing.contract.interval == "year"
    assert records.load(changing.actor.agency, changing.now).wanted is None
    assert "change_failed" in changing.paying.letters()


def test_who_has_bought_nothing_has_nothing_to_change(fresh: Callable[[], Paying]) -> None:
    agency = fresh().agency
    with fence.within(agency), pytest.raises(errors.Conflict) as refused:
        changes.changeable(records.load(agency, clock.now()))
    assert refused.value.code == "no_subscription"
