"""Whatever we hear, and in whatever order: what Stripe says now, our clock and the trial decide."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import clock
from chalicelib.billing import deadlines, states
from chalicelib.billing.snapshots import PAUSES, Snapshot
from chalicelib.plans import plans
from chalicelib.plans.subscriptions import LEVELS, STATES, Subscription
from tests.billing.stripe_objects import FEW, MANY, NOW, ended, invoice, item, paused, snapshot, subscription
from tests.support.thorough import examples

DAY = clock.DAY
HOLDINGS = st.sampled_from([FEW, MANY])
DAYS = st.integers(0, 200)
ENDS = st.sampled_from([None, "cancellation_requested", "payment_failed", "payment_disputed", "retention"])


@st.composite
def facts(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    status = draw(st.sampled_from(["active", "trialing", "past_due", "unpaid", "paused", "canceled"]))
    if status == "paused":
        return status, paused(draw(st.sampled_from(sorted(PAUSES))))
    return status, ended(draw(ENDS), draw(DAYS)) if status == "canceled" else {}


@st.composite
def snapshots_of_one(draw: st.DrawFn) -> Snapshot:
    """Of a customer with one subscription whose items are known, and maybe an older one that is over."""
    status, fields = draw(facts())
    plan, seats = draw(st.sampled_from(["team", "agency"])), draw(st.integers(1, 30))
    live = subscription(status, items=[item("base", plan=plan), item("seats", seats, plan)], **fields)
    older = [subscription("canceled", id="sub_0", created=1, **ended("payment_failed"))] if draw(st.booleans()) else []
    invoices = (invoice(draw(DAYS)),) if status in ("past_due", "unpaid", "paused") else ()
    return snapshot(live, *older, invoices=invoices, disputes={"dp_1": draw(st.sampled_from(sorted(states.DISPUTES)))})


@st.composite
def subscriptions_before(draw: st.DrawFn) -> Subscription:
    return Subscription("agn_1", trial_ends_at=NOW + draw(st.integers(-90, 14)) * DAY, since=NOW - 90 * DAY)


def without_times(row: Subscription) -> Subscription:
    return replace(row, since=0, suspends_at=0, restored_at=0, restored_from="")


@given(subscriptions_before(), st.lists(snapshots_of_one(), min_size=1, max_size=5), HOLDINGS, st.randoms())
def test_the_last_snapshot_decides_whatever_came_before(
    before: Subscription, heard: list[Snapshot], holdings: plans.Holdings, chance: Any
) -> None:
    last, rows = heard[-1], []
    for order in (heard, heard[::-1], chance.sample(heard, len(heard)), heard[::2], []):
        row = before
        for seen in (*order, last):
            row = states.decide(row, seen, holdings, NOW)
        rows.append(without_times(row))
    assert all(row == rows[0] for row in rows)


@given(subscriptions_before(), snapshots_of_one(), HOLDINGS, DAYS)
def test_deciding_twice_changes_nothing(
    before: Subscription, seen: Snapshot, holdings: plans.Holdings, days: int
) -> None:
    once = states.decide(before, seen, holdings, NOW + days * DAY)
    assert states.decide(once, seen, holdings, NOW + days * DAY) == once
    assert states.decide(once, None, holdings, NOW + days * DAY) == once


@given(subscriptions_before(), st.none() | snapshots_of_one(), HOLDINGS, st.lists(DAYS, max_size=6), DAYS)
def test_time_ends_alike_in_one_jump_and_in_many_steps(
    before: Subscription, seen: Snapshot | None, holdings: plans.Holdings, steps: list[int], days: int
) -> None:
    row = jumped = states.decide(before, seen, holdings, NOW)
    for day in (*sorted(min(step, days) for step in steps), days):
        row = states.decide(row, seen, holdings, NOW + day * DAY)
    assert row == states.decide(jumped, None, holdings, NOW + days * DAY)


@settings(max_examples=examples(200))
@given(subscriptions_before(), st.none() | snapshots_of_one(), HOLDINGS, DAYS)
def test_nothing_changes_between_two_deadlines(
    before: Subscription, seen: Snapshot | None, holdings: plans.Holdings, days: int
) -> None:
    row = states.decide(before, seen, holdings, NOW + days * DAY)
    look = deadlines.next_look(row, NOW + days * DAY)
    assert row.state in STATES and row.level in LEVELS
    until = (look or NOW + 9_999 * DAY) - 1
    assert states.decide(row, None, holdings, until) == row
    assert deadlines.letters(row, until) == deadlines.letters(row, NOW + days * DAY)


@given(subscriptions_before(), snapshots_of_one(), st.sampled_from(["past_due", "unpaid"]), DAYS)
def test_a_failed_payment_never_lowers_what_was_bought(
    before: Subscription, seen: Snapshot, failing: str, days: int
) -> None:
    paid = replace(seen, contracts=(replace(seen.contracts[0], status="active"), *seen.contracts[1:]))
    failed = replace(seen, contracts=(replace(seen.contracts[0], status=failing), *seen.contracts[1:]))
    row = states.decide(before, paid, FEW, NOW)
    after = states.decide(row, failed, FEW, NOW + days * DAY)
    assert (after.plan, after.quantities) == (row.plan, row.quantities)
