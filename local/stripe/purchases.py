"""What the page of a checkout session does: a purchase, at once or with a payment that takes days."""

from local.stripe import cards, coupons, customers, dunning, payments, statuses, subscriptions
from local.stripe.accounts import Account, Thing
from local.stripe.calls import due
from local.stripe.refusals import Refused

DELAY = 3 * 86400  # how long a bank debit takes


def pay(account: Account, id: str, card: str, *, passed: bool | None = True, country: str = "DE") -> str:
    """The page's button: makes a subscription and its first payment. A later try on the open page pays the same
    subscription.
    """
    session = _open(account, id)
    customer = _customer(account, session, country)
    method = cards.make(account, card, customer)
    made = account.objects.get(session["_made"] or "")
    if made is None or made["status"] in statuses.OVER:
        made = _subscription(account, session, customer)
        outcome = subscriptions.begin(account, made, behaviour="allow_incomplete", card=method, passed=passed)
    else:
        invoice = account.objects[made["latest_invoice"]]
        outcome = dunning.collect(account, invoice, card=method, passed=passed, automatic=False)
    if outcome == payments.PAID:
        _complete(account, session, made, method)
    return outcome


def pay_later(account: Account, id: str, *, succeeds: bool, country: str = "DE") -> None:
    """As with a bank debit: the session is complete and the subscription active at once; days later the payment
    succeeds or fails.
    """
    session = _open(account, id)
    customer = _customer(account, session, country)
    method = cards.make(account, "pm_card_visa" if succeeds else "pm_card_chargeCustomerFail", customer)
    made = _subscription(account, session, customer)
    if subscriptions.begin(account, made, behaviour="default_incomplete", card=method) != payments.PAID:
        statuses.change(account, made, "active")
        account.due(account.time_of(session) + DELAY, "money", session)
    _complete(account, session, made, method)


@due("money")
def money(account: Account, session: Thing) -> None:
    """The payment of a completed session succeeds or fails."""
    invoice = account.objects[session["invoice"]]
    if invoice["status"] != "open":
        return
    if dunning.collect(account, invoice, automatic=False) == payments.PAID:
        session["payment_status"] = "paid"
        account.emit("checkout.session.async_payment_succeeded", session)
        return
    subscription = account.objects[session["subscription"]]
    if subscription["status"] == "active":
        statuses.change(account, subscription, "past_due")
    account.emit("checkout.session.async_payment_failed", session)


def _open(account: Account, id: str) -> Thing:
    session = account.get("checkout.session", id)
    if session["status"] != "open":
        raise Refused(f"This Checkout Session is {session['status']}.", code="checkout_session_not_open")
    return session


def _subscription(account: Account, session: Thing, customer: Thing) -> Thing:
    wanted = [{"price": item["price"]["id"]} | ({} if item["quantity"] is None else {"quantity": item["quantity"]})
              for item in session["_more"]["line_items"]["data"]]  # fmt: skip
    data = {"items": wanted, "currency": session["currency"], "automatic_tax": session["automatic_tax"]}
    made = subscriptions.make(account, customer, {**session["_data"], **data})
    session["_made"] = made["id"]
    coupons.redeem(account, session, made)
    return made


def _customer(account: Account, session: Thing, country: str) -> Thing:
    if session["customer"] is None:
        customer = customers.create(account, {"email": session["customer_email"] or "buyer@example.com"})
        session.update(customer=customer["id"])
    customer = customers.existing(account, session["customer"])
    if customer["address"] is None:
        address = {"country": country, "city": None, "line1": None, "line2": None, "postal_code": None, "state": None}
        account.changed("customer.updated", customer, address=address)
    return customer


def _complete(account: Account, session: Thing, subscription: Thing, method: Thing) -> None:
    subscription["default_payment_method"] = method["id"]
    invoice = account.objects[subscription["latest_invoice"]]
    customer = account.objects[session["customer"]]
    status = "unpaid" if invoice["amount_due"] else "no_payment_required"
    details = {name: customer[name] for name in ("address", "email", "name", "phone", "tax_exempt")}
    session.update(
        status="complete", url=None, subscription=subscription["id"], invoice=invoice["id"],
        payment_status="paid" if invoice["amount_paid"] else status,
        customer_details={**details, "tax_ids": [], "business_name": None, "individual_name": None},
    )  # fmt: skip
    account.emit("checkout.session.completed", session)
