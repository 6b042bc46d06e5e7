"""Each line of the table of states, and each rule about what Stripe says oddly."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.billing import states
from chalicelib.billing.snapshots import Snapshot
from chalicelib.plans import plans, subscriptions
from chalicelib.plans.subscriptions import Subscription
from tests.billing.stripe_objects import (
    FEW,
    MANY,
    NOW,
    PERIOD_END,
    ended,
    invoice,
    item,
    paused,
    snapshot,
    subscription,
)

DAY = clock.DAY
OVER = Subscription("agn_1", trial_ends_at=NOW - DAY)
NEW = subscriptions.founded("agn_1", NOW)


def decide(before: Subscription, seen: Snapshot | None, *, few: bool = True, days: float = 0) -> Subscription:
    return states.decide(before, seen, FEW if few else MANY, NOW + int(days * DAY))


def pausing(type: str) -> Snapshot:
    return snapshot(subscription("paused", **paused(type)))


def ending(reason: str | None, days_ago: float = 1) -> Snapshot:
    return snapshot(subscription("canceled", **ended(reason, days_ago)))


UNPAID, DISPUTED = "restricted restricted payment_failed", "restricted restricted dispute_lost"
TRIAL_OVER = "restricted restricted trial_ended"
PAYS_LATE = snapshot(subscription("past_due"), invoices=(invoice(5),))
LINES = {
    "founded": (NEW, None, True, "trialing full "),
    "trial over, fits": (OVER, None, True, "free full "),
    "trial over, does not fit": (OVER, None, False, TRIAL_OVER),
    "active": (OVER, snapshot(subscription()), False, "active full "),
    "trial with a card": (OVER, snapshot(subscription("trialing")), False, "active full "),
    "past due": (OVER, PAYS_LATE, False, "past_due full payment_failed"),
    "grace over": (OVER, snapshot(subscription("past_due"), invoices=(invoice(21),)), True, UNPAID),
    "unpaid": (OVER, snapshot(subscription("unpaid")), True, UNPAID),
    "paused by us": (OVER, pausing("pause_requested"), True, "paused restricted pause_requested"),
    "paused, first payment": (OVER, pausing("first_payment_failure"), True, UNPAID),
    "paused, last payment": (OVER, pausing("final_payment_failure"), True, UNPAID),
    "paused, trial": (OVER, pausing("trial_end_without_payment_method"), True, TRIAL_OVER),
    "ended unpaid": (OVER, ending("payment_failed"), True, UNPAID),
    "ended disputed": (OVER, ending("payment_disputed"), True, "restricted restricted payment_disputed"),
    "restricted for long": (OVER, ending("payment_failed", 60), True, "suspended read_only payment_failed"),
    "cancelled": (OVER, ending("cancellation_requested", 29), True, "cancelled restricted cancelled"),
    "long cancelled, fits": (OVER, ending(None, 30), True, "free full "),
    "long cancelled, does not": (OVER, ending(None, 30), False, "cancelled read_only cancelled"),
    "checkout left": (NEW, snapshot(subscription("incomplete")), True, "trialing full "),
    "checkout over": (NEW, snapshot(subscription("incomplete_expired")), True, "trialing full "),
    "dispute lost": (OVER, snapshot(subscription(), disputes={"dp_1": "lost"}), True, DISPUTED),
}  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_each_line_of_the_table(line: str) -> None:
    before, seen, few, expected = LINES[line]
    after = decide(before, seen, few=few)
    assert f"{after.state} {after.level} {after.reason}" == expected


def test_every_state_and_level_is_reached_by_the_table() -> None:
    reached = [expected.split(" ") for *_, expected in LINES.values()]
    assert {state for state, *_ in reached} == set(subscriptions.STATES)
    assert {level for _, level, _ in reached} == set(subscriptions.LEVELS)


def test_grace_ends_three_weeks_after_the_oldest_open_invoice() -> None:
    after = decide(OVER, PAYS_LATE)
    assert after.grace_until == NOW + 16 * DAY
    assert decide(after, None, days=15.9).state == "past_due"
    late = decide(after, None, days=40)
    assert (late.state, late.since, late.suspends_at) == ("restricted", NOW + 16 * DAY, NOW + 76 * DAY)


def test_past_due_without_an_open_invoice_has_grace_from_when_we_heard() -> None:
    after = decide(OVER, snapshot(subscription("past_due")))
    again = decide(after, snapshot(subscription("past_due")), days=3)
    assert after.grace_until == again.grace_until == NOW + 21 * DAY


def test_an_invoice_of_another_subscription_shortens_no_grace() -> None:
    after = decide(OVER, snapshot(subscription("past_due"), invoices=(invoice(90, "sub_old"), invoice(1))))
    assert after.grace_until == NOW + 20 * DAY


def test_suspension_counts_from_what_stripe_tells_whatever_we_heard_before() -> None:
    owed = (invoice(5),)
    unpaid = decide(OVER, snapshot(subscription("unpaid"), invoices=owed))
    row = decide(unpaid, snapshot(subscription("canceled", **ended("payment_failed", -30)), invoices=owed), days=31)
    assert unpaid.suspends_at == row.suspends_at == NOW + 76 * DAY
    assert (decide(row, None, days=75.9).state, decide(row, None, days=76).state) == ("restricted", "suspended")


def test_who_pays_is_back_at_once_from_wherever() -> None:
    row = decide(OVER, ending("payment_failed", 99), few=False)
    back = decide(row, snapshot(subscription("active", id="sub_2")), few=False)
    assert (row.level, back.state, back.level, back.suspends_at) == ("read_only", "active", "full", 0)
    assert back.restored_at == 0  # a beginning, and told as one


def test_a_failed_payment_lowers_no_quantity() -> None:
    paying = decide(OVER, snapshot(subscription()))
    for status in ("past_due", "unpaid"):
        failed = decide(paying, snapshot(subscription(status), invoices=(invoice(40),)))
        assert failed.quantities == paying.quantities == {"seats": 4, "brands": 3}
        assert failed.plan == "team"


def test_a_trial_has_the_limits_of_the_team_and_free_those_of_free() -> None:
    assert (decide(NEW, None).plan, decide(OVER, None).plan) == ("team", "free")


def test_lower_limits_of_free_shut_nobody_out_who_is_there() -> None:
    free = decide(OVER, None)
    assert decide(free, None, few=False, days=100).state == "free"


def test_an_unknown_status_keeps_what_was() -> None:
    """BI-14."""
    row = decide(OVER, PAYS_LATE)
    kept = decide(row, snapshot(subscription("frozen"), invoices=(invoice(5),)))
    assert replace(kept, problems=()) == row
    assert kept.problems == ("unknown_status",)


@pytest.mark.parametrize(
    "items", [[item("base", plan="gold")], [item("base"), item("base")], [item("base", price=None)]]
)
def test_an_unknown_price_keeps_the_plan(items: list[dict[str, Any]]) -> None:
    """BI-14."""
    row = decide(OVER, snapshot(subscription()))
    kept = decide(row, snapshot(subscription(items=items)))
    assert (kept.state, kept.plan, kept.quantities) == (row.state, row.plan, row.quantities)
    assert kept.problems


def test_of_two_live_subscriptions_the_stored_one_is_kept_and_told() -> None:
    """BI-20."""
    first = decide(OVER, snapshot(subscription(created=1)))
    both = decide(first, snapshot(subscription(created=1), subscription(id="sub_2", created=2)))
    assert both.contract and both.contract.id == "sub_1"
    assert both.double and "double" in both.problems
    unseen = decide(OVER, snapshot(subscription(created=1), subscription(id="sub_2", created=2)))
    assert unseen.contract and unseen.contract.id == "sub_2"  # the newest, for who has none stored


def test_of_many_subscriptions_the_newest_live_one_counts() -> None:
    """BI-19."""
    many = [subscription("canceled", id=f"sub_{n}", created=n, **ended("payment_failed")) for n in range(21)]
    row = decide(OVER, snapshot(*many, subscription(id="sub_live", created=1)))
    assert (row.state, row.double) == ("active", False)
    assert "many_subscriptions" in row.problems


def test_a_deleted_customer_has_cancelled() -> None:
    """BI-21."""
    row = decide(decide(OVER, snapshot(subscription())), snapshot(deleted=True), few=False)
    assert (row.state, row.level, row.reason, row.customer) == ("cancelled", "restricted", "customer_deleted", "cus_1")
    assert row.customer_deleted
    again = decide(row, snapshot(deleted=True), few=False, days=29)
    assert (again.state, again.since) == ("cancelled", NOW)
    assert decide(again, snapshot(deleted=True), few=False, days=30).level == "read_only"
    back = decide(again, snapshot(subscription(id="sub_2"), id="cus_2"))
    assert (back.state, back.customer, back.customer_deleted) == ("active", "cus_2", False)


def test_flags_change_no_state() -> None:
    fields: dict[str, Any] = {"cancel_at": PERIOD_END, "pending_update": {"expires_at": PERIOD_END}}
    row = decide(OVER, snapshot(subscription(**fields), disputes={"dp_1": "needs_response"}))
    assert (row.state, row.level, row.ending, row.pending) == ("active", "full", PERIOD_END * 1000, PERIOD_END * 1000)
    assert row.disputed


def test_a_dispute_is_won_lost_and_forgiven() -> None:
    """An inquiry, by which no money moves, is nothing here."""
    row = decide(OVER, snapshot(subscription(), disputes={"dp_0": "warning_needs_response", "dp_1": "under_review"}))
    assert row.disputes == {"dp_1": "open"}
    assert decide(row, snapshot(subscription(), disputes={"dp_1": "won"})).disputes == {}
    lost = decide(row, snapshot(subscription(), disputes={"dp_1": "lost"}))
    forgiven = decide(states.cleared(lost), snapshot(subscription(), disputes={"dp_1": "lost"}))
    assert (lost.state, forgiven.state, forgiven.disputes) == ("restricted", "active", {"dp_1": "cleared"})


def test_an_unknown_dispute_is_told_and_nothing_else() -> None:
    row = decide(OVER, snapshot(subscription(), disputes={"dp_1": "arbitration"}))
    assert (row.state, row.disputes, row.problems) == ("active", {}, ("unknown_dispute",))


def test_no_test_clock_moves_what_is_live() -> None:
    """BI-39: the caller decides by `snapshots.present`; a clock behind ours moves nothing back."""
    restricted = decide(OVER, None, few=False)
    assert states.decide(restricted, None, MANY, NOW - DAY // 2) == restricted
    assert plans.fits(plans.TRIAL, MANY) is False
