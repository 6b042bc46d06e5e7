import pytest
import stripe

from tests.support.stripe_side import DAY, START, Account

RENEWAL = 31 * DAY


def failing(account: Account, **settings: str) -> tuple[str, str, str]:
    """A clock just after a renewal was declined, the customer and the subscription."""
    account.control("settings", **settings)
    clock = account.clock()
    customer = account.customer(clock)
    subscription = account.subscribe(customer)
    account.control("cards", customer=customer, card="pm_card_chargeCustomerFail")
    account.advance(clock, RENEWAL + 3600)
    return clock, customer, subscription.id


def latest(account: Account, customer: str) -> stripe.Invoice:
    return account.v1.invoices.list({"customer": customer}).data[0]


def test_renewal_is_a_draft_for_an_hour(account: Account) -> None:
    clock = account.clock()
    customer = account.customer(clock)
    subscription = account.subscribe(customer)
    account.advance(clock, RENEWAL + 3599)
    assert latest(account, customer).status == "draft"
    account.advance(clock, 1)
    assert (latest(account, customer).status, latest(account, customer).billing_reason) == (
        "paid",
        "subscription_cycle",
    )
    after = account.v1.subscriptions.retrieve(subscription.id)
    assert after.items.data[0].current_period_start == START + RENEWAL


def test_declined_renewal_is_past_due_and_tried_again(account: Account) -> None:
    clock, customer, subscription = failing(account)
    assert account.v1.subscriptions.retrieve(subscription).status == "past_due"
    first = latest(account, customer)
    assert (first.attempt_count, first.next_payment_attempt) == (1, START + RENEWAL + 3600 + DAY)
    account.advance(clock, 2 * DAY)
    assert latest(account, customer).attempt_count == 3


@pytest.mark.parametrize(
    ("end", "status"), [("pause", "paused"), ("unpaid", "unpaid"), ("cancel", "canceled"), ("leave", "past_due")]
)
def test_retries_end_as_the_account_says(account: Account, end: str, status: str) -> None:
    clock, customer, id = failing(account, after_retries=end)
    account.advance(clock, 14 * DAY)
    subscription = account.v1.subscriptions.retrieve(id)
    assert (subscription.status, latest(account, customer).attempt_count) == (status, 9)
    if end == "cancel":
        assert subscription.cancellation_details and subscription.cancellation_details.reason == "payment_failed"
    if end == "pause":
        paused = subscription.status_details and subscription.status_details.paused
        assert paused and paused.subscription and paused.subscription.type == "final_payment_failure"


@pytest.mark.parametrize("end", ["pause", "unpaid", "leave"])
def test_payment_brings_it_back(account: Account, end: str) -> None:
    clock, customer, id = failing(account, after_retries=end)
    account.advance(clock, 14 * DAY)
    with pytest.raises(stripe.CardError):
        account.v1.invoices.pay(latest(account, customer).id)
    account.control("cards", customer=customer, card="pm_card_visa")
    assert account.v1.invoices.pay(latest(account, customer).id).status == "paid"
    assert account.v1.subscriptions.retrieve(id).status == "active"
    account.advance(clock, RENEWAL)
    assert latest(account, customer).status == "paid"


def test_retry_pays_once_the_card_works(account: Account) -> None:
    clock, customer, id = failing(account)
    account.control("cards", customer=customer, card="pm_card_visa")
    account.advance(clock, DAY)
    assert account.v1.subscriptions.retrieve(id).status == "active"
    assert account.types()[-3:-1] == ["invoice.payment_succeeded", "customer.subscription.updated"]


def test_renewal_that_needs_3ds_is_paid_on_its_page(account: Account) -> None:
    clock = account.clock()
    customer = account.customer(clock)
    subscription = account.subscribe(customer)
    account.control("cards", customer=customer, card="pm_card_authenticationRequired")
    account.advance(clock, RENEWAL + 3600)
    assert account.v1.subscriptions.retrieve(subscription.id).status == "past_due"
    account.press(str(latest(account, customer).hosted_invoice_url), "3ds_pass")
    assert account.v1.subscriptions.retrieve(subscription.id).status == "active"


def test_cancelled_subscription_leaves_its_invoice_open_to_be_voided(account: Account) -> None:
    clock, customer, id = failing(account)
    account.v1.subscriptions.cancel(id)
    account.advance(clock, 14 * DAY)
    invoice = latest(account, customer)
    assert (invoice.status, invoice.attempt_count, invoice.auto_advance) == ("open", 1, False)
    assert account.v1.invoices.void_invoice(invoice.id).status == "void"


def test_invoices_pile_up_as_drafts_while_unpaid(account: Account) -> None:
    clock, customer, _ = failing(account, after_retries="unpaid")
    account.advance(clock, 31 * DAY)
    assert [invoice.status for invoice in account.v1.invoices.list({"customer": customer}).data] == [
        "draft", "open", "paid",
    ]  # fmt: skip


def test_dispute_and_refund_are_about_a_charge_of_the_customer(account: Account) -> None:
    customer = account.customer(account.clock(), card="pm_card_createDispute")
    account.subscribe(customer)
    [dispute] = account.v1.disputes.list().data
    charge = account.v1.charges.retrieve(str(dispute.charge))
    assert (dispute.status, charge.customer, charge.disputed) == ("needs_response", customer, True)
    account.control("disputes", dispute=dispute.id, how="won")
    assert account.v1.disputes.retrieve(dispute.id).status == "won"
    account.v1.refunds.create({"charge": charge.id, "amount": 1000})
    account.v1.refunds.create({"charge": charge.id})
    assert account.v1.charges.retrieve(charge.id).refunded
    with pytest.raises(stripe.InvalidRequestError):
        account.v1.refunds.create({"charge": charge.id})


def test_inquiry_moves_no_money(account: Account) -> None:
    customer = account.customer(account.clock(), card="pm_card_createDisputeInquiry")
    account.subscribe(customer)
    assert account.v1.disputes.list().data[0].status == "warning_needs_response"
    assert "charge.dispute.funds_withdrawn" not in account.types()


def test_clock_moves_forward_and_two_intervals_at_most(account: Account) -> None:
    clock = account.clock()
    account.subscribe(account.customer(clock))
    clocks = account.v1.test_helpers.test_clocks
    for wrong in (START, START + 90 * DAY):
        with pytest.raises(stripe.InvalidRequestError):
            clocks.advance(clock, {"frozen_time": wrong})
    assert clocks.advance(clock, {"frozen_time": START + DAY}).status == "advancing"
    assert (clocks.retrieve(clock).status, clocks.retrieve(clock).frozen_time) == ("ready", START + DAY)
    assert "test_helpers.test_clock.ready" in account.types()


def test_customers_without_a_clock_can_be_given_one(account: Account) -> None:
    clock = account.clock()
    account.control("settings", clock=clock)
    assert account.v1.customers.retrieve(account.customer()).test_clock == clock


def test_accounts_own_time_is_moved_by_hand(account: Account) -> None:
    customer = account.customer()
    account.subscribe(customer)
    account.control("advance", seconds=32 * DAY)
    assert len(account.v1.invoices.list({"customer": customer}).data) == 2
