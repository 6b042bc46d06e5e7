"""What people see of billing: everybody what works, and amounts only who may manage it."""

from dataclasses import replace

from chalicelib.api import schema
from chalicelib.plans import plans, records
from chalicelib.plans.subscriptions import Card, Contract, founded
from chalicelib.purchases import presentation, schemas
from chalicelib.store.models.plans import StoredSubscription
from tests.billing.stripe_objects import FEW, NOW

TRIAL = founded("agc_1", NOW)
BOUGHT = replace(
    TRIAL,
    state="past_due",
    reason="payment_failed",
    contract=Contract("sub_1", "past_due", plan="team", interval="month", currency="eur", period_end=NOW),
    customer="cus_1",
    card=Card("visa", "4242", "2030-01"),
    grace_until=NOW + 1000,
)


def test_state_shows_no_amounts_cards_or_ids_of_stripe() -> None:
    shown = presentation.state(BOUGHT, FEW, may_pay=False)
    schema.check(schemas.STATE, shown)
    assert shown["notice"] == {"kind": "pay", "href": "/v1/billing/pay", "allowed": False}
    for hidden in ("4242", "sub_1", "cus_1", "eur"):
        assert hidden not in repr(shown)


def test_billing_shows_what_is_paid_for_and_no_ids_of_stripe() -> None:
    stored = StoredSubscription("agc_1", "subscription", facts=records.packed(BOUGHT))
    shown = presentation.view(stored, FEW)
    schema.check(schemas.BILLING, shown)
    assert shown["card"]["last4"] == "4242"
    assert "sub_1" not in repr(shown)
    assert "cus_1" not in repr(shown)


def test_trial_shows_when_it_ends() -> None:
    shown = presentation.state(TRIAL, FEW, may_pay=True)
    assert (shown["state"], shown["notice"]) == ("trialing", None)
    assert shown["until"]


def test_plans_show_what_each_part_costs_in_the_currency() -> None:
    shown = presentation.catalogue("gbp")
    schema.check(schemas.PLAN_LIST, shown)
    [team] = [plan for plan in shown["items"] if plan["plan"] == "team"]
    prices = {part["name"]: part["prices"] for part in team["parts"]}
    assert prices["base"] == {"month": "4200", "year": "42000"}
    assert {plan["plan"] for plan in shown["items"]} == set(plans.PLANS)
