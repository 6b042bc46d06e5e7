"""A subscription is looked at again: whatever is told, in whichever order, what is stored is what Stripe says now."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.billing.paying import Paying, of_concern
from tests.support.stripe_side import DAY


def test_who_buys_is_active_with_what_they_bought(paying: Paying) -> None:
    paying.buys(seats=5)
    assert paying.takes(of_concern(paying.told())) == 0
    assert paying.state == "active"
    assert paying.is_now.facts["quantities"] == {"seats": 5}
    assert paying.audited() == ["subscription.start"]
    assert "started" in paying.letters()


def test_who_cannot_pay_is_told_restricted_and_let_in_again_when_they_pay(paying: Paying) -> None:
    paying.buys()
    assert paying.takes(of_concern(paying.told())) == 0
    _fails_until_restricted(paying)
    assert paying.state == "restricted"
    assert {"grace", "restricted"} <= paying.letters()
    paying.pays()
    assert paying.takes(of_concern(paying.told())) == 0
    assert paying.state == "active"
    actions = [action for action in paying.audited() if action != "payment_method.change"]
    assert actions == [f"subscription.{verb}" for verb in ("start", "past_due", "restrict", "restore")]


@pytest.mark.parametrize("seed", range(5))
def test_order_repeats_and_losses_do_not_matter(paying: Paying, seed: int) -> None:
    paying.buys()
    paying.account.control("cards", customer=paying.customer, card="pm_card_chargeCustomerFail")
    paying.account.advance(paying.at, 40 * DAY)
    bodies = of_concern(paying.told()) * 2
    chance = random.Random(seed)
    chance.shuffle(bodies)
    paying.takes(bodies[: len(bodies) // 2 + 1])
    assert paying.state == paying.looks().state == "past_due"
    assert len(set(paying.audited())) == len(paying.audited())


def _fails_until_restricted(paying: Paying) -> None:
    paying.account.control("cards", customer=paying.customer, card="pm_card_chargeCustomerFail")
    for _ in range(8):
        paying.account.advance(paying.at, 7 * DAY)
        assert paying.takes(of_concern(paying.told())) == 0
        paying.looks()


def test_who_pauses_and_goes_on_is_told_so(paying: Paying) -> None:
    paying.buys()
    paying.looks()
    contract = paying.contract()
    paying.account.v1.subscriptions.pause(contract, {"type": "subscription"})
    assert paying.looks().state == "paused"
    paying.account.v1.subscriptions.resume(contract, {"payment_behavior": "resume_on_payment_success"})
    assert paying.takes(of_concern(paying.told())) == 0
    assert paying.audited() == ["subscription.start", "subscription.pause", "subscription.resume"]
    assert {"started", "paused"} <= paying.letters()


def test_who_cancels_takes_it_back_and_cancels_again_is_told_each_time(paying: Paying) -> None:
    paying.buys()
    paying.looks()
    for wish in (True, False, True):
        paying.account.v1.subscriptions.update(paying.contract(), {"cancel_at_period_end": wish})
        assert paying.takes(of_concern(paying.told())) == 0
    for _ in range(10):
        paying.account.advance(paying.at, 4 * DAY)
        paying.looks()
    wanted = ["start", "cancel", "reactivate", "cancel", "end"]
    assert paying.audited()[:5] == [f"subscription.{verb}" for verb in wanted]
    assert {"ending", "ended"} <= paying.letters()


def test_who_buys_more_seats_is_told_what_changed(paying: Paying) -> None:
    paying.buys(seats=3)
    paying.looks()
    [seats] = [item for item in paying.items() if item["price"]["id"] == paying.prices["seats"]]
    paying.account.v1.subscriptions.update(paying.contract(), {"items": [{"id": seats["id"], "quantity": 6}]})
    assert paying.takes(of_concern(paying.told())) == 0
    assert paying.is_now.facts["quantities"] == {"seats": 6}
    assert paying.audited() == ["subscription.start", "subscription.change"]


def test_dispute_is_told_to_owners_and_what_it_ends_with_is_kept(paying: Paying) -> None:
    paying.buys()
    paying.looks()
    charge = paying.account.v1.charges.list({"customer": paying.customer}).data[0].id
    dispute = paying.account.control("disputes", charge=charge)["id"]
    assert paying.takes(of_concern(paying.told())) == 0
    assert paying.is_now.facts["disputes"] == {dispute: "open"}
    assert "dispute_opened" in paying.letters()
    paying.account.control("disputes", dispute=dispute, how="lost")
    assert paying.takes(of_concern(paying.told())) == 0
    assert paying.state == "restricted"
    assert paying.audited() == ["subscription.start", "dispute.open", "subscription.restrict", "dispute.close"]


def test_second_subscription_is_told_and_nothing_is_ended(paying: Paying) -> None:
    paying.buys()
    paying.looks()
    first = paying.contract()
    paying.buys()
    assert paying.takes(of_concern(paying.told())) == 0
    assert paying.is_now.facts["contract"]["id"] == first
    assert paying.audited() == ["subscription.start", "subscription.double"]
    assert "double_subscription" in paying.letters()


def test_who_never_pays_can_only_read_in_the_end(paying: Paying) -> None:
    paying.buys()
    paying.looks()
    paying.account.control("cards", customer=paying.customer, card="pm_card_chargeCustomerFail")
    for _ in range(18):
        paying.account.advance(paying.at, 7 * DAY)
        paying.looks()
    assert paying.state == "suspended"
    assert {"suspend_soon", "suspended"} <= paying.letters()


def test_refresh_takes_three_calls_and_one_in_a_sandbox(paying: Paying) -> None:
    before = len(paying.account.calls())
    paying.looks()
    assert len(paying.account.calls()) - before == 4


@pytest.mark.parametrize("how", ["unavailable", "throttled", "null"])
def test_while_stripe_fails_nothing_is_written_and_all_comes_back(paying: Paying, how: str) -> None:
    """BI-16."""
    paying.buys()
    bodies = of_concern(paying.told())
    paying.account.fails(how)
    assert paying.takes(bodies) == len(bodies)
    assert (paying.state, paying.is_now.refreshed_at, paying.audited()) == ("trialing", 0, [])
    paying.account.goes_on()
    assert paying.takes(bodies) == 0
    assert paying.state == "active"


def test_who_dies_between_asking_and_writing_is_done_by_the_next(paying: Paying) -> None:
    """BI-17."""
    paying.buys()
    bodies = of_concern(paying.told())
    assert paying.takes(bodies) == paying.takes(bodies) == 0  # the queue had not heard that it was done
    assert paying.audited() == ["subscription.start"]


def test_looks_at_the_same_time_end_as_stripe_says(paying: Paying) -> None:
    """BI-18."""
    paying.buys()
    with ThreadPoolExecutor(4) as several:
        states = list(several.map(lambda _: paying.looks().state, range(4)))
    assert set(states) == {"active"}
    assert paying.audited() == ["subscription.start"]


def test_customer_deleted_by_hand_is_an_end_and_stays_known(paying: Paying) -> None:
    """BI-21."""
    paying.buys()
    paying.looks()
    paying.account.v1.customers.delete(paying.customer)
    assert paying.takes(of_concern(paying.told())) == 0
    assert paying.state == "cancelled"
    assert paying.is_known()


def test_all_webhooks_lost_are_healed_by_the_next_look(paying: Paying) -> None:
    """A15."""
    paying.account.control("deliveries", mode="drop")
    paying.buys()
    assert paying.is_now.look_at > 0
    assert paying.looks().state == "active"
