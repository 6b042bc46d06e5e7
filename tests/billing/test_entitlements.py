"""What a level allows, and the 402 of who is refused."""

from typing import Any

import pytest

from chalicelib import clock, errors
from chalicelib.billing import states
from chalicelib.billing.snapshots import Snapshot
from chalicelib.plans import entitlements, plans
from chalicelib.plans.entitlements import Entitlements
from tests.billing.stripe_objects import FEW, MANY, NOW, ended, invoice, paused, snapshot, subscription
from tests.billing.test_states import NEW, OVER

TABLE = """
            full  restricted  read_only
never       yes   yes         yes
protect     yes   yes         yes
work        yes   yes         402
outbound    yes   402         402
grow        yes   402         402
"""


TRIAL_OVER = snapshot(subscription("paused", **paused("trial_end_without_payment_method")))


def given(*subscriptions: Any, **more: Any) -> Entitlements:
    return entitlements.entitlements(states.decide(OVER, snapshot(*subscriptions, **more), FEW, NOW))


@pytest.mark.parametrize("line", TABLE.strip().splitlines()[1:])
def test_each_class_is_allowed_at_the_levels_of_the_table(line: str) -> None:
    pays, *answers = line.split()
    levels = TABLE.strip().splitlines()[0].split()
    assert [entitlements.allowed(pays, level) for level in levels] == [answer == "yes" for answer in answers]


def test_the_table_has_every_class() -> None:
    assert [line.split()[0] for line in TABLE.strip().splitlines()[1:]] == list(entitlements.ALLOWED)


def test_a_class_that_is_not_there_is_nobodys() -> None:
    with pytest.raises(KeyError):
        entitlements.allowed("anything", "full")


def test_without_billing_nothing_is_limited() -> None:
    free = entitlements.entitlements(None)
    assert (free.state, free.limits) == ("open", plans.Limits())
    assert all(entitlements.permits(free, pays) for pays in entitlements.ALLOWED)


def test_limits_are_those_bought_and_of_the_plan() -> None:
    assert given(subscription()).limits == plans.Limits(seats=4, brands=3, channels=15)
    assert entitlements.entitlements(NEW).limits == plans.TRIAL.limits
    assert entitlements.entitlements(states.decide(OVER, None, FEW, NOW)).limits == plans.FREE.limits


def test_who_disputes_may_do_all_but_grow() -> None:
    disputed = given(subscription(), disputes={"dp_1": "needs_response"})
    assert [pays for pays in entitlements.ALLOWED if not entitlements.permits(disputed, pays)] == ["grow"]
    refused = entitlements.refusal(disputed)
    assert (refused.more["reason"], refused.more["action"]["kind"]) == ("disputed", "contact")


@pytest.mark.parametrize(
    ("seen", "code", "kind"),
    [
        (snapshot(subscription("unpaid")), "subscription_restricted", "pay"),
        (snapshot(subscription("past_due"), invoices=(invoice(90),)), "subscription_read_only", "pay"),
        (snapshot(subscription("paused", **paused("pause_requested"))), "subscription_restricted", "resume"),
        (TRIAL_OVER, "subscription_restricted", "add_card"),
        (snapshot(subscription("canceled", **ended("payment_failed"))), "subscription_restricted", "choose_plan"),
        (snapshot(subscription("canceled", **ended(None, 31))), "subscription_read_only", "choose_plan"),
        (snapshot(subscription(), disputes={"dp_1": "lost"}), "subscription_restricted", "contact"),
        (None, "subscription_restricted", "choose_plan"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_lifts_it(seen: Snapshot | None, code: str, kind: str) -> None:
    row = states.decide(OVER, seen, MANY, NOW)
    refused = entitlements.refusal(entitlements.entitlements(row), may_pay=True)
    assert isinstance(refused, errors.PaymentRequired)
    assert (refused.status, refused.code) == (402, code)
    assert refused.more["action"] == {"kind": kind, "href": entitlements.HREFS[kind], "allowed": True}
    assert (refused.more["state"], refused.more["level"], refused.more["since"]) == (
        row.state, row.level, clock.text(row.since),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "paying", "kind"),
    [("seats", True, "buy"), ("channels", True, "choose_plan"), ("seats", False, "choose_plan")],
)
def test_a_limit_is_told_with_its_numbers_and_without_amounts(name: str, paying: bool, kind: str) -> None:
    having = given(subscription()) if paying else entitlements.entitlements(NEW)
    refused = entitlements.refusal(having, plans.Excess(name, 3, 3))
    assert refused.code == "limit_reached"
    assert refused.more["limit"] == {"name": name, "allowed": 3, "used": 3, "plan": "team"}
    assert (refused.more["action"]["kind"], refused.more["action"]["allowed"]) == (kind, False)
    assert set(refused.more) == {"state", "level", "reason", "since", "limit", "action"}
