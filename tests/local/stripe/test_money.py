from typing import Any

import pytest
import stripe

from tests.support.stripe_side import DAY, START, Account


def test_tax_is_on_top_and_in_the_preview(account: Account) -> None:
    account.control("settings", tax_percent=19)
    customer = account.customer(account.clock())
    subscription = account.subscribe(customer, automatic_tax={"enabled": True})
    invoice = account.v1.invoices.retrieve(str(subscription.latest_invoice))
    assert (invoice.total_excluding_tax, invoice.total, invoice.amount_paid) == (4900, 5831, 5831)
    assert invoice.total_taxes and invoice.total_taxes[0].amount == 931
    seat: Any = {
        "items": [{"id": subscription.items.data[1].id, "quantity": 4}],
        "proration_behavior": "always_invoice",
    }
    asked: Any = {"customer": customer, "subscription": subscription.id, "subscription_details": seat}
    assert account.v1.invoices.create_preview(asked).total == 900 + 171


@pytest.mark.parametrize(("vat", "total"), [("FR12345678901", 4900), ("DE123456789", 5831), ("FR12345678000", 5831)])
def test_verified_vat_id_of_another_country_reverses_the_charge(account: Account, vat: str, total: int) -> None:
    account.control("settings", tax_percent=19)
    customer = account.customer(account.clock())
    account.v1.customers.tax_ids.create(customer, {"type": "eu_vat", "value": vat})
    subscription = account.subscribe(customer, automatic_tax={"enabled": True})
    assert account.v1.invoices.retrieve(str(subscription.latest_invoice)).total == total


def test_without_automatic_tax_there_is_none(account: Account) -> None:
    account.control("settings", tax_percent=19)
    subscription = account.subscribe(account.customer())
    assert account.v1.invoices.retrieve(str(subscription.latest_invoice)).total == 4900


def test_credit_is_used_up_by_the_next_invoices(account: Account) -> None:
    clock = account.clock()
    customer = account.v1.customers.create({"balance": -6000, "test_clock": clock}).id
    account.control("cards", customer=customer, card="pm_card_visa")
    account.subscribe(customer)
    account.advance(clock, 31 * DAY + 3600)
    newest, first = account.v1.invoices.list({"customer": customer}).data
    assert [(invoice.total, invoice.amount_paid) for invoice in (first, newest)] == [(4900, 0), (4900, 3800)]
    assert account.v1.customers.retrieve(customer).balance == 0


def test_voided_invoice_gives_the_credit_back(account: Account) -> None:
    customer = account.v1.customers.create({"balance": -1000}).id
    subscription = account.subscribe(customer)
    account.v1.invoices.void_invoice(str(subscription.latest_invoice))
    assert account.v1.customers.retrieve(customer).balance == -1000


def test_price_has_an_amount_for_each_currency(account: Account) -> None:
    price: Any = {"product": "palabre_team", "currency": "eur", "unit_amount": 4900, "recurring": {"interval": "month"},
                  "currency_options": {"usd": {"unit_amount": 5400}}}  # fmt: skip
    made = account.v1.prices.create(price)
    customer = account.customer(account.clock())
    dollars: Any = {"customer": customer, "items": [{"price": made.id}], "currency": "usd"}
    subscription = account.v1.subscriptions.create(dollars)
    invoice = account.v1.invoices.retrieve(str(subscription.latest_invoice))
    assert (invoice.currency, invoice.total) == ("usd", 5400)
    for currency, refusal in (("eur", "combine currencies"), ("gbp", "does not support that currency")):
        dollars["currency"] = currency
        with pytest.raises(stripe.InvalidRequestError, match=refusal):
            account.v1.subscriptions.create(dollars)


def test_account_may_pause_at_the_first_failure(account: Account) -> None:
    account.control("settings", pause_after="first")
    clock = account.clock()
    customer = account.customer(clock)
    subscription = account.subscribe(customer)
    account.control("cards", customer=customer, card="pm_card_chargeCustomerFail")
    account.advance(clock, 31 * DAY + 3600)
    assert account.v1.subscriptions.retrieve(subscription.id).status == "paused"
    account.control("cards", customer=customer, card="pm_card_visa")
    account.advance(clock, DAY)
    assert account.v1.subscriptions.retrieve(subscription.id).status == "active"


def test_lost_card_is_not_tried_again_and_ends_as_others_do(account: Account) -> None:
    clock = account.clock()
    customer = account.customer(clock)
    subscription = account.subscribe(customer)
    account.control("cards", customer=customer, card="pm_card_chargeDeclinedLostCard")
    account.advance(clock, 31 * DAY + 3600 + 14 * DAY)
    assert account.v1.invoices.list({"customer": customer}).data[0].attempt_count == 1
    assert account.v1.subscriptions.retrieve(subscription.id).status == "paused"


@pytest.mark.parametrize(
    ("behaviour", "status"), [("pause", "paused"), ("cancel", "canceled"), ("create_invoice", "past_due")]
)
def test_trial_without_a_card_ends_as_it_says(account: Account, behaviour: Any, status: str) -> None:
    clock = account.clock()
    customer = account.customer(clock, card=None)
    ends: Any = {"end_behavior": {"missing_payment_method": behaviour}}
    subscription = account.subscribe(customer, trial_end=START + 5 * DAY, trial_settings=ends)
    account.advance(clock, 5 * DAY + 3600)
    assert account.v1.subscriptions.retrieve(subscription.id).status == status


def test_usage_is_billed_when_the_year_begins_in_between(account: Account) -> None:
    clock = account.clock()
    customer = account.customer(clock)
    items: Any = [{"price": account.prices["base"]}, {"price": account.prices["messages"]}]
    subscription = account.v1.subscriptions.create({"customer": customer, "items": items})
    account.advance(clock, 3600)
    account.v1.billing.meter_events.create(
        {"event_name": "palabre_messages", "payload": {"stripe_customer_id": customer, "value": "6000"}}
    )
    account.advance(clock, 31 * DAY // 2)
    year: Any = {"items": [{"id": subscription.items.data[0].id, "price": account.prices["yearly"]}],
                 "proration_behavior": "always_invoice"}  # fmt: skip
    account.v1.subscriptions.update(subscription.id, year)
    lines = account.v1.invoices.list({"customer": customer}).data[0].lines.data
    assert [line.amount for line in lines if line.quantity == 6000] == [400]
