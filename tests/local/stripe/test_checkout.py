from typing import Any

import pytest
import stripe
import urllib3

from tests.support.stripe_side import DAY, START, Account

BACK = "https://app.example.com/billing?session={CHECKOUT_SESSION_ID}"


def opened(account: Account, customer: str, **more: Any) -> stripe.checkout.Session:
    wanted: Any = {
        "mode": "subscription", "customer": customer, "success_url": BACK, "cancel_url": "https://app.example.com/no",
        "line_items": [{"price": account.prices["base"], "quantity": 1}, {"price": account.prices["messages"]}], **more,
    }  # fmt: skip
    return account.v1.checkout.sessions.create(wanted)


def only(account: Account, customer: str) -> stripe.Subscription:
    [subscription] = account.v1.subscriptions.list({"customer": customer, "status": "all"}).data
    return subscription


def test_paid_checkout_leaves_a_subscription_and_leads_back(account: Account) -> None:
    customer = account.customer(account.clock(), card=None)
    session = opened(account, customer)
    assert urllib3.request("GET", str(session.url)).status == 200
    answer = account.press(str(session.url), "pay")
    assert (answer.status, answer.headers["Location"]) == (303, BACK.replace("{CHECKOUT_SESSION_ID}", session.id))
    after = account.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription", "line_items"]})
    assert (after.status, after.payment_status, after.url) == ("complete", "paid", None)
    assert isinstance(after.subscription, stripe.Subscription) and after.subscription.status == "active"
    assert after.line_items and len(after.line_items.data) == 2
    types = [type for type in account.types() if "." in type]
    wanted = ["payment_method.attached", "customer.subscription.created", "invoice.finalized", "invoice.paid",
              "customer.subscription.updated", "checkout.session.completed"]  # fmt: skip
    assert [type for type in types if type in wanted] == wanted


def test_declined_checkout_stays_open_and_is_paid_by_another_card(account: Account) -> None:
    customer = account.customer(account.clock(), card=None)
    session = opened(account, customer)
    declined = account.press(str(session.url), "decline")
    assert declined.headers["Location"] == session.url
    assert only(account, customer).status == "incomplete"
    account.press(str(session.url), "pay")
    assert only(account, customer).status == "active"


@pytest.mark.parametrize(("button", "status"), [("3ds_pass", "active"), ("3ds_fail", "incomplete")])
def test_checkout_asks_the_bank(account: Account, button: str, status: str) -> None:
    customer = account.customer(account.clock(), card=None)
    account.press(str(opened(account, customer).url), button)
    assert only(account, customer).status == status


def test_3ds_left_undone_is_over_after_23_hours(account: Account) -> None:
    clock = account.clock()
    customer = account.customer(clock, card=None)
    account.press(str(opened(account, customer).url), "3ds_leave")
    account.advance(clock, 23 * 3600)
    assert only(account, customer).status == "incomplete_expired"
    assert account.v1.invoices.list({"customer": customer}).data[0].status == "void"
    assert "invoice.payment_action_required" in account.types()


def test_checkout_is_over_after_its_hour(account: Account) -> None:
    clock = account.clock()
    session = opened(account, account.customer(clock, card=None), expires_at=START + 3600)
    account.advance(clock, 3600)
    assert account.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert account.press(str(session.url), "pay").status == 400


def test_second_press_of_pay_is_refused(account: Account) -> None:
    customer = account.customer(account.clock(), card=None)
    session = opened(account, customer)
    assert [account.press(str(session.url), "pay").status for _ in range(2)] == [303, 400]
    assert only(account, customer).status == "active"


def test_expired_by_hand_is_not_listed_as_open(account: Account) -> None:
    customer = account.customer(account.clock(), card=None)
    session = opened(account, customer)
    account.v1.checkout.sessions.expire(session.id)
    assert account.v1.checkout.sessions.list({"customer": customer, "status": "open"}).data == []
    with pytest.raises(stripe.InvalidRequestError):
        account.v1.checkout.sessions.expire(session.id)


def test_trial_is_passed_on_and_paid_at_its_end(account: Account) -> None:
    clock = account.clock()
    customer = account.customer(clock, card=None)
    session = opened(account, customer, subscription_data={"trial_end": START + 5 * DAY})
    account.press(str(session.url), "pay")
    assert only(account, customer).status == "trialing"
    account.advance(clock, 5 * DAY + 7200)
    assert only(account, customer).status == "active"
    assert account.v1.invoices.list({"customer": customer}).data[0].amount_paid == 4900
    assert "customer.subscription.trial_will_end" in account.types()


@pytest.mark.parametrize(
    "wrong",
    [
        {"line_items": [{"price": "base", "quantity": 1}, {"price": "yearly", "quantity": 1}]},
        {"line_items": [{"price": "messages", "quantity": 1}]},
        {"line_items": [{"price": "base"}]},
        {"expires_at": START + 60},
        {"subscription_data": {"trial_end": START + DAY}},
        {"payment_method_types": ["card"]},
    ],
    ids=["intervals", "metered-quantity", "no-quantity", "one-minute", "short-trial", "old-parameter"],
)
def test_checkout_refuses_what_stripe_refuses(account: Account, wrong: dict[str, Any]) -> None:
    for line in wrong.get("line_items", []):
        line["price"] = account.prices.get(line["price"], line["price"])
    customer = account.customer(account.clock(), card=None)
    with pytest.raises(stripe.InvalidRequestError):
        opened(account, customer, **wrong)


@pytest.mark.parametrize(
    ("button", "status", "event"),
    [("delayed_pass", "active", "async_payment_succeeded"), ("delayed_fail", "past_due", "async_payment_failed")],
)
def test_payment_may_take_days(account: Account, button: str, status: str, event: str) -> None:
    clock = account.clock()
    customer = account.customer(clock, card=None)
    session = opened(account, customer)
    assert account.press(str(session.url), button).status == 303
    after = account.v1.checkout.sessions.retrieve(session.id)
    assert (after.status, after.payment_status, only(account, customer).status) == ("complete", "unpaid", "active")
    account.advance(clock, 3 * DAY)
    assert only(account, customer).status == status
    assert f"checkout.session.{event}" in account.types()


def test_portal_changes_the_card_of_the_subscription_too(account: Account) -> None:
    customer = account.customer(account.clock())
    session = opened(account, customer)
    account.press(str(session.url), "pay")
    before = only(account, customer).default_payment_method
    portal = account.v1.billing_portal.sessions.create({"customer": customer, "return_url": "https://app.example.com/"})
    answer = account.press(portal.url, "change_card", card="pm_card_mastercard")
    assert answer.headers["Location"] == "https://app.example.com/"
    assert only(account, customer).default_payment_method != before
    account.press(portal.url, "set_vat", vat="DE999999999")
    details = account.v1.customers.retrieve(customer, {"expand": ["tax_ids"]})
    assert details.tax_ids and [tax_id.value for tax_id in details.tax_ids.data] == ["DE999999999"]
