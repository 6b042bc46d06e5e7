from typing import Any

import pytest
import stripe

from tests.support.stripe_side import DAY, START, Account


def seats_of(subscription: stripe.Subscription) -> stripe.SubscriptionItem:
    return subscription.items.data[1]


def grown(account: Account, subscription: stripe.Subscription, seats: int, **more: Any) -> dict[str, Any]:
    return {"items": [{"id": seats_of(subscription).id, "quantity": seats}], **more}


def grow(account: Account, subscription: stripe.Subscription, seats: int, **more: Any) -> stripe.Subscription:
    wanted: Any = grown(account, subscription, seats, proration_behavior="always_invoice",
                        payment_behavior="pending_if_incomplete", **more)  # fmt: skip
    return account.v1.subscriptions.update(subscription.id, wanted)


def invoices(account: Account, customer: str) -> list[stripe.Invoice]:
    return account.v1.invoices.list({"customer": customer}).data


def test_first_invoice_is_paid_when_it_is_made(account: Account) -> None:
    customer = account.customer(account.clock())
    subscription = account.subscribe(customer, seats=4)
    assert subscription.status == "active"
    assert [(invoice.status, invoice.amount_paid) for invoice in invoices(account, customer)] == [("paid", 5800)]
    assert subscription.items.data[0].current_period_end == START + 31 * DAY


def test_seat_costs_what_its_preview_said(account: Account) -> None:
    clock = account.clock(START + 31 * DAY + 28 * DAY + 31 * DAY)  # April has 30 days
    customer = account.customer(clock)
    subscription = account.subscribe(customer)
    now = account.advance(clock, 10 * DAY)
    details = grown(account, subscription, 4, proration_behavior="always_invoice", proration_date=now)
    asked: Any = {"customer": customer, "subscription": subscription.id, "subscription_details": details}
    preview = account.v1.invoices.create_preview(asked)
    account.advance(clock, 300)
    changed = grow(account, subscription, 4, proration_date=now)
    paid = account.v1.invoices.retrieve(str(changed.latest_invoice))
    assert preview.id.startswith("upcoming_in") and preview.total == paid.total == 600
    assert (paid.status, seats_of(changed).quantity, changed.pending_update) == ("paid", 4, None)
    account.advance(clock, 20 * DAY + 7200)
    assert invoices(account, customer)[0].total == 5800


def test_fewer_seats_are_credited_to_the_next_invoice(account: Account) -> None:
    clock = account.clock()
    customer = account.customer(clock)
    subscription = account.subscribe(customer, seats=5)
    account.advance(clock, 31 * DAY // 2)
    less: Any = grown(account, subscription, 3, proration_behavior="create_prorations")
    account.v1.subscriptions.update(subscription.id, less)
    account.advance(clock, 16 * DAY + 7200)
    assert invoices(account, customer)[0].total == 4900 - 900


def test_declined_seat_waits_23_hours_and_is_dropped(account: Account) -> None:
    clock = account.clock()
    customer = account.customer(clock)
    subscription = account.subscribe(customer)
    account.control("cards", customer=customer, card="pm_card_chargeCustomerFail")
    waiting = grow(account, subscription, 4)
    assert waiting.pending_update and seats_of(waiting).quantity == 3
    account.advance(clock, 23 * 3600)
    after = account.v1.subscriptions.retrieve(subscription.id)
    assert (after.pending_update, seats_of(after).quantity, after.status) == (None, 3, "active")
    assert invoices(account, customer)[0].status == "void"
    assert "customer.subscription.pending_update_expired" in account.types()


def test_seat_that_needs_3ds_is_there_once_it_is_paid(account: Account) -> None:
    customer = account.customer(account.clock())
    subscription = account.subscribe(customer)
    account.control("cards", customer=customer, card="pm_card_authenticationRequired")
    waiting = grow(account, subscription, 4)
    invoice = account.v1.invoices.retrieve(str(waiting.latest_invoice))
    assert account.press(str(invoice.hosted_invoice_url), "3ds_pass").status == 303
    after = account.v1.subscriptions.retrieve(subscription.id)
    assert (after.pending_update, seats_of(after).quantity) == (None, 4)
    assert "customer.subscription.pending_update_applied" in account.types()


@pytest.mark.parametrize(
    ("behaviour", "status", "seats"), [("allow_incomplete", "past_due", 4), ("default_incomplete", "past_due", 4)]
)
def test_unpaid_seat_is_granted_if_asked(account: Account, behaviour: str, status: str, seats: int) -> None:
    customer = account.customer(account.clock())
    subscription = account.subscribe(customer)
    account.control("cards", customer=customer, card="pm_card_chargeCustomerFail")
    wanted: Any = grown(account, subscription, 4, proration_behavior="always_invoice", payment_behavior=behaviour)
    after = account.v1.subscriptions.update(subscription.id, wanted)
    assert (after.status, seats_of(after).quantity) == (status, seats)


def test_unpaid_seat_is_refused_if_asked(account: Account) -> None:
    customer = account.customer(account.clock())
    subscription = account.subscribe(customer)
    account.control("cards", customer=customer, card="pm_card_chargeCustomerFail")
    wanted: Any = grown(account, subscription, 4, proration_behavior="always_invoice",
                        payment_behavior="error_if_incomplete")  # fmt: skip
    with pytest.raises(stripe.CardError) as refused:
        account.v1.subscriptions.update(subscription.id, wanted)
    assert refused.value.code == "card_declined"
    after = account.v1.subscriptions.retrieve(subscription.id)
    assert (after.status, seats_of(after).quantity) == ("active", 3)


def test_pending_update_takes_items_and_no_card(account: Account) -> None:
    subscription = account.subscribe(account.customer())
    with pytest.raises(stripe.InvalidRequestError, match="pending_if_incomplete"):
        grow(account, subscription, 4, description="x")


def test_cancel_at_the_end_is_taken_back(account: Account) -> None:
    clock = account.clock()
    subscription = account.subscribe(account.customer(clock))
    ending = account.v1.subscriptions.update(subscription.id, {"cancel_at": "max_period_end"})
    assert (ending.cancel_at, ending.cancel_at_period_end) == (START + 31 * DAY, False)
    assert account.v1.subscriptions.update(subscription.id, {"cancel_at": ""}).cancel_at is None
    account.advance(clock, 32 * DAY)
    assert account.v1.subscriptions.retrieve(subscription.id).status == "active"


def test_cancelled_at_the_end_is_over(account: Account) -> None:
    clock = account.clock()
    customer = account.customer(clock)
    subscription = account.subscribe(customer)
    account.v1.subscriptions.update(subscription.id, {"cancel_at": "max_period_end"})
    account.advance(clock, 31 * DAY + 7200)
    after = account.v1.subscriptions.retrieve(subscription.id)
    assert (after.status, after.ended_at) == ("canceled", START + 31 * DAY)
    assert after.cancellation_details and after.cancellation_details.reason == "cancellation_requested"
    assert len(invoices(account, customer)) == 1
    with pytest.raises(stripe.InvalidRequestError):
        account.v1.subscriptions.cancel(subscription.id)


def test_other_interval_begins_a_new_period_and_is_billed_now(account: Account) -> None:
    clock = account.clock()
    customer = account.customer(clock)
    subscription = account.v1.subscriptions.create({"customer": customer, "items": [{"price": account.prices["base"]}]})
    now = account.advance(clock, 31 * DAY // 2)
    wanted: Any = {"items": [{"id": subscription.items.data[0].id, "price": account.prices["yearly"]}],
                   "proration_behavior": "always_invoice"}  # fmt: skip
    after = account.v1.subscriptions.update(subscription.id, wanted)
    assert invoices(account, customer)[0].total == 49000 - 2450
    assert (after.billing_cycle_anchor, after.items.data[0].current_period_start) == (now, now)


def test_monthly_usage_joins_a_yearly_subscription(account: Account) -> None:
    clock = account.clock()
    customer = account.customer(clock)
    subscription = account.v1.subscriptions.create(
        {"customer": customer, "items": [{"price": account.prices["yearly"]}]}
    )
    after = account.v1.subscriptions.update(subscription.id, {"items": [{"price": account.prices["messages"]}]})
    year, month = after.items.data
    assert (year.current_period_end, month.current_period_end) == (START + 365 * DAY, START + 31 * DAY)


@pytest.mark.parametrize("behaviour", ["resume_on_payment_attempt", "resume_on_payment_success"])
def test_declining_card_resumes_as_asked(account: Account, behaviour: Any) -> None:
    clock = account.clock()
    customer = account.customer(clock)
    subscription = account.subscribe(customer)
    account.advance(clock, 10 * DAY)
    paused = account.v1.subscriptions.pause(subscription.id)
    assert paused.status == "paused" and paused.status_details and paused.status_details.paused
    assert paused.status_details.paused.subscription
    assert paused.status_details.paused.subscription.type == "pause_requested"
    account.advance(clock, 62 * DAY)
    assert len(invoices(account, customer)) == 1
    account.control("cards", customer=customer, card="pm_card_chargeCustomerFail")
    resumed = account.v1.subscriptions.resume(subscription.id, {"payment_behavior": behaviour})
    assert resumed.status == ("paused" if behaviour == "resume_on_payment_success" else "past_due")
    account.control("cards", customer=customer, card="pm_card_visa")
    account.v1.invoices.pay(str(resumed.latest_invoice))
    assert account.v1.subscriptions.retrieve(subscription.id).status == "active"


def test_unpaid_resumption_is_void_after_23_hours(account: Account) -> None:
    clock = account.clock()
    customer = account.customer(clock)
    subscription = account.subscribe(customer)
    account.v1.subscriptions.pause(subscription.id, {"bill_for": {"unused_time_from": {"type": "none"}}})
    account.control("cards", customer=customer, card="pm_card_chargeCustomerFail")
    resumed = account.v1.subscriptions.resume(subscription.id, {"payment_behavior": "resume_on_payment_success"})
    account.advance(clock, 23 * 3600)
    assert account.v1.invoices.retrieve(str(resumed.latest_invoice)).status == "void"
    assert account.v1.subscriptions.retrieve(subscription.id).status == "paused"


def test_deleted_customer_is_told_as_deleted_and_its_subscription_ends(account: Account) -> None:
    customer = account.customer()
    subscription = account.subscribe(customer)
    account.v1.customers.delete(customer)
    assert account.v1.customers.retrieve(customer).deleted
    assert account.v1.subscriptions.retrieve(subscription.id).status == "canceled"
