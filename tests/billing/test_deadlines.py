"""What time alone changes, and what people are told and when."""

import pytest

from chalicelib import clock
from chalicelib.billing import deadlines, states
from chalicelib.billing.snapshots import Snapshot
from chalicelib.plans.subscriptions import Subscription
from tests.billing.stripe_objects import (
    MANY,
    NOW,
    PERIOD_END,
    SECONDS,
    ended,
    invoice,
    item,
    paused,
    snapshot,
    subscription,
)
from tests.billing.test_states import NEW, OVER

DAY = clock.DAY
CANCELLED = snapshot(subscription("canceled", **ended("cancellation_requested", 0)))
DISPUTED = snapshot(subscription(), disputes={"dp_1": "needs_response"})


def told(row: Subscription, days: float) -> list[str]:
    return [letter.kind for letter in deadlines.letters(row, NOW + int(days * DAY))]


@pytest.mark.parametrize(
    ("before", "seen", "turn"),
    [
        (NEW, None, 14),
        (OVER, None, 59),
        (OVER, snapshot(subscription("past_due"), invoices=(invoice(1),)), 20),
        (OVER, snapshot(subscription("unpaid")), 60),
        (OVER, CANCELLED, 30),
        (OVER, snapshot(subscription()), None),
    ],
)
def test_time_alone_turns_a_state(before: Subscription, seen: Snapshot | None, turn: int | None) -> None:
    row = states.decide(before, seen, MANY, NOW)
    assert deadlines.changes_at(row) == (NOW + turn * DAY if turn else 0)
    if turn:
        later = states.decide(row, None, MANY, NOW + turn * DAY)
        assert (later.state, later.level) != (row.state, row.level)


@pytest.mark.parametrize(
    ("before", "seen", "days", "kinds"),
    [
        (NEW, None, 10.9, []),
        (NEW, None, 11, ["trial_ending"]),
        (NEW, None, 13.5, ["trial_ending"]),  # once, though both days are over
        (OVER, None, 0, ["trial_ended"]),
        (OVER, snapshot(subscription()), 0, ["started"]),
        (OVER, snapshot(subscription(cancel_at=PERIOD_END)), 0, ["started", "ending"]),
        (OVER, snapshot(subscription("past_due"), invoices=(invoice(0),)), 6.9, []),
        (OVER, snapshot(subscription("past_due"), invoices=(invoice(0),)), 7, ["grace"]),
        (OVER, snapshot(subscription("unpaid")), 0, ["restricted"]),
        (OVER, snapshot(subscription("unpaid")), 46, ["restricted", "suspend_soon"]),
        (OVER, snapshot(subscription("canceled", **ended("payment_failed", 61))), 0, ["suspended"]),
        (OVER, snapshot(subscription("paused", **paused("pause_requested"))), 0, ["paused"]),
        (OVER, CANCELLED, 0, ["ended"]),
        (OVER, DISPUTED, 0, ["started", "dispute_opened"]),
        (OVER, snapshot(subscription(), subscription(id="sub_2")), 0, ["started", "double_subscription"]),
    ],
)
def test_people_are_told(before: Subscription, seen: Snapshot | None, days: float, kinds: list[str]) -> None:
    assert told(states.decide(before, seen, MANY, NOW), days) == kinds


def test_each_day_of_grace_is_a_letter_of_its_own() -> None:
    row = states.decide(OVER, snapshot(subscription("past_due"), invoices=(invoice(0),)), MANY, NOW)
    subjects = {letter.subject for day in (7, 8, 12, 13) for letter in deadlines.letters(row, NOW + day * DAY)}
    assert len(subjects) == 2


def test_who_is_back_is_told_so() -> None:
    row = states.decide(OVER, snapshot(subscription("unpaid")), MANY, NOW)
    assert "restored" in told(states.decide(row, snapshot(subscription()), MANY, NOW), 0)


def test_who_had_paused_is_told_that_it_goes_on() -> None:
    row = states.decide(OVER, snapshot(subscription("paused", **paused("pause_requested"))), MANY, NOW)
    assert "resumed" in told(states.decide(row, snapshot(subscription()), MANY, NOW), 0)


@pytest.mark.parametrize(("seats", "kinds"), [(4, ["started", "change_failed"]), (5, ["started"])])
def test_who_did_not_pay_for_a_change_is_told_that_it_was_not_made(seats: int, kinds: list[str]) -> None:
    waiting = states.decide(OVER, snapshot(subscription(pending_update={"expires_at": SECONDS + 60})), MANY, NOW)
    items = [item("base"), item("seats", seats), item("brands", 3), item("messages", None)]
    later = states.decide(waiting, snapshot(subscription(items=items)), MANY, NOW + 60_000)
    assert told(later, 0.1) == kinds


def test_it_is_looked_at_again_when_a_change_or_the_contract_is_over() -> None:
    waiting = subscription(cancel_at=PERIOD_END, pending_update={"expires_at": SECONDS + 60})
    row = states.decide(OVER, snapshot(waiting), MANY, NOW)
    assert deadlines.next_look(row, NOW) == NOW + 60_000
    assert deadlines.next_look(row, NOW + 60_000) == PERIOD_END * 1000 - 7 * DAY
    assert deadlines.next_look(row, PERIOD_END * 1000) == 0
